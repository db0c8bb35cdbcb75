"""Take a replacement back before the warehouse begins; its case waits to be settled again."""

from __future__ import annotations

from app.command import NO_CASE, NO_ORDER, Authority, Command, Decided, Facts, Spec, refuse
from app.domain.aftersale_events import ReplacementWithdrawn
from app.domain.events import closing
from app.domain.order import EDITABLE, Status
from app.domain.values import Keys, order_key
from app.text import N_


class WithdrawReplacement(Command, frozen=True, kw_only=True):
    order: str
    case: str
    replacement: str


def needs(command: WithdrawReplacement) -> Keys:
    """Name the order and its replacement."""
    return frozenset({order_key(command.order), order_key(command.replacement)})


def decide(command: WithdrawReplacement, facts: Facts) -> Decided:
    """Cancel the replacement and give its stock back.

    Refuses: `no_order`, `no_case`, `picked`.
    """
    order, new = facts.order(command.order), facts.order(command.replacement)
    if order is None or new is None:
        return NO_ORDER
    case = order.case(command.case)
    if case is None or case.replacement != new.id:
        return NO_CASE
    if new.status not in EDITABLE:
        return refuse("picked", N_("The warehouse has begun. Put the goods back first."))
    withdrawn = ReplacementWithdrawn(order=order.id, case=case.id, at=facts.now)
    return [*closing(new, Status.CANCELLED, facts.now), withdrawn]


SPEC = Spec(
    "withdraw_replacement",
    WithdrawReplacement,
    needs,
    decide,
    Authority.HUB,
    changes=("returns",),
    touches=False,
)
