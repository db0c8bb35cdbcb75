"""Have a parcel that failed or was called off brought back, and open the case that pays the buyer back."""

from __future__ import annotations

from app.command import NO_ORDER, Authority, Command, Decided, Facts, Spec, order_of, refuse
from app.delivery import is_called_off, is_failed
from app.domain.aftersale import Asked, ReturnCase, ReturnKind
from app.domain.events import CarrierAsked, Event, ReturnOpened
from app.domain.refund import returnable
from app.domain.scan import AskedFor, next_errand
from app.text import N_


class CallBack(Command, frozen=True, kw_only=True):
    """`case` is the id of the case it opens."""

    order: str
    case: str


def decide(command: CallBack, facts: Facts) -> Decided:
    """Tell the carrier, and open a return of everything that has not come back yet; somebody else accepts it.

    Refuses: `no_order`, `not_failed`, `unchanged`.
    Source: capabilities 15, delivery_failed, refund_requested; capabilities 5, nobody approves a return they
    opened.
    """
    order = facts.order(command.order)
    if order is None:
        return NO_ORDER
    has_failed = is_failed(order)
    if not (has_failed or is_called_off(order, facts.now, facts.order)):
        return refuse("not_failed", N_("This parcel neither failed nor was called off. Nothing to do."))
    if order.case(command.case) is not None:
        return refuse("unchanged", N_("This case is known. Nothing to do."))
    by, errand = facts.by.user, next_errand(AskedFor.CALL_BACK, order.id, order.errand, facts.now)
    events: list[Event] = [
        CarrierAsked(order=order.id, errand=errand, receiver=order.receiver, region=order.region, by=by)
    ]
    lines = tuple(Asked(line.id, most) for line in order.lines if (most := returnable(order, line.id)) > 0)
    if lines:
        case = ReturnCase(
            id=command.case,
            kind=ReturnKind.RETURN,
            lines=lines,
            reason="undelivered" if has_failed else "called_off",
            opened_by=by,
            opened_at=facts.now,
            since=facts.now,
        )
        events.append(ReturnOpened(order=order.id, case=case))
    return events


SPEC = Spec("call_back", CallBack, order_of, decide, Authority.HUB, touches=False)
