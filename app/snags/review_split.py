"""Reviewers disagree about an order, and neither knows what the other one said: a third one decides."""

from __future__ import annotations

from app.command import Facts
from app.domain.order import EDITABLE, Order
from app.domain.review import is_split
from app.domain.values import digest
from app.repairs import answered, held_for
from app.snag import Finding, Kind, Repair
from app.text import N_, Text

TITLE = N_("Reviewers disagree")
"""Also why it is held, where that is the answer."""


def found(order: Order, _facts: Facts) -> Finding | None:
    """Find an order on which nobody agrees yet; it does not say why, or the third one would read it.

    Source: capabilities 15, review_split; capabilities 10.1, disagreement goes to a third person.
    """
    if order.status not in EDITABLE or not is_split(order):
        return None
    text = Text(N_("{count} people looked and do not agree"), {"count": order.reviewed.verdicts})
    return Finding(
        text, digest=digest(order.id, order.content_hash, order.reviewed.revision, order.reviewed.verdicts)
    )


KIND = Kind(
    code="review_split",
    title=TITLE,
    hint=N_("One said yes, one said no. A third person decides, and hears of neither before."),
    severity="bad",
    rank=29,
    found=found,
    repairs=(
        Repair(
            "ask_third",
            N_("Ask third reviewer"),
            answered("review_split"),
            N_("Nothing changes. It stays on the review board until a third person has looked."),
        ),
        Repair(
            "hold_order",
            N_("Hold order"),
            held_for(TITLE),
            N_("The order keeps its stock and waits until somebody resumes it."),
            off=N_("On hold already"),
        ),
    ),
    form="amend",
)
