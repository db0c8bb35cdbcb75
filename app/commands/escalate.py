"""Send an exception to the lead, and say why."""

from __future__ import annotations

from app.command import NO_ORDER, NO_SNAG, Authority, Command, Decided, Facts, Spec, Undo, order_of, refuse
from app.domain.duty import REASON_MOST, Escalation, Why
from app.domain.events import Event, SnagEscalated
from app.duties import woken
from app.text import N_


class Escalate(Command, frozen=True, kw_only=True):
    order: str
    kind: str
    reason: str


def decide(command: Escalate, facts: Facts) -> Decided:
    """Let the lead have it; its clock runs on.

    Refuses: `no_order`, `no_snag`, `no_reason`, `long_reason`, `with_lead`, `claimed`.
    """
    order = facts.order(command.order)
    if order is None:
        return NO_ORDER
    snag = order.snag(command.kind)
    if snag is None:
        return NO_SNAG
    reason = " ".join(command.reason.split())
    if not reason:
        return refuse("no_reason", N_("Write why, so that the lead knows."))
    if len(reason) > REASON_MOST:
        return refuse("long_reason", N_("That is too long. Say it in {count} characters."), count=REASON_MOST)
    if snag.escalation is not None and snag.escalation.why == Why.ASKED:
        return refuse("with_lead", N_("The lead has it already. Nothing to do."))
    if snag.claimed_at is not None and snag.owner != facts.by.user:
        return refuse("claimed", N_("{who} has claimed it. Take the next one."), who=snag.owner)
    events: list[Event] = [woken(order, snag, facts)] if snag.snooze is not None else []
    sent = Escalation(why=Why.ASKED, at=facts.now, by=facts.by.user, reason=reason)
    return [*events, SnagEscalated(order=order.id, kind=snag.kind, escalation=sent)]


def inverse(command: Escalate, facts: Facts) -> Undo | None:
    """Have it again as one had it."""
    order = facts.order(command.order)
    snag = order.snag(command.kind) if order is not None else None
    if snag is None:
        return None
    had = {"to": snag.owner, "claimed_at": snag.claimed_at}
    return Undo("recall", {"order": command.order, "kind": command.kind, **had})


SPEC = Spec("escalate", Escalate, order_of, decide, Authority.DESK, inverse=inverse)
