"""Call the installation visit of an order off."""

from __future__ import annotations

from app.command import NO_ORDER, Authority, Command, Decided, Facts, Spec, Undo, order_of, refuse
from app.domain.company import today_of
from app.domain.events import VisitCancelled
from app.text import N_


class CancelVisit(Command, frozen=True, kw_only=True):
    order: str


def decide(command: CancelVisit, facts: Facts) -> Decided:
    """Free its slot.

    Refuses: `no_order`, `no_visit`, `done`.
    """
    order = facts.order(command.order)
    if order is None:
        return NO_ORDER
    if order.visit is None:
        return refuse("no_visit", N_("No visit is planned. Plan one first."))
    if order.visit.is_done:
        return refuse("done", N_("It is installed already. Nothing to do."))
    today = today_of(facts.shop_of(order), facts.now)
    return [VisitCancelled(order=order.id, visit=order.visit, on=today)]


def inverse(command: CancelVisit, facts: Facts) -> Undo | None:
    """Plan it again; the place may be taken by then."""
    order = facts.order(command.order)
    was = order.visit if order is not None else None
    if was is None:
        return None
    return Undo(
        "plan_visit", {"order": command.order, "outlet": was.outlet, "day": was.day, "part": was.part}
    )


SPEC = Spec("cancel_visit", CancelVisit, order_of, decide, Authority.HUB, inverse=inverse, touches=False)
