"""Let an order that was held by hand go on."""

from __future__ import annotations

from datetime import datetime

from app.before_lead import Asked, taken_back
from app.command import NO_ORDER, Authority, Command, Decided, Facts, Refusal, Spec, Undo, order_of, refuse
from app.domain.events import LineResumed, OrderResumed
from app.domain.order import Order
from app.text import N_


class Resume(Command, frozen=True, kw_only=True):
    """`ask`: the exception that is taken back from the lead, by its type; `to` has it then.

    `line`: only this line goes on.
    """

    order: str
    reason: str = ""
    ask: str = ""
    to: str = ""
    claimed_at: datetime | None = None
    line: str = ""


def decide(command: Resume, facts: Facts) -> Decided:
    """End the pause.

    Refuses: `no_order`, `not_held`, and with `ask` what `recall` refuses.
    """
    order = facts.order(command.order)
    if order is None:
        return NO_ORDER
    if command.line:
        return _line_resumed(order, command)
    if order.pause is None:
        return refuse("not_held", N_("Nobody holds this order. Look at its exceptions and gates."))
    asked = Asked(order.id, command.ask)
    back = taken_back(asked, facts, command.to, command.claimed_at) if command.ask else []
    resumed = OrderResumed(order=order.id, reason=command.reason.strip())
    return back if isinstance(back, Refusal) else [*back, resumed]


def _line_resumed(order: Order, command: Resume) -> Decided:
    """Let one line go on."""
    line = next((one for one in order.lines if one.id == command.line and one.held), None)
    if line is None:
        return refuse("not_held", N_("Nobody holds this line. Look at the order again."))
    if line.held_by:
        return refuse(
            "held_by_rule", N_("A rule holds this line. Say at its exception that you looked at it.")
        )
    article = line.sku or line.title or line.ext_sku
    return [LineResumed(order=order.id, line=line.id, article=article, reason=command.reason.strip())]


def inverse(command: Resume, facts: Facts) -> Undo | None:
    """Hold it again, for the same reason."""
    order = facts.order(command.order)
    if command.line:
        line = next((one for one in order.lines if one.id == command.line), None) if order else None
        again = {"order": command.order, "line": command.line, "reason": line.held} if line else {}
        return Undo("hold", again) if again and again["reason"] else None
    if order is None or order.pause is None:
        return None
    held = {"order": order.id, "reason": order.pause.reason, "until": order.pause.until}
    return Undo("hold", {**held, "ask": command.ask} if command.ask else held)


SPEC = Spec("resume", Resume, order_of, decide, Authority.DESK, changes=("pause",), inverse=inverse)
