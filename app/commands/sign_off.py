"""Sign an order in review: a second and a third pair of eyes on exactly this content."""

from __future__ import annotations

from app.command import NO_ORDER, Authority, Command, Decided, Facts, Spec, order_of, refuse
from app.domain import review
from app.domain.events import SignedOff
from app.domain.order import EDITABLE
from app.domain.vouching import Signature
from app.text import N_


class SignOff(Command, frozen=True, kw_only=True):
    """`content_hash` is what the person had on screen."""

    order: str
    content_hash: str


def decide(command: SignOff, facts: Facts) -> Decided:
    """Put a name under the content; its last maker may not, and nobody signs twice.

    Refuses: `no_order`, `too_late`, `not_asked`, `stale_content`, `own_work`, `signed_already`.
    Source: capabilities 10, two-person rule.
    """
    order = facts.order(command.order)
    if order is None:
        return NO_ORDER
    if order.status not in EDITABLE:
        return refuse("too_late", N_("This order has left review. Nothing to sign."))
    if order.content_hash != command.content_hash:
        return refuse("stale_content", N_("The order changed since you looked. Read it again, then sign."))
    if order.maker == facts.by.user:
        return refuse("own_work", N_("You changed this order last. Somebody else must sign it."))
    if facts.by.user in review.valid_signers(order):
        return refuse("signed_already", N_("You have signed this. Another person must sign too."))
    if review.is_approved(order):
        return refuse("not_asked", N_("No signature is missing here. Take the next order."))
    signature = Signature(
        user=facts.by.user, content_hash=command.content_hash, maker=order.maker, at=facts.now
    )
    return [SignedOff(order=order.id, signature=signature)]


SPEC = Spec("sign_off", SignOff, order_of, decide, Authority.DESK)
