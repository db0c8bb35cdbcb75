"""Somebody answers for an unmet gate: bound to what they saw, for a while, where the house allows it."""

from __future__ import annotations

from datetime import datetime

from app.domain.order import Order
from app.domain.values import Role, digest
from app.domain.vouching import Waiver

WAIVABLE: dict[str, frozenset[Role]] = {
    "credit": frozenset({Role.LEAD, Role.ADMIN}),
    "payment": frozenset({Role.LEAD, Role.ADMIN}),
    "price": frozenset({Role.LEAD, Role.ADMIN}),
}
"""Which gates may be waived, and by whom; an address, an article, stock and a second pair of eyes never are.

Source: capabilities 4, a waiver covers one hold and needs reason, expiry and role.
"""


def seal_of(order: Order) -> str:
    """Digest what a gate looks at: goods, prices, destination, what was refunded, the channel's own state."""
    return digest(order.content_hash, order.refunded_minor, order.channel_state)


def waiver_of(order: Order, gate: str, now: datetime) -> Waiver | None:
    """Return the waiver that holds for this gate now: not expired, and nothing of what it covers was edited.

    Source: capabilities 4.5, editing a gate-relevant field makes the approval stale.
    """
    for waiver in order.waivers:
        if waiver.gate == gate and waiver.until > now and waiver.seal == seal_of(order):
            return waiver
    return None


def is_funded(order: Order, now: datetime) -> bool:
    """Tell whether stock may be promised: the money is here, agreed for later, or somebody answers for it.

    Source: DECISIONS 6, stock is promised at payment.
    """
    return order.is_paid or order.is_paid_later or waiver_of(order, "payment", now) is not None
