"""The buyer wants the money back before the goods have arrived: nothing leaves, what left comes back."""

from __future__ import annotations

from app.command import Command, Facts
from app.delivery import is_called_off, is_dead_there
from app.domain.clock import Wait
from app.domain.money import shown
from app.domain.order import DEAD, EDITABLE, OPEN, ChannelState, Order
from app.domain.told import REFUND_PENDING, STOPS
from app.domain.told_of import told_of
from app.repairs import called_back, called_off, held_for
from app.snag import Finding, Kind, Repair
from app.text import N_, Text

TITLE = N_("Refund requested")
"""Also why it is held, where that is the answer."""


def found(order: Order, facts: Facts) -> Finding | None:
    """Find an order the channel has called off or is asked to, or of whose money too little is left.

    Source: capabilities 15, refund_requested; capabilities 1, hand-over.
    """
    if is_called_off(order, facts.now, facts.order):
        is_dead = is_dead_there(order, facts.order)
        called_off_there = N_("Cancelled on the channel; {carrier} has the parcel")
        paid_back_there = N_("Paid back on the channel; {carrier} has the parcel")
        said = called_off_there if is_dead else paid_back_there
        return Finding(Text(said, {"carrier": order.carrier}))
    if order.channel_state in DEAD and order.status in OPEN:
        return Finding(Text(N_("Cancelled on the channel. Put picked goods back, then cancel here.")))
    asked = [case for case in told_of(order, facts.order) if case.state in STOPS]
    if asked and order.status in OPEN:
        return Finding(
            Text(N_("The buyer wants the money back on the channel, cases: {count}"), {"count": len(asked)})
        )
    is_held = order.channel_state is ChannelState.ON_HOLD and order.told.lock == REFUND_PENDING
    if is_held and order.status in OPEN:
        return Finding(Text(N_("The buyer asked to call it off. Answer on the channel.")))
    if order.status not in EDITABLE or not order.refunded_minor or order.is_paid:
        return None
    if order.channel_state in (ChannelState.UNKNOWN, ChannelState.PARTLY_SHIPPED):
        return None
    params: dict[str, str | int | Text] = {
        "paid": shown(order.received_money_minor, order.currency),
        "payable": shown(order.payable_minor, order.currency),
    }
    return Finding(Text(N_("{paid} of {payable} left after a refund"), params))


def intercept(order: Order, facts: Facts) -> Command | None:
    """Have the parcel brought back, where it is on its way."""
    return called_back(order, facts) if is_called_off(order, facts.now, facts.order) else None


def stop(order: Order, facts: Facts) -> Command | None:
    """Keep back what is still here."""
    return held_for(TITLE)(order, facts) if order.status in OPEN else None


KIND = Kind(
    code="refund_requested",
    title=TITLE,
    hint=N_(
        "Stop picking, give the stock back; intercept what has left. Has it arrived? Note that on its order."
    ),
    severity="bad",
    rank=3,
    found=found,
    repairs=(
        Repair(
            "cancel_order",
            N_("Cancel order"),
            called_off(TITLE),
            N_("The stock is free again. The order can be restored while the channel keeps it open."),
            off=N_("Only before the warehouse begins"),
        ),
        Repair(
            "intercept",
            N_("Intercept parcel"),
            intercept,
            N_("The carrier is told, and a return opens: refund when it is back. This cannot be undone."),
            off=N_("No parcel is on its way"),
        ),
        Repair(
            "hold_order",
            N_("Stop it"),
            stop,
            N_("Nobody packs it until somebody resumes it. Its stock stays with it."),
            off="",
        ),
    ),
    form="waive",
    gate="payment",
    stops=(Wait.PLATFORM,),
    locks=True,
    after_sales=True,
)
