"""Ask a desk for something, and tell what a witness writes down of it: what was promised, to whom."""

from __future__ import annotations

from typing import Any

from app.command import Command
from app.commands.print_paper import PrintPaper, copies
from app.domain.order import Order
from app.domain.values import order_key
from app.ports import Login
from sync.replica.entries import entries
from sync.replica.rows import load
from sync.replica.store import Store


def promise(store: Store, login: Login, command: Command) -> dict[str, Any]:
    """Submit; nothing where it was refused. Runs on the lane of the store.

    `print`: order, paper, and which copy it says it is. `sold`: order, shelf and pieces a buyer was told.
    """
    order = _order(store, getattr(command, "order", ""))
    submitted = store.submit(command, login, "", None)
    if not submitted.n:
        return {}
    (entry,) = entries(store.outbox._db, "n = ?", (submitted.n,))
    promised: dict[str, Any] = {
        "replica": store.outbox.meta("replica"),
        "n": submitted.n,
        "id": entry.id,
        "name": type(command).__name__,
    }
    if isinstance(command, PrintPaper) and order is not None:
        promised["print"] = [order.id, command.paper, copies(order, command.paper)]
    sold = [made for one in entry.confirmed if (made := _order(store, one)) is not None]
    if sold:
        promised["sold"] = [
            [one.id, item.warehouse, item.sku, item.qty] for one in sold for item in one.reserved
        ]
    return promised


def _order(store: Store, order: str) -> Order | None:
    row = load(store._db, [order_key(order)])[order_key(order)]
    return row if isinstance(row, Order) else None
