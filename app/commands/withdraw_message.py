"""Take a message to the buyer back, as long as it has not left the house."""

from __future__ import annotations

from app.command import NO_ORDER, Authority, Command, Decided, Facts, Spec, Undo, refuse
from app.domain.effect import Effect, EffectState, effect_key, outcome_of
from app.domain.events import Event, MessageWithdrawn
from app.domain.message import message_in
from app.domain.values import Keys, order_key
from app.duties import woken_in
from app.text import N_


class WithdrawMessage(Command, frozen=True, kw_only=True):
    """The same words as `SendMessage`, so that it can be sent after all."""

    order: str
    kind: str
    template: str
    key: str


def needs(command: WithdrawMessage) -> Keys:
    """Name the order, and what the hub knows of the message."""
    return frozenset({order_key(command.order), effect_key(command.key)})


def decide(command: WithdrawMessage, facts: Facts) -> Decided:
    """Forget the message and put the exception back into the list; only the hub knows whether it has left.

    Refuses: `no_order`, `no_message`, `too_late`.
    """
    order = facts.order(command.order)
    if order is None:
        return NO_ORDER
    message = message_in(order.messages, command.key)
    if message is None:
        return refuse("no_message", N_("There is no such message. Look at the order again."))
    effect = facts.row(effect_key(command.key)) if facts.at_hub else None
    has_begun = isinstance(effect, Effect) and effect.state is not EffectState.TODO
    if has_begun or outcome_of(order.effects, command.key) is not None:
        return refuse("too_late", N_("The message has left. Tell the buyer the rest by another one."))
    events: list[Event] = [MessageWithdrawn(order=order.id, key=command.key)]
    snag = order.snag(message.kind)
    if snag is not None and snag.snooze is not None and snag.snooze.at == message.at:
        events.append(woken_in(order, snag, facts))
    return events


def inverse(command: WithdrawMessage, _facts: Facts) -> Undo | None:
    """Send it after all."""
    args = {"order": command.order, "kind": command.kind, "template": command.template, "key": command.key}
    return Undo("send_message", args)


SPEC = Spec("withdraw_message", WithdrawMessage, needs, decide, Authority.DESK, inverse=inverse)
