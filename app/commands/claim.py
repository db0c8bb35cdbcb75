"""Take an exception on: from now on nobody else works on it."""

from __future__ import annotations

from app.command import NO_ORDER, NO_SNAG, Authority, Command, Decided, Facts, Spec, Undo, order_of, refuse
from app.domain.duty import LEADS
from app.domain.events import SnagClaimed
from app.text import N_


class Claim(Command, frozen=True, kw_only=True):
    order: str
    kind: str


def decide(command: Claim, facts: Facts) -> Decided:
    """Give it to whoever comes first; what was only handed to somebody may be taken by another.

    A lead may take over what stands before the lead, whoever has it.
    Refuses: `no_order`, `no_snag`, `unchanged`, `claimed`.
    Source: capabilities 5, claim is exclusive.
    """
    order = facts.order(command.order)
    if order is None:
        return NO_ORDER
    snag = order.snag(command.kind)
    if snag is None:
        return NO_SNAG
    if snag.claimed_at is not None:
        if snag.owner == facts.by.user:
            return refuse("unchanged", N_("It is yours already. Nothing to do."))
        if snag.escalation is None or facts.by.role not in LEADS:
            return refuse("claimed", N_("{who} has claimed it. Take the next one."), who=snag.owner)
    return [SnagClaimed(order=order.id, kind=snag.kind, by=facts.by.user, at=facts.now)]


def inverse(command: Claim, facts: Facts) -> Undo | None:
    """Give it back to whoever had it."""
    order = facts.order(command.order)
    snag = order.snag(command.kind) if order is not None else None
    if snag is None:
        return None
    args = {"order": command.order, "kind": command.kind, "to": snag.owner, "claimed_at": snag.claimed_at}
    return Undo("give_back", args)


SPEC = Spec("claim", Claim, order_of, decide, Authority.DESK, inverse=inverse)
