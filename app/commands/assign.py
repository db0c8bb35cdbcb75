"""Hand an exception to whoever shall work on it; the hub does, by shift, skill and open minutes."""

from __future__ import annotations

from app.claims import about, snag_of, subject_of
from app.command import Authority, Command, Decided, Facts, Refusal, Spec, refuse
from app.domain.events import SnagAssigned
from app.text import N_


class Assign(Command, frozen=True, kw_only=True):
    """`to` is empty where nobody is on shift: it goes before the lead. `was`: whose it was when asked."""

    order: str = ""
    kind: str
    case: str = ""
    to: str
    was: str = ""


def decide(command: Assign, facts: Facts) -> Decided:
    """Change whose it is, unless somebody has claimed it or another hub was faster.

    Refuses: `no_order`, `no_snag`, `claimed`, `moved`, `unchanged`.
    Source: capabilities 5.9.
    """
    snag = snag_of(command, facts)
    if isinstance(snag, Refusal):
        return snag
    if snag.claimed_at is not None:
        return refuse("claimed", N_("{who} has claimed it. Take the next one."), who=snag.owner)
    if snag.owner != command.was:
        return refuse("moved", N_("Somebody else has it by now. Nothing to do."))
    if snag.owner == command.to and (command.to or snag.escalation is not None):
        return refuse("unchanged", N_("It is with them already. Nothing to do."))
    return [SnagAssigned(**about(command), to=command.to, at=facts.now)]


SPEC = Spec("assign", Assign, subject_of, decide, Authority.HUB)
