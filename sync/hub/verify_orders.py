"""Do the orders agree with the rows beside them, and with the orders they were merged or split from?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec
from sqlalchemy import Connection, select

from app.domain.order import Order, Snag, Source, Status
from app.domain.relations import MONEY
from app.domain.visiting import awaited
from app.domain.waybill import label_key
from sync import tables as t
from sync.hub.finding import Finding
from sync.hub.seal import open_document
from sync.hub.verify_credit import Accounts, Loads
from sync.hub.verify_goods import returns_breaches

_SIGNED = frozenset({Status.RELEASED, Status.PICKING, Status.PACKED, Status.SHIPPED, Status.COMPLETED})
_COLUMNS = (
    "ver",
    "status",
    "maker",
    "signatures_needed",
    "content_hash",
    "warehouse",
    "payable_minor",
    "touched",
)
_orders = msgspec.json.Decoder(Order)


def orders_agree(db: Connection, feed_id: int) -> Iterator[Finding]:
    """I6, I7 and the rows beside an order: signatures, parcels, papers, snags, holds, waits, reservations."""
    beside = {
        "snag": _pairs(
            db, feed_id, t.snag, "subject_id", "kind", t.snag.c.subject == "order", t.snag.c.state == "open"
        ),
        "hold": _pairs(db, feed_id, t.hold, "order_id", "gate", t.hold.c.state != "closed"),
        "wait": _pairs(db, feed_id, t.wait, "order_id", "key"),
        "reservation": _pairs(
            db,
            feed_id,
            t.reservation,
            "owner",
            "line",
            t.reservation.c.state == "open",
            t.reservation.c.kind == "order",
        ),
        "signature": _pairs(db, feed_id, t.signature, "order_id", "user_code"),
        "label": _labels(db, feed_id),
        "invoice": _pairs(db, feed_id, t.effect, "order_id", "effect_key", t.effect.c.kind == "invoice"),
    }
    signers = _pairs(
        db, feed_id, t.signature, "order_id", "content_hash", t.signature.c.user_code != t.signature.c.maker
    )
    parcels = {pair[0] for pair in _pairs(db, feed_id, t.shipment, "order_id", "tracking_no")}
    told = {
        pair[0] for pair in _pairs(db, feed_id, t.effect, "order_id", "kind", t.effect.c.kind == "confirm")
    }
    duties = _duties(db, feed_id)
    joined = _Joined()
    accounts, loads = Accounts(), Loads()
    expected: dict[str, set[tuple[str, str]]] = {name: set() for name in beside}
    shipped: set[str] = set()
    typed: set[str] = set()
    for row in db.execute(select(t.orders).where(t.orders.c.feed_id == feed_id)):
        try:
            order = _orders.decode(open_document(row.doc.encode(), None))
        except msgspec.MsgspecError as fault:
            yield Finding("projection", row.id, f"the document is no order: {fault}")
            continue
        if not order.ext_id:
            typed.add(order.id)
        yield from _order_breaches(row, order, signers)
        yield from returns_breaches(order)
        joined.note(order)
        accounts.note(order)
        loads.note(order)
        if order.tracking_no and order.status is not Status.REPLACED:
            shipped.add(order.id)
        yield from _duty_breaches(order, duties)
        for name, keys in _beside(order).items():
            expected[name].update((order.id, key) for key in keys)
    yield from accounts.breaches(db, feed_id)
    yield from loads.breaches(db, feed_id)
    for subject in sorted(shipped ^ parcels):
        yield Finding("I7", subject, "shipped by us exactly when there is a parcel")
    for subject in sorted((joined.channel_orders(parcels) ^ told) - typed):
        yield Finding("I7", subject, "a parcel and the word to the channel belong together")
    yield from joined.breaches()
    for name, pairs in expected.items():
        for pair in sorted(pairs ^ beside[name]):
            yield Finding("projection", "/".join(pair), f"{name} differs from the order's document")


def _labels(db: Connection, feed_id: int) -> set[tuple[str, str]]:
    """Return the labels that carriers were asked for, by order, without those that are void."""
    kind = t.effect.c.kind
    voids = _pairs(db, feed_id, t.effect, "order_id", "effect_key", kind == "void")
    asked = _pairs(db, feed_id, t.effect, "order_id", "effect_key", kind == "label")
    return asked - {(order, label_key(key)) for order, key in voids}


def _duties(db: Connection, feed_id: int) -> dict[str, tuple[str, bool, bool, str]]:
    """Return what the rows say of the duty of open exceptions of orders."""
    snag = t.snag.c
    rows = db.execute(
        select(snag.id, snag.owner, snag.claimed, snag.asleep, snag.why).where(
            snag.feed_id == feed_id, snag.subject == "order", snag.state == "open"
        )
    )
    return {id_: (owner, claimed, asleep, why) for id_, owner, claimed, asleep, why in rows}


def _duty_breaches(order: Order, duties: Mapping[str, tuple[str, bool, bool, str]]) -> Iterator[Finding]:
    for snag in order.snags:
        if duties.get(f"{order.id}:{snag.kind}", _duty(snag)) != _duty(snag):
            yield Finding("projection", f"{order.id}/{snag.kind}", "its owner differs from the document")


def _duty(snag: Snag) -> tuple[str, bool, bool, str]:
    why = snag.escalation.why if snag.escalation is not None else ""
    return snag.owner, snag.claimed_at is not None, snag.snooze is not None, why


def _beside(order: Order) -> dict[str, Iterable[str]]:
    holds_goods = order.status not in (Status.SHIPPED, Status.COMPLETED, Status.RETURNED)
    return {
        "snag": [snag.kind for snag in order.snags],
        "hold": [hold.gate for hold in order.holds],
        "wait": awaited(order),
        "reservation": [item.line for item in order.reserved if holds_goods],
        "signature": [one.user for one in order.signatures],
        "label": [order.waybill.key] if order.waybill is not None else [],
        "invoice": [bill.key for bill in order.bills],
    }


def _order_breaches(row: Any, order: Order, signers: set[tuple[str, str]]) -> Iterator[Finding]:
    needed = order.signatures_needed
    if order.status in _SIGNED and needed:
        valid = {s.user for s in order.signatures if s.content_hash == order.content_hash}
        if order.maker in valid or len(valid) < needed:
            yield Finding(
                "I6", order.id, f"{order.status}: {len(valid)} of {needed} signatures, maker {order.maker}"
            )
        if row.approved_hash != order.content_hash or (order.id, order.content_hash) not in signers:
            yield Finding("I6", order.id, "approved content is not the present content")
    columns = tuple(getattr(order, name) for name in _COLUMNS)
    stored = tuple(getattr(row, name) for name in _COLUMNS)
    if columns != stored:
        yield Finding("projection", order.id, f"columns {stored} differ from the document {columns}")


class _Joined:
    """Orders that were merged or split, and those made of them; nothing else is kept."""

    def __init__(self) -> None:
        self._status: dict[str, Status] = {}
        self._replaced: dict[str, Order] = {}
        self._made: dict[str, Order] = {}

    def note(self, order: Order) -> None:
        """Take down what one order says of others."""
        if order.replaced_by or order.status is Status.REPLACED:
            self._replaced[order.id] = order
        if order.made_from or order.status is Status.DISSOLVED:
            self._made[order.id] = order

    def channel_orders(self, ids: Iterable[str]) -> set[str]:
        """Return the orders of channels that these were made of; one that was not made stands for itself."""
        found: set[str] = set()
        todo = list(ids)
        while todo:
            made = self._made.get(one := todo.pop())
            if made is None:
                found.add(one)
            else:
                todo += [source.order for source in made.made_from]
        return found

    def breaches(self) -> Iterator[Finding]:
        """Join: both sides name each other, shares come to the whole, and only one side holds goods."""
        for one, order in sorted(self._replaced.items()):
            if (order.status is Status.REPLACED) != bool(order.replaced_by):
                yield Finding("join", one, f"{order.status}, replaced by {len(order.replaced_by)}")
            if order.reserved:
                yield Finding("join", one, "goods are promised to an order others stand for")
            yield from self._shares(order)
        for one, order in sorted(self._made.items()):
            if order.status is Status.DISSOLVED:
                if order.reserved:
                    yield Finding("join", one, "goods are promised to an order that was taken back")
                continue
            for source in order.made_from:
                original = self._replaced.get(source.order)
                if original is None or one not in original.replaced_by:
                    yield Finding("join", one, f"made from {source.order}, which does not know it")

    def _shares(self, order: Order) -> Iterator[Finding]:
        shares: list[Source] = []
        for one in order.replaced_by:
            made = self._made.get(one)
            mine = [source for source in made.made_from if source.order == order.id] if made else []
            if made is None or made.status is Status.DISSOLVED or not mine:
                yield Finding("join", order.id, f"replaced by {one}, which does not stand for it")
            shares += mine
        if order.made_from or any(source.said != order.said for source in shares):
            return  # its channel has spoken since: a person is asked about the difference
        for field in MONEY:
            got, whole = sum(getattr(source, field) for source in shares), getattr(order, field)
            if got != whole:
                yield Finding("join", order.id, f"{field} of the shares", f"{whole}", f"{got}")


def _pairs(
    db: Connection, feed_id: int, table: Any, one: str, other: str, *where: Any
) -> set[tuple[str, str]]:
    found = select(table.c[one], table.c[other]).where(table.c.feed_id == feed_id, *where)
    return {(row[0], row[1]) for row in db.execute(found)}
