"""Send an order from another warehouse of its shop."""

from __future__ import annotations

from app.command import NO_ORDER, Authority, Command, Decided, Facts, Spec, Undo, order_of, refuse
from app.domain import sourcing
from app.domain.events import StockReleased, StockReserved
from app.domain.order import EDITABLE
from app.text import N_


class ChangeWarehouse(Command, frozen=True, kw_only=True):
    order: str
    warehouse: str


def decide(command: ChangeWarehouse, facts: Facts) -> Decided:
    """Give the promised pieces back where they lie, and promise them elsewhere: all of them or none.

    Refuses: `no_order`, `too_late`, `not_reserved`, `unchanged`, `unknown_warehouse`, `short`.
    """
    order = facts.order(command.order)
    if order is None:
        return NO_ORDER
    if order.status not in EDITABLE:
        return refuse("too_late", N_("The warehouse has begun. Put the goods back first."))
    if not order.reserved:
        return refuse("not_reserved", N_("Nothing is promised to this order yet. Wait for stock."))
    if command.warehouse == order.warehouse:
        return refuse("unchanged", N_("It is sent from there already. Nothing to do."))
    if command.warehouse not in facts.warehouses_of(order):
        return refuse("unknown_warehouse", N_("This shop is not served from there. Choose another one."))
    if not sourcing.choose(order, (command.warehouse,), facts.free):
        return refuse("short", N_("Not everything is free there. Choose another one, or split the order."))
    return [
        StockReleased(order=order.id, items=order.reserved),
        StockReserved(
            order=order.id,
            warehouse=command.warehouse,
            items=sourcing.reserve(order, command.warehouse),
            desk=facts.by.desk,
        ),
    ]


def inverse(command: ChangeWarehouse, facts: Facts) -> Undo | None:
    """Send it from where it was to be sent from."""
    order = facts.order(command.order)
    if order is None or not order.warehouse:
        return None
    return Undo("change_warehouse", {"order": order.id, "warehouse": order.warehouse})


SPEC = Spec("change_warehouse", ChangeWarehouse, order_of, decide, Authority.HUB, inverse=inverse)
