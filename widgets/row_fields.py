"""Fields of several lines: a quantity for each of some things, and a basket of articles with prices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget
from typing_extensions import override

from app.form import Row, read_number, rows_of, rows_text
from widgets import theme
from widgets.button import Button
from widgets.controls import body, meta
from widgets.inputs import NumberField
from widgets.number_fields import MoneyField
from widgets.seek_field import Hit, SeekField
from widgets.words import tr


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that gets a quantity; `price` is what it costs while nobody typed a price.

    Units: `most` pieces, 0 where there is no limit.
    """

    key: str
    title: str
    reason: str = ""
    most: int = 0
    price: str = ""


class _Words(QWidget):
    """What a line is, and what is known of it."""

    def __init__(self) -> None:
        super().__init__()
        self._title, self._reason = body("", bold=True, wraps=True), meta("", "text2", wraps=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._title)
        column.addWidget(self._reason)

    def show_words(self, title: str, reason: str) -> None:
        self._title.setText(title)
        self._reason.setText(reason)
        self._reason.setVisible(bool(reason))


@dataclass(slots=True)
class _Parts:
    """The widgets of one line."""

    words: _Words
    qty: NumberField
    price: MoneyField | None = None
    remove: Button | None = None

    def all(self) -> list[QWidget]:
        found: list[QWidget] = [self.words, self.qty]
        return found + [part for part in (self.price, self.remove) if part is not None]


class AmountsField(QWidget):
    """A quantity for each line; those at 0 are left out of the answer. Up and Down step, Tab goes on."""

    answered = Signal(str)

    def __init__(self, lines: Sequence[Line] = ()) -> None:
        super().__init__()
        self._lines: tuple[Line, ...] = ()
        self._parts: dict[str, _Parts] = {}
        self._grid = _grid(self)
        self.set_lines(lines)

    def set_lines(self, lines: Sequence[Line]) -> None:
        """Ask for other things; quantities of those that stay are kept."""
        if tuple(lines) == self._lines:
            return
        kept = self.answer()
        self._lines = tuple(lines)
        for parts in self._parts.values():
            _drop(self._grid, parts)
        self._parts = {}
        for at, line in enumerate(lines):
            parts = _line(line)
            parts.qty.answered.connect(self._tell)
            self._parts[line.key] = parts
            _seat(self._grid, at, parts)
        self.name_parts(self.objectName())
        self.set_answer(kept)

    def answer(self) -> str:
        """Every line with its quantity, as `rows_text` writes it."""
        rows = (Row(key, parts.qty.value()) for key, parts in self._parts.items())
        return rows_text(row for row in rows if row.qty)

    def set_answer(self, value: str) -> None:
        """Show quantities that nobody typed."""
        rows = {row.key: row.qty for row in rows_of(value)}
        for key, parts in self._parts.items():
            parts.qty.set_answer(str(rows.get(key, 0)))

    def name_parts(self, code: str) -> None:
        """Give the group and every line its object name."""
        self.setObjectName(code)
        for key, parts in self._parts.items():
            parts.qty.setObjectName(f"{code}/{key}")
        first = next(iter(self._parts.values()), None)
        if first is not None:
            self.setFocusProxy(first.qty)

    def _tell(self, _value: str) -> None:
        self.answered.emit(self.answer())


class BasketField(QWidget):
    """Articles with quantity and price; typing above the lines finds another one, Enter adds it."""

    answered = Signal(str)
    sought = Signal(str)

    def __init__(self, currency: str = "CNY") -> None:
        super().__init__()
        px = theme.current().px
        self._currency = currency
        self._titles: dict[str, Line] = {}
        self._rows: dict[str, Row] = {}
        self._parts: dict[str, _Parts] = {}
        self.seek = SeekField(tr("Add an article: code or words"))
        self.seek.sought.connect(self.sought)
        self.seek.answered.connect(self._found)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px("space.2"))
        column.addWidget(self.seek)
        below = QWidget()
        self._grid = _grid(below)
        column.addWidget(below)
        self.setFocusProxy(self.seek)

    def set_currency(self, currency: str) -> None:
        """Say in which money the prices are."""
        self._currency = currency
        for parts in self._parts.values():
            if parts.price is not None:
                parts.price.set_currency(currency)

    def set_lines(self, lines: Sequence[Line]) -> None:
        """Say what the articles are called and what is known of them."""
        self._titles = {line.key: line for line in lines}
        for key, parts in self._parts.items():
            _say(parts, self._titles.get(key, Line(key, key)), least=1)

    def show_hits(self, hits: Sequence[Hit]) -> None:
        """Offer what was found."""
        self.seek.show_hits(hits)

    def answer(self) -> str:
        """Every line, as `rows_text` writes it."""
        return rows_text(self._rows.values())

    def set_answer(self, value: str) -> None:
        """Show lines that nobody typed."""
        rows = {row.key: row for row in rows_of(value)}
        if list(rows) != list(self._rows):
            self._rebuild(rows)
        self._rows = rows
        for key, row in rows.items():
            parts = self._parts[key]
            if parts.qty.answer() != str(row.qty):
                parts.qty.set_answer(str(row.qty))
            if parts.price is not None and parts.price.answer() != _price(row):
                parts.price.set_answer(_price(row))

    def name_parts(self, code: str) -> None:
        """Give the group and every part its object name."""
        self.setObjectName(code)
        self.seek.setObjectName(f"{code}/seek")
        self.seek.setAccessibleName(tr("Add an article: code or words"))
        for key, parts in self._parts.items():
            for what, part in (("qty", parts.qty), ("price", parts.price), ("remove", parts.remove)):
                if part is not None:
                    part.setObjectName(f"{code}/{key}/{what}")

    def _rebuild(self, rows: dict[str, Row]) -> None:
        for parts in self._parts.values():
            _drop(self._grid, parts)
        self._parts = {}
        for at, key in enumerate(rows):
            line = self._titles.get(key, Line(key, key))
            parts = _line(line, least=1)
            parts.price = MoneyField(self._currency)
            parts.price.setFixedWidth(theme.current().px("line.number.w"))
            parts.price.setPlaceholderText(line.price)
            parts.price.setAccessibleName(tr("Price of {article}", article=key))
            parts.remove = Button(tr("Remove"), "", "quiet")
            parts.remove.setAccessibleName(tr("Remove {article}", article=key))
            parts.qty.answered.connect(lambda _value: self._edited())
            parts.price.told.connect(lambda _value: self._edited())
            parts.remove.clicked.connect(lambda _checked=False, key=key: self._removed(key))
            self._parts[key] = parts
            _seat(self._grid, at, parts)
        self.name_parts(self.objectName())

    def _edited(self) -> None:
        for key, parts in self._parts.items():
            price = read_number(parts.price.answer()) if parts.price is not None else None
            self._rows[key] = Row(key, parts.qty.value(), -1 if price is None else price)
        self.answered.emit(self.answer())

    def _removed(self, key: str) -> None:
        kept = [row for row in self._rows.values() if row.key != key]
        self.set_answer(rows_text(kept))
        self.answered.emit(self.answer())
        self.seek.setFocus()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.seek.setFocus(Qt.FocusReason.TabFocusReason)  # how many is said: on to the next article
        else:
            super().keyPressEvent(event)

    def _found(self, value: str) -> None:
        """Take an article that was chosen or typed in full; the quantity is asked next."""
        if not self.seek.is_hit(value):
            return
        self.seek.begin_anew()
        if value not in self._rows:
            self.set_answer(rows_text([*self._rows.values(), Row(value, 1)]))
            self.answered.emit(self.answer())
        self._parts[value].qty.setFocus(Qt.FocusReason.TabFocusReason)
        self._parts[value].qty.selectAll()


def _price(row: Row) -> str:
    return str(row.price_minor) if row.price_minor >= 0 else ""


def _grid(widget: QWidget) -> QGridLayout:
    px = theme.current().px
    grid = QGridLayout(widget)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(px("space.2"))
    grid.setVerticalSpacing(px("space.2"))
    grid.setColumnStretch(0, 1)
    return grid


def _line(line: Line, least: int = 0) -> _Parts:
    parts = _Parts(_Words(), NumberField(least))
    parts.qty.setFixedWidth(theme.current().px("line.amount.w"))
    _say(parts, line, least)
    return parts


def _say(parts: _Parts, line: Line, least: int = 0) -> None:
    parts.words.show_words(line.title, line.reason)
    parts.qty.setRange(least, line.most or 999_999)
    parts.qty.setAccessibleName(tr("Pieces of {article}", article=line.title))
    if parts.price is not None:
        parts.price.setPlaceholderText(line.price)


def _seat(grid: QGridLayout, at: int, parts: _Parts) -> None:
    for column, part in enumerate(parts.all()):
        grid.addWidget(part, at, column, Qt.AlignmentFlag.AlignTop)
        part.show()


def _drop(grid: QGridLayout, parts: _Parts) -> None:
    for part in parts.all():
        grid.removeWidget(part)
        part.hide()
        part.deleteLater()


__all__ = ["AmountsField", "BasketField", "Line"]
