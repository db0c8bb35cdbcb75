"""The orders page: search as you type over every order of the desk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from app.desk import Desk, Screen, zone_of
from app.domain.order import Status
from app.engine import KINDS
from app.ports import Changes, OrderQuery, OrderRow, Views, touches
from app.text import Text


class State(msgspec.Struct, frozen=True, kw_only=True):
    query: OrderQuery = OrderQuery()
    count: int = 0
    generation: int = 0
    """Grows with every new question; pages of an older one are thrown away."""
    statuses: tuple[str, ...] = tuple(Status)
    kinds: tuple[tuple[str, str, str], ...] = ()
    """(code, title, severity)"""
    shops: tuple[tuple[str, str], ...] = ()
    zone: str = "UTC"
    now: datetime | None = None
    notice: Text | None = None
    is_loaded: bool = False


class Orders(Screen[State]):
    """Verbs of the orders page; the table asks for rows and their number itself."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, State())

    async def refresh(self, changes: Changes | None = None) -> None:
        """Let the table ask again for what it shows."""
        if changes is not None and not touches(changes, "order", "shop"):
            return
        refs = await self.desk.look(Views.refs)
        now = await self.desk.now()
        self.show(
            msgspec.structs.replace(
                self.state,
                generation=self.state.generation + 1,
                kinds=tuple((code, kind.title, kind.severity) for code, kind in KINDS.items()),
                shops=tuple((code, shop.title) for code, shop in refs.shops.items()),
                zone=zone_of(refs),
                now=now,
                is_loaded=True,
            )
        )

    def ask(self, query: OrderQuery) -> None:
        """Show other orders."""
        if query != self.state.query:
            self.show(msgspec.structs.replace(self.state, query=query, generation=self.state.generation + 1))

    async def count(self) -> int:
        """Return how many orders answer the current question, and show it."""
        query = self.state.query
        return self._counted(await self.desk.look(Views.count_orders, query), query)

    async def anchors(self, size: int) -> Sequence[tuple[str, str]]:
        """Return the key of every `size`-th row of the current question."""
        return await self.desk.look(Views.order_anchors, self.state.query, size)

    async def page(self, anchor: tuple[str, str] | None, size: int) -> Sequence[OrderRow]:
        """Return one page of the current question; a first page that is not full says how many there are."""
        query = self.state.query
        rows = await self.desk.look(Views.order_page, query, anchor, size)
        if anchor is None and len(rows) < size:
            self._counted(len(rows), query)
        return rows

    def _counted(self, count: int, query: OrderQuery) -> int:
        if query == self.state.query and count != self.state.count:
            self.show(msgspec.structs.replace(self.state, count=count))
        return count
