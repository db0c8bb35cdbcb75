"""Take an exception back from the lead: from oneself, where one is the lead, or what one sent."""

from __future__ import annotations

from datetime import datetime

from app.claims import about, snag_of, subject_of
from app.command import Authority, Command, Decided, Facts, Refusal, Spec, refuse
from app.domain.duty import LEADS
from app.domain.events import SnagRecalled
from app.text import N_


class Recall(Command, frozen=True, kw_only=True):
    """`to` and `claimed_at`: who has it then, and since when; empty: whoever comes first."""

    order: str = ""
    kind: str
    case: str = ""
    to: str = ""
    claimed_at: datetime | None = None


def decide(command: Recall, facts: Facts) -> Decided:
    """End the lead's attention.

    Refuses: `no_order`, `no_snag`, `not_with_lead`, `claimed`, `not_yours`.
    """
    snag = snag_of(command, facts)
    if isinstance(snag, Refusal):
        return snag
    if snag.escalation is None:
        return refuse("not_with_lead", N_("It does not stand before the lead. Nothing to do."))
    is_lead = facts.by.role in LEADS
    if not is_lead and snag.escalation.by != facts.by.user:
        return refuse("not_yours", N_("Somebody else sent it to the lead. Ask the lead."))
    if snag.claimed_at is not None and snag.owner != facts.by.user:
        return refuse("claimed", N_("{who} has claimed it. Take the next one."), who=snag.owner)
    to = SnagRecalled(**about(command), to=command.to, claimed_at=command.claimed_at)
    return [to]


SPEC = Spec("recall", Recall, subject_of, decide, Authority.DESK)
