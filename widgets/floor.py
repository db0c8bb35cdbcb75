"""The floor's large parts: read from two steps away, with gloves on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QWidget
from typing_extensions import override

from widgets import icons, marks, theme
from widgets.cards import outline
from widgets.marked import spoken
from widgets.painted import Painted
from widgets.prose import (
    TITLE,
    Rich,
    Style,
    paint_line,
    plain,
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
        left = (
            px("page.edge") + px("scan.icon") + px("space.3") - px("line")
        )  # the caret stands before the prompt
        box.setContentsMargins(left, 0, px("page.edge"), 0)
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
