"""Nobody reviewed an order in time: a lead hears of it. It stays where it is, and never leaves by itself."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.command import Facts
from app.domain.order import EDITABLE, Order
from app.domain.review import is_approved
from app.domain.values import Role, digest
from app.repairs import answered, held_for
from app.snag import Finding, Kind, Repair
from app.text import N_, Text

CODE = "review_late"
TITLE = N_("Review is late")
"""Also why it is held, where that is the answer."""


def due_at(order: Order, facts: Facts) -> datetime | None:
    """Return until when somebody should have reviewed it. Source: rules review_limit_min."""
    limit = timedelta(minutes=facts.rules.review_limit_min)
    is_waiting = order.signatures_needed > 0 and not is_approved(order) and order.status in EDITABLE
    hold = next((hold for hold in order.holds if hold.gate == "review"), None)
    if not limit or not is_waiting or hold is None or order.rejection is not None:
        return None
    return hold.opened_at + limit


def found(order: Order, facts: Facts) -> Finding | None:
    """Find an order whose reviewers did not come."""
    due = due_at(order, facts)
    if due is None or facts.now < due:
        return None
    minutes = facts.rules.review_limit_min
    text = Text(N_("Nobody reviewed it within {minutes} minutes"), {"minutes": minutes})
    return Finding(text, digest=digest(order.id, order.content_hash, order.reviewed.revision))


KIND = Kind(
    code=CODE,
    title=TITLE,
    hint=N_("Call a reviewer who is there, or sign as one of the two. It does not leave by itself."),
    severity="warn",
    rank=29,
    found=found,
    repairs=(
        Repair(
            "wait_on",
            N_("Wait for reviewers"),
            answered(CODE),
            N_("Nothing changes. It stays on the review board until enough people have looked."),
        ),
        Repair(
            "hold_order",
            N_("Hold order"),
            held_for(TITLE),
            N_("The order keeps its stock and waits until somebody resumes it."),
            off=N_("On hold already"),
        ),
    ),
    blocks=False,
    group=Role.LEAD,
    effort_min=2,
    wake_at=due_at,
)
