"""Price: is every price believable?"""

from __future__ import annotations

from app.command import Facts
from app.domain.order import Order
from app.domain.pricing import odd_prices, price_digest
from app.domain.values import Role
from app.gate import ARTICLES_CLEAR, Gate, Measure, State
from app.profiles import rules_for
from app.text import N_, Text


def measure(order: Order, facts: Facts) -> Measure:
    """Count the prices outside the band that nobody accepted.

    Source: rules price_floor_pct, price_ceiling_pct.
    """
    if not order.matched:
        return Measure(State.NOT_YET, Text(N_("Articles first")), ARTICLES_CLEAR)
    odd = odd_prices(
        order, facts.sku, rules_for(order, facts), facts.agreed(order.customer, order.shop, order.ordered_at)
    )
    if not odd:
        return Measure(State.MET, Text(N_("Within the band")))
    if order.is_settled("price_anomaly", price_digest(odd)):
        return Measure(State.MET, Text(N_("Accepted by a person")))
    clears = N_("Accept the price, or let the shop correct it.")
    return Measure(State.STOPS, Text(N_("{count} outside the band"), {"count": len(odd)}), clears)


GATE = Gate("price", N_("Price"), 50, measure, owner=Role.LEAD)
