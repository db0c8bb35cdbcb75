"""Ask for a waived gate again."""

from __future__ import annotations

from app.command import NO_ORDER, Authority, Command, Decided, Facts, Spec, Undo, order_of, refuse
from app.domain.events import WaiverEnded
from app.domain.waiver import waiver_of
from app.text import N_


class EndWaiver(Command, frozen=True, kw_only=True):
    order: str
    gate: str


def decide(command: EndWaiver, facts: Facts) -> Decided:
    """Take the waiver back; the gate then counts as it stands.

    Refuses: `no_order`, `not_waived`.
    """
    order = facts.order(command.order)
    if order is None:
        return NO_ORDER
    if not any(waiver.gate == command.gate for waiver in order.waivers):
        return refuse("not_waived", N_("This gate is not waived. Nothing to take back."))
    return [WaiverEnded(order=order.id, gate=command.gate)]


def inverse(command: EndWaiver, facts: Facts) -> Undo | None:
    """Waive it again, as long as that still holds."""
    order = facts.order(command.order)
    waiver = waiver_of(order, command.gate, facts.now) if order is not None else None
    if order is None or waiver is None:
        return None
    args = {"order": order.id, "gate": waiver.gate, "reason": waiver.reason, "until": waiver.until}
    return Undo("waive", {**args, "content_hash": order.content_hash})


SPEC = Spec("end_waiver", EndWaiver, order_of, decide, Authority.DESK, inverse=inverse)
