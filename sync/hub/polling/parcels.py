"""What is in a parcel that a channel is told of, in the lines it knows, however orders were shared here."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection, select

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


class _Line(msgspec.Struct, frozen=True):
    id: str
    qty: int


class _From(msgspec.Struct, frozen=True):
    order: str
    lines: tuple[tuple[str, str], ...] = ()


class _Order(msgspec.Struct, frozen=True):
    lines: tuple[_Line, ...] = ()
    made_from: tuple[_From, ...] = ()


def parcel_of(db: Connection, feed_id: int, key: str) -> Parcel:
    """Return the parcel that an effect tells of."""
    e = effect.c
    told = select(e.order_id, e.kind).where(e.feed_id == feed_id, e.effect_key == key)
    order_id, kind = db.execute(told).one()
    same = e.feed_id == feed_id, e.order_id == order_id, e.kind == kind
    keys = db.execute(select(e.effect_key).where(*same).order_by(e.seq, e.effect_key)).scalars().all()
    order = _order(db, feed_id, order_id)
    whole = {line.id: line.qty for line in order.lines}
    parcel_id = key.removeprefix(f"{kind}:{order_id}:")
    made = _order(db, feed_id, parcel_id)
    inside = _inside(db, feed_id, made, order_id, Counter({line.id: line.qty for line in made.lines}))
    found = {line: qty for line, qty in inside.items() if line in whole and qty > 0} or whole
    return Parcel(
        pieces=tuple(Piece(line, qty) for line, qty in found.items()),
        number=keys.index(key) + 1,
        is_part=any(found.get(line, 0) < qty for line, qty in whole.items()),
    )


def _inside(
    db: Connection, feed_id: int, made: _Order, of: str, counts: Counter[str], steps: int = MOST_STEPS
) -> Counter[str]:
    """Count what of an order is in one that was made of it, in the lines of the first."""
    found: Counter[str] = Counter()
    for source in made.made_from if steps else ():
        theirs = Counter[str]()
        for line, ours in source.lines:
            theirs[line] += counts[ours]
        if source.order == of:
            found += theirs
        else:
            found += _inside(db, feed_id, _order(db, feed_id, source.order), of, theirs, steps - 1)
    return found


def _order(db: Connection, feed_id: int, id: str) -> _Order:
    o = orders.c
    doc = db.execute(select(o.doc).where(o.feed_id == feed_id, o.id == id)).scalar_one_or_none()
    return msgspec.json.decode(doc, type=_Order) if doc is not None else _Order()
