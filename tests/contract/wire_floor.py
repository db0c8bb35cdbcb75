"""One message of every verb and event about orders a warehouse does not send."""

from __future__ import annotations

from datetime import UTC, datetime

from app.commands.change_warehouse import ChangeWarehouse
from app.commands.refuse_order import RefuseOrder
from app.commands.withdraw_refusal import WithdrawRefusal
from app.domain import events as e
from app.domain.floor_refusal import FloorRefusal

AT = datetime(2026, 6, 13, 12, 30, tzinfo=UTC)

COMMANDS = (
    RefuseOrder(order="o1", why="missing"),
    WithdrawRefusal(order="o1"),
    ChangeWarehouse(order="o1", warehouse="WH"),
)
EVENTS = (
    e.OrderRefused(order="o1", refusal=FloorRefusal(warehouse="SZ", why="missing", by="qiao", at=AT)),
    e.RefusalWithdrawn(order="o1", warehouse="SZ"),
)
