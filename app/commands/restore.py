"""Bring a cancelled order back to checking."""

from __future__ import annotations

from app.command import NO_ORDER, Authority, Command, Decided, Facts, Spec, Undo, order_of, refuse
from app.domain.events import StatusChanged
from app.domain.order import DEAD, Status
from app.text import N_


class Restore(Command, frozen=True, kw_only=True):
    order: str


def decide(command: Restore, facts: Facts) -> Decided:
    """Open the order again; stock, snags and gates follow by themselves.

    Refuses: `no_order`, `replacement`, `not_cancelled`, `called_off`.
    """
    order = facts.order(command.order)
    if order is None:
        return NO_ORDER
    if order.makes_good is not None:
        return refuse("replacement", N_("It replaced goods of another order. Send a new replacement there."))
    if order.status is not Status.CANCELLED:
        return refuse("not_cancelled", N_("This order is not cancelled. Nothing to restore."))
    if order.channel_state in DEAD:
        return refuse("called_off", N_("The channel cancelled this order. The buyer must order again."))
    return [StatusChanged(order=order.id, before=order.status, after=Status.TO_CHECK, at=facts.now)]


def inverse(command: Restore, _facts: Facts) -> Undo | None:
    """Cancel it again."""
    return Undo("cancel", {"order": command.order, "reason": N_("Taken back")})


SPEC = Spec("restore", Restore, order_of, decide, Authority.DESK, changes=("status",), inverse=inverse)
