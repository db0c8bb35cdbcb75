"""A company with more orders than a page shows: made once per file, each test has a twin of it."""

from __future__ import annotations

from builders import Company, line


def many_orders(count: int, short_every: int = 0) -> Company:
    """So many orders of two shops, dearer one by one, some of them short of stock."""
    company = Company()
    company.set_stock(1_000_000)
    if short_every:
        company.set_stock(0, "CT-180")
    for n in range(count):
        is_short = short_every and n % short_every == 0
        short = line(ext_sku="A-3", qty=1 + n, unit_price_minor=12_900)
        lines = (short if is_short else line(qty=1 + n),)
        company.receive(f"o{n:03}", shop="DY1" if n % 2 else "TM1", lines=lines)
    return company
