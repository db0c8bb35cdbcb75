"""What too many buyers want at once: one hot article, and six that are bought together."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime
from itertools import islice

import msgspec

from app.boot.demo_company import SHOPS, company, ext_code
from app.boot.demo_orders import orders
from app.commands.new_order import NewOrder
from app.commands.receive import Receive
from app.domain.catalogue import Sku, SkuMap
from app.domain.company import Company
from app.domain.order import ChannelState, Line
from app.domain.reading import ACCEPT
from app.domain.rules import Rules
from app.domain.stock import Stock

HOT = "HOT-1"
SETS = tuple(f"SET-{n}" for n in range(1, 7))
"""Bought in orders of several lines; the first of them by nearly everybody."""
PLACES = ("SZ", "WH")
PRICE_MINOR = 9_900
LEASING = Rules(lease_share_pct=60, lease_from_pieces=1)


def hot_company(now: datetime, stock: int, set_stock: int) -> Company:
    """Return the demo company with these articles alone: the hot one in one warehouse, the others in two."""
    whole = company()
    skus = tuple(Sku(code=code, title=code, list_price_minor=PRICE_MINOR) for code in (HOT, *SETS))
    return msgspec.structs.replace(
        whole,
        skus=skus,
        sku_maps=tuple(
            SkuMap(shop=shop.code, ext_sku=ext_code(shop.code, sku.code), sku=sku.code, by="fang", at=now)
            for shop in SHOPS
            for sku in skus
        ),
        opening=(
            Stock(warehouse=PLACES[0], sku=HOT, on_hand=stock),
            *(Stock(warehouse=place, sku=code, on_hand=set_stock) for place in PLACES for code in SETS),
        ),
        price_lists=(),
        rules=LEASING,
    )


def attempts(count: int, phase: int, client: int, now: datetime) -> Iterator[Receive]:
    """Yield what one buyer tries in one phase, all paid: one hot article each, or several of the others."""
    rng = random.Random(phase * 1000 + client)  # noqa: S311 - made-up orders
    shop = SHOPS[client % len(SHOPS)].code
    for i, made in enumerate(islice(orders(company(), count, seed=phase * 1000 + client), count)):
        bought = {HOT: 1} if phase == 1 else _several(rng)
        lines = tuple(
            Line(id=str(at), ext_sku=ext_code(shop, sku), title=sku, qty=qty, unit_price_minor=PRICE_MINOR)
            for at, (sku, qty) in enumerate(bought.items(), 1)
        )
        total_minor = sum(line.qty for line in lines) * PRICE_MINOR
        yield msgspec.structs.replace(
            made,
            order=f"0189{phase:04d}-{client:04d}-7000-8000-{i:012d}",
            number=f"{phase}-{client}-{i}",
            shop=shop,
            ext_id=f"{shop}-{phase}-{client}-{i}",
            channel_state=ChannelState.TO_SHIP,
            total_minor=total_minor,
            payable_minor=total_minor,
            paid_minor=total_minor,
            region=msgspec.structs.replace(made.region, verdict=ACCEPT),
            lines=lines,
            ordered_at=now,
            ship_by_at=None,
        )


def _several(rng: random.Random) -> dict[str, int]:
    others = rng.sample(SETS[1:], rng.randint(0, 3))
    first = SETS[0] if rng.random() < 0.9 or not others else others[0]
    return {sku: rng.choice((1, 1, 1, 2, 3)) for sku in dict.fromkeys((first, *others))}


def typed(asked: Receive) -> NewOrder:
    """Return the same order as somebody at a desk types it in."""
    lines = tuple(msgspec.structs.replace(line, sku=line.title) for line in asked.lines)
    return NewOrder(
        order=asked.order,
        shop=asked.shop,
        lines=lines,
        receiver=asked.receiver,
        region=asked.region,
        paid_minor=asked.paid_minor,
    )
