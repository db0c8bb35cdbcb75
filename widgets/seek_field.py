"""A field that finds while one types: an article, an order. The hits hang below it; Down and Enter choose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    QStringListModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget
from typing_extensions import override

from widgets import theme
from widgets.inputs import TextField
from widgets.prose import paint_line

_ROWS_MAX: Final = 8


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found: its value, the short words the field then shows, the line in the list."""

    value: str
    short: str
    words: str


class _Painter(QStyledItemDelegate):
    """One line; the one Enter takes has the bar."""

    @override
    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        look = theme.current()
        px, place = look.px, QRect(option.rect)
        is_here = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.fillRect(place, look.color("sel" if is_here else "base"))
        if is_here:
            painter.fillRect(QRect(place.x(), place.y(), px("bar"), place.height()), look.color("accent"))
        paint_line(painter, place.adjusted(px("field.pad"), 0, -px("field.pad"), 0), str(index.data()))

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(0, theme.current().px("row.palette"))


class _HitList(QListView):
    """Hangs over the page below its field; the keys stay in the field."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setItemDelegate(_Painter(self))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.hide()

    def hang_below(self, field: QWidget, rows: int) -> None:
        """Take the place below a field, or above it where there is none."""
        px = theme.current().px
        window = field.window()
        high = min(rows, _ROWS_MAX) * px("row.palette") + 2 * px("line")
        corner = field.mapTo(window, QPoint(0, field.height()))
        wide = min(px("palette.w"), window.width() - corner.x() - px("space.2"))
        if corner.y() + high > window.height():
            corner.setY(max(0, corner.y() - field.height() - high))
        self.setGeometry(QRect(corner, QSize(max(wide, field.width()), high)))
        self.raise_()
        self.show()


class SeekField(TextField):
    """Answers with the value of a hit; what is typed and is no hit is answered as it stands."""

    sought = Signal(str)
    """Words to look for."""

    def __init__(self, placeholder: str = "") -> None:
        super().__init__(placeholder, icon="search")
        self._value = ""
        self._hits: tuple[Hit, ...] = ()
        self._is_hurried = False  # Enter came before the hits, as from a scanner
        self._known: dict[str, str] = {}
        self._lines = QStringListModel(self)
        self._list: _HitList | None = None
        self.textEdited.disconnect(self.answered)
        self.textEdited.connect(self._typed)

    @override
    def answer(self) -> str:
        return self._value

    @override
    def set_answer(self, value: str) -> None:
        self._value = value
        self.setText(self._known.get(value, value))

    def show_hits(self, hits: Sequence[Hit]) -> None:
        """Offer what was found; the list opens only for somebody who types here."""
        is_new = tuple(hits) != self._hits
        self._hits = tuple(hits)
        self._known |= {hit.value: hit.short for hit in hits}
        if self._value in self._known and self.text() == self._value:
            self.setText(self._known[self._value])
        if is_new:
            self._lines.setStringList([hit.words for hit in hits])
        if self._is_hurried and hits:
            self._is_hurried = False
            self.take(next((hit for hit in self._hits if hit.value == self._value), self._hits[0]))
        elif is_new and self.hasFocus() and self.text() and self._value not in self._known:
            self.open_list()

    def is_hit(self, value: str) -> bool:
        """Whether the value is something that was found, not just typed."""
        return value in self._known

    def begin_anew(self) -> None:
        """Be empty again, ready for the next."""
        self._value = ""
        self.clear()
        self.close_list()

    def take(self, hit: Hit) -> None:
        """Answer with a hit."""
        self.close_list()
        self.set_answer(hit.value)
        self.answered.emit(hit.value)

    def _take_typed(self) -> None:
        """Enter without a list: what was typed in full, at once or as soon as it is found."""
        hit = next((hit for hit in self._hits if hit.value == self._value), None)
        if hit is not None:
            self.take(hit)
        else:
            self._is_hurried = True
            self.sought.emit(self.text().strip())

    # the list

    @property
    def is_open(self) -> bool:
        """Whether the hits hang below the field."""
        return self._list is not None and self._list.isVisible()

    def open_list(self) -> None:
        """Hang the hits below the field; without any there is no list."""
        if not self._hits:
            self.close_list()
            return
        if self._list is None or self._list.parent() is not self.window():
            self._list = self._hung(_HitList(self.window()))
        self._list.setObjectName(f"{self.objectName()}/hits")
        self._list.setAccessibleName(self.accessibleName())
        self._list.hang_below(self, len(self._hits))
        self._stand(0)

    def _hung(self, fresh: _HitList) -> _HitList:
        """Let a list in the window go with this field, and its lines with it: no list outlives its lines."""
        self._lines.setParent(fresh)
        if self._list is not None:
            self._list.deleteLater()
        fresh.setModel(self._lines)
        fresh.clicked.connect(lambda index: self.take(self._hits[index.row()]))
        self.destroyed.connect(fresh.deleteLater)
        return fresh

    def close_list(self) -> bool:
        """Put the hits away; say whether they were there."""
        was_open = self.is_open
        if self._list is not None:
            self._list.hide()
        return was_open

    def _stand(self, row: int) -> None:
        if self._list is not None:
            here = self._lines.index(max(0, min(row, len(self._hits) - 1)))
            self._list.setCurrentIndex(here)
            self.setAccessibleDescription(str(here.data()))

    def _row(self) -> int:
        return self._list.currentIndex().row() if self._list is not None else 0

    def _typed(self, text: str) -> None:
        typed, self._is_hurried = text.strip(), False
        self._value = next((hit.value for hit in self._hits if typed in (hit.value, hit.short)), typed)
        if self.is_hit(self._value) or not typed:
            self.close_list()
        self.sought.emit(typed)
        self.answered.emit(self._value)

    # Qt

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        if key in steps and self.is_open:
            self._stand(self._row() + steps[Qt.Key(key)])
        elif key == Qt.Key.Key_Down:
            self.open_list()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.is_open and not event.modifiers():
            self.take(self._hits[self._row()])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.text() and not event.modifiers():
            self._take_typed()
        elif key == Qt.Key.Key_Escape and self.close_list():
            return
        else:
            super().keyPressEvent(event)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self._value:
            self.sought.emit("")

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.close_list()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.close_list()
