"""The command palette: orders, people and verbs in one list, each with the key that is faster."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.text import N_
from widgets import icons, keycap, theme, words
from widgets.aio import Tasks
from widgets.keys import Key
from widgets.overlay import CLOSE, Overlay
from widgets.prose import META, NOTE, Prose, Span, paint_line, width_px
from widgets.top_bar import FIND
from widgets.words import tr

ROWS_MAX: Final = 10
_RUN: Final = N_("Run")
_MOVE: Final = N_("Up and down")
_NOTHING: Final = N_("Nothing found. Try an order number, a name or a verb.")


@dataclass(frozen=True, slots=True)
class PaletteRow:
    """One line: the verb first, then what it is done to, a fact at the right, and the key of the page."""

    icon: str
    verb: str
    call: Callable[[], object]
    rest: str = ""
    key: str = ""
    fact: str = ""
    off: str = ""
    """Why it cannot be run just now, shown in place of the rest."""


Search = Callable[[str], Awaitable[Sequence[PaletteRow]]]


class _Rows(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[PaletteRow, ...] = ()

    def show_rows(self, rows: Sequence[PaletteRow]) -> None:
        self.beginResetModel()
        self.rows = tuple(rows[:ROWS_MAX])
        self.endResetModel()

    @override
    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    @override
    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = 0) -> object:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        row = self.rows[index.row()]
        return " ".join(part for part in (row.verb, row.off or row.rest, row.fact, row.key) if part)


class _Painter(QStyledItemDelegate):
    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(0, theme.current().px("row.palette"))

    @override
    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        look, model = theme.current(), index.model()
        if not isinstance(model, _Rows):
            return
        row, px = model.rows[index.row()], look.px
        place = QRect(option.rect)
        is_here = bool(option.state & QStyle.StateFlag.State_Selected)
        if is_here:
            painter.fillRect(place, look.color("sel"))
            painter.fillRect(QRect(place.x(), place.y(), px("bar"), place.height()), look.color("accent"))
        size = px("icon.field")
        x = place.x() + px("space.3")
        icon = QRect(x, place.y(), size, place.height())
        icons.paint(painter, icon, row.icon, "accent" if is_here else "text2")
        x += size + px("space.2")
        end = place.right() + 1 - px("space.3")
        if row.key:
            caps = keycap.size(row.key).width()
            end -= caps
            keycap.paint(painter, QRect(end, place.y(), caps, place.height()), row.key)
            end -= px("space.2")
        if row.fact:
            style = NOTE if is_here else META
            wide = width_px(row.fact, style)
            end -= wide
            paint_line(painter, QRect(end, place.y(), wide, place.height()), row.fact, style)
            end -= px("space.2")
        rest = row.off or row.rest
        verb = Span(row.verb, role="off" if row.off else "text")
        said = (verb, Span(f"  {rest}", role="text2")) if rest else (verb,)
        paint_line(painter, QRect(x, place.y(), end - x, place.height()), said)


class Palette(Overlay):
    """Ctrl+K: type, Enter. Results of an older text are never run for a newer one."""

    def __init__(self, window: QWidget, tasks: Tasks, search: Search) -> None:
        super().__init__(window)
        px = theme.current().px
        self.setObjectName("palette")
        self._tasks = tasks
        self._search = search
        self._found_for: str | None = None
        self._runs_when_found = False
        self._icon = QLabel()
        self.input = QLineEdit()
        self.input.setObjectName("palette/input")
        self.input.setProperty("bare", "true")
        self.input.setFixedHeight(px("palette.input.h") - px("line"))
        self.input.textChanged.connect(self._ask)
        self._model = _Rows()
        self.rows = QListView()
        self.rows.setObjectName("palette/rows")
        self.rows.setFrameShape(QListView.Shape.NoFrame)
        self.rows.setModel(self._model)
        self.rows.setItemDelegate(_Painter(self.rows))
        self.rows.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.rows.setUniformItemSizes(True)
        self.rows.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.rows.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.rows.clicked.connect(lambda index: self._run(index.row()))
        self._empty = Prose("", META, wraps=False)
        head = QHBoxLayout()
        head.setContentsMargins(px("space.3"), 0, px("space.3"), px("line"))
        head.setSpacing(px("space.2"))
        head.addWidget(self._icon)
        head.addWidget(self.input, 1)
        column = QVBoxLayout(self.sheet)
        column.setContentsMargins(0, 0, 0, px("space.1"))
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.rows, 1)
        column.addWidget(self._empty)
        self._empty.setContentsMargins(px("space.3"), 0, px("space.3"), 0)
        self._empty.setFixedHeight(px("row.palette"))
        words.on_change(self._say)
        theme.on_change(self._say)
        self._say()

    @override
    def keys(self) -> Sequence[Key]:
        return (
            Key("Esc", tr(CLOSE), self.shut),
            Key("Ctrl+K", tr(CLOSE), self.shut, quiet=True),
            Key("Up", tr(_MOVE), lambda: self._move(-1), repeats=True),
            Key("Down", tr(_MOVE), lambda: self._move(1), repeats=True),
            Key("Enter", tr(_RUN), self._enter),
        )

    @override
    def place(self) -> QRect:
        px = theme.current().px
        wide = min(px("palette.w"), self.width() - 2 * px("space.4"))
        shown = max(len(self._model.rows), 1)
        high = px("palette.input.h") + shown * px("row.palette") + px("space.1")
        return QRect((self.width() - wide) // 2, px("palette.top"), wide, high)

    @override
    def lay(self) -> None:
        self.input.clear()
        super().lay()
        self.input.setFocus(Qt.FocusReason.PopupFocusReason)
        self._ask()

    def shown(self) -> tuple[PaletteRow, ...]:
        """The rows on screen."""
        return self._model.rows

    def _ask(self) -> None:
        self._runs_when_found = False
        if self.isVisible():
            self._tasks.latest("palette", self._find)

    async def _find(self) -> None:
        text = self.input.text()
        found = await self._search(text)
        if not self.isVisible() or text != self.input.text():
            return  # the newer text has asked already
        self._found_for = text
        self._model.show_rows(found)
        self._empty.setVisible(not found)
        self.rows.setVisible(bool(found))
        if found:
            self.rows.setCurrentIndex(self._model.index(0))
        self._fit()
        if self._runs_when_found:
            self._run(0)

    def _enter(self) -> None:
        if self._found_for == self.input.text():
            self._run(self.rows.currentIndex().row())
        else:
            self._runs_when_found = True

    def _run(self, number: int) -> None:
        self._runs_when_found = False
        if 0 <= number < len(self._model.rows):
            row = self._model.rows[number]
            if row.off:
                return  # it says why, and stays
            self.shut()
            row.call()

    def _move(self, step: int) -> None:
        if self._model.rows:
            at = (self.rows.currentIndex().row() + step) % len(self._model.rows)
            self.rows.setCurrentIndex(self._model.index(at))

    def _say(self) -> None:
        self.setAccessibleName(tr(FIND))
        self.input.setAccessibleName(tr(FIND))
        self.input.setPlaceholderText(tr(FIND))
        self.rows.setAccessibleName(tr(FIND))
        self._empty.show_words(tr(_NOTHING))
        self._icon.setPixmap(icons.icon("search", "text3", theme.current().px("icon.field")))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        look, painter, place = theme.current(), QPainter(self), self.sheet.geometry()
        line, high = look.px("line"), look.px("palette.input.h")
        painter.fillRect(QRect(place.x(), place.y() + high - line, place.width(), line), look.color("line"))
        painter.end()
