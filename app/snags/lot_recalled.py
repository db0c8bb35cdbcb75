"""A parcel that has not gone holds pieces of a lot that is recalled."""

from __future__ import annotations

from app.command import Facts
from app.domain.lot_events import lot_said
from app.domain.order import OPEN, Order
from app.lotting import recalled_in
from app.picking import laying_back
from app.snag import Finding, Kind, Repair
from app.text import N_, Text


def found(order: Order, facts: Facts) -> Finding | None:
    """Find pieces of a recalled lot in somebody's hands; they are over with once they are laid back."""
    held = recalled_in(order, facts) if order.status in OPEN else None
    if held is None:
        return None
    return Finding(Text(N_("Recalled goods are in this parcel: {lot}"), {"lot": lot_said(held)}))


KIND = Kind(
    code="lot_recalled",
    title=N_("Recalled lot"),
    hint=N_("The parcel stays. Take the pieces of this lot out and pick others in their place."),
    severity="bad",
    rank=4,
    found=found,
    repairs=(
        Repair(
            "lay_back",
            N_("Take pieces out"),
            laying_back,
            N_(
                "The parcel is opened, its pieces go back into their lot. This cannot be undone; pick others."
            ),
        ),
    ),
    goal_min=15,
)
