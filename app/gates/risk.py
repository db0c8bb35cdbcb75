"""Risk: is the buyer one the company does not serve without looking?"""

from __future__ import annotations

from app.command import Facts
from app.domain.order import Order
from app.domain.values import Role
from app.gate import Gate, Measure, State
from app.text import N_, Text

LISTED = "fraud_risk"


def measure(order: Order, _facts: Facts) -> Measure:
    """Ask the exception: the list of buyers is the hub's alone. Source: capabilities 15, fraud_risk."""
    snag = order.snag(LISTED)
    if snag is None:
        return Measure(State.MET, Text(N_("Not on the list")))
    return Measure(State.STOPS, snag.text, N_("A lead lets this order go, or takes the buyer off the list."))


GATE = Gate(
    "risk",
    N_("Risk"),
    5,
    measure,
    applies=lambda order: order.snag(LISTED) is not None,
    owner=Role.LEAD,
)
