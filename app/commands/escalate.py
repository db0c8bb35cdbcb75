"""Send an exception to the lead, and say why."""

from __future__ import annotations

from app.before_lead import sent
from app.claims import about, snag_of, subject_of
from app.command import Authority, Command, Decided, Facts, Refusal, Spec, Undo


class Escalate(Command, frozen=True, kw_only=True):
    order: str = ""
    kind: str
    case: str = ""
    reason: str


def decide(command: Escalate, facts: Facts) -> Decided:
    """Let the lead have it; its clock runs on.

    Refuses: `no_order`, `no_snag`, `no_reason`, `long_reason`, `with_lead`, `claimed`.
    """
    return sent(command, command.reason, facts)


def inverse(command: Escalate, facts: Facts) -> Undo | None:
    """Have it again as one had it."""
    snag = snag_of(command, facts)
    if isinstance(snag, Refusal):
        return None
    had = {"to": snag.owner, "claimed_at": snag.claimed_at}
    return Undo("recall", {**about(command), **had})


SPEC = Spec("escalate", Escalate, subject_of, decide, Authority.DESK, inverse=inverse)
