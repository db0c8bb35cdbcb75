"""Take an answer back: the question is asked again if it still stands."""

from __future__ import annotations

from app.command import NO_ORDER, Authority, Command, Decided, Facts, Spec, order_of, refuse
from app.domain.events import SnagReopened
from app.domain.kind_names import called_now
from app.domain.order import EDITABLE, OPEN
from app.text import N_

ASKED_LATER = frozenset({"address_changed", "invoice_missing", "ship_overdue"})
"""Types that are asked of an order the warehouse has begun with, too."""


class Reopen(Command, frozen=True, kw_only=True):
    order: str
    kind: str
    digest: str


def decide(command: Reopen, facts: Facts) -> Decided:
    """Forget the answer.

    Refuses: `no_order`, `too_late`, `not_settled`.
    """
    order = facts.order(command.order)
    if order is None:
        return NO_ORDER
    if order.status not in (OPEN if called_now(command.kind) in ASKED_LATER else EDITABLE):
        return refuse("too_late", N_("The warehouse has begun. Put the goods back first."))
    if not order.is_settled(command.kind, command.digest):
        return refuse("not_settled", N_("Nobody answered this. Nothing to take back."))
    return [SnagReopened(order=order.id, kind=called_now(command.kind), digest=command.digest)]


SPEC = Spec("reopen", Reopen, order_of, decide, Authority.DESK, changes=("settled",))
