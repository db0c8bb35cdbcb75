"""A list of work: one row under the keys, rows chosen with X, news that never moves what you look at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from PySide6.QtCore import QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)
from typing_extensions import override

from widgets import row_paint, theme
from widgets.prose import Style, paint_line, sheet, width_px
from widgets.row_model import Index, RowModel
from widgets.row_paint import Entry, Form, More, Row, Section, State
from widgets.words import tr

__all__ = ["Entry", "Form", "More", "Row", "RowList", "RowModel", "Section"]


class _RowDelegate(QStyledItemDelegate):
    def __init__(self, rows: RowList) -> None:
        super().__init__(rows)
        self._rows = rows

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        self._rows.paint_row(painter, option, index.row())

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        rows = self._rows
        return QSize(0, row_paint.height_px(rows.rows.entry(index.row()), rows.form))


class _News(QAbstractButton):
    """The chip that says how many rows wait above."""

    @override
    def sizeHint(self) -> QSize:
        px = theme.current().px
        return QSize(width_px(self.text(), _NEWS) + px("space.5"), px("target.min.h"))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        sheet(painter, self.rect(), edge="accent", radius="radius.control")
        paint_line(painter, self.rect(), self.text(), _NEWS, Qt.AlignmentFlag.AlignHCenter)
        painter.end()


_NEWS: Final = Style("meta", "link", bold=True)


class RowList(QListView):
    """Rows under the keys: arrows or `step`, Enter opens, X chooses; new rows above wait behind a chip."""

    opened = Signal(str)
    picked = Signal(str)
    chosen = Signal(object)
    ended = Signal(int)
    """A hand went to the beginning (-1) or the end (1)."""

    def __init__(
        self, name: str, form: Form = Form.DENSITY, *, ground: str = "base", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.form = form
        self._ground = ground
        self.rows = RowModel(self)
        self._latest: tuple[Entry, ...] = ()
        self._held: frozenset[str] = frozenset()
        self._anchor = ""
        self._merging = False
        self._told = ""
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QListView.SelectionMode.SingleSelection)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setMouseTracking(False)
        self.setItemDelegate(_RowDelegate(self))
        self.setModel(self.rows)
        self._chip = _News(self.viewport())
        self._chip.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._chip.hide()
        self._chip.clicked.connect(self.show_held)
        self.doubleClicked.connect(lambda index: self.opened.emit(self.rows.entry(index.row()).key))
        self.clicked.connect(self._clicked)
        self.selectionModel().currentChanged.connect(self._tell)
        theme.on_change(self.restyle)
        self.restyle()

    def restyle(self) -> None:
        """Take colours and row heights of the theme again."""
        self.verticalScrollBar().setSingleStep(theme.current().px("space.6"))
        self.scheduleDelayedItemsLayout()
        self.viewport().update()

    # What is shown

    def show_rows(self, entries: Sequence[Entry]) -> None:
        """Merge a new sequence by key; rows that are new above the current one wait behind a chip."""
        self._latest = tuple(entries)
        # One height for all of them is asked for once, not row by row.
        self.setUniformItemSizes(all(isinstance(entry, Row) for entry in self._latest))
        here = self.current_key()
        keys = [entry.key for entry in self._latest]
        if here in keys:
            known = {entry.key for entry in self.rows.entries()}
            above = self._latest[: keys.index(here)]
            self._held = frozenset(
                each.key for each in above if isinstance(each, Row) and each.key not in known
            )
        else:
            self._held = frozenset()
        self._merge()

    def show_held(self) -> None:
        """Let the rows that arrived above in, and go to the top."""
        self._held = frozenset()
        self._merge()
        self.scrollToTop()

    def held_count(self) -> int:
        """How many new rows wait above."""
        return len(self._held)

    def _merge(self) -> None:
        kept = self._offset_px()
        self._merging = True
        self.rows.merge([entry for entry in self._latest if entry.key not in self._held])
        self._merging = False
        self.executeDelayedItemsLayout()
        if kept is not None:
            now = self.visualRect(self.currentIndex()).top()
            self.verticalScrollBar().setValue(self.verticalScrollBar().value() + now - kept)
        self._chip.setVisible(bool(self._held))
        if self._held:
            self._chip.setText(tr("{count} new above", count=len(self._held)))
            self._place_chip()
        self._tell()

    def _offset_px(self) -> int | None:
        """Where the current row stands on screen, if one does."""
        where = self.visualRect(self.currentIndex())
        return where.top() if where.isValid() and self.viewport().rect().intersects(where) else None

    # Where you are

    def current_key(self) -> str:
        """The key under the keys, or nothing."""
        index = self.currentIndex()
        return self.rows.entry(index.row()).key if index.isValid() else ""

    def pick(self, key: str) -> bool:
        """Go to a key; say whether it is there."""
        at = self.rows.row_of(key)
        if at < 0:
            return False
        self.setCurrentIndex(self.rows.index(at))
        return True

    def pick_first(self) -> None:
        """Go to the first row."""
        first = next(
            (at for at, entry in enumerate(self.rows.entries()) if not isinstance(entry, Section)), -1
        )
        if first >= 0:
            self.setCurrentIndex(self.rows.index(first))

    def step(self, by: int) -> None:
        """Go up or down by rows, over headings; stop at the ends, where waiting news is let in."""
        at = self.currentIndex().row()
        if at < 0:
            self.pick_first()
            return
        way = 1 if by > 0 else -1
        for _ in range(abs(by)):
            next_at = at + way
            while 0 <= next_at < self.rows.rowCount() and isinstance(self.rows.entry(next_at), Section):
                next_at += way
            if not 0 <= next_at < self.rows.rowCount():
                break
            at = next_at
        if at == self.currentIndex().row() and by < 0 and self._held:
            self.show_held()
            return
        self.setCurrentIndex(self.rows.index(at))

    def open_current(self) -> None:
        """Open the row under the keys."""
        if self.current_key():
            self.opened.emit(self.current_key())

    def _tell(self) -> None:
        if self._merging or self.current_key() == self._told:
            return
        self._told = self.current_key()
        self.picked.emit(self._told)

    # What is chosen

    def chosen_keys(self) -> tuple[str, ...]:
        """The keys chosen for a batch, in the order of the list."""
        return tuple(entry.key for entry in self.rows.entries() if entry.key in self.rows.chosen)

    def toggle(self) -> None:
        """Choose the current row, or take it out again."""
        key = self.current_key()
        if key and isinstance(self.rows.entry(self.currentIndex().row()), Row):
            self._anchor = key
            self._choose(self.rows.chosen ^ {key})

    def toggle_range(self) -> None:
        """Choose every row from the one chosen last to the current one."""
        first, last = self.rows.row_of(self._anchor), self.currentIndex().row()
        if first < 0 or last < 0:
            self.toggle()
            return
        reach = self.rows.entries()[min(first, last) : max(first, last) + 1]
        self._choose(self.rows.chosen | {entry.key for entry in reach if isinstance(entry, Row)})

    def choose_all(self) -> None:
        """Choose every row."""
        self._choose(frozenset(entry.key for entry in self.rows.entries() if isinstance(entry, Row)))

    def choose(self, keys: Iterable[str]) -> None:
        """Choose exactly these."""
        self._choose(frozenset(keys))

    def choose_none(self) -> None:
        """Take every row out of the batch."""
        self._choose(frozenset())

    def _choose(self, keys: frozenset[str]) -> None:
        self.rows.choose(keys)
        self.chosen.emit(self.chosen_keys())

    # Painting and events

    def paint_row(self, painter: QPainter, option: QStyleOptionViewItem, row: int) -> None:
        """Paint one entry as the delegate asks."""
        entry = self.rows.entry(row)
        current = row == self.currentIndex().row()
        state = State(current, self.hasFocus(), entry.key in self.rows.chosen)
        row_paint.paint(painter, option.rect, entry, self.form, state)

    def _clicked(self, index: QModelIndex) -> None:
        if isinstance(self.rows.entry(index.row()), More):
            self.opened.emit(self.rows.entry(index.row()).key)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), theme.current().color(self._ground))
        painter.end()
        super().paintEvent(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        act = self._keys().get((event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier))
        if act is None:
            super().keyPressEvent(event)
        else:
            act()

    def _keys(self) -> dict[tuple[int, Qt.KeyboardModifier], Callable[[], object]]:
        bare, shift, ctrl = (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.ShiftModifier,
            Qt.KeyboardModifier.ControlModifier,
        )
        return {
            (Qt.Key.Key_Return, bare): self.open_current,
            (Qt.Key.Key_Enter, bare): self.open_current,
            (Qt.Key.Key_Up, bare): lambda: self.step(-1),
            (Qt.Key.Key_Down, bare): lambda: self.step(1),
            (Qt.Key.Key_Space, bare): self.toggle,
            (Qt.Key.Key_Space, shift): self.toggle_range,
            (Qt.Key.Key_A, ctrl): self.choose_all,
            (Qt.Key.Key_Home, bare): self._home,
            (Qt.Key.Key_End, bare): self._end,
        }

    def _home(self) -> None:
        if self._held:
            self.show_held()
        self.pick_first()
        self.ended.emit(-1)

    def _end(self) -> None:
        if self.rows.rowCount():
            self.setCurrentIndex(self.rows.index(self.rows.rowCount() - 1))
            self.ended.emit(1)

    @override
    def keyboardSearch(self, search: str) -> None:
        """Letters are keys of the desk here, never a search."""

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self.currentIndex().isValid():
            self.pick_first()
        self.viewport().update()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_chip()

    def _place_chip(self) -> None:
        self._chip.adjustSize()
        self._chip.move((self.viewport().width() - self._chip.width()) // 2, theme.current().px("space.1"))

    def content_height_px(self) -> int:
        """How high the list is with every row shown, for a list inside a sheet."""
        return sum(row_paint.height_px(entry, self.form) for entry in self.rows.entries())

    @override
    def sizeHint(self) -> QSize:
        return QSize(
            theme.current().px("list.w"), max(self.content_height_px(), theme.current().px("row.list"))
        )

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(theme.current().px("target.min.w") * 4, theme.current().px("row.list.compact"))
