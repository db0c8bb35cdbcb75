"""Answer what only a person can answer: keep both, accept the price, note read, delay accepted."""

from __future__ import annotations

from app.command import NO_ORDER, Authority, Command, Decided, Facts, Spec, Undo, order_of, refuse
from app.domain.duty import LEADS
from app.domain.events import SnagSettled
from app.domain.order import Settled
from app.text import N_

LEADS_ANSWER = frozenset({"fraud_risk"})
"""Types that nobody below a lead answers. Source: capabilities 15, release as false alarm (lead)."""


class Settle(Command, frozen=True, kw_only=True):
    """`digest` is the open snag's: the answer holds for exactly what the person saw."""

    order: str
    kind: str
    digest: str
    reason: str = ""


def decide(command: Settle, facts: Facts) -> Decided:
    """Remember the answer; the snag then closes itself.

    Refuses: `no_order`, `nothing_asked`, `needs_repair`, `not_yours`, `stale_content`.
    """
    order = facts.order(command.order)
    if order is None:
        return NO_ORDER
    snag = order.snag(command.kind)
    if snag is None:
        return refuse("nothing_asked", N_("This question is no longer open. Nothing to do."))
    if not snag.digest:
        return refuse("needs_repair", N_("An answer does not help here. Choose one of the repairs."))
    if snag.kind in LEADS_ANSWER and facts.by.role not in LEADS:
        return refuse("not_yours", N_("Only a lead may let this go. Send it to yours."))
    if snag.digest != command.digest:
        return refuse("stale_content", N_("The order changed since you looked. Read it again, then decide."))
    settled = Settled(
        kind=snag.kind, digest=command.digest, by=facts.by.user, at=facts.now, reason=command.reason
    )
    return [SnagSettled(order=order.id, settled=settled, text=snag.text)]


def inverse(command: Settle, facts: Facts) -> Undo | None:
    """Ask again; an order that waits for nothing else goes to the floor, which nobody calls back."""
    order = facts.order(command.order)
    if command.kind == "merge_wait" and order is not None and len(order.snags) == 1:
        return None
    return Undo("reopen", {"order": command.order, "kind": command.kind, "digest": command.digest})


SPEC = Spec("settle", Settle, order_of, decide, Authority.DESK, changes=("settled",), inverse=inverse)
