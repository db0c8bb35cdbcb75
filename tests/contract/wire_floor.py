"""One message of every verb and event about orders a warehouse does not send, and shelves that drift."""

from __future__ import annotations

from datetime import UTC, datetime

from app.commands.change_warehouse import ChangeWarehouse
from app.commands.refuse_order import RefuseOrder
from app.commands.repair_shelf import RepairShelf
from app.commands.withdraw_refusal import WithdrawRefusal
from app.domain import events as e
from app.domain.floor_refusal import FloorRefusal

AT = datetime(2026, 6, 13, 12, 30, tzinfo=UTC)

COMMANDS = (
    RefuseOrder(order="o1", why="missing"),
    WithdrawRefusal(order="o1"),
    ChangeWarehouse(order="o1", warehouse="WH"),
    RepairShelf(case="drift/SZ/LN-220/1"),
)
EVENTS = (
    e.OrderRefused(order="o1", refusal=FloorRefusal(warehouse="SZ", why="missing", by="qiao", at=AT)),
    e.RefusalWithdrawn(order="o1", warehouse="SZ"),
    e.ShelfRepaired(
        warehouse="SZ", sku="LN-220", on_hand=10, reserved=2, was_on_hand=7, was_reserved=2, by="wu"
    ),
)
