"""Take back that this warehouse does not send an order."""

from __future__ import annotations

from app.command import NO_ORDER, Authority, Command, Decided, Facts, Spec, Undo, order_of, refuse
from app.domain.events import RefusalWithdrawn
from app.domain.order import EDITABLE
from app.domain.sourcing import standing_refusal
from app.text import N_


class WithdrawRefusal(Command, frozen=True, kw_only=True):
    order: str


def decide(command: WithdrawRefusal, facts: Facts) -> Decided:
    """Forget the last no, while the order still stands where it was said.

    Refuses: `no_order`, `no_refusal`.
    """
    order = facts.order(command.order)
    if order is None:
        return NO_ORDER
    refusal = standing_refusal(order)
    if refusal is None or order.status not in EDITABLE:
        return refuse("no_refusal", N_("Somebody has decided already. Look at the order again."))
    return [RefusalWithdrawn(order=order.id, warehouse=refusal.warehouse)]


def inverse(command: WithdrawRefusal, facts: Facts) -> Undo | None:
    """Refuse it again."""
    order = facts.order(command.order)
    refusal = standing_refusal(order) if order is not None else None
    return Undo("refuse_order", {"order": command.order, "why": refusal.why}) if refusal is not None else None


SPEC = Spec(
    "withdraw_refusal", WithdrawRefusal, order_of, decide, Authority.DESK, inverse=inverse, touches=False
)
