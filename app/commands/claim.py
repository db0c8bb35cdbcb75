"""Take an exception on: from now on nobody else works on it."""

from __future__ import annotations

from app.claims import about, no_claim, snag_of, subject_of
from app.command import Authority, Command, Decided, Facts, Refusal, Spec, Undo, refuse
from app.domain.events import SnagClaimed
from app.text import N_


class Claim(Command, frozen=True, kw_only=True):
    order: str = ""
    kind: str
    case: str = ""


def decide(command: Claim, facts: Facts) -> Decided:
    """Give it to whoever comes first; what was only handed to somebody may be taken by another.

    A claim lapses after some hours; a lead may take over what stands before the lead, whoever has it.
    Refuses: `no_order`, `no_snag`, `unchanged`, `claimed`.
    Source: capabilities 5, claim is exclusive.
    """
    snag = snag_of(command, facts)
    if isinstance(snag, Refusal):
        return snag
    if snag.claimed_at is not None and snag.owner == facts.by.user:
        return refuse("unchanged", N_("It is yours already. Nothing to do."))
    return no_claim(snag, facts) or [SnagClaimed(**about(command), by=facts.by.user, at=facts.now)]


def inverse(command: Claim, facts: Facts) -> Undo | None:
    """Give it back to whoever had it."""
    snag = snag_of(command, facts)
    if isinstance(snag, Refusal):
        return None
    args = {**about(command), "to": snag.owner, "claimed_at": snag.claimed_at, "declines": False}
    return Undo("give_back", args)


SPEC = Spec("claim", Claim, subject_of, decide, Authority.DESK, inverse=inverse)
