"""Put an exception that was put off back into the list."""

from __future__ import annotations

from app.command import NO_ORDER, NO_SNAG, Authority, Command, Decided, Facts, Spec, Undo, order_of, refuse
from app.duties import woken
from app.text import N_


class Wake(Command, frozen=True, kw_only=True):
    order: str
    kind: str


def decide(command: Wake, facts: Facts) -> Decided:
    """End the sleep; a clock that stood still goes on.

    Refuses: `no_order`, `no_snag`, `awake`.
    """
    order = facts.order(command.order)
    if order is None:
        return NO_ORDER
    snag = order.snag(command.kind)
    if snag is None:
        return NO_SNAG
    if snag.snooze is None:
        return refuse("awake", N_("It is in the list already. Nothing to do."))
    return [woken(order, snag, facts)]


def inverse(command: Wake, facts: Facts) -> Undo | None:
    """Put it off again as it was."""
    order = facts.order(command.order)
    snag = order.snag(command.kind) if order is not None else None
    if snag is None or snag.snooze is None or snag.snooze.until is None:
        return None
    until, wait = snag.snooze.until, snag.snooze.wait
    return Undo("snooze", {"order": command.order, "kind": command.kind, "until": until, "wait": wait})


SPEC = Spec("wake", Wake, order_of, decide, Authority.DESK, inverse=inverse)
