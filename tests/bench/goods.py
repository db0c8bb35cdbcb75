"""A company large enough to measure with, and its orders: three lines each, the demo's mix of faults."""

from __future__ import annotations

import random
from collections.abc import Iterator

import msgspec

from app.boot.demo_company import SEED, company, ext_code
from app.boot.demo_orders import orders
from app.commands.receive import Receive
from app.domain.company import Company
from app.domain.order import Line

STOCK_FACTOR = 60
"""Times the demo's stock: a hundred thousand orders still find most of what they ask for."""
LINES = 3


def large_company(factor: int = STOCK_FACTOR) -> Company:
    """The demo company with more of everything on its shelves; what is scarce stays scarce."""
    small = company()
    opening = tuple(
        msgspec.structs.replace(row, on_hand=row.on_hand * factor) if row.on_hand > LINES else row
        for row in small.opening
    )
    return msgspec.structs.replace(small, opening=opening)


def three_lines(business: Company, count: int, *, seed: int = SEED) -> Iterator[Receive]:
    """The demo's day with `count` orders of three different articles each."""
    rng = random.Random(seed)
    by_code = {sku.code: sku for sku in business.skus}
    known = {
        shop.code: [by_code[m.sku] for m in business.sku_maps if m.shop == shop.code]
        for shop in business.shops
    }
    for receive in orders(business, count, seed=seed):
        first = receive.lines[0]
        articles = known[receive.shop]
        lines, asked = [first], {first.ext_sku}
        while len(lines) < LINES:
            sku = articles[min(int(rng.expovariate(1 / 90)), len(articles) - 1)]
            ext_sku = ext_code(receive.shop, sku.code)
            if ext_sku not in asked:
                asked.add(ext_sku)
                at = str(len(lines) + 1)
                lines.append(
                    Line(id=at, ext_sku=ext_sku, title=sku.title, qty=1, unit_price_minor=sku.list_price_minor)
                )
        total_minor = sum(line.qty * line.unit_price_minor for line in lines)
        paid_minor = total_minor * receive.paid_minor // receive.total_minor
        yield msgspec.structs.replace(
            receive,
            lines=tuple(lines),
            total_minor=total_minor,
            payable_minor=total_minor,
            paid_minor=paid_minor,
        )
