"""Correct the count of one article in one warehouse."""

from __future__ import annotations

from datetime import date

from app.command import Authority, Command, Decided, Facts, Spec, Undo, refuse
from app.domain.events import StockAdjusted
from app.domain.values import Keys, sku_key, stock_key
from app.lotting import barred_at_once, day_of, wrong_lot
from app.text import N_


class AdjustStock(Command, frozen=True, kw_only=True):
    """Units: `delta` pieces more or less than before."""

    warehouse: str
    sku: str
    delta: int
    reason: str
    lot: str = ""
    best_before: date | None = None


def needs(command: AdjustStock) -> Keys:
    """Name the stock row and its article."""
    return frozenset({stock_key(command.warehouse, command.sku), sku_key(command.sku)})


def decide(command: AdjustStock, facts: Facts) -> Decided:
    """Change what is on hand; what is promised to orders stays covered.

    Refuses: `unknown_warehouse`, `unknown_sku`, `no_quantity`, `no_reason`, `promised`, and why not
        of this lot, see `wrong_lot`.
    """
    if command.warehouse not in facts.refs.warehouses:
        return refuse("unknown_warehouse", N_("There is no such warehouse. Choose one from the list."))
    if facts.sku(command.sku) is None:
        return refuse("unknown_sku", N_("No article {sku}. Choose one from the list."), sku=command.sku)
    if command.delta == 0:
        return refuse("no_quantity", N_("The count is the same. Nothing to do."))
    if not command.reason.strip():
        return refuse("no_reason", N_("Write why, so that the next person knows."))
    stock = facts.stock(command.warehouse, command.sku)
    on_hand, promised = (stock.on_hand, stock.promised) if stock else (0, 0)
    if on_hand + command.delta < promised:
        return refuse(
            "promised",
            N_("{reserved} are promised to orders. Cancel or hold some of them first."),
            reserved=promised,
        )
    lot, shelf = command.lot.strip(), (command.warehouse, command.sku)
    if (wrong := wrong_lot(facts, shelf, lot, command.delta, command.best_before)) is not None:
        return wrong
    return [
        StockAdjusted(
            warehouse=command.warehouse,
            sku=command.sku,
            delta=command.delta,
            reason=command.reason.strip(),
            by=facts.by.user,
            lot=lot,
            best_before=command.best_before,
        ),
        *(barred_at_once(shelf, lot, command.best_before, facts) if command.delta > 0 else ()),
    ]


def inverse(command: AdjustStock, facts: Facts) -> Undo | None:
    """Count it back."""
    back: dict[str, object] = {
        "warehouse": command.warehouse,
        "sku": command.sku,
        "delta": -command.delta,
        "reason": command.reason,
    }
    if command.lot:
        known = day_of(facts.stock(command.warehouse, command.sku), command.lot.strip())
        back |= {"lot": command.lot, "best_before": command.best_before or known}
    return Undo("adjust_stock", back)


SPEC = Spec(
    "adjust_stock", AdjustStock, needs, decide, Authority.HUB, inverse=inverse, touches=False, offline=True
)
