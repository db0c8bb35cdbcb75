"""The command palette: places, verbs and orders in one list; it teaches the keys."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from app.desk import Desk
from app.domain.company import READS_BOOKS, READS_FIGURES
from app.figures import BOOKS, OWN, VIEWS
from app.guides import from_nothing
from app.ports import OrderRow, Views
from app.text import Text


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One line: a place or verb (`label` is words), or an order (`order` is set)."""

    code: str
    icon: str
    label: Text | None = None
    order: OrderRow | None = None
    key: str = ""
    off: Text | None = None
    """Why it cannot be begun just now."""


class Palette:
    """Finds what a person means by a few letters."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def guides(self) -> Sequence[Entry]:
        """Return the guides that begin from nothing and this person may finish; `code` is the form's."""
        return tuple(
            Entry(
                code=form.code,
                icon="new",
                label=Text(form.title),
                key=form.key,
                off=self._desk.off(form.grant),
            )
            for form in from_nothing(self._desk.may)
        )

    def figures(self) -> Sequence[Entry]:
        """Return the views of figures this person may read; `code` is the view's."""
        if not self._desk.is_signed_in:
            return ()
        may_read = self._desk.may(READS_FIGURES)
        return tuple(
            Entry(code=code, icon="chart", label=Text(title))
            for code, title in VIEWS.items()
            if (may_read or code in OWN) and (code != BOOKS or self._desk.may(READS_BOOKS))
        )

    async def orders(self, text: str, limit: int = 6) -> Sequence[Entry]:
        """Return the orders that match; nothing below two letters."""
        if len(text.strip()) < 2 or not self._desk.is_signed_in:
            return ()
        is_masked = not self._desk.reads_people()
        rows = await self._desk.look(Views.find, text.strip(), limit, is_masked=is_masked)
        return tuple(Entry(code=f"order:{row.id}", icon="orders", order=row) for row in rows)
