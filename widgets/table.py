"""A table in the look of the desk: quiet head, hairlines, figures right, one tinted row with a bar."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QTableView,
    QWidget,
)
from typing_extensions import override

from widgets import theme
from widgets.cells import Cell, Column, TableRow
from widgets.row_strip import Line, RowPainter, Strip
from widgets.table_head import TableHead
from widgets.table_model import ListModel, TableModel

__all__ = ["Cell", "Column", "ListModel", "Table", "TableModel", "TableRow"]

_ROWS: Final = QItemSelectionModel.SelectionFlag.Rows


class Table(QTableView):
    """Rows under the keys; Enter opens; nothing here walks over rows that are not on screen."""

    opened = Signal(str)
    picked = Signal(str)
    sort_wanted = Signal(str)
    arranged = Signal(object)
    """A hand moved or sized columns: their codes and widths from left to right."""

    def __init__(
        self,
        name: str,
        model: TableModel,
        *,
        ground: str = "base",
        edge: str = "space.2",
        whole: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """`whole` shows every row without scrolling; `edge` is the room at the outer sides."""
        super().__init__(parent)
        self.ground = ground
        self._edge = edge
        self._whole = whole
        self._told: str | None = None
        self._kept = ""
        self.sorted_by = ("", False)
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        if whole:
            self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalHeader(TableHead(self, self))
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setMinimumSectionSize(theme.current().px("target.min.w"))
        self.show_model(model)
        self.doubleClicked.connect(lambda _index: self.open_current())
        theme.on_change(self.restyle)
        self.restyle()

    def show_model(self, model: TableModel) -> None:
        """Use a model from now on."""
        self.setModel(model)
        self.selectionModel().currentRowChanged.connect(self._tell)
        model.modelAboutToBeReset.connect(self._keep)
        model.modelReset.connect(self._restore)
        model.dataChanged.connect(self._landed)
        model.columnsInserted.connect(self._choose_across)
        self._restore()

    def free_columns(self) -> None:
        """Let a hand move, size and sort by columns; more of them than fit scroll sideways."""
        head = self._head()
        head.is_free = True
        head.setSectionsMovable(True)
        head.clicked.connect(self._sort_wanted)
        head.arranged.connect(self._arranged)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)

    def show_sort(self, code: str, *, is_rising: bool) -> None:
        """Say in the head by which column the rows stand."""
        if self.sorted_by != (code, is_rising):
            self.sorted_by = (code, is_rising)
            self.horizontalHeader().viewport().update()

    def _head(self) -> TableHead:
        head = self.horizontalHeader()
        if not isinstance(head, TableHead):
            raise TypeError("a table has its own head")
        return head

    def _sort_wanted(self, at: int) -> None:
        column = self.model_in_use().columns[at]
        if column.is_sortable:
            self.sort_wanted.emit(column.code)

    def _arranged(self) -> None:
        head, columns = self._head(), self.model_in_use().columns
        order = [head.logicalIndex(at) for at in range(head.count())]
        sizes = {at: head.sectionSize(at) for at in order}
        for at in range(head.count()):  # the model takes the new order over; the head stays straight
            head.moveSection(head.visualIndex(at), at)
        fitted = self._widths()
        self.arranged.emit(
            tuple(
                (columns[at].code, columns[at].width if sizes[at] == fitted[at] else sizes[at])
                for at in order
            )
        )

    def columns(self) -> tuple[Column, ...]:
        """The columns of the model."""
        return self.model_in_use().columns

    def model_in_use(self) -> TableModel:
        """The model, by its own type."""
        model = self.model()
        if not isinstance(model, TableModel):
            raise TypeError("a table shows a TableModel")
        return model

    def restyle(self) -> None:
        """Take colours and row heights of the theme again."""
        self.verticalHeader().setDefaultSectionSize(theme.current().px("row.table"))
        self._fit()
        self.updateGeometry()
        self.viewport().update()

    # Where you are

    def current_key(self) -> str:
        """The key under the keys; nothing while its row is on its way."""
        at = self.currentIndex().row()
        row = self.model_in_use().row(at) if at >= 0 else None
        return row.key if row is not None else ""

    def pick(self, key: str) -> bool:
        """Go to a key; say whether it is at hand."""
        at = self.model_in_use().row_of(key)
        if at >= 0:
            self._go(at)
        return at >= 0

    def pick_first(self) -> None:
        """Go to the first row."""
        if self.model().rowCount():
            self._go(0)

    def step(self, by: int) -> None:
        """Go up or down by rows, at most to the ends."""
        last = self.model().rowCount() - 1
        if last >= 0:
            self._go(min(max(self.currentIndex().row() + by, 0), last))

    def toggle(self) -> None:
        """Choose the current row, or take it out again."""
        if self.currentIndex().isValid():
            self.selectionModel().select(
                self.currentIndex(), QItemSelectionModel.SelectionFlag.Toggle | _ROWS
            )

    def open_current(self) -> None:
        """Open the row under the keys."""
        if self.current_key():
            self.opened.emit(self.current_key())

    def chosen_ranges(self) -> tuple[tuple[int, int], ...]:
        """First and last row of every chosen run; never row by row."""
        runs = self.selectionModel().selection()
        return tuple((runs.at(n).top(), runs.at(n).bottom()) for n in range(runs.size()))

    def _go(self, at: int) -> None:
        index = self.model().index(at, 0)
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect | _ROWS)
        self.updateGeometries()  # rows that came in just now count before one goes to them
        self.scrollTo(index)

    def _tell(self) -> None:
        key = self.current_key()
        if key != self._told:
            self._told = key
            self.picked.emit(key)

    def _landed(self, first: QModelIndex, last: QModelIndex) -> None:
        if first.row() <= self.currentIndex().row() <= last.row():
            self._tell()

    def _choose_across(self) -> None:
        """Let what is chosen reach into columns that came in."""
        chosen = self.selectionModel()
        chosen.select(chosen.selection(), QItemSelectionModel.SelectionFlag.Select | _ROWS)

    def _keep(self) -> None:
        self._kept = self._told or ""

    def _restore(self) -> None:
        self.clearSpans()
        model = self.model_in_use()
        if isinstance(model, ListModel):
            self._span_totals(model)
        at = model.row_of(self._kept) if self._kept else -1
        if at >= 0:
            self._go(at)
        elif self._told:
            self._tell()
        self._fit()
        self.updateGeometry()

    def _span_totals(self, model: ListModel) -> None:
        for at in range(model.rowCount()):
            row = model.row(at)
            if row is not None and row.total:
                empty = next((n for n, cell in enumerate(row.cells) if n and cell != ""), len(model.columns))
                if empty > 1:
                    self.setSpan(at, 0, 1, empty)

    def _watch(self) -> None:
        self.model_in_use().watch(self.visible_rows())

    def visible_rows(self) -> tuple[int, int]:
        """The first and the last row on screen; last is before first when there are none."""
        count = self.model().rowCount()
        if not count:
            return 0, -1
        last = self.rowAt(self.viewport().height() - 1)
        return max(self.rowAt(0), 0), count - 1 if last < 0 else last

    # Sizes

    def inside(self, rect: QRect, column: int) -> QRect:
        """The part of a cell that holds words."""
        px = theme.current().px
        pad = px("space.2")
        left = px(self._edge) if column == 0 else pad
        right = px(self._edge) if column == self.model().columnCount() - 1 else pad
        return rect.adjusted(left, 0, -right, 0)

    def _widths(self) -> list[int]:
        columns = self.model_in_use().columns
        open_ = [at for at, column in enumerate(columns) if not column.width]
        room = self.viewport().width() - sum(column.width for column in columns)
        least = theme.current().px("badge.w") * 3
        shares = {at: max((room + n) // len(open_), least) for n, at in enumerate(open_)}
        return [column.width or shares[at] for at, column in enumerate(columns)]

    def _fit(self) -> None:
        for at, width in enumerate(self._widths()):
            self.setColumnWidth(at, width)
        if self._whole:
            self.setFixedHeight(self.sizeHint().height())

    @override
    def sizeHint(self) -> QSize:
        px = theme.current().px
        wide = sum(column.width or px("badge.w") * 4 for column in self.model_in_use().columns)
        head = px("row.head") if self.horizontalHeader().isVisibleTo(self) else 0
        return QSize(wide, head + px("row.table") * self.model().rowCount())

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(theme.current().px("badge.w"), theme.current().px("row.head"))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    # Painting and keys

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        self._watch()
        area, painter = event.rect(), QPainter(self.viewport())
        painter.fillRect(area, theme.current().color(self.ground))
        first, last = self.rowAt(max(area.top(), 0)), self.rowAt(area.bottom())
        if first >= 0 and self.model_in_use().columns:
            self._paint_rows(painter, first, last if last >= 0 else self.model().rowCount() - 1)
        painter.end()

    def _paint_rows(self, painter: QPainter, first: int, last: int) -> None:
        head, model, ends = self.horizontalHeader(), self.model_in_use(), self.model().rowCount() - 1
        here, runs, bar = self.currentIndex().row(), self.chosen_ranges(), "border"
        if self.hasFocus():
            bar = "accent"
        y, high, lines = self.rowViewportPosition(first), self.rowHeight(first), list[Line]()
        for at in range(first, last + 1):
            row = model.row(at)
            is_chosen = (row is not None and row.chosen) or any(top <= at <= end for top, end in runs)
            lines.append(
                Line(
                    row,
                    y + (at - first) * high,
                    high,
                    lit=is_chosen or at == here,
                    bar=bar if at == here else "",
                    ruled=at < ends or not self._whole,
                    span=self.columnSpan(at, 0) if row is not None and row.total else 1,
                )
            )
        RowPainter(painter, self._strips()).paint(lines, -head.offset(), head.length())

    def _strips(self) -> list[Strip]:
        strips, high = [], theme.current().px("row.table")
        for at, column in enumerate(self.model_in_use().columns):
            place = QRect(self.columnViewportPosition(at), 0, self.columnWidth(at), high)
            inside = self.inside(place, at)
            strips.append(Strip(column, inside.x(), inside.width()))
        return strips

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.open_current()
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End) and not event.modifiers():
            self._go(0 if key == Qt.Key.Key_Home else self.model().rowCount() - 1)
        else:
            super().keyPressEvent(event)

    @override
    def keyboardSearch(self, search: str) -> None:
        """Letters are keys of the desk here; Qt's search would walk over every row."""

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
