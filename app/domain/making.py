"""Orders made from orders: several merged into one, one split into several.

What is merged or split keeps its row and its content; see `relations` for how the two find each other again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import msgspec

from app.domain.duplicate import BOTH, door_keys
from app.domain.kit import KitOf
from app.domain.kit_lines import waiting
from app.domain.money import apportion
from app.domain.order import EDITABLE, ChannelState, Line, Order, Source
from app.domain.relations import MONEY, Objection, destination, made_as, objection
from app.domain.values import digest
from app.text import N_

_with = msgspec.structs.replace


# --- merging ----------------------------------------------------------------------------------------


def why_not_merge(orders: Sequence[Order]) -> Objection | None:
    """Say why these orders may not go out as one.

    Source: capabilities 6, merge only for the same shop, receiver key, paid, no refund, not held.
    """
    if len(orders) < 2 or len({order.id for order in orders}) < len(orders):
        return objection("too_few", N_("Choose another order to merge with."))
    first = orders[0]
    for order in orders:
        if found := _why_not_one(order):
            return found
        if order.shop != first.shop:
            return objection(
                "other_shop",
                N_("{number} is of another shop. Orders of one shop can be merged."),
                number=order.number,
            )
        if len({_asked_for(one) for one in (first, order)} - {None}) > 1:
            return objection(
                "other_service",
                N_("{number} shall go with another carrier or service. Choose the same for both first."),
                number=order.number,
            )
        if order.is_cod != first.is_cod:
            return objection(
                "other_payment",
                N_("{number} is paid at another time. What is paid at the door goes by itself."),
                number=order.number,
            )
        if (order.customer, order.invoice, order.currency) != (first.customer, first.invoice, first.currency):
            return objection(
                "other_buyer",
                N_("{number} has another customer, invoice or currency. They stay apart."),
                number=order.number,
            )
        if not same_receiver(order, first):
            return objection(
                "other_receiver",
                N_("{number} goes to another receiver. Put the address right first."),
                number=order.number,
            )
    return None


def _asked_for(order: Order) -> tuple[str, str] | None:
    """Return the carrier and service a person chose; what the rule chose may change."""
    carriage = order.carriage
    return (carriage.carrier, carriage.service) if carriage is not None and carriage.by else None


def _why_not_one(order: Order) -> Objection | None:
    number = order.number
    if any(line.held for line in order.lines):
        return objection("on_hold", N_("A line of {number} is on hold. Resume it first."), number=number)
    if order.status not in EDITABLE:
        return objection(
            "too_late", N_("{number} is being packed or finished. It stays as it is."), number=number
        )
    if order.pause is not None:
        return objection("on_hold", N_("{number} is on hold. Resume it first."), number=number)
    if order.makes_good is not None:
        return objection(
            "replacement",
            N_("{number} replaces goods of another order. It goes out by itself."),
            number=number,
        )
    if order.channel_state is not ChannelState.TO_SHIP:
        return objection(
            "not_free", N_("The channel does not let {number} go yet. Wait for it."), number=number
        )
    if order.returns:
        return objection(
            "after_sales", N_("{number} has an after-sales case. It stays by itself."), number=number
        )
    if order.refunded_minor:
        return objection("refunded", N_("{number} has a refund. It goes out by itself."), number=number)
    if not order.is_paid and not order.is_paid_later:
        return objection("not_paid", N_("{number} is not paid yet. Wait for the money."), number=number)
    return None


def same_receiver(one: Order, other: Order) -> bool:
    """Tell whether two parcels go to one person at one door, in clear or as the channel names that door.

    What is masked is never compared as if it said who somebody is; but where it differs, somebody here has
    put one of them right.
    Source: capabilities 1, equal people look different on a platform: never compare what is masked.
    """
    keys = door_keys(one.receiver, one.region)
    if not keys or keys != door_keys(other.receiver, other.region):
        return False
    return len(keys) == len(BOTH) or _shown(one) == _shown(other)


def _shown(order: Order) -> tuple[object, ...]:
    receiver, region = order.receiver, order.region
    return (
        receiver.name, receiver.phone, receiver.street,
        region.province, region.city, region.district, region.postcode,
    )  # fmt: skip


def merged(id: str, orders: Sequence[Order], by: str, now: datetime) -> Order:
    """Return the order that goes on in the place of several; lines are numbered `<order>.<line>`."""
    first = orders[0]
    lines: list[Line] = []
    sources = []
    for at, order in enumerate(orders, 1):
        ours = {line.id: f"{at}.{line.id}" for line in order.lines}
        lines += [_with(line, id=ours[line.id], kit=_of_merged(line, at)) for line in order.lines]
        sources.append(_source(order, ours.items(), {field: getattr(order, field) for field in MONEY}))
    promised = [order.ship_by_at for order in orders if order.ship_by_at is not None]
    content = _with(
        _begun(first, id, f"{first.number}+{len(orders) - 1}", by, now),
        receiver=_with(first.receiver, note=_notes(orders)),
        lines=tuple(lines),
        ordered_at=min(order.ordered_at for order in orders),
        ship_by_at=min(promised, default=None),
        priority=max(order.priority for order in orders),
        signatures_needed=max(order.signatures_needed for order in orders),
        settled=tuple({(s.kind, s.digest): s for order in orders for s in order.settled}.values()),
        made_from=tuple(sources),
        **{field: sum(getattr(order, field) for order in orders) for field in MONEY},
    )
    return _with(content, made_as=made_as(content), made_for=destination(content))


def _of_merged(line: Line, at: int) -> KitOf | None:
    return _with(line.kit, line=f"{at}.{line.kit.line}") if line.kit is not None else None


def _notes(orders: Sequence[Order]) -> str:
    return "\n".join(dict.fromkeys(order.receiver.note for order in orders if order.receiver.note))


# --- splitting --------------------------------------------------------------------------------------


class Part(msgspec.Struct, frozen=True):
    """What goes into one order of a split: its new id, and pieces of each line. Units: pieces."""

    id: str
    lines: tuple[tuple[str, int], ...]


def held_apart(order: Order) -> tuple[Part, ...]:
    """Return the lines that go on and those somebody keeps back as two parts; none where one is empty."""
    rest = tuple((line.id, line.qty) for line in order.lines if line.qty and not line.held)
    kept = tuple((line.id, line.qty) for line in order.lines if line.qty and line.held)
    if not rest or not kept:
        return ()
    name = digest(order.id, rest, kept)
    return Part(id=f"s-{name}-1", lines=rest), Part(id=f"s-{name}-2", lines=kept)


def by_stock(order: Order, short: Mapping[str, int]) -> tuple[Part, ...]:
    """Return what is there and what is short as two parts of an order; none where one of them is empty.

    Units: `short` pieces by article. Lines of one article give way from the last; of a kit as many as lack
    something wait with all of their parts.
    Source: capabilities 6, kits together.
    """
    later = waiting(order.lines, short)
    rest = tuple((line.id, line.qty - later[line.id]) for line in order.lines if line.qty > later[line.id])
    waits = tuple((line.id, later[line.id]) for line in order.lines if later[line.id])
    if not rest or not waits:
        return ()
    name = digest(order.id, rest, waits)
    return Part(id=f"s-{name}-1", lines=rest), Part(id=f"s-{name}-2", lines=waits)


def why_not_split(order: Order, parts: Sequence[Part]) -> Objection | None:
    """Say why an order may not be split like this: every piece goes into exactly one part."""
    if order.status not in EDITABLE:
        return objection("picked", N_("The warehouse has begun. Put the goods back first."))
    if order.pause is not None:
        return objection("on_hold", N_("{number} is on hold. Resume it first."), number=order.number)
    if order.makes_good is not None:
        return objection(
            "replacement",
            N_("{number} replaces goods of another order. It goes out by itself."),
            number=order.number,
        )
    if order.returns:
        return objection(
            "after_sales", N_("{number} has an after-sales case. It stays by itself."), number=order.number
        )
    if len(parts) < 2 or len({part.id for part in parts}) < len(parts):
        return objection("too_few", N_("A split has two parts. Choose what goes separately."))
    known = {line.id: line.qty for line in order.lines}
    given: dict[str, int] = {}
    for part in parts:
        if not part.lines or any(qty < 1 for _, qty in part.lines) or len(dict(part.lines)) < len(part.lines):
            return objection("empty_part", N_("Each part needs at least one piece. Choose again."))
        for line, qty in part.lines:
            given[line] = given.get(line, 0) + qty
    if given != {line: qty for line, qty in known.items() if qty}:
        return objection("other_pieces", N_("The order changed meanwhile. Choose the pieces again."))
    return None


def split(
    order: Order, parts: Sequence[Part], by: str, now: datetime, *, pays_first: bool = False
) -> tuple[Order, ...]:
    """Return the orders that go on in the place of one; its money is shared out to the last unit.

    What is to be paid follows the price of the goods; what was paid covers each part as far as it goes, in
    the same share, or one part after the other.
    Source: largest remainder, `money.apportion`.
    """
    lines = {line.id: line for line in order.lines}
    wanted = [[_with(lines[name], qty=qty) for name, qty in part.lines] for part in parts]
    goods = [sum(line.qty * line.unit_price_minor for line in mine) for mine in wanted]
    shares = _shares(order, goods, pays_first=pays_first)
    made = []
    for at, (part, mine, money) in enumerate(zip(parts, wanted, shares, strict=True), 1):
        content = _with(
            _begun(order, part.id, f"{order.number}-{at}", by, now),
            lines=tuple(mine),
            made_from=(_source(order, ((line.id, line.id) for line in mine), money),),
            **money,
        )
        made.append(_with(content, made_as=made_as(content), made_for=destination(content)))
    return tuple(made)


def _shares(order: Order, goods: Sequence[int], *, pays_first: bool) -> list[dict[str, int]]:
    payable = apportion(order.payable_minor, goods)
    came = min(order.paid_minor, order.payable_minor)
    covered = _in_turn(came, payable) if pays_first else apportion(came, payable)
    above = apportion(max(0, order.paid_minor - order.payable_minor), goods)
    money = {
        "total_minor": apportion(order.total_minor, goods),
        "payable_minor": payable,
        "paid_minor": tuple(one + more for one, more in zip(covered, above, strict=True)),
        "refunded_minor": apportion(order.refunded_minor, payable),
    }
    return [{field: shares[at] for field, shares in money.items()} for at in range(len(goods))]


def _in_turn(came: int, payable: Sequence[int]) -> tuple[int, ...]:
    covered = []
    for due in payable:
        covered.append(min(came, due))
        came -= covered[-1]
    return tuple(covered)


# --- both -------------------------------------------------------------------------------------------


def _begun(order: Order, id: str, number: str, by: str, now: datetime) -> Order:
    """Return what an order made from `order` takes over from it."""
    return Order(
        id=id,
        number=number,
        shop=order.shop,
        ext_id="",
        channel_state=order.channel_state,
        currency=order.currency,
        receiver=order.receiver,
        region=order.region,
        original=order.original,
        ordered_at=order.ordered_at,
        received_at=now,
        ship_by_at=order.ship_by_at,
        priority=order.priority,
        maker=by,
        signatures_needed=order.signatures_needed,
        settled=order.settled,
        touched=True,
        customer=order.customer,
        terms_days=order.terms_days,
        invoice=order.invoice,
        is_cod=order.is_cod,
    )


def _source(order: Order, lines: Iterable[tuple[str, str]], money: Mapping[str, int]) -> Source:
    return Source(
        order=order.id,
        number=order.number,
        lines=tuple(lines),
        said=order.said,
        channel_state=order.channel_state,
        warehouse=order.warehouse,
        reserved=order.reserved,
        snags=order.snags,
        **money,
    )
