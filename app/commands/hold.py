"""Stop an order by hand, for a while or until somebody resumes it."""

from __future__ import annotations

from datetime import datetime

from app.command import NO_ORDER, Authority, Command, Decided, Facts, Spec, Undo, order_of, refuse
from app.domain.company import day_at
from app.domain.events import OrderPaused
from app.domain.order import OPEN, Pause
from app.text import N_


class Hold(Command, frozen=True, kw_only=True):
    order: str
    reason: str
    until: datetime | None = None


def decide(command: Hold, facts: Facts) -> Decided:
    """Pause the order; stock is promised to it all the same.

    Refuses: `no_order`, `too_late`, `no_reason`, `past`, `already_held`.
    """
    order = facts.order(command.order)
    if order is None:
        return NO_ORDER
    if order.status not in OPEN:
        return refuse("too_late", N_("This order is finished. There is nothing to hold."))
    if order.pause is not None:
        return refuse("already_held", N_("This order is on hold already. Resume it first."))
    if not command.reason.strip():
        return refuse("no_reason", N_("Write why, so that the next person knows."))
    if command.until is not None and command.until <= facts.now:
        return refuse("past", N_("That time is over. Choose a later one."))
    pause = Pause(reason=command.reason.strip(), by=facts.by.user, at=facts.now, until=command.until)
    until_on = day_at(facts.shop_of(order), command.until)
    return [OrderPaused(order=order.id, pause=pause, until_on=until_on)]


def inverse(command: Hold, _facts: Facts) -> Undo | None:
    """Resume it."""
    return Undo("resume", {"order": command.order})


SPEC = Spec("hold", Hold, order_of, decide, Authority.DESK, changes=("pause",), inverse=inverse)
