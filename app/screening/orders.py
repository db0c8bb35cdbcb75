"""What of an order a learned model reads: only what was known when it came in, and nothing about a person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from app.domain.order import Order
from app.text import N_

COLUMNS = {
    "shop": N_("Shop"),
    "province": N_("Province"),
    "city": N_("City"),
    "article": N_("Dearest article"),
    "articles": N_("Lines"),
    "pieces": N_("Pieces"),
    "most": N_("Most pieces of one line"),
    "payable": N_("Amount"),
    "dearest": N_("Dearest piece"),
    "discount": N_("Discount, percent"),
    "currency": N_("Currency"),
    "cod": N_("Paid at the door"),
    "business": N_("A business buys"),
    "": N_("When it came"),
}
"""What each of them is called; the moment it came has no column."""
COVERED = frozenset({"pieces", "most", "payable", "discount"})
"""What would tell a reviewer the pieces they still have to key."""


class Wanted(NamedTuple):
    """One line as it came. Units: `price_minor` in the order's currency."""

    ext_sku: str
    qty: int
    price_minor: int


def cells_of(
    *,
    shop: str,
    province: str,
    city: str,
    lines: Sequence[Wanted],
    payable_minor: int,
    currency: str,
    is_cod: bool,
    customer: str,
) -> dict[str, str]:
    """Return the cells of an order."""
    bought = [line for line in lines if line.qty > 0]
    dearest = max(bought, key=lambda line: (line.qty * line.price_minor, line.ext_sku), default=None)
    full = sum(line.qty * line.price_minor for line in bought)
    return {
        "shop": shop,
        "province": province,
        "city": city,
        "article": dearest.ext_sku if dearest is not None else "",
        "articles": str(len(bought)),
        "pieces": str(sum(line.qty for line in bought)),
        "most": str(max((line.qty for line in bought), default=0)),
        "payable": str(payable_minor),
        "dearest": str(dearest.price_minor if dearest is not None else 0),
        "discount": str(round(100 * (1 - payable_minor / full))) if full else "",
        "currency": currency,
        "cod": str(int(is_cod)),
        "business": str(int(bool(customer))),
    }


def cells_of_order(order: Order) -> dict[str, str]:
    """Return the cells of an order on a screen, with the prices it came with."""
    lines = [
        Wanted(
            line.ext_sku,
            line.qty,
            line.priced_from if line.priced_from is not None else line.unit_price_minor,
        )
        for line in order.lines
    ]
    return cells_of(
        shop=order.shop,
        province=order.region.province,
        city=order.region.city,
        lines=lines,
        payable_minor=order.payable_minor,
        currency=order.currency,
        is_cod=order.is_cod,
        customer=order.customer,
    )
