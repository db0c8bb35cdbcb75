"""Send an order from another warehouse of its shop."""

from __future__ import annotations

from app.carrying import moved
from app.choosing import by_hand, elsewhere
from app.command import NO_ORDER, Authority, Command, Decided, Facts, Spec, Undo, order_of, refuse
from app.domain import sourcing
from app.domain.duty import REASON_MOST
from app.domain.events import StockReleased, StockReserved
from app.domain.order import EDITABLE
from app.replanning import by_somebody
from app.text import N_


class ChangeWarehouse(Command, frozen=True, kw_only=True):
    """`reason` is asked above a difference, see `rules.other_place_minor`."""

    order: str
    warehouse: str
    reason: str = ""


def decide(command: ChangeWarehouse, facts: Facts) -> Decided:
    """Give the promised pieces back where they lie, and promise them elsewhere: all of them or none.

    Where the warehouse itself said no, or somebody undoes, the reason is known.
    Refuses: `no_order`, `too_late`, `not_reserved`, `unchanged`, `unknown_warehouse`, `not_sent`, `short`,
    `long_reason`, `no_reason`.
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
    other = elsewhere(order, facts, command.warehouse)
    if other is None and not sourcing.missing(order, (command.warehouse,), facts.free):
        return refuse("not_sent", N_("Nothing is sent from there now. Choose another one."))
    if other is None:
        return refuse("short", N_("Not everything is free there. Choose another one, or split the order."))
    reason = command.reason.strip()
    if len(reason) > REASON_MOST or not reason.isprintable():
        return refuse("long_reason", N_("That is too long. Say it in {count} characters."), count=REASON_MOST)
    is_known = facts.because == "undo" or sourcing.standing_refusal(order) is not None
    if other.asks_reason and not reason and not is_known:
        return refuse(
            "no_reason", N_("{difference}: say why it shall be sent from there."), difference=other.says()
        )
    return [
        StockReleased(order=order.id, items=order.reserved),
        StockReserved(
            order=order.id,
            warehouse=command.warehouse,
            items=sourcing.reserve(order, command.warehouse),
            desk=facts.by.desk,
            decision=by_hand(order, facts, other, reason),
            instead=by_somebody(order, facts, other, reason),
        ),
        *moved(order, command.warehouse, facts),
    ]


def inverse(command: ChangeWarehouse, facts: Facts) -> Undo | None:
    """Send it from where it was to be sent from."""
    order = facts.order(command.order)
    if order is None or not order.warehouse:
        return None
    return Undo("change_warehouse", {"order": order.id, "warehouse": order.warehouse})


SPEC = Spec("change_warehouse", ChangeWarehouse, order_of, decide, Authority.HUB, inverse=inverse)
