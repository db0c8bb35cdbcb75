"""The entries of a list, merged by key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from typing_extensions import override

from widgets.row_paint import Entry, Row, Section

Index = QModelIndex | QPersistentModelIndex
_NOWHERE: Final = QModelIndex()


class RowModel(QAbstractListModel):
    """The entries on screen; a new sequence is merged by key, so what stays keeps its index."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entries: list[Entry] = []
        self.chosen: frozenset[str] = frozenset()

    def entry(self, row: int) -> Entry:
        """What stands at a row."""
        return self._entries[row]

    def entries(self) -> tuple[Entry, ...]:
        """Everything on screen, in order."""
        return tuple(self._entries)

    def row_of(self, key: str) -> int:
        """Where a key stands, or -1."""
        return next((at for at, entry in enumerate(self._entries) if entry.key == key), -1)

    @override
    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._entries)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        entry = self._entries[index.row()]
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return entry.spoken()
        if role == Qt.ItemDataRole.CheckStateRole and isinstance(entry, Row):
            return Qt.CheckState.Checked if entry.key in self.chosen else Qt.CheckState.Unchecked
        return None

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid() or isinstance(self._entries[index.row()], Section):
            return Qt.ItemFlag.NoItemFlags
        plain = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return plain | Qt.ItemFlag.ItemNeverHasChildren

    def choose(self, keys: frozenset[str]) -> None:
        """Set which rows are chosen for a batch."""
        self.chosen = keys
        if self._entries:
            self.dataChanged.emit(self.index(0), self.index(len(self._entries) - 1))

    def merge(self, entries: Sequence[Entry]) -> None:
        """Become these entries with the fewest moves: drop, order, insert, repaint."""
        wanted = {entry.key: at for at, entry in enumerate(entries)}
        if len(wanted) != len(entries):
            raise ValueError("two entries of one list share a key")
        self._drop(wanted)
        self._order(wanted)
        self._insert(entries)
        for at, (old, new) in enumerate(zip(self._entries, entries, strict=True)):
            if old is not new and old != new:
                self._entries[at] = new
                self.dataChanged.emit(self.index(at), self.index(at))
        self.chosen &= wanted.keys()

    def _drop(self, wanted: dict[str, int]) -> None:
        at = len(self._entries) - 1
        while at >= 0:
            last = at
            while at >= 0 and self._entries[at].key not in wanted:
                at -= 1
            if at < last:
                self.beginRemoveRows(_NOWHERE, at + 1, last)
                del self._entries[at + 1 : last + 1]
                self.endRemoveRows()
            at -= 1

    def _order(self, wanted: dict[str, int]) -> None:
        places = [wanted[entry.key] for entry in self._entries]
        if places == sorted(places):
            return
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        keys = [self._entries[index.row()].key for index in before]
        self._entries.sort(key=lambda entry: wanted[entry.key])
        now = {entry.key: at for at, entry in enumerate(self._entries)}
        self.changePersistentIndexList(before, [self.index(now[key]) for key in keys])
        self.layoutChanged.emit()

    def _insert(self, entries: Sequence[Entry]) -> None:
        have = {entry.key for entry in self._entries}
        at = 0
        while at < len(entries):
            last = at
            while last < len(entries) and entries[last].key not in have:
                last += 1
            if last > at:
                self.beginInsertRows(_NOWHERE, at, last - 1)
                self._entries[at:at] = entries[at:last]
                self.endInsertRows()
            at = last + 1
