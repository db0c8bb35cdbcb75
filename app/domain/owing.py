"""Money an order still waits for, and how long one waits before somebody is asked."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.domain.order import DEAD, EDITABLE, ChannelState, Order
from app.domain.rules import Rules

_ELSEWHERE = DEAD | {ChannelState.UNKNOWN, ChannelState.PARTLY_SHIPPED, ChannelState.ON_HOLD}
"""States of the channel that are an exception of their own."""


def unpaid_at(order: Order, rules: Rules) -> datetime:
    """Return when waiting for the money becomes a problem. Source: rules unpaid_after_min."""
    return order.ordered_at + timedelta(minutes=rules.unpaid_after_min)


def is_owed(order: Order) -> bool:
    """Tell whether an order that may still change waits for money, and for nothing graver."""
    if order.status not in EDITABLE or order.channel_state in _ELSEWHERE or order.refunded_minor:
        return False
    return not order.is_paid and not order.is_paid_later
