"""The floor's large parts: read from two steps away, with gloves on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QWidget
from typing_extensions import override

from widgets import icons, marks, theme
from widgets.cards import outline
from widgets.marked import paint_marked, spoken
from widgets.painted import Painted
from widgets.prose import (
    HEADING,
    SECTION,
    TITLE,
    Rich,
    Style,
    block_height_px,
    paint_block,
    paint_line,
    plain,
    sheet,
    width_px,
)

LARGE: Final = Style("section")
ASIDE: Final = Style("section", "text2")
READ: Final = Style("read", "text2")
BIN: Final = Style("bin", bold=True)
QUANTITY: Final = Style("quantity", bold=True)
_MIDDLE: Final = Qt.AlignmentFlag.AlignHCenter
_RIGHT: Final = Qt.AlignmentFlag.AlignRight


class ScanField(Painted):
    """What to scan, and how the last scan went; a code can be typed here too, when a label is torn."""

    typed = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, name=name)
        self._prompt, self._note = "", ""
        self._mark, self._code, self._result = "", "", ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.entry = QLineEdit(self)
        self.entry.setAccessibleName(name)
        self.entry.setObjectName("scan/entry")
        self.entry.setFrame(False)
        # A scanner's burst must not end up in the composition of an input method.
        self.entry.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.entry.setStyleSheet("QLineEdit { border: none; background: transparent; padding: 0 }")
        self.entry.textChanged.connect(self.update)
        self.entry.returnPressed.connect(self._done)
        box = QHBoxLayout(self)
        px = theme.current().px
        box.setContentsMargins(px("page.edge") + px("scan.icon") + px("space.4"), 0, px("page.edge"), 0)
        box.addWidget(self.entry)
        self.restyle()

    def show_prompt(self, prompt: str, note: str = "") -> None:
        """Say what to scan now."""
        self._prompt, self._note = prompt, note
        self.entry.setAccessibleDescription(f"{prompt}, {note}" if note else prompt)
        self.update()

    def show_result(self, mark: str, code: str, words: str) -> None:
        """Say how the last scan went; it stays readable until the next one."""
        self._mark, self._code, self._result = mark, code, words
        said = ", ".join(part for part in (spoken(mark), code, words) if part)
        self.name_parts([(said, self.rect())] if said else [])
        self.update()

    def _done(self) -> None:
        code = self.entry.text().strip()
        self.entry.clear()
        if code:
            self.typed.emit(code)

    @override
    def restyle(self) -> None:
        super().restyle()
        self.entry.setFont(theme.current().font("font.title"))

    @override
    def sizeHint(self) -> QSize:
        px = theme.current().px
        return QSize(px("detail.min.w"), px("scan.h"))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = theme.current(), QPainter(self)
        px, size = look.px, look.px("scan.icon")
        outline(painter, self.rect(), "accent", px("bar"))
        icons.paint(
            painter, QRect(px("page.edge"), (self.height() - size) // 2, size, size), "scan", "accent"
        )
        x, right = px("page.edge") + size + px("space.4"), self.width() - px("page.edge")
        ink = marks.ink(self._mark) if self._mark else "text2"
        code, words = Style("section", ink, bold=True), Style("section", ink)
        if self._result or self._code:
            wide = width_px(self._code, code) + px("space.2") + width_px(self._result, words)
            start = max(right - wide, x)
            after = start + paint_line(
                painter, QRect(start, 0, right - start, self.height()), self._code, code
            )
            after += px("space.2") if self._code else 0
            paint_line(painter, QRect(after, 0, right - after, self.height()), self._result, words)
            if self._mark:
                large = px("mark.floor")
                at = QRect(start - large - px("space.2"), (self.height() - large) // 2, large, large)
                marks.paint(painter, at, self._mark)
                right = at.x() - px("space.3")
            else:
                right = start - px("space.3")
        if not self.entry.text():
            x += paint_line(painter, QRect(x, 0, right - x, self.height()), self._prompt, TITLE) + px(
                "space.4"
            )
            if x < right:
                paint_line(painter, QRect(x, 0, right - x, self.height()), self._note, ASIDE)
        painter.end()


@dataclass(frozen=True, slots=True)
class Pick:
    """Where to go, what to take, how many are taken."""

    kicker: str
    bin: str
    name: str
    note: Rich
    counts: str
    done: str
    wanted: str
    missing: str = ""


class BinCard(Painted):
    """The place in letters of 56, the quantity in figures of 64."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, name=name)
        self._pick: Pick | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_pick(self, pick: Pick) -> None:
        """Show the place to go to now."""
        self._pick = pick
        self._name_halves()
        self.restyle()

    def _halves(self) -> tuple[QRect, QRect]:
        side = theme.current().px("quantity.w")
        left = self.width() - side
        return QRect(0, 0, left, self.height()), QRect(left, 0, side, self.height())

    def _name_halves(self) -> None:
        if (pick := self._pick) is not None:
            left, right = self._halves()
            where = ", ".join(part for part in (pick.kicker, pick.bin, pick.name, plain(pick.note)) if part)
            self.name_parts(
                [(where, left), (f"{pick.counts}: {pick.done} / {pick.wanted}, {pick.missing}", right)]
            )

    @override
    def sizeHint(self) -> QSize:
        px = theme.current().px
        words = 2 * px("line.section") + px("line.bin") + px("line.title") + px("tag.pad")
        return QSize(px("detail.min.w"), words + 2 * px("space.4") + px("space.1"))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._name_halves()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if (pick := self._pick) is None:
            return
        look, painter = theme.current(), QPainter(self)
        px = look.px
        outline(painter, self.rect(), "border", px("line"))
        left, right = self._halves()
        painter.fillRect(QRect(right.x(), 1, px("line"), self.height() - 2), look.color("line"))
        x, y, room = px("space.5"), px("space.4") + px("space.half"), left.width() - 2 * px("space.5")
        for words, style, gap in (
            (pick.kicker, ASIDE, 0),
            (pick.bin, BIN, px("tag.pad")),
            (pick.name, TITLE, 0),
            (pick.note, ASIDE, 0),
        ):
            high = px(f"line.{style.size}")
            paint_line(painter, QRect(x, y, room, high), words, style)
            y += high + gap
        self._paint_quantity(painter, right, pick)
        painter.end()

    def _paint_quantity(self, painter: QPainter, rect: QRect, pick: Pick) -> None:
        px = theme.current().px
        high = px("line.section") + px("line.quantity") + px("line.read")
        y = (rect.height() - high) // 2
        paint_line(painter, QRect(rect.x(), y, rect.width(), px("line.section")), pick.counts, ASIDE, _MIDDLE)
        y += px("line.section")
        rest = Style("quantity", "text3")
        wide = width_px(pick.done, QUANTITY) + width_px(f" / {pick.wanted}", rest)
        x = rect.x() + (rect.width() - wide) // 2
        line = QRect(x, y, rect.right() + 1 - x, px("line.quantity"))
        used = paint_line(painter, line, pick.done, QUANTITY)
        paint_line(painter, line.adjusted(used, 0, 0, 0), f" / {pick.wanted}", rest)
        y += px("line.quantity")
        paint_line(painter, QRect(rect.x(), y, rect.width(), px("line.read")), pick.missing, READ, _MIDDLE)


@dataclass(frozen=True, slots=True)
class CheckStep:
    """One step of packing."""

    mark: str
    name: str
    note: str = ""


class CheckSteps(Painted):
    """Steps with large marks, one under the other."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, name=name)
        self._steps: tuple[CheckStep, ...] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_steps(self, steps: Sequence[CheckStep]) -> None:
        """Show these steps."""
        self._steps = tuple(steps)
        self._name_steps()
        self.restyle()

    def _lead(self) -> int:
        px = theme.current().px
        return px("mark.floor") + px("space.5")

    def _heights(self, wide: int) -> list[int]:
        px = theme.current().px
        room = max(wide - self._lead(), 1)
        return [
            px("page.edge")
            + block_height_px(step.name, room, SECTION)
            + (block_height_px(step.note, room, READ) if step.note else 0)
            for step in self._steps
        ]

    @override
    def hasHeightForWidth(self) -> bool:
        return True

    @override
    def heightForWidth(self, wide: int) -> int:
        return sum(self._heights(wide))

    @override
    def sizeHint(self) -> QSize:
        wide = theme.current().px("evidence.w")
        return QSize(wide, self.heightForWidth(self.width() or wide))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._name_steps()

    def _name_steps(self) -> None:
        y, parts = 0, []
        for step, high in zip(self._steps, self._heights(self.width()), strict=True):
            words = ", ".join(part for part in (spoken(step.mark), step.name, step.note) if part)
            parts.append((words, QRect(0, y, self.width(), high)))
            y += high
        self.name_parts(parts)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        px, painter, y = theme.current().px, QPainter(self), 0
        size, lead = px("mark.floor"), self._lead()
        for step, high in zip(self._steps, self._heights(self.width()), strict=True):
            top = y + px("field.pad")
            marks.paint(painter, QRect(0, top + 1, size, size), step.mark)
            inside = QRect(lead, top, self.width() - lead, high)
            used = paint_block(painter, inside, step.name, SECTION)
            paint_block(painter, inside.adjusted(0, used, 0, 0), step.note, READ)
            y += high
        painter.end()


@dataclass(frozen=True, slots=True)
class Weight:
    """What the scale says and what was expected; `low`, `high` and `at` are shares of the gauge, 0 to 1."""

    heading: str
    value: str
    unit: str
    expected: str
    low: float
    high: float
    at: float
    mark: str = ""
    word: str = ""


class WeightCard(Painted):
    """The weight in figures of 40 over a gauge with the expected span."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, name=name)
        self._weight: Weight | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_weight(self, weight: Weight) -> None:
        """Show what the scale says."""
        self._weight = weight
        self.setAccessibleDescription(f"{weight.value} {weight.unit}, {weight.expected}, {weight.word}")
        self.restyle()

    @override
    def sizeHint(self) -> QSize:
        px = theme.current().px
        inner = px("line.body") + px("line.weight") + px("tag.pad") + px("gauge.h")
        return QSize(px("evidence.w"), inner + 2 * px("mark"))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if (weight := self._weight) is None:
            return
        look, painter = theme.current(), QPainter(self)
        px = look.px
        sheet(painter, self.rect())
        inside = self.rect().adjusted(px("space.4"), px("mark"), -px("space.4"), -px("mark"))
        head = QRect(inside.x(), inside.y(), inside.width(), px("line.body"))
        paint_line(painter, head, weight.heading, HEADING)
        note = Style("meta", "text2")
        lead = px("mark") + px("tag.pad") if weight.mark else 0
        word = width_px(weight.word, note) + lead
        at = QRect(inside.right() + 1 - word, head.y(), word + 1, head.height())
        paint_marked(painter, at, weight.mark, weight.word, note)
        line = QRect(inside.x(), head.bottom() + 1, inside.width(), px("line.weight"))
        used = paint_line(painter, line, weight.value, Style("weight", bold=True)) + px("field.pad")
        foot = line.adjusted(used, px("space.2"), 0, 0)
        paint_line(painter, foot, weight.unit, Style("title"))
        paint_line(painter, foot, weight.expected, READ, _RIGHT)
        gauge = QRect(inside.x(), line.bottom() + 1 + px("tag.pad"), inside.width(), px("gauge.h"))
        painter.fillRect(gauge, look.color("line"))
        start, end = (round(gauge.width() * part) for part in (weight.low, weight.high))
        painter.fillRect(
            QRect(gauge.x() + start, gauge.y(), end - start, gauge.height()), look.color("text3")
        )
        where = gauge.x() + round((gauge.width() - px("bar")) * min(max(weight.at, 0.0), 1.0))
        over = px("space.1")
        needle = QRect(where, gauge.y() - over, px("bar"), gauge.height() + 2 * over)
        painter.fillRect(needle, look.color("text"))
        painter.end()


class NoteCard(Painted):
    """A thing, its state, and one sentence about it."""

    def __init__(self, icon: str, title: str, mark: str, word: str, sentence: Rich) -> None:
        super().__init__()
        self._icon, self._title, self._mark, self._word, self._sentence = icon, title, mark, word, sentence
        self.setAccessibleName(", ".join(part for part in (title, word, plain(sentence)) if part))
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @override
    def hasHeightForWidth(self) -> bool:
        return True

    @override
    def heightForWidth(self, wide: int) -> int:
        px = theme.current().px
        words = block_height_px(self._sentence, wide - 2 * px("space.4"), Style(role="text2"))
        return px("line.section") + px("space.1") + words + 2 * px("mark")

    @override
    def sizeHint(self) -> QSize:
        wide = theme.current().px("evidence.w")
        return QSize(wide, self.heightForWidth(self.width() or wide))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        px, painter = theme.current().px, QPainter(self)
        sheet(painter, self.rect())
        inside = self.rect().adjusted(px("space.4"), px("mark"), -px("space.4"), -px("mark"))
        head = QRect(inside.x(), inside.y(), inside.width(), px("line.section"))
        size = px("icon")
        icons.paint(
            painter, QRect(head.x(), head.y() + (head.height() - size) // 2, size, size), self._icon, "text"
        )
        paint_line(painter, head.adjusted(size + px("space.2"), 0, 0, 0), self._title, SECTION)
        body = Style()
        lead = px("mark") + px("tag.pad") if self._mark else 0
        word = width_px(self._word, body) + lead
        at = QRect(head.right() + 1 - word, head.y() + px("space.half"), word + 1, head.height())
        paint_marked(painter, at, self._mark, self._word, body)
        below = inside.adjusted(0, px("line.section") + px("space.1"), 0, 0)
        paint_block(painter, below, self._sentence, Style(role="text2"))
        painter.end()
