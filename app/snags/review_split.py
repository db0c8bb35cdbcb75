"""Reviewers disagree: one signed an order, another one sent the very same order back."""

from __future__ import annotations

from app.command import Facts
from app.domain.order import EDITABLE, Order
from app.domain.review import is_disputed
from app.domain.values import digest
from app.repairs import answered, held_for
from app.snag import Finding, Kind, Repair
from app.text import N_

TITLE = N_("Reviewers disagree")
"""Also why it is held, where that is the answer."""


def found(order: Order, _facts: Facts) -> Finding | None:
    """Find a no that stands against a signature under the same content; new content or a third one ends it.

    Source: capabilities 15, review_split; capabilities 10.1, disagreement goes to a third person.
    """
    if order.rejection is None or not is_disputed(order) or order.status not in EDITABLE:
        return None
    return Finding(order.rejection, digest=digest(order.id, order.content_hash, order.rejection))


KIND = Kind(
    code="review_split",
    title=TITLE,
    hint=N_("One signed, one sent it back. A third person decides, or whoever made it puts it right."),
    severity="bad",
    rank=29,
    found=found,
    repairs=(
        Repair(
            "ask_third",
            N_("Ask third reviewer"),
            answered("review_split"),
            N_("Nothing changes. It leaves only when enough other people have signed exactly this."),
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
