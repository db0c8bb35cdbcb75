"""The model of a table, and the small one whose rows are all at hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from typing_extensions import override

from widgets.cells import WAITING, Column, TableRow, words_of

Index = QModelIndex | QPersistentModelIndex
NOWHERE: Final = QModelIndex()
_DISPLAY: Final = Qt.ItemDataRole.DisplayRole
_ALIGN: Final = Qt.ItemDataRole.TextAlignmentRole


class TableModel(QAbstractTableModel):
    """Columns and whole rows; the delegate asks `row`, everything else asks Qt's `data`."""

    def __init__(self, columns: Sequence[Column], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)

    def set_columns(self, columns: Sequence[Column]) -> None:
        """Have other columns from now on; views keep their place."""
        before, after = len(self.columns), len(columns)
        if after > before:
            self.beginInsertColumns(NOWHERE, before, after - 1)
            self.columns = tuple(columns)
            self.endInsertColumns()
        elif after < before:
            self.beginRemoveColumns(NOWHERE, after, before - 1)
            self.columns = tuple(columns)
            self.endRemoveColumns()
        else:
            self.columns = tuple(columns)
        if after:
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, after - 1)

    def row(self, at: int) -> TableRow | None:
        """The row at a place, or nothing while it is on its way."""
        raise NotImplementedError

    def row_of(self, key: str) -> int:
        """Where a key stands among the rows at hand, or -1."""
        raise NotImplementedError

    def watch(self, visible: tuple[int, int]) -> None:
        """Hear which rows are on screen, first and last."""

    @override
    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.columns)

    @override
    def data(self, index: Index, role: int = _DISPLAY) -> object:
        if role != _DISPLAY:  # the roles asked most often leave first
            return None
        row = self.row(index.row())
        if row is None:
            return WAITING
        at = index.column()
        return words_of(row.cells[at]) if at < len(row.cells) else ""

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> object:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == _DISPLAY:
            return self.columns[section].title
        return self.columns[section].alignment() if role == _ALIGN else None


class ListModel(TableModel):
    """Rows that are all in memory."""

    def __init__(
        self, columns: Sequence[Column], rows: Sequence[TableRow] = (), parent: QObject | None = None
    ) -> None:
        super().__init__(columns, parent)
        self._rows = tuple(rows)

    @override
    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    @override
    def row(self, at: int) -> TableRow | None:
        return self._rows[at]

    @override
    def row_of(self, key: str) -> int:
        return next((at for at, row in enumerate(self._rows) if row.key == key), -1)

    def show_rows(self, rows: Sequence[TableRow]) -> None:
        """Replace the rows; where keys and order are the same, repaint only what changed."""
        old, new = self._rows, tuple(rows)
        if [row.key for row in old] != [row.key for row in new]:
            self.beginResetModel()
            self._rows = new
            self.endResetModel()
            return
        self._rows = new
        for at, (before, after) in enumerate(zip(old, new, strict=True)):
            if before != after:
                self.dataChanged.emit(self.index(at, 0), self.index(at, len(self.columns) - 1))
