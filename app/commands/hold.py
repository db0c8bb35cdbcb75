"""Stop an order by hand, for a while or until somebody resumes it."""

from __future__ import annotations

from datetime import datetime

from app.before_lead import Asked, sent
from app.command import NO_ORDER, Authority, Command, Decided, Facts, Refusal, Spec, Undo, order_of, refuse
from app.domain.company import day_at
from app.domain.events import LineHeld, OrderPaused
from app.domain.order import EDITABLE, OPEN, Order, Pause
from app.text import N_

NO_REASON = refuse("no_reason", N_("Write why, so that the next person knows."))


class Hold(Command, frozen=True, kw_only=True):
    """`ask`: the exception the lead is asked about meanwhile, by its type. `line`: only this line waits."""

    order: str
    reason: str
    until: datetime | None = None
    ask: str = ""
    line: str = ""


def decide(command: Hold, facts: Facts) -> Decided:
    """Pause the order; stock is promised to it all the same.

    Refuses: `no_order`, `no_line`, `too_late`, `no_reason`, `past`, `already_held`; with `ask` what
    `escalate` refuses.
    """
    order = facts.order(command.order)
    if order is None:
        return NO_ORDER
    if command.line:
        return _line_held(order, command)
    if order.status not in OPEN:
        return refuse("too_late", N_("This order is finished. There is nothing to hold."))
    if order.pause is not None:
        return refuse("already_held", N_("This order is on hold already. Resume it first."))
    if not command.reason.strip():
        return NO_REASON
    if command.until is not None and command.until <= facts.now:
        return refuse("past", N_("That time is over. Choose a later one."))
    pause = Pause(
        reason=command.reason.strip(), by=facts.by.user, at=facts.now, until=command.until, ask=command.ask
    )
    until_on = day_at(facts.shop_of(order), command.until)
    held = OrderPaused(order=order.id, pause=pause, until_on=until_on)
    asked = sent(Asked(order.id, command.ask), command.reason, facts) if command.ask else []
    return asked if isinstance(asked, Refusal) else [held, *asked]


def _line_held(order: Order, command: Hold) -> Decided:
    """Keep one line back; the order waits for it, its stock stays promised."""
    line = next((one for one in order.lines if one.id == command.line), None)
    if line is None or not line.qty:
        return refuse("no_line", N_("This line is not in the order any more. Look at it again."))
    if order.status not in EDITABLE:
        return refuse("too_late", N_("The warehouse has begun. Put the goods back first."))
    if line.held:
        return refuse("already_held", N_("This line is on hold already. Resume it first."))
    reason = command.reason.strip()
    if not reason:
        return NO_REASON
    return [
        LineHeld(order=order.id, line=line.id, article=line.sku or line.title or line.ext_sku, reason=reason)
    ]


def inverse(command: Hold, facts: Facts) -> Undo | None:
    """Resume it, and have again what the lead was asked about."""
    if command.line:
        return Undo("resume", {"order": command.order, "line": command.line})
    order = facts.order(command.order)
    snag = order.snag(command.ask) if order is not None and command.ask else None
    had = {"ask": command.ask, "to": snag.owner, "claimed_at": snag.claimed_at} if snag is not None else {}
    return Undo("resume", {"order": command.order, **had})


SPEC = Spec("hold", Hold, order_of, decide, Authority.DESK, changes=("pause",), inverse=inverse)
