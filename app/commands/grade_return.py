"""Take returned goods in: every piece gets a grade, sellable ones go back on the shelf."""

from __future__ import annotations

from collections import Counter

from app.command import (
    NO_CASE,
    NO_ORDER,
    Authority,
    Command,
    Decided,
    Facts,
    Refusal,
    Spec,
    Undo,
    order_of,
    refuse,
)
from app.domain.aftersale import Grade, Graded, Restocked, ReturnCase, ReturnState
from app.domain.aftersale_events import ReturnGraded
from app.domain.order import Order
from app.lotting import barred_at_once, returned_lot
from app.text import N_


class GradeReturn(Command, frozen=True, kw_only=True):
    """`warehouse` is the building that took the goods in. Units: `grades` pieces."""

    order: str
    case: str
    warehouse: str
    grades: tuple[Graded, ...]


def decide(command: GradeReturn, facts: Facts) -> Decided:
    """Write the grades down; only sellable pieces become stock.

    Refuses: `no_order`, `no_case`, `not_awaited`, `unknown_warehouse`, `not_complete`, `not_matched`.
    Source: capabilities 5, restock only when graded sellable.
    """
    order = facts.order(command.order)
    if order is None:
        return NO_ORDER
    case = order.case(command.case)
    if case is None:
        return NO_CASE
    if case.state is not ReturnState.AWAITED:
        return refuse("not_awaited", N_("No goods are expected for this case. Accept it first."))
    if command.warehouse not in facts.warehouses_of(order):
        return refuse("unknown_warehouse", N_("This warehouse does not serve the shop. Choose another."))
    restocked = _restocked(command, case, order)
    if isinstance(restocked, Refusal):
        return restocked
    return [
        ReturnGraded(
            order=order.id,
            case=case.id,
            warehouse=command.warehouse,
            grades=tuple(one for one in command.grades if one.qty),
            restocked=restocked,
            by=facts.by.user,
            at=facts.now,
        ),
        *(
            event
            for one in restocked
            for event in barred_at_once((one.warehouse, one.sku), one.lot, one.best_before, facts)
        ),
    ]


def _restocked(command: GradeReturn, case: ReturnCase, order: Order) -> tuple[Restocked, ...] | Refusal:
    counted: Counter[str] = Counter()
    shelf: Counter[str] = Counter()
    articles = {line.id: line.sku for line in order.lines}
    for one in command.grades:
        counted[one.line] += one.qty
        if one.qty < 0:
            return refuse("not_complete", N_("A count is 0 or more. Count again."))
        if one.grade is Grade.SELLABLE and one.qty:
            shelf[articles.get(one.line, "")] += one.qty
    wanted = {asked.line: asked.qty for asked in case.lines}
    if {line: qty for line, qty in counted.items() if qty} != wanted:
        return refuse(
            "not_complete",
            N_("{asked} pieces were announced, {graded} have a grade. Give every piece one."),
            asked=sum(wanted.values()),
            graded=sum(counted.values()),
        )
    if "" in shelf:
        return refuse(
            "not_matched", N_("This article is not matched, so it has no shelf. Give another grade.")
        )
    return tuple(_on_shelf(command.warehouse, sku, qty, order) for sku, qty in sorted(shelf.items()))


def _on_shelf(warehouse: str, sku: str, qty: int, order: Order) -> Restocked:
    """Lay pieces back into the lot they left from, where only one is possible."""
    lot = returned_lot(order, sku)
    return Restocked(warehouse, sku, qty, lot.no, lot.best_before) if lot else Restocked(warehouse, sku, qty)


def inverse(command: GradeReturn, _facts: Facts) -> Undo | None:
    """Take the grades back."""
    return Undo("undo_grading", {"order": command.order, "case": command.case})


SPEC = Spec(
    "grade_return",
    GradeReturn,
    order_of,
    decide,
    Authority.HUB,
    changes=("returns",),
    inverse=inverse,
    touches=False,
    offline=True,
)
