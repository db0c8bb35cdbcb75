"""Address: can a parcel go there?"""

from __future__ import annotations

from app.command import Facts
from app.domain.destination import is_complete
from app.domain.order import Order
from app.gate import Gate, Measure, State
from app.text import N_, Text

CLEARS = N_("A repaired address lets it through.")


def measure(order: Order, _facts: Facts) -> Measure:
    """Pass an accepted address that names province, city and street.

    Source: capabilities 2, verdicts.
    """
    region = order.region
    if region.verdict != "accept":
        return Measure(State.STOPS, Text(N_("Not understood yet")), CLEARS)
    if not is_complete(order.receiver, region):
        return Measure(State.STOPS, Text(N_("City or street missing")), CLEARS)
    return Measure(State.MET, Text("{city} {district}", {"city": region.city, "district": region.district}))


GATE = Gate("address", N_("Address"), 20, measure, checks=True)
