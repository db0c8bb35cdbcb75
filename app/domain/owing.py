"""Money an order still waits for, and how long one waits before somebody is asked."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.domain.company import Shop
from app.domain.order import DEAD, EDITABLE, ChannelState, Order
from app.domain.rules import Rules
from app.domain.waiver import is_funded

_ELSEWHERE = DEAD | {ChannelState.UNKNOWN, ChannelState.PARTLY_SHIPPED, ChannelState.ON_HOLD}
"""States of the channel that are an exception of their own."""
KEEPS_MOST_MIN = 10_080
"""A week; whoever pays later than that is promised what is there by then."""


def unpaid_at(order: Order, rules: Rules) -> datetime:
    """Return when waiting for the money becomes a problem. Source: rules unpaid_after_min."""
    return order.ordered_at + timedelta(minutes=rules.unpaid_after_min)


def is_owed(order: Order) -> bool:
    """Tell whether an order that may still change waits for money, and for nothing graver."""
    if order.status not in EDITABLE or order.channel_state in _ELSEWHERE or order.refunded_minor:
        return False
    return not order.is_paid and not order.is_paid_later


def may_hold(order: Order, now: datetime) -> bool:
    """Tell whether stock may be promised: it is paid for or vouched for, or its time to be paid still runs.

    Source: DECISIONS 6, stock is promised at payment, or for a time before.
    """
    if is_funded(order, now):
        return True
    return order.kept_until is not None and order.kept_until > now and is_owed(order)


def keeps_until(order: Order, shop: Shop | None, now: datetime, *, is_moved: bool) -> datetime | None:
    """Return until when an order that is not paid keeps its goods from now on; None: that stays as it is.

    The time begins when the buyer ordered, and once more whenever the order is changed before it is over.
    Source: capabilities 3, unpaid order 30 min, renewed by activity.
    """
    if shop is None or shop.keeps_unpaid_min <= 0 or not order.matched or not is_owed(order):
        return None
    time = timedelta(minutes=shop.keeps_unpaid_min)
    if order.kept_until is None:
        until = min(order.ordered_at, now) + time
    elif is_moved and order.kept_until > now:
        until = now + time
    else:
        return None
    return until if until > now else None
