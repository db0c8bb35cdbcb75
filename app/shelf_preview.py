"""What repairing a shelf would do, before the hub is asked: its counters as they are, and by its papers."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.stock import Stock
from app.preview import DiffRow, Effect, Preview
from app.text import N_, Text


def repaired_shelf(stock: Stock, said: Mapping[str, str | int | Text]) -> Preview | None:
    """Compare the counters of a shelf with its papers; `said` is what its case found, None where it is older.

    Counters and papers move together, so how far apart they stand is what the case says.
    """
    more, held = said.get("on_hand"), said.get("reserved")
    if not isinstance(more, int) or not isinstance(held, int):
        return None
    free = stock.unreserved
    fields = (
        (N_("On hand"), stock.on_hand, stock.on_hand - more),
        (N_("Promised"), stock.reserved, stock.reserved - held),
        (N_("Not promised"), free, free - more + held),
    )
    rows = tuple(
        DiffRow(label=label, before=str(was), after=str(now), state="kept" if was == now else "replaced")
        for label, was, now in fields
    )
    stock_moves = Text(N_("Only this shelf; no goods move"))
    return Preview(
        rows=rows,
        effects=(Effect(label=N_("Stock"), text=stock_moves),),
        changed=sum(row.is_changed for row in rows),
    )
