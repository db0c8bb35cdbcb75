"""Take an exception back from the lead: from oneself, where one is the lead, or what one sent."""

from __future__ import annotations

from datetime import datetime

from app.before_lead import taken_back
from app.claims import subject_of
from app.command import Authority, Command, Decided, Facts, Spec


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
    return taken_back(command, facts, command.to, command.claimed_at)


SPEC = Spec("recall", Recall, subject_of, decide, Authority.DESK)
