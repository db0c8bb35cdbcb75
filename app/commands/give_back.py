"""Give an exception back: somebody else shall work on it."""

from __future__ import annotations

from datetime import datetime

from app.command import NO_ORDER, NO_SNAG, Authority, Command, Decided, Facts, Spec, Undo, order_of, refuse
from app.domain.events import SnagGivenBack
from app.text import N_


class GiveBack(Command, frozen=True, kw_only=True):
    """`to` is who had it before, where a claim is taken back; without it, its owner is not asked again."""

    order: str
    kind: str
    to: str = ""
    claimed_at: datetime | None = None


def decide(command: GiveBack, facts: Facts) -> Decided:
    """Let it go; only its owner may.

    Refuses: `no_order`, `no_snag`, `not_yours`.
    """
    order = facts.order(command.order)
    if order is None:
        return NO_ORDER
    snag = order.snag(command.kind)
    if snag is None:
        return NO_SNAG
    if snag.owner != facts.by.user:
        return refuse("not_yours", N_("It is not yours. Only its owner gives it back."))
    declined_by = "" if command.to else facts.by.user
    return [
        SnagGivenBack(
            order=order.id,
            kind=snag.kind,
            to=command.to,
            claimed_at=command.claimed_at if command.to else None,
            declined_by=declined_by,
        )
    ]


def inverse(command: GiveBack, _facts: Facts) -> Undo | None:
    """Take it on again."""
    return Undo("claim", {"order": command.order, "kind": command.kind})


SPEC = Spec("give_back", GiveBack, order_of, decide, Authority.DESK, inverse=inverse)
