"""Write down what a buyer asks for after the sale: money, a return, an exchange or a re-shipment."""

from __future__ import annotations

from app.command import NO_ORDER, Authority, Command, Decided, Facts, Refusal, Spec, Undo, order_of, refuse
from app.domain.aftersale import COMES_BACK, REASONS, Asked, ReturnCase, ReturnKind
from app.domain.aftersale_events import ReturnOpened
from app.domain.order import Order, Status
from app.domain.refund import returnable
from app.text import N_

SENT = frozenset({Status.SHIPPED, Status.COMPLETED, Status.RETURNED})
"""The goods have left: they can come back, be replaced, be paid back."""

PAID_BACK = SENT | {Status.CANCELLED}
"""Orders whose money can be given back."""


class OpenReturn(Command, frozen=True, kw_only=True):
    """`case` is the new case's id, `reason` a code of `aftersale.REASONS`. Units: `asked` pieces."""

    order: str
    case: str
    kind: ReturnKind
    asked: tuple[Asked, ...]
    reason: str


def decide(command: OpenReturn, facts: Facts) -> Decided:
    """Open the case; somebody else accepts it.

    Refuses: `no_order`, `unchanged`, `not_shipped`, `no_reason`, `no_lines`, `bad_line`, `too_many`.
    Source: capabilities 5, nobody approves a return they opened.
    """
    order = facts.order(command.order)
    if order is None:
        return NO_ORDER
    if order.case(command.case) is not None:
        return refuse("unchanged", N_("This case is known. Nothing to do."))
    fits = PAID_BACK if command.kind is ReturnKind.REFUND else SENT
    if order.status not in fits:
        return refuse("not_shipped", N_("The goods are still here. Change or cancel the order instead."))
    if command.reason not in REASONS:
        return refuse("no_reason", N_("Choose why the buyer asks."))
    wrong = _wrong_lines(command, order)
    if wrong is not None:
        return wrong
    case = ReturnCase(
        id=command.case,
        kind=command.kind,
        lines=command.asked,
        reason=command.reason,
        opened_by=facts.by.user,
        opened_at=facts.now,
        since=facts.now,
    )
    return [ReturnOpened(order=order.id, case=case)]


def _wrong_lines(command: OpenReturn, order: Order) -> Refusal | None:
    if not command.asked:
        return refuse("no_lines", N_("Choose at least one article."))
    sold = {line.id: line.qty for line in order.lines}
    for one in command.asked:
        if one.line not in sold or one.qty < 1:
            return refuse("bad_line", N_("This article is not in the order. Choose one of its lines."))
        most = returnable(order, one.line) if command.kind in COMES_BACK else sold[one.line]
        if one.qty > most:
            return refuse(
                "too_many", N_("At most {most} pieces can still come back. Ask for fewer."), most=most
            )
    if len({one.line for one in command.asked}) < len(command.asked):
        return refuse("bad_line", N_("A line stands there twice. Remove one of them."))
    return None


def inverse(command: OpenReturn, _facts: Facts) -> Undo | None:
    """Withdraw it."""
    return Undo("withdraw_return", {"order": command.order, "case": command.case})


SPEC = Spec(
    "open_return",
    OpenReturn,
    order_of,
    decide,
    Authority.DESK,
    changes=("returns",),
    inverse=inverse,
    touches=False,
)
