"""Release window: does it wait some minutes for another order of its buyer?"""

from __future__ import annotations

from app.command import Facts
from app.domain.order import Order
from app.domain.said_time import moment_said
from app.domain.waiting import waits_until
from app.gate import Gate, Measure, State
from app.text import N_, Text

WAITS = "merge_wait"
CLEARS = N_("It goes on by itself then. Merge the two now, or let this one go alone.")


def measure(order: Order, facts: Facts) -> Measure:
    """Ask the exception: which other orders a buyer has is known at the hub alone.

    Source: capabilities 1, audit delay.
    """
    if order.snag(WAITS) is None:
        return Measure(State.MET, Text(N_("Over")))
    shop = facts.shop_of(order)
    until = waits_until(order, shop)
    if shop is None or until is None:
        return Measure(State.WAITS, Text(N_("Waits for another order")), CLEARS)
    at = moment_said(until, shop.zone)
    return Measure(State.WAITS, Text(N_("Waits for another order until {time}"), {"time": at}), CLEARS)


GATE = Gate("window", N_("Release window"), 58, measure, applies=lambda order: order.snag(WAITS) is not None)
