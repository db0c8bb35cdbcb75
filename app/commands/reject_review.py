"""Say no to an order in review, and say why."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from app.command import Authority, Command, Decided, Facts, Spec, refuse
from app.reviewing import ballot_of, judged
from app.text import N_

Milliseconds = Annotated[int, Meta(ge=0, le=86_400_000)]


class RejectReview(Command, frozen=True, kw_only=True):
    """`content_hash` and `revision` are what the person had on screen, `read_ms` for how long."""

    order: str
    content_hash: str
    reason: str
    revision: int | None = None
    read_ms: Milliseconds = 0


def decide(command: RejectReview, facts: Facts) -> Decided:
    """Say no; the order goes back once as many people say so as are asked, and waits for new content.

    Refuses: `no_reason`, `not_asked`, and what `judged` refuses.
    """
    order = facts.order(command.order)
    if order is not None and order.signatures_needed == 0:
        return refuse("not_asked", N_("Nobody asked for a review. Hold the order if it must not leave."))
    reason = command.reason.strip()
    if not reason:
        return refuse("no_reason", N_("Write why, so that the next person knows."))
    about = command.order, command.content_hash, command.revision
    return judged(*about, facts, is_pass=False, reason=reason, read_ms=command.read_ms)


SPEC = Spec("reject_review", RejectReview, ballot_of, decide, Authority.DESK, told_as="sign_off")
"""The history calls it as it calls a yes: who still has to look may not read there what was said."""
