"""Give money back for an after-sales case, and settle it with that."""

from __future__ import annotations

from app.command import NO_CASE, NO_ORDER, Authority, Command, Decided, Facts, Spec, Undo, order_of, refuse
from app.domain.aftersale import TO_SETTLE, Refunded
from app.domain.aftersale_events import MoneyRefunded
from app.domain.money import shown
from app.domain.refund import most_refundable, paid_per_line
from app.text import N_


class RefundReturn(Command, frozen=True, kw_only=True):
    """An amount of 0 settles the case without money. Units: minor units of the order's currency."""

    order: str
    case: str
    refunds: tuple[Refunded, ...]


def decide(command: RefundReturn, facts: Facts) -> Decided:
    """Give back no more than was paid for each line.

    Refuses: `no_order`, `no_case`, `not_ready`, `bad_line`, `too_much`.
    Source: capabilities 5, refund ≤ what was paid for the line.
    """
    order = facts.order(command.order)
    if order is None:
        return NO_ORDER
    case = order.case(command.case)
    if case is None:
        return NO_CASE
    if case.state not in TO_SETTLE:
        return refuse("not_ready", N_("Accept the case and grade the goods first."))
    lines = [refund.line for refund in command.refunds]
    most = most_refundable(order, case)
    if len(set(lines)) < len(lines) or not set(lines) <= set(most):
        return refuse("bad_line", N_("This article is not in the case. Choose one of its lines."))
    for refund in command.refunds:
        if not 0 <= refund.amount_minor <= most[refund.line]:
            return refuse(
                "too_much",
                N_("At most {most} was paid for this and not given back yet. Type less."),
                most=shown(most[refund.line], order.currency),
            )
    paid = paid_per_line(order)
    refunds = tuple(
        Refunded(refund.line, refund.amount_minor, paid[refund.line])
        for refund in command.refunds
        if refund.amount_minor
    )
    return [
        MoneyRefunded(
            order=order.id,
            case=case.id,
            refunds=refunds,
            currency=order.currency,
            by=facts.by.user,
            at=facts.now,
        )
    ]


def inverse(command: RefundReturn, _facts: Facts) -> Undo | None:
    """Take the refund back."""
    return Undo("reverse_refund", {"order": command.order, "case": command.case})


SPEC = Spec(
    "refund_return",
    RefundReturn,
    order_of,
    decide,
    Authority.HUB,
    changes=("returns", "paid_minor", "refunded_minor"),
    inverse=inverse,
    touches=False,
)
