"""Stock: what lies where, what is promised, what is free; one correction with its reason."""

from __future__ import annotations

import msgspec

from app.commands.adjust_stock import AdjustStock
from app.desk import Desk, Screen, Undo
from app.ports import Changes, StockRow, Views, touches
from app.text import N_, Text

ROWS_MAX = 500
"""No list of stock is longer; who needs more says more."""


class State(msgspec.Struct, frozen=True, kw_only=True):
    rows: tuple[StockRow, ...] = ()
    text: str = ""
    warehouse: str = ""
    warehouses: tuple[tuple[str, str], ...] = ()
    row: StockRow | None = None
    may_adjust: bool = False
    undo: Undo | None = None
    notice: Text | None = None
    is_loaded: bool = False
    is_cut: bool = False
    """There are more rows than are shown."""


class Stock(Screen[State]):
    """Verbs of the stock page."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, State())

    async def refresh(self, changes: Changes | None = None) -> None:
        """Load the rows again."""
        if changes is not None and not touches(changes, "stock", "sku", "warehouse"):
            return
        text, warehouse = self.state.text, self.state.warehouse
        rows = tuple(await self.desk.look(Views.stock, text=text, warehouse=warehouse, limit=ROWS_MAX))
        refs = await self.desk.look(Views.refs)
        if (text, warehouse) != (self.state.text, self.state.warehouse):
            return  # a newer question is under way
        known = self.state.row
        current = (known.warehouse, known.sku) if known else ("", "")
        row = next((r for r in rows if (r.warehouse, r.sku) == current), rows[0] if rows else None)
        self.show(
            msgspec.structs.replace(
                self.state,
                rows=rows,
                row=row,
                warehouses=tuple((code, w.title) for code, w in refs.warehouses.items()),
                may_adjust=self.desk.may("adjust_stock"),
                is_cut=len(rows) == ROWS_MAX,
                is_loaded=True,
            )
        )

    async def filter(self, text: str, warehouse: str) -> None:
        """Narrow to an article or a building."""
        self.show(msgspec.structs.replace(self.state, text=text, warehouse=warehouse))
        await self.refresh()

    def choose(self, warehouse: str, sku: str) -> None:
        """Look at one row."""
        row = next((r for r in self.state.rows if (r.warehouse, r.sku) == (warehouse, sku)), None)
        self.show(msgspec.structs.replace(self.state, row=row, notice=None))

    async def adjust(self, delta: int, reason: str) -> None:
        """Correct the count of the chosen row. Units: `delta` pieces."""
        row = self.state.row
        if row is None:
            return
        if delta == 0 or not reason.strip():
            self._say(Text(N_("Say how many pieces more or less, and why.")))
            return
        command = AdjustStock(warehouse=row.warehouse, sku=row.sku, delta=delta, reason=reason.strip())
        done = await self.desk.submit(command, "count")
        if done.refusal is not None:
            self._say(done.refusal.text)
            return
        undo = None
        if done.inverse is not None:
            noted = Text(N_("{delta} pieces noted"), {"delta": f"{delta:+d}".replace("-", "−")})
            undo = Undo(text=noted, number=row.sku, command=done.inverse)
        is_online = self.desk.link().state == "online"
        notice = None if is_online else Text(N_("Kept here. The count changes when the hub has answered."))
        self.show(msgspec.structs.replace(self.state, undo=undo, notice=notice))
        await self.refresh()

    async def undo(self) -> None:
        """Take the last correction back."""
        if self.state.undo is not None:
            done = await self.desk.submit(self.state.undo.command, "undo")
            notice = done.refusal.text if done.refusal else None
            self.show(msgspec.structs.replace(self.state, undo=None, notice=notice))
            await self.refresh()

    def _say(self, text: Text) -> None:
        self.show(msgspec.structs.replace(self.state, notice=text))
