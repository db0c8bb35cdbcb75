"""Say no to an after-sales case, and why."""

from __future__ import annotations

from app.command import NO_CASE, NO_ORDER, Authority, Command, Decided, Facts, Spec, Undo, order_of, refuse
from app.domain.aftersale import ReturnState
from app.domain.aftersale_events import ReturnRejected
from app.text import N_


class RejectReturn(Command, frozen=True, kw_only=True):
    order: str
    case: str
    reason: str


def decide(command: RejectReturn, facts: Facts) -> Decided:
    """End the case with a no.

    Refuses: `no_order`, `no_case`, `unchanged`, `no_reason`.
    """
    order = facts.order(command.order)
    if order is None:
        return NO_ORDER
    case = order.case(command.case)
    if case is None:
        return NO_CASE
    if case.state is not ReturnState.REQUESTED:
        return refuse("unchanged", N_("This case is decided already. Nothing to do."))
    if not command.reason.strip():
        return refuse("no_reason", N_("Write why, so that the next person knows."))
    rejected = ReturnRejected(
        order=order.id, case=case.id, reason=command.reason.strip(), by=facts.by.user, at=facts.now
    )
    return [rejected]


def inverse(command: RejectReturn, _facts: Facts) -> Undo | None:
    """Ask again."""
    return Undo("reopen_return", {"order": command.order, "case": command.case})


SPEC = Spec(
    "reject_return",
    RejectReturn,
    order_of,
    decide,
    Authority.DESK,
    changes=("returns",),
    inverse=inverse,
    touches=False,
)
