"""What other systems are told of: read off a row as it was and as it is. Nothing personal is in it.

Each piece says what changed and where; who wants the whole asks for it by its id.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from app.domain.order import Order
from app.domain.stock import Stock
from app.text import N_

KINDS: dict[str, str] = {
    "order.received": N_("An order came"),
    "order.changed": N_("An order's content changed"),
    "order.status": N_("An order moved on"),
    "order.shipped": N_("An order was shipped"),
    "exception.opened": N_("An exception opened"),
    "exception.closed": N_("An exception is over"),
    "stock.changed": N_("Stock changed"),
}


class News(NamedTuple):
    """One thing that happened. `subject` is the order's id, or `warehouse/sku`: news of one stay in order."""

    kind: str
    subject: str
    about: dict[str, Any]


def news_of(before: Any, after: Any) -> Iterator[News]:
    """Yield what a changed row means to other systems; most rows mean nothing."""
    if isinstance(after, Order):
        yield from _of_order(before, after)
    elif isinstance(after, Stock) and (before is None or _figures(before) != _figures(after)):
        about = {"warehouse": after.warehouse, "sku": after.sku} | _figures(after)
        yield News("stock.changed", f"{after.warehouse}/{after.sku}", about)


def _of_order(before: Order | None, after: Order) -> Iterator[News]:
    named = {"order": after.id, "number": after.number, "shop": after.shop, "ext_id": after.ext_id}
    about = named | {"ver": after.ver, "status": after.status.value}
    if before is None:
        yield News("order.received", after.id, about)
    elif _content(before) != _content(after):
        yield News("order.changed", after.id, about)
    if before is not None and before.status is not after.status:
        yield News("order.status", after.id, about | {"before": before.status.value})
    if after.tracking_no and (before is None or before.tracking_no != after.tracking_no):
        parcel = {"carrier": after.carrier, "tracking_no": after.tracking_no}
        yield News("order.shipped", after.id, about | parcel)
    was = {snag.kind for snag in before.snags} if before is not None else set()
    now = {snag.kind for snag in after.snags}
    for kind in sorted(now - was):
        yield News("exception.opened", after.id, about | {"exception": kind})
    for kind in sorted(was - now):
        yield News("exception.closed", after.id, about | {"exception": kind})


def _content(order: Order) -> tuple[Any, ...]:
    money = (order.total_minor, order.payable_minor, order.paid_minor, order.refunded_minor)
    return order.content_hash, order.channel_state, order.warehouse, money


def _figures(stock: Stock) -> dict[str, int]:
    return {"on_hand": stock.on_hand, "reserved": stock.reserved, "available": stock.available}
