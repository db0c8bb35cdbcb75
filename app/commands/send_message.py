"""Say something to the buyer of an order, in words the company has chosen, and wait for what they do."""

from __future__ import annotations

from datetime import timedelta

from app.claims import no_claim
from app.command import NO_ORDER, NO_SNAG, Authority, Command, Decided, Facts, Spec, Undo, order_of, refuse
from app.domain import duty
from app.domain.effect import HOLD
from app.domain.events import Event, MessageWritten, SnagSnoozed
from app.domain.message import Message, message_in
from app.domain.wording import BUILT, way_to
from app.telling import words_for
from app.text import N_


class SendMessage(Command, frozen=True, kw_only=True):
    """`key` names the message, see `wording.message_key`; `kind` is the exception it is sent for."""

    order: str
    kind: str
    template: str
    key: str


def decide(command: SendMessage, facts: Facts) -> Decided:
    """Write the message down, to leave when it cannot be taken back any more; the exception sleeps meanwhile.

    Refuses: `no_order`, `no_snag`, `claimed`, `no_template`, `asleep`, `unchanged`, `no_way`.
    Source: capabilities 15, ask the buyer by template; capabilities 5.3, effects leave after the undo.
    """
    order = facts.order(command.order)
    if order is None:
        return NO_ORDER
    snag = order.snag(command.kind)
    if snag is None:
        return NO_SNAG
    if (kept := no_claim(snag, facts)) is not None:
        return kept
    built = BUILT.get(command.template)
    if built is None:
        return refuse("no_template", N_("There is no such message. Choose one of the list."))
    if snag.snooze is not None:
        return refuse("asleep", N_("It is put off already. Wake it first."))
    if message_in(order.messages, command.key) is not None:
        return refuse("unchanged", N_("The buyer was told this already. Nothing to do."))
    if not command.key.startswith(f"notify:{order.id}:"):
        return refuse("no_template", N_("There is no such message. Choose one of the list."))
    if not way_to(order):
        return refuse("no_way", N_("No channel and no phone to reach the buyer by. Find out who placed it."))
    message = Message(
        key=command.key,
        template=command.template,
        kind=snag.kind,
        words=words_for(order, command.template, facts),
        by=facts.by.user,
        at=facts.now,
        leaves_at=facts.now + HOLD,
    )
    events: list[Event] = [MessageWritten(order=order.id, message=message)]
    until = facts.now + timedelta(hours=facts.rules.answer_h)
    snooze = duty.Snooze(by=facts.by.user, at=facts.now, until=until, wait=built.wait)
    stops = built.wait in snag.may_stop
    return [*events, SnagSnoozed(order=order.id, kind=snag.kind, snooze=snooze, stops=stops)]


def inverse(command: SendMessage, _facts: Facts) -> Undo | None:
    """Take it back before it leaves."""
    args = {"order": command.order, "kind": command.kind, "template": command.template, "key": command.key}
    return Undo("withdraw_message", args)


SPEC = Spec("send_message", SendMessage, order_of, decide, Authority.DESK, inverse=inverse)
