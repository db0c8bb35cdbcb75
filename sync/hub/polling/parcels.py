"""What is in a parcel that a channel is told of, in the lines it knows, however orders were shared here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection, select

from app.domain.kit_lines import counted
from app.domain.order import Line
from sync.tables import effect, orders

MOST_STEPS = 5
"""An order made of orders that were made of others: so far back lines are followed."""


class Piece(NamedTuple):
    """So much of one line of the channel's order."""

    id: str
    qty: int


class Parcel(NamedTuple):
    """One parcel of an order; `number` counts them, `is_part` where more is to come."""

    pieces: tuple[Piece, ...]
    number: int = 1
    is_part: bool = False


class _From(msgspec.Struct, frozen=True):
    order: str
    lines: tuple[tuple[str, str], ...] = ()


class _Order(msgspec.Struct, frozen=True):
    lines: tuple[Line, ...] = ()
    made_from: tuple[_From, ...] = ()
    replaced_by: tuple[str, ...] = ()


def parcel_of(db: Connection, feed_id: int, key: str) -> Parcel:
    """Return the parcel that an effect tells of, in lines of the channel.

    A kit is in the parcel that makes it whole, counted with all that were told before; one before it may so
    hold nothing a channel knows.
    """
    e = effect.c
    told = select(e.order_id, e.kind).where(e.feed_id == feed_id, e.effect_key == key)
    order_id, kind = db.execute(told).one()
    same = e.feed_id == feed_id, e.order_id == order_id, e.kind == kind
    keys = db.execute(select(e.effect_key).where(*same).order_by(e.seq, e.effect_key)).scalars().all()
    number = keys.index(key) + 1
    order = _order(db, feed_id, order_id)
    names = [one.removeprefix(f"{kind}:{order_id}:") for one in keys[:number]]
    whole = counted(order.lines, {line.id: line.qty for line in order.lines})
    found = whole
    if _sent(db, feed_id, order_id, names[-1:]):
        before, now = (
            counted(order.lines, _sent(db, feed_id, order_id, some)) for some in (names[:-1], names)
        )
        found = now - before
    return Parcel(
        pieces=tuple(Piece(line, qty) for line, qty in found.items()),
        number=number,
        is_part=any(found[line] < qty for line, qty in whole.items()),
    )


def _sent(
    db: Connection, feed_id: int, id: str, parcels: Sequence[str], steps: int = MOST_STEPS
) -> Counter[str]:
    """Count what of an order is in parcels: pieces of its lines, and of kits that it was given unopened."""
    order, pieces = _order(db, feed_id, id), Counter[str]()
    if id in parcels:
        pieces.update({line.id: line.qty for line in order.lines})
    for made_id in order.replaced_by if steps else ():
        inside = _sent(db, feed_id, made_id, parcels, steps - 1)
        for source in _order(db, feed_id, made_id).made_from if inside else ():
            if source.order == id:
                for theirs, ours in source.lines:
                    pieces[theirs] += inside[ours]
    return pieces | counted(order.lines, pieces)


def _order(db: Connection, feed_id: int, id: str) -> _Order:
    o = orders.c
    doc = db.execute(select(o.doc).where(o.feed_id == feed_id, o.id == id)).scalar_one_or_none()
    return msgspec.json.decode(doc, type=_Order) if doc is not None else _Order()
