"""Say what a state of the channel means that nobody here knew."""

from __future__ import annotations

from app.command import NO_ORDER, Authority, Command, Decided, Facts, Spec, Undo, order_of, refuse
from app.domain.events import StateClassified
from app.domain.order import EDITABLE, ChannelState
from app.text import N_

MEANINGS = frozenset({ChannelState.TO_SHIP, ChannelState.AWAITING_PAYMENT, ChannelState.ON_HOLD})
"""What a person may say of an order whose goods are still here."""
UNCLEAR = frozenset({ChannelState.UNKNOWN, ChannelState.PARTLY_SHIPPED})
"""States that stop an order until somebody has looked."""


class Classify(Command, frozen=True, kw_only=True):
    """`state` is what it means; what the channel says later counts again."""

    order: str
    state: ChannelState


def decide(command: Classify, facts: Facts) -> Decided:
    """Take the order as being in that state on its channel.

    Refuses: `no_order`, `too_late`, `clear_already`, `no_meaning`.
    """
    order = facts.order(command.order)
    if order is None:
        return NO_ORDER
    if order.status not in EDITABLE:
        return refuse("too_late", N_("The warehouse has begun. Put the goods back first."))
    is_back = bool(order.classified_from) and command.state == order.classified_from
    if order.channel_state not in UNCLEAR and not is_back:
        return refuse("clear_already", N_("The state of this order is clear. Nothing to do."))
    if command.state not in MEANINGS and not is_back:
        return refuse("no_meaning", N_("Choose to ship, to be paid, or held by the channel."))
    return [
        StateClassified(order=order.id, before=order.channel_state, after=command.state, by=facts.by.user)
    ]


def inverse(command: Classify, facts: Facts) -> Undo | None:
    """Ask again what it means."""
    order = facts.order(command.order)
    return Undo("classify", {"order": order.id, "state": order.channel_state}) if order is not None else None


SPEC = Spec(
    "classify", Classify, order_of, decide, Authority.DESK, changes=("channel_state",), inverse=inverse
)
