"""Send an order in review back, and say why."""

from __future__ import annotations

from app.command import NO_ORDER, Authority, Command, Decided, Facts, Spec, order_of, refuse
from app.domain.events import ReviewRejected
from app.domain.order import EDITABLE
from app.text import N_


class RejectReview(Command, frozen=True, kw_only=True):
    order: str
    content_hash: str
    reason: str


def decide(command: RejectReview, facts: Facts) -> Decided:
    """Void every signature; the order waits until its content changes or two people sign anew.

    Refuses: `no_order`, `too_late`, `not_asked`, `stale_content`, `own_work`, `no_reason`.
    """
    order = facts.order(command.order)
    if order is None:
        return NO_ORDER
    if order.status not in EDITABLE:
        return refuse("too_late", N_("This order has left review. Hold it if it must not leave."))
    if order.signatures_needed == 0:
        return refuse("not_asked", N_("Nobody asked for a review. Hold the order if it must not leave."))
    if order.content_hash != command.content_hash:
        return refuse("stale_content", N_("The order changed since you looked. Read it again, then decide."))
    if order.maker == facts.by.user:
        return refuse("own_work", N_("You changed this order last. Somebody else must review it."))
    if not command.reason.strip():
        return refuse("no_reason", N_("Write why, so that the next person knows."))
    return [ReviewRejected(order=order.id, reason=command.reason.strip(), by=facts.by.user)]


SPEC = Spec("reject_review", RejectReview, order_of, decide, Authority.DESK)
