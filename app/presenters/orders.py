"""The orders page: search as you type over every order of the desk."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from app.desk import Desk, Screen
from app.domain.order import Status
from app.engine import KINDS
from app.ports import Changes, OrderQuery, OrderRow, Views, touches


class State(msgspec.Struct, frozen=True, kw_only=True):
    query: OrderQuery = OrderQuery()
    count: int = 0
    generation: int = 0
    """Grows with every new question; pages of an older one are thrown away."""
    statuses: tuple[str, ...] = tuple(Status)
    kinds: tuple[tuple[str, str], ...] = ()
    shops: tuple[tuple[str, str], ...] = ()
    is_loaded: bool = False


class Orders(Screen[State]):
    """Verbs of the orders page; the table asks for pages itself."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, State())

    async def refresh(self, changes: Changes | None = None) -> None:
        """Count again; rows already shown are asked again page by page."""
        if changes is not None and not touches(changes, "order", "shop"):
            return
        query = self.state.query
        count = await self.desk.look(Views.count_orders, query)
        refs = await self.desk.look(Views.refs)
        if query != self.state.query:
            return
        self.show(
            msgspec.structs.replace(
                self.state,
                count=count,
                generation=self.state.generation + 1,
                kinds=tuple((code, kind.title) for code, kind in KINDS.items()),
                shops=tuple((code, shop.title) for code, shop in refs.shops.items()),
                is_loaded=True,
            )
        )

    async def ask(self, query: OrderQuery) -> None:
        """Show other orders."""
        self.show(msgspec.structs.replace(self.state, query=query))
        await self.refresh()

    async def anchors(self, size: int) -> Sequence[tuple[str, str]]:
        """Return the key of every `size`-th row of the current question."""
        return await self.desk.look(Views.order_anchors, self.state.query, size)

    async def page(self, anchor: tuple[str, str] | None, size: int) -> Sequence[OrderRow]:
        """Return one page of the current question."""
        return await self.desk.look(Views.order_page, self.state.query, anchor, size)
