"""Keep a held order on hold until another day, or until somebody resumes it."""

from __future__ import annotations

from datetime import datetime

import msgspec

from app.command import NO_ORDER, Authority, Command, Decided, Facts, Spec, Undo, order_of, refuse
from app.domain.company import day_at
from app.domain.events import PauseMoved
from app.text import N_


class Postpone(Command, frozen=True, kw_only=True):
    """`until` is when it goes on by itself; without it somebody resumes it."""

    order: str
    reason: str
    until: datetime | None = None


def decide(command: Postpone, facts: Facts) -> Decided:
    """Move the end of the hold; why it is held stays as it was said.

    Refuses: `no_order`, `not_held`, `no_reason`, `past`, `unchanged`.
    """
    order = facts.order(command.order)
    if order is None:
        return NO_ORDER
    if order.pause is None:
        return refuse("not_held", N_("Nobody holds this order. Look at its exceptions and gates."))
    if not command.reason.strip():
        return refuse("no_reason", N_("Write why, so that the next person knows."))
    if command.until is not None and command.until <= facts.now:
        return refuse("past", N_("That time is over. Choose a later one."))
    if command.until == order.pause.until:
        return refuse("unchanged", N_("It goes on at that time already. Choose another day."))
    pause = msgspec.structs.replace(order.pause, until=command.until)
    reason, until_on = command.reason.strip(), day_at(facts.shop_of(order), command.until)
    return [PauseMoved(order=order.id, pause=pause, reason=reason, by=facts.by.user, until_on=until_on)]


def inverse(command: Postpone, facts: Facts) -> Undo | None:
    """Let it go on when it would have."""
    order = facts.order(command.order)
    if order is None or order.pause is None:
        return None
    return Undo("postpone", {"order": order.id, "reason": command.reason, "until": order.pause.until})


SPEC = Spec("postpone", Postpone, order_of, decide, Authority.DESK, changes=("pause",), inverse=inverse)
