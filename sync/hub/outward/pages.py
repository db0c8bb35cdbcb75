"""What other systems read: orders, parcels, stock and news, a bounded page at a time.

Nothing personal is opened for a page: the document of an order is read without its key.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Engine, Select, insert, select, tuple_

from app.domain.order import Order
from app.domain.values import Receiver
from app.text import N_
from sync.hub.database import reading, writing
from sync.hub.outward.places import cursor_of, place_of
from sync.hub.outward.problems import Problematic
from sync.hub.project import subject_keys
from sync.hub.seal import Seal, open_document
from sync.hub.shelves import FIELDS, shelf_of
from sync.outward_wire import (
    Event,
    EventPage,
    OpenException,
    OrderLine,
    OrderOut,
    OrderPage,
    Parcel,
    ParcelPage,
    ReceiverOut,
    Shelf,
    ShelfPage,
)
from sync.tables import news, orders, reveal, shipment, stock
from sync.wire import new_id

_orders = msgspec.json.Decoder(Order)
_about = msgspec.json.Decoder(dict[str, Any])
NO_ORDER = N_("The hub does not know this order. Look for it again.")


class Wanted(NamedTuple):
    """Which orders: each word empty for any."""

    shop: str = ""
    status: str = ""
    number: str = ""
    ext_id: str = ""


class Pages:
    """Reads for one hub. `limit` is never more than a page holds."""

    def __init__(self, engine: Engine, feed_id: int) -> None:
        self._engine, self._feed_id = engine, feed_id

    def orders(self, wanted: Wanted, after: str, limit: int) -> OrderPage:
        """Return orders by id: what changes meanwhile keeps its place, what comes is told as news."""
        o, place = orders.c, place_of(after, str)
        found = select(o.id, o.doc).where(o.feed_id == self._feed_id)
        for name, value in wanted._asdict().items():
            if value:
                found = found.where(o[name] == value)
        if place is not None:
            found = found.where(o.id > place[0])
        rows = self._rows(found.order_by(o.id).limit(limit + 1))
        items = [shown(_orders.decode(open_document(row.doc.encode(), None))) for row in rows[:limit]]
        return OrderPage(items=items, next=cursor_of(items[-1].id) if len(rows) > limit else "")

    def order(self, id: str) -> OrderOut:
        """Return one order.

        Raises:
            Problematic: nobody knows it.
        """
        found = select(orders.c.doc).where(orders.c.feed_id == self._feed_id, orders.c.id == id)
        rows = self._rows(found)
        if not rows:
            raise Problematic(404, "no_order", NO_ORDER)
        return shown(_orders.decode(open_document(rows[0].doc.encode(), None)))

    def receiver(self, seal: Seal, id: str, reader: str, clock: Callable[[], datetime]) -> ReceiverOut:
        """Open one buyer in full; who read it is written down in the same transaction.

        Raises:
            Problematic: nobody knows the order, or its buyer was erased.
        """
        o, now = orders.c, clock()
        with writing(self._engine) as db:
            row = db.execute(select(o.doc).where(o.feed_id == self._feed_id, o.id == id)).one_or_none()
            if row is None:
                raise Problematic(404, "no_order", NO_ORDER)
            key = subject_keys(db, self._feed_id, seal, [id]).get(id)
            known = _orders.decode(open_document(row.doc.encode(), key))
            if known.receiver == Receiver():
                raise Problematic(410, "erased", N_("This buyer was erased. There is nothing to read."))
            seen = {"feed_id": self._feed_id, "id": new_id(now), "order_id": id, "at": now}
            db.execute(insert(reveal).values(**seen, user_code=reader, login_id=""))
        who = known.receiver
        return ReceiverOut(
            name=who.name, phone=who.phone, street=who.street, raw=who.raw, postcode=known.region.postcode
        )

    def parcels(self, order: str, after: str, limit: int) -> ParcelPage:
        """Return parcels that left, by order."""
        s, place = shipment.c, place_of(after, str, int)
        found = select(s.order_id, s.parcel, s.carrier, s.tracking_no, s.shipped_at)
        found = found.where(s.feed_id == self._feed_id)
        if order:
            found = found.where(s.order_id == order)
        if place is not None:
            found = found.where(tuple_(s.order_id, s.parcel) > tuple_(*place))
        rows = self._rows(found.order_by(s.order_id, s.parcel).limit(limit + 1))
        items = [
            Parcel(
                order=row.order_id,
                parcel=row.parcel,
                carrier=row.carrier,
                tracking_no=row.tracking_no,
                shipped_at=row.shipped_at,
            )
            for row in rows[:limit]
        ]
        last = items[-1] if len(rows) > limit else None
        return ParcelPage(items=items, next=cursor_of(last.order, last.parcel) if last else "")

    def shelves(self, warehouse: str, sku: str, after: str, limit: int) -> ShelfPage:
        """Return how much lies where."""
        s, place = stock.c, place_of(after, str, str)
        found = select(*(s[name] for name in FIELDS)).where(s.feed_id == self._feed_id)
        if warehouse:
            found = found.where(s.warehouse == warehouse)
        if sku:
            found = found.where(s.sku == sku)
        if place is not None:
            found = found.where(tuple_(s.warehouse, s.sku) > tuple_(*place))
        rows = self._rows(found.order_by(s.warehouse, s.sku).limit(limit + 1))
        shelves = [shelf_of(row) for row in rows[:limit]]
        items = [
            Shelf(
                warehouse=one.warehouse,
                sku=one.sku,
                on_hand=one.on_hand,
                reserved=one.reserved,
                safety=one.safety,
                available=one.available,
            )
            for one in shelves
        ]
        last = items[-1] if len(rows) > limit else None
        return ShelfPage(items=items, next=cursor_of(last.warehouse, last.sku) if last else "")

    def events(self, kinds: Sequence[str], after: str, limit: int) -> EventPage:
        """Return news after a place; the place it ends at is one to come back to."""
        place = place_of(after, int, int) or (0, 0)
        with reading(self._engine) as db:
            items = [event_of(row) for row in db.execute(later(self._feed_id, place, kinds).limit(limit))]
        seq, i = numbers_of(items[-1].id) if items else place
        return EventPage(items=items, next=cursor_of(seq, i))

    def _rows(self, found: Select[Any]) -> Sequence[Any]:
        with reading(self._engine) as db:
            return db.execute(found).all()


def later(feed_id: int, place: tuple[Any, ...], kinds: Sequence[str]) -> Select[Any]:
    """Return the question for news after a place, the oldest first."""
    n = news.c
    found = select(news).where(n.feed_id == feed_id, tuple_(n.seq, n.i) > tuple_(*place))
    if kinds:
        found = found.where(n.kind.in_(list(kinds)))
    return found.order_by(n.seq, n.i)


def event_of(row: Any) -> Event:
    """Return a piece of news as it is told."""
    about = _about.decode(row.about)
    return Event(id=f"{row.seq}.{row.i}", kind=row.kind, subject=row.subject, at=row.at, about=about)


def numbers_of(id: str) -> tuple[int, int]:
    """Return where a piece of news stands.

    Raises:
        Problematic: it is no id of ours.
    """
    seq, _, i = id.partition(".")
    if not all(part.isascii() and part.isdigit() and len(part) < 19 for part in (seq, i)):
        raise Problematic(404, "no_news", N_("There is no such piece of news. Look at the list again."))
    return int(seq), int(i)


def shown(order: Order) -> OrderOut:
    """Return an order as another system sees it."""
    region = order.region
    return OrderOut(
        id=order.id,
        number=order.number,
        shop=order.shop,
        ext_id=order.ext_id,
        version=order.ver,
        status=order.status.value,
        channel_state=order.channel_state.value,
        currency=order.currency,
        total_minor=order.total_minor,
        payable_minor=order.payable_minor,
        paid_minor=order.paid_minor,
        refunded_minor=order.refunded_minor,
        country=region.country,
        province=region.province,
        city=region.city,
        district=region.district,
        warehouse=order.warehouse,
        carrier=order.carrier,
        tracking_no=order.tracking_no,
        customer=order.customer,
        ordered_at=order.ordered_at,
        received_at=order.received_at,
        ship_by_at=order.ship_by_at,
        released_at=order.released_at,
        lines=[
            OrderLine(
                id=line.id,
                ext_sku=line.ext_sku,
                sku=line.sku,
                title=line.title,
                qty=line.qty,
                picked=line.picked,
                unit_price_minor=line.unit_price_minor,
            )
            for line in order.lines
        ],
        exceptions=[
            OpenException(kind=snag.kind, severity=snag.severity, opened_at=snag.opened_at)
            for snag in order.snags
        ],
        gates={hold.gate: hold.state for hold in order.holds},
    )
