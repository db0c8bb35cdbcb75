"""Say yes to an after-sales case somebody else opened."""

from __future__ import annotations

from app.command import NO_CASE, NO_ORDER, Authority, Command, Decided, Facts, Spec, Undo, order_of, refuse
from app.domain.aftersale import ReturnState
from app.domain.aftersale_events import ReturnAccepted
from app.text import N_


class AcceptReturn(Command, frozen=True, kw_only=True):
    order: str
    case: str


def decide(command: AcceptReturn, facts: Facts) -> Decided:
    """Accept it: goods are awaited, or it can be settled at once.

    Refuses: `no_order`, `no_case`, `unchanged`, `own_case`.
    Source: capabilities 5, nobody approves a return they opened.
    """
    order = facts.order(command.order)
    if order is None:
        return NO_ORDER
    case = order.case(command.case)
    if case is None:
        return NO_CASE
    if case.state is not ReturnState.REQUESTED:
        return refuse("unchanged", N_("This case is decided already. Nothing to do."))
    if case.opened_by == facts.by.user:
        return refuse("own_case", N_("You opened this case. Ask a colleague to accept it."))
    return [ReturnAccepted(order=order.id, case=case.id, by=facts.by.user, at=facts.now)]


def inverse(command: AcceptReturn, _facts: Facts) -> Undo | None:
    """Ask again."""
    return Undo("reopen_return", {"order": command.order, "case": command.case})


SPEC = Spec(
    "accept_return",
    AcceptReturn,
    order_of,
    decide,
    Authority.DESK,
    changes=("returns",),
    inverse=inverse,
    touches=False,
)
