"""Take the word on an after-sales case back, as long as nothing followed from it."""

from __future__ import annotations

from app.command import NO_CASE, NO_ORDER, Authority, Command, Decided, Facts, Spec, order_of, refuse
from app.domain.aftersale import COMES_BACK, ReturnState
from app.domain.aftersale_events import ReturnReopened
from app.domain.refund import returnable
from app.text import N_

DECIDED = frozenset({ReturnState.AWAITED, ReturnState.ACCEPTED, ReturnState.REJECTED})
"""Decided, and nothing has followed yet."""


class ReopenReturn(Command, frozen=True, kw_only=True):
    order: str
    case: str


def decide(command: ReopenReturn, facts: Facts) -> Decided:
    """Let the case wait for another word.

    Refuses: `no_order`, `no_case`, `too_late`, `too_many`.
    """
    order = facts.order(command.order)
    if order is None:
        return NO_ORDER
    case = order.case(command.case)
    if case is None:
        return NO_CASE
    if case.state not in DECIDED:
        return refuse("too_late", N_("More has happened since. Take that back first."))
    if case.state is ReturnState.REJECTED and case.kind in COMES_BACK:
        most = min((returnable(order, one.line) - one.qty for one in case.lines), default=0)
        if most < 0:
            return refuse("too_many", N_("Another case is about the same pieces. Look at that one."))
    return [ReturnReopened(order=order.id, case=case.id, at=facts.now)]


SPEC = Spec(
    "reopen_return", ReopenReturn, order_of, decide, Authority.DESK, changes=("returns",), touches=False
)
