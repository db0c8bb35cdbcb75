"""What the floor picks next: from which bin, which lot, and what must come out of a parcel again."""

from __future__ import annotations

from datetime import date

import msgspec

from app.command import Facts
from app.commands.pick import Pick
from app.domain.lot import FromLot
from app.domain.order import Line, Order
from app.lotting import proposed, recalled_in, shelf_of, spread


class PickRow(msgspec.Struct, frozen=True, kw_only=True):
    """One bin to go to, and the lot to take, if any. `state`: done | now | later. Units: pieces."""

    line: str
    bin: str
    sku: str
    title: str
    barcode: str
    picked: int
    qty: int
    state: str
    lot: str = ""
    best_before: date | None = None
    in_lots: bool = False


def pick_rows(order: Order, facts: Facts) -> tuple[PickRow, ...]:
    """Return the bins an order is picked from, in the order in which somebody walks by them."""
    rows = []
    for line in order.lines:
        if line.qty <= 0:
            continue
        sku = facts.sku(line.sku) if line.sku else None
        stock = facts.stock(order.warehouse, line.sku) if line.sku and order.warehouse else None
        shelf = shelf_of(order, line.id, facts)
        first = next(iter(proposed(shelf, facts)), None) if shelf is not None else None
        rows.append(
            PickRow(
                line=line.id,
                bin=stock.bin if stock else "",
                sku=line.sku,
                title=sku.title if sku else line.title,
                barcode=sku.barcode if sku else "",
                picked=line.picked,
                qty=line.qty,
                state="done" if line.picked >= line.qty else "later",
                lot=first.no if first is not None else "",
                best_before=first.best_before if first is not None else None,
                in_lots=shelf is not None,
            )
        )
    rows.sort(key=lambda row: row.bin)
    now = next((at for at, row in enumerate(rows) if row.state == "later"), None)
    if now is not None:
        rows[now] = msgspec.structs.replace(rows[now], state="now")
    return tuple(rows)


def to_take(order: Order, line: Line, facts: Facts) -> tuple[FromLot, ...]:
    """Return which lots the rest of a line comes from, as it looks now."""
    shelf = shelf_of(order, line.id, facts)
    if shelf is None:
        return ()
    return tuple(spread(shelf.warehouse, proposed(shelf, facts), line.qty - line.picked))


def laying_back(order: Order, facts: Facts) -> Pick | None:
    """Book the pieces of a recalled lot back; whoever does it has them in their hands."""
    held = recalled_in(order, facts)
    line = next((one for one in order.lines if held in one.lots), None)
    if held is None or line is None:
        return None
    return Pick(order=order.id, line=line.id, qty=-held.qty, lot=held.no)
