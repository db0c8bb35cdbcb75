"""How after-sales events change the case they are about."""

from __future__ import annotations

from typing import Any

import msgspec

from app.domain import aftersale_events as e
from app.domain.aftersale import COMES_BACK, ReturnCase, ReturnState
from app.domain.order import Order

_with = msgspec.structs.replace


def evolve_aftersale(order: Order, event: e.AftersaleEvent) -> Order:
    """Apply one event to the case of an order.

    Raises:
        LookupError: the order has no such case.
    """
    if isinstance(event, e.ReturnOpened):
        return _with(order, returns=(*order.returns, event.case))
    case = order.case(event.case)
    if case is None:
        raise LookupError(f"no case {event.case}")
    changed = _moved(case, event)
    return _with(order, returns=tuple(changed if one.id == case.id else one for one in order.returns))


def _moved(case: ReturnCase, event: Any) -> ReturnCase:  # noqa: C901 - one arm per event
    """Return the case after `event`; it stands there since then."""
    at = event.at
    match event:
        case e.ReturnAccepted(by=by):
            return _with(case, state=_accepted(case), accepted_by=by, since=at)
        case e.ReturnRejected(reason=reason):
            return _with(case, state=ReturnState.REJECTED, answer=reason, since=at)
        case e.ReturnReopened():
            return _with(case, state=ReturnState.REQUESTED, accepted_by="", answer="", since=at)
        case e.ReturnEndedThere():
            return _with(case, state=ReturnState.CLOSED, since=at)
        case e.ReturnWithdrawn():
            return _with(case, state=ReturnState.WITHDRAWN, since=at)
        case e.ReturnGraded():
            return _with(
                case,
                state=ReturnState.GRADED,
                warehouse=event.warehouse,
                graded_by=event.by,
                grades=event.grades,
                restocked=event.restocked,
                since=at,
            )
        case e.GradingUndone():
            return _with(
                case,
                state=ReturnState.AWAITED,
                warehouse="",
                graded_by="",
                grades=(),
                restocked=(),
                since=at,
            )
        case e.MoneyRefunded(refunds=refunds):
            return _with(case, state=ReturnState.CLOSED, refunds=refunds, since=at)
        case e.RefundReversed():
            return _with(case, state=_to_settle(case), refunds=(), since=at)
        case e.ReplacementSent(replacement=replacement):
            attempts = case.attempts + 1
            return _with(case, state=ReturnState.CLOSED, replacement=replacement, attempts=attempts, since=at)
        case e.ReplacementWithdrawn():
            return _with(case, state=_to_settle(case), replacement="", since=at)
        case _:
            raise LookupError(f"{type(event).__name__} is not about a case")


def _accepted(case: ReturnCase) -> ReturnState:
    return ReturnState.AWAITED if case.kind in COMES_BACK else ReturnState.ACCEPTED


def _to_settle(case: ReturnCase) -> ReturnState:
    return ReturnState.GRADED if case.grades else ReturnState.ACCEPTED
