"""Why an order is held, in words, wherever one looks at it."""

from __future__ import annotations

from app.command import Refs
from app.domain.kind_names import called_now
from app.domain.order import Order
from app.kinds import KINDS
from app.text import Text


def held_said(order: Order, refs: Refs) -> tuple[Text, str] | None:
    """Say why a person stopped it, an exception by its title, and who that was; None where nobody did."""
    pause = order.pause
    if pause is None:
        return None
    kind = KINDS.get(called_now(pause.reason))
    why = Text(kind.title if kind is not None else pause.reason)
    return why, refs.called("user", pause.by)
