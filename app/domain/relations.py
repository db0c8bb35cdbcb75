"""How orders that were merged or split, and the orders made of them, find each other; and the way back.

What is merged or split keeps its row and its content, as `replaced`; what is made of it carries `made_from`.
So nothing has to be computed to restore it, and what its channel says later still has a place to go.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import NamedTuple

import msgspec

from app.domain.kit_lines import named, sold
from app.domain.lifecycle import SENT
from app.domain.order import DEAD, EDITABLE, ChannelState, Order, Source, Status
from app.domain.values import Receiver, digest
from app.text import N_, Text

MONEY = ("total_minor", "payable_minor", "paid_minor", "refunded_minor")

Find = Callable[[str], Order | None]

_with = msgspec.structs.replace


class Objection(NamedTuple):
    """Why orders may not be joined or taken apart: a code and what to do."""

    code: str
    text: Text


def objection(code: str, message: str, **params: str | int | Text) -> Objection:
    return Objection(code, Text(message, params))


# --- who belongs to whom ----------------------------------------------------------------------------


def related(order: Order) -> tuple[str, ...]:
    """Name the orders one was made from, and those made from it."""
    return (*(source.order for source in order.made_from), *order.replaced_by)


def successors(order: Order, find: Find) -> tuple[Order, ...]:
    """Return the orders that stand in the place of one that was merged or split, through every step."""
    found: dict[str, Order] = {}
    todo = list(order.replaced_by)
    while todo:
        following = find(todo.pop(0))
        if following is None or following.id in found or following.status is Status.DISSOLVED:
            continue
        if following.status is Status.REPLACED:
            todo += following.replaced_by
        else:
            found[following.id] = following
    return tuple(found.values())


def holders(order: Order, find: Find) -> tuple[Order, ...]:
    """Return those orders in the place of one that hold goods of it; a part of what was merged may not."""
    return tuple(one for one in successors(order, find) if _holds(one, order, find))


def roots(order: Order, find: Find) -> tuple[Order, ...]:
    """Return the orders of channels whose goods are in one; of one that was not made, itself."""
    if not order.made_from:
        return (order,)
    return tuple(one for one in _origins(order, find).values() if _holds(order, one, find))


def _origins(order: Order, find: Find) -> dict[str, Order]:
    found: dict[str, Order] = {}
    for source in order.made_from:
        original = find(source.order)
        if original is not None:
            found |= _origins(original, find) if original.made_from else {original.id: original}
    return found


def _holds(order: Order, original: Order, find: Find) -> bool:
    return not original.lines or bool(lines_of(order, original, find))


def lines_of(
    order: Order, original: Order, find: Find, only: Collection[str] | None = None
) -> frozenset[str]:
    """Name the lines of an order that hold goods of one it was made of, `only` of these lines there."""
    found: set[str] = set()
    for source in order.made_from:
        is_it, above = source.order == original.id, find(source.order)
        theirs = only if is_it or above is None else lines_of(above, original, find, only)
        meant = [ours for there, ours in source.lines if theirs is None or there in theirs]
        if is_it or above is not None:
            found |= {line.id for name in meant for line in named(order.lines, name)}
    return frozenset(found)


def news(order: Order, find: Find) -> tuple[tuple[Order, tuple[str, ...]], ...]:
    """Return the originals whose channel has spoken since, with the fields it spoke of.

    Source: capabilities 1, nothing a channel says is lost.
    """
    told: dict[str, tuple[Order, tuple[str, ...]]] = {}
    for source in order.made_from:
        original = find(source.order)
        if original is None:
            continue
        if original.made_from:
            told |= {one.id: (one, fields) for one, fields in news(original, find)}
        elif fields := _spoken_of(source, original, find):
            told[original.id] = (original, fields)
    return tuple(told.values())


def _spoken_of(source: Source, original: Order, find: Find) -> tuple[str, ...]:
    was, now = source.said, original.said
    changed = {
        "lines": was.lines != now.lines,
        "receiver": was.address != now.address,
        "payable_minor": was.money != now.money,
        "channel_state": source.channel_state is not original.channel_state and not _is_ours(original, find),
    }
    return tuple(field for field, is_news in changed.items() if is_news)


def _is_ours(original: Order, find: Find) -> bool:
    """Tell whether a channel only repeats what it was told: a parcel of ours has left, others have not."""
    is_part = original.channel_state is ChannelState.PARTLY_SHIPPED
    return is_part and any(one.status in SENT for one in holders(original, find))


def news_digest(told: Sequence[tuple[Order, tuple[str, ...]]]) -> str:
    """Name exactly this news, so that an answer is void when the channel speaks again."""
    return digest([(order.id, order.said, order.channel_state) for order, _ in told])


def made_as(order: Order) -> str:
    """Digest what must not have changed for the way back: pieces, prices, money. Matching an article may."""
    lines = [(line.id, line.qty, line.unit_price_minor, line.swapped_from) for line in sold(order.lines)]
    return digest(lines, [getattr(order, field) for field in MONEY])


# --- the way back -----------------------------------------------------------------------------------


class Group(NamedTuple):
    """Everything one merge or one split made, and what it was made from."""

    originals: tuple[Order, ...]
    made: tuple[Order, ...]


def group_of(order: Order, find: Find) -> Group | None:
    """Return the merge or split an order is part of; an original and what was made of it lead to the same."""
    named = (
        [source.order for source in order.made_from] if order.status is not Status.REPLACED else [order.id]
    )
    originals = [original for one_id in named if (original := find(one_id)) is not None]
    if not originals or len(originals) < len(named):
        return None
    made = [one for one_id in originals[0].replaced_by if (one := find(one_id)) is not None]
    if not made:
        return None
    originals = [one for source in made[0].made_from if (one := find(source.order)) is not None]
    return Group(tuple(originals), tuple(made))


def why_not_back(group: Group) -> Objection | None:
    """Say why a merge or split can no longer be taken back."""
    for order in group.made:
        number = order.number
        if order.status not in EDITABLE:
            return objection(
                "picked",
                N_("The warehouse has begun with {number}. Put the goods back first."),
                number=number,
            )
        if order.pause is not None:
            return objection("on_hold", N_("{number} is on hold. Resume it first."), number=number)
        if made_as(order) != order.made_as:
            return objection(
                "changed_since",
                N_("{number} was changed since. Take those changes back first."),
                number=number,
            )
    if len({destination(order) for order in group.made}) > 1:
        return objection(
            "changed_since", N_("The parts go to different places by now. Make them equal first.")
        )
    return None


def destination(order: Order) -> str:
    """Digest where an order goes, without what the buyer wrote beside it."""
    receiver = order.receiver
    return digest(receiver.name, receiver.phone, receiver.street, order.region)


def moved_to(original: Order, group: Group) -> tuple[Receiver, Order] | None:
    """Return the receiver a person gave to what was made of `original`; None while it is as it was made."""
    made = group.made[0]
    if destination(made) in (made.made_for, destination(original)):
        return None
    receiver = made.receiver
    kept = _with(original.receiver, name=receiver.name, phone=receiver.phone, street=receiver.street)
    return kept, made


def comes_back_as(original: Order) -> Status:
    """Return the state an original takes up again; one the channel called off meanwhile stays called off."""
    return Status.CANCELLED if original.channel_state in DEAD else Status.TO_CHECK


def matched_since(original: Order, group: Group) -> Iterator[tuple[str, str]]:
    """Return the lines of an original whose article was found on what was made of it."""
    open_lines = {line.id for line in original.lines if not line.sku}
    for made in group.made:
        skus = {line.id: line.sku for line in sold(made.lines)}
        for source in made.made_from:
            if source.order == original.id:
                for theirs, ours in source.lines:
                    if theirs in open_lines and skus.get(ours):
                        yield theirs, skus[ours]
