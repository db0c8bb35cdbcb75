"""Take the grades of returned goods back: they are awaited again, and off the shelf."""

from __future__ import annotations

from app.command import NO_CASE, NO_ORDER, Authority, Command, Decided, Facts, Spec, order_of, refuse
from app.domain.aftersale import ReturnState
from app.domain.aftersale_events import GradingUndone
from app.lotting import lacking
from app.text import N_


class UndoGrading(Command, frozen=True, kw_only=True):
    order: str
    case: str


def decide(command: UndoGrading, facts: Facts) -> Decided:
    """Let the case wait for its goods again.

    Refuses: `no_order`, `no_case`, `too_late`, `promised`, `lot_short`.
    """
    order = facts.order(command.order)
    if order is None:
        return NO_ORDER
    case = order.case(command.case)
    if case is None:
        return NO_CASE
    if case.state is not ReturnState.GRADED:
        return refuse("too_late", N_("More has happened since. Take that back first."))
    for item in case.restocked:
        stock = facts.stock(item.warehouse, item.sku)
        if stock is None or stock.on_hand - item.qty < stock.reserved:
            return refuse(
                "promised",
                N_("The returned {sku} is promised to orders. Cancel or hold some of them first."),
                sku=item.sku,
            )
        if (wrong := lacking(stock, item.lot, -item.qty)) is not None:
            return wrong
    undone = GradingUndone(order=order.id, case=case.id, restocked=case.restocked, at=facts.now)
    return [undone]


SPEC = Spec(
    "undo_grading",
    UndoGrading,
    order_of,
    decide,
    Authority.HUB,
    changes=("returns",),
    touches=False,
    offline=True,
)
