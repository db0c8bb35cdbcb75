"""How long a new order waits for another one of its buyer, where its shop wants that."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.domain.company import Shop
from app.domain.order import EDITABLE, ChannelState, Order

WAIT_MOST_MIN = 240
"""Longer nobody waits by himself; a person may hold an order as long as they want."""


def waits_until(order: Order, shop: Shop | None) -> datetime | None:
    """Return until when an order may be held back for another one; None where its shop never does."""
    if shop is None or shop.merge_wait_min <= 0:
        return None
    return order.received_at + timedelta(minutes=shop.merge_wait_min)


def may_wait(order: Order) -> bool:
    """Tell whether an order is one that could still be merged and the floor has not heard of.

    What is not paid or held back anyway needs no other reason to wait; what was made of others has waited.
    """
    if order.status not in EDITABLE or order.released_at is not None or order.pause is not None:
        return False
    if order.made_from or order.makes_good is not None or order.priority > 0:
        return False
    return order.channel_state is ChannelState.TO_SHIP and (order.is_paid or order.is_paid_later)
