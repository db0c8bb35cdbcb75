"""Send an exception to the lead, and say why."""

from __future__ import annotations

from app.claims import about, no_claim, snag_of, subject_of
from app.command import Authority, Command, Decided, Facts, Refusal, Spec, Undo, refuse
from app.domain.duty import REASON_MOST, Escalation, Why
from app.domain.events import Event, SnagEscalated
from app.duties import woken
from app.text import N_


class Escalate(Command, frozen=True, kw_only=True):
    order: str = ""
    kind: str
    case: str = ""
    reason: str


def decide(command: Escalate, facts: Facts) -> Decided:
    """Let the lead have it; its clock runs on.

    Refuses: `no_order`, `no_snag`, `no_reason`, `long_reason`, `with_lead`, `claimed`.
    """
    snag = snag_of(command, facts)
    if isinstance(snag, Refusal):
        return snag
    reason = " ".join(command.reason.split())
    if not reason:
        return refuse("no_reason", N_("Write why, so that the lead knows."))
    if len(reason) > REASON_MOST:
        return refuse("long_reason", N_("That is too long. Say it in {count} characters."), count=REASON_MOST)
    if snag.escalation is not None and snag.escalation.why == Why.ASKED:
        return refuse("with_lead", N_("The lead has it already. Nothing to do."))
    if (kept := no_claim(snag, facts)) is not None:
        return kept
    events: list[Event] = [woken(command, snag, facts)] if snag.snooze is not None else []
    sent = Escalation(why=Why.ASKED, at=facts.now, by=facts.by.user, reason=reason)
    return [*events, SnagEscalated(**about(command), escalation=sent)]


def inverse(command: Escalate, facts: Facts) -> Undo | None:
    """Have it again as one had it."""
    snag = snag_of(command, facts)
    if isinstance(snag, Refusal):
        return None
    had = {"to": snag.owner, "claimed_at": snag.claimed_at}
    return Undo("recall", {**about(command), **had})


SPEC = Spec("escalate", Escalate, subject_of, decide, Authority.DESK, inverse=inverse)
