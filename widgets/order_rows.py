"""The rows of the present question, page by page, as the table wants them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.presenters.orders import Orders
from widgets.cells import Column
from widgets.order_cells import Look, table_row
from widgets.paged_model import Rows


class OrderRows:
    """What `PagedModel` asks: how many, one page.

    `shown` answers the columns of this moment.
    """

    def __init__(self, presenter: Orders, shown: Callable[[], Sequence[Column]]) -> None:
        self._presenter, self._shown = presenter, shown

    async def count(self) -> int:
        """How many there are."""
        return await self._presenter.count()

    async def page(self, start: int, size: int) -> Rows:
        """The rows from a place on, in the columns of this moment."""
        orders = await self._presenter.page(start, size)
        shown, look = tuple(self._shown()), Look(self._presenter.state)
        return Rows([order.id for order in orders], lambda at: table_row(orders[at], shown, look))
