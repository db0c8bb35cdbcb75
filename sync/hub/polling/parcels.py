"""What is in a parcel that a channel is told of, in the lines it knows, however orders were shared here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection, select

from app.domain.effect import EffectState
from app.domain.kit_lines import counted, named
from app.domain.order import OPEN, Line, Status
from sync.hub.effect_rows import WAITS_FOR_A_PERSON
from sync.tables import effect, orders

_ON_ITS_WAY = frozenset({EffectState.TODO, EffectState.LEASED, EffectState.UNKNOWN})
WHOLE = "1"
"""How the parcel of an order is called that went out as it came."""
MOST_STEPS = 5
"""An order made of orders that were made of others: so far back lines are followed."""


class Piece(NamedTuple):
    """So much of one line of the channel's order; `is_part` where more of it is to leave."""

    id: str
    qty: int
    is_part: bool = False


class Number(NamedTuple):
    """What one parcel is called now."""

    carrier: str
    tracking: str


class Parcel(NamedTuple):
    """One parcel of an order; `number` counts them, `is_part` where the order is more than has left with it.

    `numbers` are those of all parcels up to now. `is_open`: more is to leave. `is_rest`: it is none, and
    tells that nothing more leaves. `is_behind`: what became of telling one before it is not known yet; of
    what is no parcel, of telling any.
    """

    pieces: tuple[Piece, ...]
    number: int = 1
    is_part: bool = False
    numbers: tuple[Number, ...] = ()
    is_open: bool = False
    is_rest: bool = False
    is_behind: bool = False

    @property
    def is_last(self) -> bool:
        """Nothing leaves after it."""
        return not self.is_open and self.number == len(self.numbers)

    @property
    def is_single(self) -> bool:
        """All of the order is in it."""
        return self.number == 1 and not self.is_part


class _From(msgspec.Struct, frozen=True):
    order: str
    lines: tuple[tuple[str, str], ...] = ()


class _Order(msgspec.Struct, frozen=True):
    lines: tuple[Line, ...] = ()
    made_from: tuple[_From, ...] = ()
    replaced_by: tuple[str, ...] = ()
    status: Status = Status.RECEIVED
    carrier: str = ""
    tracking_no: str = ""


def parcel_of(db: Connection, feed_id: int, key: str) -> Parcel:
    """Return the parcel that an effect tells of, in lines of the channel.

    A kit is in the parcel that makes it whole, counted with all that were told before; one before it may so
    hold nothing a channel knows.
    """
    e = effect.c
    order_id, kind = db.execute(
        select(e.order_id, e.kind).where(e.feed_id == feed_id, e.effect_key == key)
    ).one()
    keys, numbers, is_on_its_way = _told(db, feed_id, order_id)
    if kind != "confirm":
        key = keys[-1] if keys else ""
    number = keys.index(key) + 1 if key else 0
    order = _order(db, feed_id, order_id)
    every = [one.removeprefix(f"confirm:{order_id}:") for one in keys]
    names = every[:number]
    whole = counted(order.lines, {line.id: line.qty for line in order.lines})
    found = sent = leaves = whole
    if names and names[-1] != WHOLE:
        before, sent = (
            counted(order.lines, _sent(db, feed_id, order_id, some)) for some in (names[:-1], names)
        )
        found = sent - before
    is_open, is_rest = _is_open(db, feed_id, order_id), kind == "rest"
    if not is_open and found is not whole:
        leaves = counted(order.lines, _sent(db, feed_id, order_id, every))
    if is_rest:
        found = Counter({line: qty for line, qty in sent.items() if 0 < qty < whole[line]})
    return Parcel(
        pieces=tuple(Piece(line, qty, sent[line] < leaves[line]) for line, qty in found.items()),
        number=number,
        is_part=any(found[line] < qty for line, qty in whole.items()),
        numbers=numbers,
        is_open=is_open,
        is_rest=is_rest,
        is_behind=any(is_on_its_way[: number - (kind == "confirm")]),
    )


def _told(db: Connection, feed_id: int, order_id: str) -> tuple[list[str], tuple[Number, ...], list[bool]]:
    """Return the keys of what tells of each parcel, the earliest first, and what it is called by now.

    And whether it is still on its way: what a person must look at is not.
    """
    e = effect.c
    asked = select(e.effect_key, e.payload, e.state, e.not_before).where(
        e.feed_id == feed_id, e.order_id == order_id, e.kind == "confirm"
    )
    rows = db.execute(asked.order_by(e.seq, e.effect_key)).all()
    numbers = []
    for row in rows:
        name = row.effect_key.removeprefix(f"confirm:{order_id}:")
        left = _order(db, feed_id, order_id if name == WHOLE else name)
        said = msgspec.json.decode(row.payload, type=dict[str, str])
        now = left.tracking_no or said["tracking_no"]
        numbers.append(Number(left.carrier or said["carrier"], now))
    is_on_its_way = [row.state in _ON_ITS_WAY and row.not_before != WAITS_FOR_A_PERSON for row in rows]
    return [row.effect_key for row in rows], tuple(numbers), is_on_its_way


def numbers_before(db: Connection, feed_id: int, key: str) -> list[str]:
    """Return what a parcel with another number was called before, the latest first: not all were told."""
    e = effect.c
    own = select(e.order_id).where(e.feed_id == feed_id, e.effect_key == key)
    asked = select(e.effect_key, e.payload, e.seq).where(
        e.feed_id == feed_id, e.kind == "number", e.order_id == own.scalar_subquery()
    )
    rows = db.execute(asked.order_by(e.seq.desc())).all()
    said = [(row.effect_key, msgspec.json.decode(row.payload, type=dict[str, str])) for row in rows]
    names, at = list[str](), [name for name, _ in said].index(key)
    for _, words in said[at:]:
        if not names or words["tracking_no"] == names[-1]:
            names.append(words["was"])
    return names


def _is_open(
    db: Connection, feed_id: int, id: str, only: Collection[str] | None = None, steps: int = MOST_STEPS
) -> bool:
    """Tell whether anything of an order, `only` of these lines, is still to leave the house."""
    order = _order(db, feed_id, id)
    if not order.replaced_by or not steps:
        return order.status in OPEN
    for made_id in order.replaced_by:
        made = _order(db, feed_id, made_id)
        sources = [source for source in made.made_from if source.order == id]
        names = [ours for one in sources for theirs, ours in one.lines if only is None or theirs in only]
        inside = {line.id for name in names for line in named(made.lines, name)}
        if (inside or not order.lines) and _is_open(db, feed_id, made_id, inside or None, steps - 1):
            return True
    return False


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
