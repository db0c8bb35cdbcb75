"""A wave planned together: which orders would better be sent from elsewhere, and what that saves.

One by one each order took what was best for it when it came. Together the last pieces of a place go to those
whom another place costs most. Every move is a command of its own, so only those are told that can be done one
after the other, each finding its pieces free by then.
Source: capabilities 6.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

import msgspec

from app.choosing import asked_as, decided, places_of
from app.command import Facts
from app.domain.decision import difference_said
from app.domain.load import Load, house_of, load_key
from app.domain.order import Order, Status
from app.domain.promised import Reserved
from app.domain.sourcing import standing_refusal, wanted
from app.labelling import label_number
from app.sourcing import case
from app.sourcing.lanes import leaves_at, local_day
from app.sourcing.override import Override, compared
from app.text import N_, Text

Piece = tuple[str, str]
"""A warehouse and an article."""
LeftS = Callable[[], float]


class Move(msgspec.Struct, frozen=True, kw_only=True):
    """One order that would be sent from elsewhere, as it was seen. Units: minor units; hours, < 0 is less."""

    order: str
    number: str
    ver: int
    before: str
    after: str
    extra_minor: int
    extra_h: int
    currency: str
    why: Text

    @property
    def difference(self) -> Text:
        """Say what it changes."""
        return difference_said(self.extra_minor, self.extra_h, self.currency)


class Stay(msgspec.Struct, frozen=True, kw_only=True):
    """One order that was left out, and why."""

    order: str
    number: str
    warehouse: str
    why: Text


class Together(msgspec.Struct, frozen=True, kw_only=True):
    """The plan: `count` orders were looked at together; moves stand in the order they are done in."""

    count: int = 0
    moves: tuple[Move, ...] = ()
    stays: tuple[Stay, ...] = ()

    @property
    def saved(self) -> Mapping[str, int]:
        """Return what all moves save, by currency. Units: minor units."""
        sums: Counter[str] = Counter()
        for move in self.moves:
            sums[move.currency] -= move.extra_minor
        return sums


class _Wish(NamedTuple):
    """A move as the plan has it. `gain`: what is compared, lateness among it. Units: minor units."""

    order: Order
    after: str
    gain: int
    other: Override


def planned(orders: Sequence[Order], facts: Facts, left_s: LeftS = lambda: math.inf) -> Together:
    """Plan these orders together; `left_s` says how many seconds it may still take."""
    stays, groups = list[Stay](), dict[tuple[object, ...], list[Order]]()
    for order in orders:
        why = why_fixed(order, facts)
        if why is not None:
            stays.append(Stay(order=order.id, number=order.number, warehouse=order.warehouse, why=why))
        else:
            shop = facts.shop_of(order)
            there = shop.warehouses if shop is not None else ()
            groups.setdefault((there, order.currency), []).append(order)
    shifted: Counter[Piece] = Counter()
    moves = [move for group in groups.values() for move in _moves(group, facts, shifted, left_s)]
    return Together(count=sum(map(len, groups.values())), moves=tuple(moves), stays=tuple(stays))


def why_fixed(order: Order, facts: Facts) -> Text | None:
    """Say why an order stays where it is whatever a plan would say; None where it may move."""
    rules = (
        (order.status is not Status.RELEASED, N_("It is not released any more")),
        (not order.reserved or order.by_lease, N_("Nothing is promised to it yet")),
        (len({item.warehouse for item in order.reserved}) > 1, N_("It goes in several parcels")),
        (any(order.prints.values()), N_("Its papers are printed")),
        (bool(label_number(order)), N_("It has its label already")),
        (standing_refusal(order) is not None, N_("Its warehouse said no: see the inbox")),
        (order.sourced is not None and bool(order.sourced.by), N_("Somebody chose its warehouse")),
        (_leaves_later(order, facts), N_("It leaves on a later day")),
    )
    return next((Text(said) for is_so, said in rules if is_so), None)


def _leaves_later(order: Order, facts: Facts) -> bool:
    """Tell whether its place among the parcels of its warehouse is on a day after the next cut-off."""
    place = facts.refs.ways.place(
        order.warehouse, facts.refs.warehouses, facts.refs.shifts, facts.refs.holidays
    )
    return order.room is not None and place is not None and order.room.day > _day(place, facts)


def _day(place: case.Place, facts: Facts) -> date:
    return local_day(place, leaves_at(place, facts.now))


def _moves(orders: Sequence[Order], facts: Facts, shifted: Counter[Piece], left_s: LeftS) -> Iterable[Move]:
    """Plan orders that may be sent from the same places; note in `shifted` what they leave and take there."""
    if not facts.refs.carriers:
        return ()
    held = Counter[Piece]()
    for item in (item for order in orders for item in order.reserved):
        held[item.warehouse, item.sku] += item.qty

    def room(warehouse: str, sku: str) -> int:
        return facts.free(warehouse, sku) + shifted[warehouse, sku]

    def free(warehouse: str, sku: str) -> int:
        return room(warehouse, sku) + held[warehouse, sku]

    kept = _worth_it(_wished(orders, facts, free, left_s), room)
    for wish in kept:
        _shift(wish, shifted)
    return [_told(wish, at, kept) for at, wish in enumerate(kept)]


def _wished(
    orders: Sequence[Order], facts: Facts, free: Callable[[str, str], int], left_s: LeftS
) -> list[_Wish]:
    """Return the moves of the best plan, of those orders that go whole and to where they may be sent from."""
    from app.sourcing.wave import decide_wave  # the solver is loaded by whoever plans, and by nobody else

    skus = {sku for order in orders for sku in wanted(order)}
    places = [
        _with_room(
            msgspec.structs.replace(place, free={sku: free(place.code, sku) for sku in skus}), orders, facts
        )
        for place in places_of(orders[0], facts, free)
    ]
    asked = {order.id: asked_as(order, facts, whole=True) for order in orders}
    wave = decide_wave(
        [bought for bought, _ in asked.values()],
        places,
        {order: policy for order, (_, policy) in asked.items()},
        facts.refs.ways.lanes(facts.refs.carriers),
        facts.now,
        left_s=left_s,
    )
    wishes = []
    for order, decision in zip(orders, wave.decisions, strict=True):
        there = {parcel.place for parcel in decision.parcels}
        if not decision.is_whole or len(there) > 1 or order.warehouse in there:
            continue
        (after,) = there
        if after in facts.warehouses_of(order):
            wishes.append(_wish(order, after, facts, free))
    return wishes


def _with_room(place: case.Place, orders: Sequence[Order], facts: Facts) -> case.Place:
    """Count the places a full warehouse has left, and those these orders have there, for this wave."""
    most, house = facts.refs.warehouses[place.code].parcels_a_day, house_of(place.code)
    if most <= 0:
        return place
    row, day = facts.row(load_key(house)), _day(place, facts)
    taken = row.on(day) if isinstance(row, Load) else 0
    own = sum(o.room is not None and (o.room.carrier, o.room.day) == (house, day) for o in orders)
    return msgspec.structs.replace(place, parcels_left=max(0, most - taken) + own)


def _wish(order: Order, after: str, facts: Facts, free: Callable[[str, str], int]) -> _Wish:
    here = decided(order, facts, free, among={order.warehouse}, whole=True)
    there = decided(order, facts, free, among={after}, whole=True)
    other = compared(here, there, facts.rules.other_place_minor, facts.rules.other_place_h)
    return _Wish(order, after, here.score - there.score, other)


# --- one after the other ----------------------------------------------------------------------------


def _worth_it(wishes: Sequence[_Wish], room: Callable[[str, str], int]) -> list[_Wish]:
    """Return what can be done, without moves that cost more than they make possible for others."""
    kept = _in_turn(wishes, room)
    for loser in sorted((wish for wish in kept if wish.gain <= 0), key=lambda wish: wish.gain):
        fewer = _in_turn([wish for wish in kept if wish is not loser], room)
        if _gain(fewer) >= _gain(kept):
            kept = fewer
    return kept if _gain(kept) > 0 else []


def _gain(wishes: Iterable[_Wish]) -> int:
    return sum(wish.gain for wish in wishes)


def _in_turn(wishes: Sequence[_Wish], room: Callable[[str, str], int]) -> list[_Wish]:
    """Put moves so that each finds its pieces free when its turn comes; leave out those that never would."""
    moved: Counter[Piece] = Counter()
    done, left = list[_Wish](), list(wishes)
    while left:
        waits = []
        for wish in left:
            if all(
                room(wish.after, sku) + moved[wish.after, sku] >= n for sku, n in wanted(wish.order).items()
            ):
                _shift(wish, moved)
                done.append(wish)
            else:
                waits.append(wish)
        if len(waits) == len(left):
            break
        left = waits
    return done


def _shift(wish: _Wish, moved: Counter[Piece]) -> None:
    for item in wish.order.reserved:
        moved[item.warehouse, item.sku] += item.qty
    for sku, qty in wanted(wish.order).items():
        moved[wish.after, sku] -= qty


def _told(wish: _Wish, at: int, kept: Sequence[_Wish]) -> Move:
    order, other = wish.order, wish.other
    return Move(
        order=order.id,
        number=order.number,
        ver=order.ver,
        before=order.warehouse,
        after=wish.after,
        extra_minor=other.extra_minor,
        extra_h=other.extra_h,
        currency=other.instead.currency,
        why=_why(wish, kept[at + 1 :]),
    )


def _why(wish: _Wish, later: Iterable[_Wish]) -> Text:
    """Say why it moves: for its own sake, or for one that comes after it and takes what it leaves."""
    if wish.gain > 0 and wish.other.extra_minor < 0:
        return Text(N_("Costs less from there"))
    if wish.gain > 0:
        is_earlier = wish.other.extra_h < 0
        return Text(N_("Arrives earlier from there") if is_earlier else N_("Fits the policy better there"))
    for other in later:
        if other.after == wish.order.warehouse and _shares(wish.order.reserved, other.order):
            return Text(N_("Leaves its pieces to {number}"), {"number": other.order.number})
    return Text(N_("Leaves its place to others"))


def _shares(reserved: Iterable[Reserved], other: Order) -> bool:
    return not wanted(other).keys().isdisjoint(item.sku for item in reserved)
