"""The gates of an order in one strip, the unmet ones wider, and the sentence that says what clears one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QRegion,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from widgets import marks, theme
from widgets.marked import spoken, tint
from widgets.painted import Painted
from widgets.prose import NOTE, Prose, Rich, Style, paint_block, paint_line, plain, sheet, width_px

_NAME: Final = Style(bold=True)
_SHARE: Final = {"stops": 16, "waits": 13}
_MET: Final = 10


@dataclass(frozen=True, slots=True)
class Gate:
    """One gate: its mark, its name, the number that decides, and what is missing and what clears it."""

    code: str
    mark: str
    name: str
    value: str = ""
    sentence: Rich = ""

    def is_unmet(self) -> bool:
        """Whether it stops or waits."""
        return self.mark in _SHARE

    def spoken(self) -> str:
        """The gate as a screen reader says it."""
        return ", ".join(part for part in (self.name, spoken(self.mark), self.value) if part)


class _Cell(Painted):
    """One gate under the keys."""

    pressed = Signal(str)
    reached = Signal(str)

    def __init__(self, gate: Gate, parent: QWidget, on_arrow: Callable[[int], None]) -> None:
        super().__init__(parent, name=gate.spoken())
        self.gate = gate
        self._on_arrow = on_arrow
        self.setObjectName(f"gate/{gate.code}")
        self.setAccessibleDescription(plain(gate.sentence))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def natural_px(self) -> int:
        """What name and number need."""
        px = theme.current().px
        words = max(width_px(self.gate.name, _NAME), width_px(self.gate.value, NOTE))
        return words + 2 * px("field.pad") + px("icon") + px("space.1")

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter, gate = theme.current(), QPainter(self), self.gate
        if gate.is_unmet():
            painter.fillRect(self.rect(), look.color(tint(gate.mark)))
            bar = look.px("bar")
            painter.fillRect(
                QRect(0, self.height() - bar, self.width(), bar), look.color(marks.ink(gate.mark))
            )
        pad, line = look.px("field.pad"), look.px("space.4") + look.px("space.half")
        top, size = look.px("space.1"), look.px("mark")
        marks.paint(painter, QRect(pad, top + look.px("space.half"), size, size), gate.mark)
        x = pad + look.px("icon") + look.px("space.1")
        paint_line(painter, QRect(x, top, self.width() - x - look.px("space.half"), line), gate.name, _NAME)
        value = QRect(x, top + line, self.width() - x - look.px("space.half"), line)
        paint_line(painter, value, gate.value, NOTE)
        if self.hasFocus():
            ring = look.px("ring")
            painter.setPen(QPen(look.color("accent"), ring))
            painter.drawRect(QRectF(self.rect()).adjusted(ring / 2, ring / 2, -ring / 2, -ring / 2))
        painter.end()

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.reached.emit(self.gate.code)
        self.update()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is not None and not event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self._on_arrow(step)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.pressed.emit(self.gate.code)
        else:
            super().keyPressEvent(event)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.rect().contains(event.position().toPoint()):
            self.pressed.emit(self.gate.code)


def _widths(row: Sequence[_Cell], room: int) -> list[float]:
    """Shares of a row: unmet gates get more, and none gets less than its words need."""
    shares = [_SHARE.get(cell.gate.mark, _MET) for cell in row]
    widths = [room * share / sum(shares) for share in shares]
    needs = [cell.natural_px() for cell in row]
    if all(wide >= need for wide, need in zip(widths, needs, strict=True)):
        return widths
    spare = max(room - sum(needs), 0)
    return [need + spare * share / sum(shares) for need, share in zip(needs, shares, strict=True)]


class _Strip(Painted):
    """The outline around the cells, and their widths."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.cells: list[_Cell] = []
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @override
    def hasHeightForWidth(self) -> bool:
        return True

    @override
    def heightForWidth(self, wide: int) -> int:
        return theme.current().px("gate.h") * len(self._rows(wide - 2))

    @override
    def sizeHint(self) -> QSize:
        px = theme.current().px
        return QSize(max(sum(cell.natural_px() for cell in self.cells), px("list.min.w")), px("gate.h"))

    @override
    def minimumSizeHint(self) -> QSize:
        px = theme.current().px
        return QSize(px("list.min.w") // 2, px("gate.h"))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.place()

    @override
    def restyle(self) -> None:
        super().restyle()
        self.place()

    def place(self) -> None:
        """Give every cell its share; where the words of all do not fit, they stand in more rows."""
        if not self.cells:
            return
        high, room = theme.current().px("gate.h"), self.width() - 2
        for number, row in enumerate(self._rows(room)):
            x = 1.0
            for cell, wide in zip(row, _widths(row, room), strict=True):
                cell.setGeometry(round(x), number * high + 1, round(x + wide) - round(x) - 1, high - 2)
                x += wide
        self._round_ends()

    def _rows(self, room: int) -> list[list[_Cell]]:
        rows: list[list[_Cell]] = [[]]
        used = 0
        for cell in self.cells:
            need = cell.natural_px()
            if rows[-1] and used + need > room:
                rows.append([])
                used = 0
            rows[-1].append(cell)
            used += need
        return rows

    def _round_ends(self) -> None:
        corner = theme.current().px("radius.card") - 1
        path = QPainterPath()
        path.addRoundedRect(QRectF(1, 1, self.width() - 2, self.height() - 2), corner, corner)
        whole = QRegion(path.toFillPolygon().toPolygon())
        for cell in self.cells:
            cell.setMask(whole.translated(-cell.x(), -cell.y()))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = theme.current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(look.color("base"))
        painter.setPen(look.color("border"))
        corner = look.px("radius.card")
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), corner, corner)
        for cell in self.cells:
            place = cell.geometry()
            if place.right() + 3 < self.width():
                painter.fillRect(QRect(place.right() + 1, place.y(), 1, place.height()), look.color("line"))
            if place.y() > 1:
                painter.fillRect(QRect(place.x(), place.y() - 1, place.width() + 1, 1), look.color("line"))
        painter.end()


class _Sentence(Prose):
    """The sentence on a tint of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.mark = ""

    def _pad(self) -> tuple[int, int]:
        return theme.current().px("space.3"), theme.current().px("space.2")

    @override
    def heightForWidth(self, wide: int) -> int:
        across, down = self._pad()
        return super().heightForWidth(wide - 2 * across) + 2 * down

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        across, down = self._pad()
        painter = QPainter(self)
        sheet(painter, self.rect(), fill=tint(self.mark), edge="")
        paint_block(painter, self.rect().adjusted(across, down, -across, -down), self.words(), self.style_)
        painter.end()


class GateStrip(QWidget):
    """Gates left to right; arrows move between them, and the sentence below follows."""

    opened = Signal(str)
    reached = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._strip = _Strip(self)
        self._strip.setAccessibleName(name)
        self._sentence = _Sentence()
        self._here = ""
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.current().px("space.2"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        box.addWidget(self._strip, 0, Qt.AlignmentFlag.AlignTop)
        box.addWidget(self._sentence)

    def show_gates(self, gates: Sequence[Gate]) -> None:
        """Show these gates; the one you are on stays, else the first unmet one speaks."""
        had_focus = any(cell.hasFocus() for cell in self._strip.cells)
        old = [cell.gate for cell in self._strip.cells]
        if old != list(gates):
            for cell in self._strip.cells:
                cell.hide()
                cell.deleteLater()
            self._strip.cells = [self._cell(gate) for gate in gates]
            self._strip.restyle()
        codes = {gate.code: gate for gate in gates}
        here = codes.get(self._here)
        if here is None or not here.is_unmet():
            self._here = self.first_unmet()
        self._speak()
        if had_focus and self._here:
            self.go_to(self._here)

    def _cell(self, gate: Gate) -> _Cell:
        cell = _Cell(gate, self._strip, self._arrow)
        cell.pressed.connect(self.opened)
        cell.reached.connect(self._reach)
        cell.show()
        return cell

    def gates(self) -> tuple[Gate, ...]:
        """What is shown."""
        return tuple(cell.gate for cell in self._strip.cells)

    def first_unmet(self) -> str:
        """The code of the first gate that stops, else of the first that waits, else nothing."""
        for mark in _SHARE:
            for gate in self.gates():
                if gate.mark == mark:
                    return gate.code
        return ""

    def here(self) -> str:
        """The gate whose sentence is shown."""
        return self._here

    def speaking(self) -> str:
        """The gate of the sentence: the one you are on, else the first unmet one."""
        codes = {gate.code: gate for gate in self.gates()}
        here = codes.get(self._here)
        return self._here if here is not None and here.sentence else self.first_unmet()

    def go_to(self, code: str) -> bool:
        """Put the keys on a gate; say whether it is there."""
        for cell in self._strip.cells:
            if cell.gate.code == code:
                cell.setFocus(Qt.FocusReason.ShortcutFocusReason)
                self._reach(code)
                return True
        return False

    def go_to_first_unmet(self) -> bool:
        """Put the keys on the first unmet gate; say whether there is one."""
        return self.go_to(self.first_unmet())

    def _arrow(self, step: int) -> None:
        codes = [gate.code for gate in self.gates()]
        focused = next((at for at, cell in enumerate(self._strip.cells) if cell.hasFocus()), 0)
        self.go_to(codes[min(max(focused + step, 0), len(codes) - 1)])

    def _reach(self, code: str) -> None:
        if code != self._here:
            self._here = code
            self._speak()
            self.reached.emit(code)

    def _speak(self) -> None:
        """Say what the gate you are on misses; on one that misses nothing, what the first unmet one does."""
        gate = {gate.code: gate for gate in self.gates()}.get(self.speaking())
        for cell in self._strip.cells:  # one stop for Tab, the arrows do the rest
            stop = cell.gate.code == self._here or not self._here
            cell.setFocusPolicy(Qt.FocusPolicy.StrongFocus if stop else Qt.FocusPolicy.ClickFocus)
        self._sentence.mark = gate.mark if gate is not None else ""
        self._sentence.show_words(gate.sentence if gate is not None else "")
        self._sentence.setVisible(gate is not None and bool(plain(gate.sentence)))
