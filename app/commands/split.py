"""Send an order in several parts, each an order of its own."""

from __future__ import annotations

from app.command import NO_ORDER, Authority, Command, Decided, Facts, Refusal, Spec, Undo, refuse
from app.domain.events import Event, OrderMade, OrderReplaced, StatusChanged, StockReleased
from app.domain.making import Part, split, why_not_split
from app.domain.order import Status
from app.domain.values import Keys, order_key
from app.text import N_


class Split(Command, frozen=True, kw_only=True, omit_defaults=True):
    """Every piece of the order goes into exactly one of `parts`, each with a new id.

    `pays_first`: the money that came pays for the first part before it pays for the next.
    """

    order: str
    parts: tuple[Part, ...]
    pays_first: bool = False


def needs(command: Split) -> Keys:
    return frozenset(order_key(one) for one in (command.order, *(part.id for part in command.parts)))


def decide(command: Split, facts: Facts) -> Decided:
    """Close the order as it is and let its parts go on in its place; the money is shared out exactly.

    Refuses: `no_order`, `exists`, or why it may not be split so, see `relations.why_not_split`.
    """
    order = facts.order(command.order)
    if order is None:
        return NO_ORDER
    for part in command.parts:
        there = facts.order(part.id)
        if there is not None and there.status is not Status.DISSOLVED:
            return refuse("exists", N_("This order is split already. Look at its parts."))
    objection = why_not_split(order, command.parts)
    if objection is not None:
        return Refusal(objection.code, objection.text)
    made = split(order, command.parts, facts.by.user, facts.now, pays_first=command.pays_first)
    events: list[Event] = []
    if order.reserved:
        events.append(StockReleased(order=order.id, items=order.reserved))
    ids, numbers = tuple(one.id for one in made), tuple(one.number for one in made)
    events += [
        StatusChanged(order=order.id, before=order.status, after=Status.REPLACED, at=facts.now),
        OrderReplaced(order=order.id, by=ids, numbers=numbers),
    ]
    return [*events, *(OrderMade(content=one) for one in made)]


def inverse(command: Split, _facts: Facts) -> Undo | None:
    """Let the order go on as a whole again."""
    return Undo("put_back", {"order": command.order})


SPEC = Spec("split", Split, needs, decide, Authority.DESK, changes=("lines",), inverse=inverse)
