"""When an order that was held by hand goes on by itself: its time has come, or the lead has answered."""

from __future__ import annotations

from collections.abc import Iterator

from app.command import Facts
from app.domain.events import Event, OrderResumed
from app.domain.order import OPEN, Order


def at_its_time(order: Order, facts: Facts) -> Iterator[Event]:
    """Let an order go on that was held until now."""
    pause = order.pause
    if pause is not None and pause.until is not None and pause.until <= facts.now:
        yield OrderResumed(order=order.id)


def with_its_answer(order: Order, _facts: Facts) -> Iterator[Event]:
    """Let an order go on once what the lead was asked about is over."""
    pause = order.pause
    if pause is not None and pause.ask and order.status in OPEN and order.snag(pause.ask) is None:
        yield OrderResumed(order=order.id)
