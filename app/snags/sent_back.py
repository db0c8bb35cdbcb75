"""Reviewers sent an order back: whoever made it puts it right."""

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
    """Find an order that was sent back; new content or enough other people who sign it end it."""
    if order.rejection is None or order.status not in EDITABLE:
        return None
    return Finding(order.rejection, digest=digest(order.id, order.content_hash, order.rejection))


KIND = Kind(
    code="sent_back",
    title=TITLE,
    hint=N_("Read what the reviewer saw and put it right. If it is right as it is, let others sign."),
    severity="bad",
    rank=29,
    found=found,
    repairs=(
        Repair(
            "others_sign",
            N_("Let others sign"),
            answered("sent_back"),
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
