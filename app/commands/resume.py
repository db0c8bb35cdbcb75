"""Let an order that was held by hand go on."""

from __future__ import annotations

from app.command import NO_ORDER, Authority, Command, Decided, Facts, Spec, Undo, order_of, refuse
from app.domain.events import OrderResumed
from app.text import N_


class Resume(Command, frozen=True, kw_only=True):
    order: str
    reason: str = ""


def decide(command: Resume, facts: Facts) -> Decided:
    """End the pause.

    Refuses: `no_order`, `not_held`.
    """
    order = facts.order(command.order)
    if order is None:
        return NO_ORDER
    if order.pause is None:
        return refuse("not_held", N_("Nobody holds this order. Look at its exceptions and gates."))
    return [OrderResumed(order=order.id, reason=command.reason.strip())]


def inverse(command: Resume, facts: Facts) -> Undo | None:
    """Hold it again, for the same reason."""
    order = facts.order(command.order)
    if order is None or order.pause is None:
        return None
    return Undo("hold", {"order": order.id, "reason": order.pause.reason, "until": order.pause.until})


SPEC = Spec("resume", Resume, order_of, decide, Authority.DESK, changes=("pause",), inverse=inverse)
