"""Payment: is the money here, and does the channel let us ship?"""

from __future__ import annotations

from app.command import Facts
from app.domain.money import shown
from app.domain.order import DEAD, EDITABLE, ChannelState, Order
from app.gate import MONEY_CLEARS, Gate, Measure, State
from app.text import N_, Text

LOOK_THERE = N_("Look the order up there, then cancel it here or wait for the next news.")


def measure(order: Order, facts: Facts) -> Measure:
    """Compare what came in with what is to be paid; an unknown state of the channel stops.

    Source: capabilities 1, unknown platform status means hold; capabilities 4, deciding number.
    """
    if facts.shop_of(order) is None:
        return Measure(State.STOPS, Text(N_("Shop unknown. Register it first.")))
    if order.channel_state is ChannelState.UNKNOWN:
        return Measure(State.STOPS, Text(N_("State on the channel unknown")), LOOK_THERE)
    if order.channel_state in DEAD:
        return Measure(State.STOPS, Text(N_("Cancelled on the channel")), N_("Cancel it here too."))
    if order.channel_state is ChannelState.PARTLY_SHIPPED and order.status in EDITABLE:
        return Measure(State.STOPS, Text(N_("Partly shipped elsewhere")), LOOK_THERE)
    if order.channel_state is ChannelState.ON_HOLD:
        clears = N_("It goes on by itself when the channel lets it go.")
        return Measure(State.WAITS, Text(N_("Held by the channel")), clears)
    params: dict[str, str | int | Text] = {"paid": shown(order.received_money_minor, order.currency)}
    if order.is_paid:
        return Measure(State.MET, Text(N_("{paid} paid"), params))
    if order.is_on_account:
        return Measure(State.MET, Text(N_("On account, {days} days"), {"days": order.terms_days or 0}))
    if order.is_paid_later:
        return Measure(State.MET, Text(N_("Paid at the door")))
    params["payable"] = shown(order.payable_minor, order.currency)
    if order.refunded_minor:
        clears = N_("Ask the shop what was refunded, then cancel it or let a lead answer for it.")
        return Measure(State.STOPS, Text(N_("{paid} of {payable} left after a refund"), params), clears)
    return Measure(State.WAITS, Text(N_("{paid} of {payable} paid"), params), MONEY_CLEARS)


GATE = Gate("payment", N_("Payment"), 10, measure)
