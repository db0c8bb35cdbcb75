"""The lots of one article in one warehouse: number, day, pieces, and what is the matter with them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.lot import BARRED, InLots, Lot
from widgets import theme
from widgets.evidence import ItemView, Lines
from widgets.prose import HEADING, Prose
from widgets.table import Cell, Column
from widgets.words import count, tr

NO_LOT: Final = "–"


class ShelfLots(QWidget):
    """A heading and one line for each lot; nothing at all where there is none."""

    def __init__(self) -> None:
        super().__init__()
        self._heading = Prose(style=HEADING)
        self._table: ItemView | None = None
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(theme.current().px("space.1"))
        self._box.addWidget(self._heading)

    def show_lots(self, lots: Sequence[Lot], keeping: InLots, today: date | None) -> None:
        """Show these lots, the one that expires first on top."""
        self.setVisible(bool(lots))
        if self._table is not None:
            self._box.removeWidget(self._table)
            self._table.hide()
            self._table.deleteLater()
            self._table = None
        if not lots or today is None:
            return
        self._heading.show_words(tr("Lots, the first to expire on top"))
        px = theme.current().px
        columns = (
            Column("lot", ""),
            Column("day", "", px("history.delivery.w")),
            Column("pieces", "", px("line.amount.w"), kind="number"),
        )
        said = [(lot, _matter(lot, keeping, today)) for lot in lots]
        rows = tuple(
            (
                Cell(f"{lot.no or NO_LOT} {words}".strip(), mark, bold=bool(mark)),
                lot.best_before.isoformat() if lot.best_before is not None else NO_LOT,
                count(lot.qty),
            )
            for lot, (mark, words) in said
        )
        self._table = ItemView(Lines(columns, rows))
        self._table.setAccessibleName(". ".join(_spoken(lot, words) for lot, (_, words) in said))
        self._box.addWidget(self._table)

    def words(self) -> str:
        """What is said of the lots."""
        return self._table.accessibleName() if self._table is not None else ""


def _matter(lot: Lot, keeping: InLots, today: date) -> tuple[str, str]:
    """Return a mark and a word where somebody must see to a lot."""
    if lot.barred:
        return "stops", tr(BARRED[lot.barred])
    last = lot.last_day(keeping.min_days)
    if last is None:
        return "", ""
    if last < today:
        return "stops", tr(BARRED["old"])
    left = (last - today).days
    return ("waits", tr("sold for {days} more days", days=left)) if left <= keeping.warn_days else ("", "")


def _spoken(lot: Lot, words: str) -> str:
    day = lot.best_before.isoformat() if lot.best_before is not None else tr("no day known")
    pieces = tr("{count} pieces", count=lot.qty)
    return ", ".join(part for part in (lot.no or tr("in no lot"), day, pieces, words) if part)
