"""Take over how much another system counts of one article in one warehouse."""

from __future__ import annotations

from app.command import Authority, Command, Decided, Facts, Spec, Undo, refuse
from app.domain.events import StockAdjusted
from app.domain.values import Keys, sku_key, stock_key
from app.text import N_


class SetStock(Command, frozen=True, kw_only=True):
    """Units: `on_hand` pieces, whatever was there before."""

    warehouse: str
    sku: str
    on_hand: int
    reason: str


def needs(command: SetStock) -> Keys:
    """Name the stock row and its article."""
    return frozenset({stock_key(command.warehouse, command.sku), sku_key(command.sku)})


def decide(command: SetStock, facts: Facts) -> Decided:
    """Make it so many; what is promised to orders stays covered.

    Refuses: `unknown_warehouse`, `unknown_sku`, `bad_count`, `no_reason`, `unchanged`, `promised`,
        `name_lot`.
    Source: capabilities 1.8, the stock of a warehouse another system runs is counted there.
    """
    if command.warehouse not in facts.refs.warehouses:
        return refuse("unknown_warehouse", N_("There is no such warehouse. Choose one from the list."))
    if facts.sku(command.sku) is None:
        return refuse("unknown_sku", N_("No article {sku}. Choose one from the list."), sku=command.sku)
    if command.on_hand < 0:
        return refuse("bad_count", N_("A count is 0 or more. Count again."))
    if not command.reason.strip():
        return refuse("no_reason", N_("Write why, so that the next person knows."))
    stock = facts.stock(command.warehouse, command.sku)
    on_hand, promised = (stock.on_hand, stock.promised) if stock else (0, 0)
    if command.on_hand == on_hand:
        return refuse("unchanged", N_("The count is the same. Nothing to do."))
    if command.on_hand < promised:
        return refuse(
            "promised",
            N_("{reserved} are promised to orders. Cancel or hold some of them first."),
            reserved=promised,
        )
    if stock is not None and stock.lots:
        return refuse("name_lot", N_("{sku} is kept in lots here. Count lot by lot."), sku=command.sku)
    return [
        StockAdjusted(
            warehouse=command.warehouse,
            sku=command.sku,
            delta=command.on_hand - on_hand,
            reason=command.reason.strip(),
            by=facts.by.user,
        )
    ]


def inverse(command: SetStock, facts: Facts) -> Undo | None:
    """Count it back."""
    stock = facts.stock(command.warehouse, command.sku)
    was = stock.on_hand if stock else 0
    back = {"warehouse": command.warehouse, "sku": command.sku, "reason": command.reason}
    return Undo("set_stock", back | {"on_hand": was})


SPEC = Spec("set_stock", SetStock, needs, decide, Authority.HUB, inverse=inverse, touches=False)
