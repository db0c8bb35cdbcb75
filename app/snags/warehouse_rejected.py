"""A warehouse does not send an order it was given."""

from __future__ import annotations

from app.choosing import next_place
from app.command import Command, Facts
from app.commands.change_warehouse import ChangeWarehouse
from app.domain.floor_refusal import REASONS
from app.domain.order import EDITABLE, Order
from app.domain.sourcing import standing_refusal
from app.domain.values import digest
from app.repairs import answered
from app.snag import Finding, Kind, Repair
from app.text import N_, Text


def found(order: Order, _facts: Facts) -> Finding | None:
    """Find a no of the warehouse the order stands in; a change of what it named is an answer.

    Source: capabilities 15, warehouse_rejected.
    """
    refusal = standing_refusal(order) if order.status in EDITABLE else None
    if refusal is None:
        return None
    why = REASONS[refusal.why].title if refusal.why in REASONS else refusal.why
    params: dict[str, str | int | Text] = {"warehouse": refusal.warehouse, "why": Text(why)}
    text = Text(N_("{warehouse} does not send it: {why}"), params)
    return Finding(text, digest=digest(order.id, refusal.warehouse, refusal.why, refusal.at))


def next_warehouse(order: Order, facts: Facts) -> Command | None:
    """Send it from the cheapest warehouse that has everything and has not said no."""
    warehouse = next_place(order, facts)
    return ChangeWarehouse(order=order.id, warehouse=warehouse) if warehouse and order.reserved else None


KIND = Kind(
    code="warehouse_rejected",
    title=N_("Refused by warehouse"),
    hint=N_("Send it from elsewhere, or put right what the floor named; then it goes there again by itself."),
    severity="bad",
    rank=17,
    found=found,
    repairs=(
        Repair(
            "next_warehouse",
            N_("Next warehouse"),
            next_warehouse,
            N_("Its pieces are promised there before they are given back here. It can be undone."),
            off=N_("No other warehouse has everything"),
        ),
        Repair(
            "send_again",
            N_("Send there again"),
            answered("warehouse_rejected"),
            N_("It stands in the queue of the same warehouse again, as it is now."),
        ),
    ),
    form="amend",
)
