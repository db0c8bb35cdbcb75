"""A reviewer sent an order back: whoever made it, or who signed it before, saw it otherwise."""

from __future__ import annotations

from app.command import Facts
from app.domain.order import EDITABLE, Order
from app.domain.values import digest
from app.repairs import answered, held_for
from app.snag import Finding, Kind, Repair
from app.text import N_

TITLE = N_("Sent back in review")
"""Also why it is held, where that is the answer."""


def found(order: Order, _facts: Facts) -> Finding | None:
    """Find an order of which a reviewer said no; new content or another signature ends it.

    Source: capabilities 15, review_split; capabilities 10.1, disagreement goes to a third person.
    """
    if order.rejection is None or order.status not in EDITABLE:
        return None
    return Finding(order.rejection, digest=digest(order.id, order.content_hash, order.rejection))


KIND = Kind(
    code="review_split",
    title=TITLE,
    hint=N_("Read what the reviewer saw and put it right. If it is right as it is, let others sign."),
    severity="bad",
    rank=29,
    found=found,
    repairs=(
        Repair(
            "others_sign",
            N_("Let others sign"),
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
