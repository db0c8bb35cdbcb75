"""The rows of the present question, page by page, as the table wants them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import cast

from app.presenters.orders import Orders
from widgets.cells import Column
from widgets.order_cells import Look, table_row
from widgets.paged_model import Rows


class OrderRows:
    """What `PagedModel` asks: how many, where each page starts, one page.

    `shown` answers the columns of this moment.
    """

    def __init__(self, presenter: Orders, shown: Callable[[], Sequence[Column]]) -> None:
        self._presenter, self._shown = presenter, shown

    async def count(self) -> int:
        """How many there are."""
        return await self._presenter.count()

    async def anchors(self, step: int) -> Sequence[object]:
        """Where each page starts."""
        return await self._presenter.anchors(step)

    async def page(self, anchor: object | None, limit: int) -> Rows:
        """The rows from an anchor on, in the columns of this moment."""
        orders = await self._presenter.page(cast("tuple[str, str] | None", anchor), limit)
        shown, look = tuple(self._shown()), Look(self._presenter.state)
        return Rows([order.id for order in orders], lambda at: table_row(orders[at], shown, look))
