"""Take a refund back before the money left the house."""

from __future__ import annotations

from app.command import NO_CASE, NO_ORDER, Authority, Command, Decided, Facts, Spec, order_of, refuse
from app.domain.aftersale import ReturnState
from app.domain.aftersale_events import RefundReversed
from app.text import N_


class ReverseRefund(Command, frozen=True, kw_only=True):
    order: str
    case: str


def decide(command: ReverseRefund, facts: Facts) -> Decided:
    """Let the case wait for its settlement again.

    Refuses: `no_order`, `no_case`, `not_refunded`.
    """
    order = facts.order(command.order)
    if order is None:
        return NO_ORDER
    case = order.case(command.case)
    if case is None:
        return NO_CASE
    if case.state is not ReturnState.CLOSED or case.replacement:
        return refuse("not_refunded", N_("Nothing was given back for this case. Look at it again."))
    return [RefundReversed(order=order.id, case=case.id, at=facts.now)]


SPEC = Spec(
    "reverse_refund", ReverseRefund, order_of, decide, Authority.HUB, changes=("returns",), touches=False
)
