"""Why a shelf has so much to sell: who holds what of it, one line each; Enter opens what stands behind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.shelf_why import Claim
from widgets import theme
from widgets.prose import HEADING, Prose
from widgets.table import Cell, Column, ListModel, Table, TableRow
from widgets.words import count, tr, trn

_MARKS: Final = {"order": "met", "rest": "met", "desk": "waits", "coming": "not_yet", "way": "not_yet"}


class ShelfClaims(QWidget):
    """Who holds pieces of the shelf, then what shops are offered; nothing before somebody asks."""

    opened = Signal(str)
    """The key of the line that is to be opened."""

    def __init__(self) -> None:
        super().__init__()
        self._heading = Prose(style=HEADING)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.current().px("space.1"))
        box.addWidget(self._heading)
        self.table, self.offers = (self._table(name) for name in ("stock/why", "stock/offers"))
        box.addWidget(self.table)
        box.addSpacing(theme.current().px("space.2"))
        box.addWidget(self.offers)
        self.hide()

    def _table(self, name: str) -> Table:
        table = Table("", ListModel(()), ground="alt", whole=True)
        table.setObjectName(name)
        table.opened.connect(self.opened)
        return table

    def say(self) -> None:
        """Take the fixed words in the language on screen."""
        wide = theme.current().px("line.amount.w")
        for table, named in (
            (self.table, tr("Promised to")),
            (self.offers, tr("Offered to, all warehouses")),
        ):
            table.setAccessibleName(named)
            table.show_model(
                ListModel((Column("who", named), Column("pieces", tr("Pieces"), wide, kind="number")))
            )

    def show_claims(self, claims: Sequence[Claim], free: int) -> None:
        """Show these, under the figure they explain."""
        self.setVisible(bool(claims))
        self._heading.show_words(tr("Why {free}", free=count(free)))
        for table, is_offer in ((self.table, False), (self.offers, True)):
            rows = [_row(one) for one in claims if (one.kind == "shop") is is_offer]
            table.setVisible(bool(rows))
            model = table.model_in_use()
            if isinstance(model, ListModel):
                model.show_rows(rows)

    def focus_first(self) -> None:
        """Stand on the first line."""
        table = self.table if self.table.isVisibleTo(self) else self.offers
        table.setFocus()
        table.pick_first()

    def has_keys(self) -> bool:
        """Tell whether a line has the focus."""
        return self.table.hasFocus() or self.offers.hasFocus()


def _row(one: Claim) -> TableRow:
    if one.kind == "shop":
        return TableRow(one.key, (Cell(trn(one.who), "met" if one.pieces else "stops"), count(one.pieces)))
    pieces = f"− {count(-one.pieces)}" if one.pieces else "0"
    return TableRow(one.key, (Cell(trn(one.who), _MARKS[one.kind]), pieces))
