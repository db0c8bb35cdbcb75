"""Give an exception back: somebody else shall work on it."""

from __future__ import annotations

from datetime import datetime

from app.claims import about, snag_of, subject_of
from app.command import Authority, Command, Decided, Facts, Refusal, Spec, Undo, refuse
from app.domain.events import SnagGivenBack
from app.text import N_


class GiveBack(Command, frozen=True, kw_only=True):
    """`to` is who had it before, where a claim is taken back; unless `declines`, its owner is asked again."""

    order: str = ""
    kind: str
    case: str = ""
    to: str = ""
    claimed_at: datetime | None = None
    declines: bool = True


def decide(command: GiveBack, facts: Facts) -> Decided:
    """Let it go; only its owner may.

    Refuses: `no_order`, `no_snag`, `not_yours`.
    """
    snag = snag_of(command, facts)
    if isinstance(snag, Refusal):
        return snag
    if snag.owner != facts.by.user:
        return refuse("not_yours", N_("It is not yours. Only its owner gives it back."))
    declined_by = facts.by.user if command.declines and not command.to else ""
    return [
        SnagGivenBack(
            **about(command),
            to=command.to,
            claimed_at=command.claimed_at if command.to else None,
            declined_by=declined_by,
        )
    ]


def inverse(command: GiveBack, _facts: Facts) -> Undo | None:
    """Take it on again."""
    return Undo("claim", about(command))


SPEC = Spec("give_back", GiveBack, subject_of, decide, Authority.DESK, inverse=inverse)
