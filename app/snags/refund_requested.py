"""The buyer wants the money back while the goods are still here: nothing may leave."""

from __future__ import annotations

from app.command import Facts
from app.domain.clock import Wait
from app.domain.money import shown
from app.domain.order import DEAD, EDITABLE, ChannelState, Order
from app.repairs import called_off, held_for
from app.snag import Finding, Kind, Repair
from app.text import N_, Text

TITLE = N_("Refund requested")
"""Also why it is held, where that is the answer."""


def found(order: Order, _facts: Facts) -> Finding | None:
    """Find an order the channel has called off, or of whose money too little is left after a refund.

    Source: capabilities 15, refund_requested; capabilities 1, hand-over.
    """
    if order.channel_state in DEAD:
        return Finding(Text(N_("Cancelled on the channel. Put picked goods back, then cancel here.")))
    if order.status not in EDITABLE or not order.refunded_minor or order.is_paid:
        return None
    if order.channel_state in (ChannelState.UNKNOWN, ChannelState.PARTLY_SHIPPED):
        return None
    params: dict[str, str | int | Text] = {
        "paid": shown(order.received_money_minor, order.currency),
        "payable": shown(order.payable_minor, order.currency),
    }
    return Finding(Text(N_("{paid} of {payable} left after a refund"), params))


KIND = Kind(
    code="refund_requested",
    title=TITLE,
    hint=N_("Stop picking, give the stock back, and see on the channel what was agreed with the buyer."),
    severity="bad",
    rank=3,
    found=found,
    repairs=(
        Repair(
            "cancel_order",
            N_("Cancel order"),
            called_off(TITLE),
            N_("The stock is free again. The order can be restored while the channel keeps it open."),
            off=N_("The warehouse has begun. Put the goods back first."),
        ),
        Repair(
            "hold_order",
            N_("Stop it"),
            held_for(TITLE),
            N_("Nobody packs it until somebody resumes it. Its stock stays with it."),
            off=N_("On hold already"),
        ),
    ),
    form="waive",
    gate="payment",
    stops=(Wait.PLATFORM,),
    locks=True,
)
