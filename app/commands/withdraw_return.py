"""Take an after-sales case back before anybody decided on it."""

from __future__ import annotations

from app.command import NO_CASE, NO_ORDER, Authority, Command, Decided, Facts, Spec, order_of, refuse
from app.domain.aftersale import ReturnState
from app.domain.aftersale_events import ReturnWithdrawn
from app.text import N_


class WithdrawReturn(Command, frozen=True, kw_only=True):
    order: str
    case: str


def decide(command: WithdrawReturn, facts: Facts) -> Decided:
    """End the case as if nobody had asked.

    Refuses: `no_order`, `no_case`, `too_late`.
    """
    order = facts.order(command.order)
    if order is None:
        return NO_ORDER
    case = order.case(command.case)
    if case is None:
        return NO_CASE
    if case.state is not ReturnState.REQUESTED:
        return refuse("too_late", N_("It is decided already. Settle it, or take the decision back first."))
    return [ReturnWithdrawn(order=order.id, case=case.id, at=facts.now)]


SPEC = Spec(
    "withdraw_return", WithdrawReturn, order_of, decide, Authority.DESK, changes=("returns",), touches=False
)
