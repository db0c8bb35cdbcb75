"""A return or a refund waits for a word, for its goods, or for its money."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.command import Command, Facts
from app.commands.accept_return import AcceptReturn
from app.commands.refund_return import RefundReturn
from app.domain.aftersale import IS_REPLACED, KIND_TITLES, TO_SETTLE, Refunded, ReturnCase, ReturnState
from app.domain.clock import Wait
from app.domain.money import shown
from app.domain.order import Order
from app.domain.refund import advised_refund
from app.snag import Finding, Kind, Repair
from app.text import N_, Text


def overdue_at(case: ReturnCase, facts: Facts) -> datetime:
    """Return when goods on their way are asked after. Source: rules return_wait_days."""
    return case.since + timedelta(days=facts.rules.return_wait_days)


def waiting(order: Order, facts: Facts) -> ReturnCase | None:
    """Return the case that waits for a person now, a question first; exchanges to send are another type's."""
    for case in order.returns:
        if case.state is ReturnState.REQUESTED:
            return case
    for case in order.returns:
        if case.state in TO_SETTLE and case.kind not in IS_REPLACED:
            return case
        if case.state is ReturnState.AWAITED and facts.now >= overdue_at(case, facts):
            return case
    return None


def found(order: Order, facts: Facts) -> Finding | None:
    """Find the case a person must look at. Source: capabilities 15, return_due."""
    case = waiting(order, facts) if order.returns else None
    if case is None:
        return None
    params: dict[str, str | int | Text] = {
        "kind": Text(KIND_TITLES[case.kind]),
        "pieces": case.pieces,
    }
    if case.state is ReturnState.REQUESTED:
        return Finding(Text(N_("{kind} of {pieces} pieces to accept"), params))
    if case.state is ReturnState.AWAITED:
        params["days"] = facts.rules.return_wait_days
        return Finding(Text(N_("{kind} of {pieces} pieces not here after {days} days"), params))
    params["amount"] = shown(sum(advised_refund(order, case).values()), order.currency)
    return Finding(Text(N_("{kind} of {pieces} pieces to pay back, {amount}"), params))


def wake_at(order: Order, facts: Facts) -> datetime | None:
    """Look again when the patience with goods on their way ends."""
    times = [overdue_at(case, facts) for case in order.returns if case.state is ReturnState.AWAITED]
    return min((at for at in times if at > facts.now), default=None)


def accept(order: Order, facts: Facts) -> Command | None:
    """Say yes, unless one opened it oneself."""
    case = waiting(order, facts)
    if case is None or case.state is not ReturnState.REQUESTED or case.opened_by == facts.by.user:
        return None
    return AcceptReturn(order=order.id, case=case.id)


def refund(order: Order, facts: Facts) -> Command | None:
    """Give back what was paid for the pieces that came back."""
    case = waiting(order, facts)
    if case is None or case.state not in TO_SETTLE:
        return None
    refunds = tuple(Refunded(line, amount) for line, amount in advised_refund(order, case).items())
    return RefundReturn(order=order.id, case=case.id, refunds=refunds)


KIND = Kind(
    code="return_due",
    title=N_("Return waiting"),
    hint=N_("See what the buyer asks for and where the goods are. Ask the carrier when they do not come."),
    severity="warn",
    rank=21,
    found=found,
    repairs=(
        Repair(
            "accept",
            N_("Accept return"),
            accept,
            N_("No goods and no money move yet. It can be taken back."),
        ),
        Repair(
            "refund",
            N_("Refund buyer"),
            refund,
            N_("Never more than was paid for each line. It can be taken back."),
            off=N_("Not accepted or graded yet"),
        ),
    ),
    form="refund_return",
    blocks=False,
    after_sales=True,
    goal_min=24 * 60,
    wake_at=wake_at,
    stops=(Wait.CARRIER,),
)
