"""Answer for an unmet gate of an order, for a while."""

from __future__ import annotations

from datetime import datetime

from app.command import NO_ORDER, Authority, Command, Decided, Facts, Spec, Undo, order_of, refuse
from app.domain.events import GateWaived
from app.domain.order import EDITABLE
from app.domain.vouching import Waiver
from app.domain.waiver import WAIVABLE, seal_of, waiver_of
from app.text import N_


class Waive(Command, frozen=True, kw_only=True):
    """`content_hash` is what the person had on screen."""

    order: str
    gate: str
    content_hash: str
    reason: str
    until: datetime


def decide(command: Waive, facts: Facts) -> Decided:
    """Let the gate count as met until then, as long as nothing it looks at is edited.

    Refuses: `no_order`, `too_late`, `never_waived`, `not_yours`, `stale_content`,
    `already_waived`, `no_reason`, `past`.
    Source: capabilities 4.5.
    """
    order = facts.order(command.order)
    if order is None:
        return NO_ORDER
    if order.status not in EDITABLE:
        return refuse("too_late", N_("This order has passed its gates. There is nothing to waive."))
    allowed = WAIVABLE.get(command.gate)
    if allowed is None:
        return refuse("never_waived", N_("Nobody may waive this gate. Put right what it asks for."))
    if facts.by.role not in allowed:
        return refuse("not_yours", N_("Only a lead may answer for this gate. Ask yours."))
    if order.content_hash != command.content_hash:
        return refuse("stale_content", N_("The order changed since you looked. Read it again, then decide."))
    if waiver_of(order, command.gate, facts.now) is not None:
        return refuse("already_waived", N_("This gate is waived already. Take that back first."))
    if not command.reason.strip():
        return refuse("no_reason", N_("Write why, so that the next person knows."))
    if command.until <= facts.now:
        return refuse("past", N_("That time is over. Choose a later one."))
    waiver = Waiver(
        gate=command.gate,
        seal=seal_of(order),
        reason=command.reason.strip(),
        by=facts.by.user,
        role=facts.by.role,
        at=facts.now,
        until=command.until,
    )
    return [GateWaived(order=order.id, waiver=waiver)]


def inverse(command: Waive, _facts: Facts) -> Undo | None:
    """Ask for the gate again."""
    return Undo("end_waiver", {"order": command.order, "gate": command.gate})


SPEC = Spec("waive", Waive, order_of, decide, Authority.DESK, inverse=inverse)
