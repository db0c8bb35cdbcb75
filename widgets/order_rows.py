"""The rows of the present question, page by page, as the table wants them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from app.presenters.orders import Orders
from widgets.cells import TableRow
from widgets.order_cells import Look, table_row
from widgets.table_model import TableModel


class OrderRows:
    """What `PagedModel` asks: how many, where each page starts, one page."""

    def __init__(self, presenter: Orders, model: TableModel) -> None:
        self._presenter, self._model = presenter, model

    async def count(self) -> int:
        """How many there are."""
        return await self._presenter.count()

    async def anchors(self, step: int) -> Sequence[object]:
        """Where each page starts."""
        return await self._presenter.anchors(step)

    async def page(self, anchor: object | None, limit: int) -> Sequence[TableRow]:
        """The rows from an anchor on, in the columns of this moment."""
        rows = await self._presenter.page(cast("tuple[str, str] | None", anchor), limit)
        shown, look = self._model.columns, Look(self._presenter.state)
        return [table_row(row, shown, look) for row in rows]
