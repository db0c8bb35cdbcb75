"""Why a shelf has so much to sell: who holds what of it, what comes, and what each shop is offered.

Source: capabilities 3.3.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec

from app.command import Facts
from app.domain.company import today_of
from app.domain.goods import StockDoc
from app.domain.offering import in_force, offered
from app.domain.stock import Stock
from app.rows import Holder
from app.text import N_, Text

HOLDERS_MOST = 100
"""No list of orders at one shelf is longer; the rest is one line."""


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the answer. Units: pieces, as they count in the figure of their `kind`.

    `kind`: order | rest | desk | coming | way | shop.
    """

    kind: str
    key: str
    who: Text
    pieces: int
    order: str = ""
    """The order it opens."""


def claims(
    stock: Stock, holders: Sequence[Holder], docs: Sequence[StockDoc], facts: Facts
) -> tuple[Claim, ...]:
    """Return who holds pieces of a shelf, what is on its way there, and what its article's shops are offered.

    What orders and other desks hold adds up to what stands between on hand and free, safety apart.
    """
    return (
        *_orders(stock, holders, facts.now),
        *_desks(stock, facts.by.desk, facts.now),
        *_ahead(stock),
        *_coming(stock, docs),
        *_shops(stock.sku, facts),
    )


def _orders(stock: Stock, holders: Sequence[Holder], now: datetime) -> Iterator[Claim]:
    for one in holders:
        who = Text("{number}", {"number": one.number})
        if one.kept_until is not None:
            said: dict[str, str | int | Text] = {
                "number": one.number,
                "minutes": _minutes(one.kept_until, now),
            }
            who = Text(N_("{number}, not paid, {minutes} min more"), said)
        yield Claim(
            kind="order",
            key=f"order/{one.order}",
            who=who,
            pieces=-one.pieces,
            order=one.order,
        )
    if stock.set_aside:
        waits = Text(N_("Orders that waited for it, the oldest first"))
        yield Claim(kind="rest", key="aside", who=waits, pieces=-stock.set_aside)
    rest = stock.promised - stock.set_aside - sum(one.pieces for one in holders)
    if rest:
        yield Claim(kind="rest", key="rest", who=Text(N_("Orders not listed here")), pieces=-rest)


def _desks(stock: Stock, desk: str, now: datetime) -> Iterator[Claim]:
    for n, lease in enumerate(stock.leases, 1):
        is_own = lease.desk == desk
        minutes = _minutes(lease.until, now)
        if lease.is_cart:
            cart = Text(N_("For an order that is being placed, {minutes} min more"), {"minutes": minutes})
            yield Claim(kind="desk", key=f"desk/{n}", who=cart, pieces=-lease.qty)
            continue
        own = N_("This desk has {qty} of it, {minutes} min more")
        who = Text(
            own if is_own else N_("Another desk, {minutes} min more"), {"qty": lease.qty, "minutes": minutes}
        )
        yield Claim(kind="desk", key=f"desk/{n}", who=who, pieces=0 if is_own else -lease.qty)


def _ahead(stock: Stock) -> Iterator[Claim]:
    """What is announced, and how much of it is sold by now; nothing of it counts in what is free."""
    for one in stock.arrivals:
        params: dict[str, str | int | Text] = {
            "qty": one.qty, "on": one.due_on.isoformat(), "reference": one.reference,
        }  # fmt: skip
        who = Text(N_("{qty} expected on {on}, {reference}"), params)
        yield Claim(kind="coming", key=f"coming/{one.doc}", who=who, pieces=0)
    if stock.awaited:
        said = Text(N_("{sold} of {coming} expected are sold ahead"), {
            "sold": stock.awaited, "coming": stock.coming,
        })  # fmt: skip
        yield Claim(kind="coming", key="ahead", who=said, pieces=0)


def _coming(stock: Stock, docs: Sequence[StockDoc]) -> Iterator[Claim]:
    for doc in docs:
        if doc.in_transit and doc.target == stock.warehouse:
            params: dict[str, str | int | Text] = {"warehouse": doc.warehouse, "qty": doc.in_transit}
            who = Text(N_("{qty} coming from {warehouse}, not counted yet"), params)
            if doc.is_held:
                who = Text(N_("{qty} held back, not counted: {reason}"), params | {"reason": doc.reason})
            yield Claim(kind="way", key=f"way/{doc.id}", who=who, pieces=0)


def _shops(sku: str, facts: Facts) -> Iterator[Claim]:
    """What each shop is told: what is free everywhere it sells from, less what its policies keep back."""
    for shop in facts.refs.shops.values():
        pieces = sum(facts.unheld(place, sku) for place in shop.warehouses)
        day = today_of(shop, facts.now)
        shelves = (facts.stock(place, sku) for place in shop.warehouses)
        ahead = sum(one.ahead(day) for one in shelves if one is not None)
        offer = offered(pieces, sku, in_force(facts.refs.stock_policies.values(), shop, day), ahead)
        who = Text("{shop}", {"shop": shop.code})
        if offer.by is not None:
            who = Text(N_("{shop}: {title}"), {"shop": shop.code, "title": offer.by.title})
        yield Claim(kind="shop", key=f"shop/{shop.code}", who=who, pieces=offer.pieces)


def _minutes(until: datetime, now: datetime) -> int:
    """Return how long something still runs. Units: whole minutes."""
    return max(0, int((until - now).total_seconds()) // 60)
