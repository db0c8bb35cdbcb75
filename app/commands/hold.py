"""Stop an order by hand, for a while or until somebody resumes it."""

from __future__ import annotations

from datetime import datetime

from app.before_lead import Asked, sent
from app.command import NO_ORDER, Authority, Command, Decided, Facts, Refusal, Spec, Undo, order_of, refuse
from app.domain.company import day_at
from app.domain.events import OrderPaused
from app.domain.order import OPEN, Pause
from app.text import N_


class Hold(Command, frozen=True, kw_only=True):
    """`ask`: the exception the lead is asked about meanwhile, by its type."""

    order: str
    reason: str
    until: datetime | None = None
    ask: str = ""


def decide(command: Hold, facts: Facts) -> Decided:
    """Pause the order; stock is promised to it all the same.

    Refuses: `no_order`, `too_late`, `no_reason`, `past`, `already_held`; with `ask` what `escalate` refuses.
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
    pause = Pause(
        reason=command.reason.strip(), by=facts.by.user, at=facts.now, until=command.until, ask=command.ask
    )
    until_on = day_at(facts.shop_of(order), command.until)
    held = OrderPaused(order=order.id, pause=pause, until_on=until_on)
    asked = sent(Asked(order.id, command.ask), command.reason, facts) if command.ask else []
    return asked if isinstance(asked, Refusal) else [held, *asked]


def inverse(command: Hold, facts: Facts) -> Undo | None:
    """Resume it, and have again what the lead was asked about."""
    order = facts.order(command.order)
    snag = order.snag(command.ask) if order is not None and command.ask else None
    had = {"ask": command.ask, "to": snag.owner, "claimed_at": snag.claimed_at} if snag is not None else {}
    return Undo("resume", {"order": command.order, **had})


SPEC = Spec("hold", Hold, order_of, decide, Authority.DESK, changes=("pause",), inverse=inverse)
