"""Answers one ticks: a box, and cards that say what each answer costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QApplication, QCheckBox, QRadioButton, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from widgets import icons, theme
from widgets.button import DASH
from widgets.prose import Style, block_height_px, paint_block, paint_line, width_px


class Check(QCheckBox):
    """A box to tick, with its words."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.on_change(self.restyle)

    def restyle(self) -> None:
        """Take the sizes of the theme again and repaint."""
        self.updateGeometry()
        self.update()

    @override
    def sizeHint(self) -> QSize:
        px = theme.current().px
        wide = px("check.box") + px("space.2") + width_px(self.text()) + 2 * px("ring") + px("space.half")
        return QSize(wide, px("target.min.h"))

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @override
    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.current()
        size, ring = look.px("check.box"), look.px("ring")
        box = QRect(ring, (self.height() - size) // 2, size, size)
        ticked, on = self.isChecked(), self.isEnabled()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = ("accent" if ticked else "border") if on else "off"
        painter.setPen(QPen(look.color(edge), look.px("line")))
        painter.setBrush(look.color(edge if ticked else "base"))
        corner = look.px("radius.badge")
        painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), corner, corner)
        if ticked:
            icons.paint(painter, box, "check", "onaccent" if on else "base")
        if self.hasFocus():
            painter.setPen(QPen(look.color("accent"), ring))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            around = QRectF(self.rect()).adjusted(ring / 2, ring / 2, -ring / 2, -ring / 2)
            painter.drawRoundedRect(around, look.px("radius.control"), look.px("radius.control"))
        beside = self.rect().adjusted(box.right() + 1 + look.px("space.2"), 0, 0, 0)
        paint_line(painter, beside, self.text(), Style(role="text" if on else "off"))
        painter.end()


@dataclass(frozen=True, slots=True)
class Card:
    """One answer: words, the figure that decides at the right, what it means below; `off` says why not."""

    value: str
    title: str
    right: str = ""
    reason: str = ""
    off: str = ""


_ARROWS: Final = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right)


class _CardButton(QRadioButton):
    """One card; arrows move between cards because they are radio buttons of one parent."""

    def __init__(self, card: Card) -> None:
        super().__init__()
        self.card = card
        self.setText(card.title)
        self.setAccessibleName(", ".join(part for part in (card.title, card.right) if part))
        self.setAccessibleDescription(card.off or card.reason)
        self.setEnabled(not card.off)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme.on_change(self.restyle)

    def restyle(self) -> None:
        self.updateGeometry()
        self.update()

    def _below(self) -> str:
        return self.card.off or self.card.reason

    @staticmethod
    def _left_px() -> int:
        px = theme.current().px
        return 2 * px("space.3") + px("check.box") + px("space.half")

    @override
    def hasHeightForWidth(self) -> bool:
        return True

    @override
    def heightForWidth(self, wide: int) -> int:
        px = theme.current().px
        if not self._below():
            return px("line.body") + 2 * px("space.3")
        room = wide - self._left_px() - px("space.3")
        words = block_height_px(self._below(), room, Style("meta"))
        around = 2 * px("space.2") + px("space.1") + px("space.half")
        return max(px("choice.h"), px("line.body") + words + around)

    @override
    def sizeHint(self) -> QSize:
        wide = theme.current().px("field.w")
        return QSize(wide, self.heightForWidth(wide))

    @override
    def minimumSizeHint(self) -> QSize:
        px = theme.current().px
        words = width_px(self.card.title, Style(bold=True)) + width_px(self.card.right, Style(bold=True))
        least = self._left_px() + words + px("space.4") + px("space.3")
        return QSize(least, self.heightForWidth(max(self.width(), least)))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.updateGeometry()

    @override
    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    @override
    def keyPressEvent(self, e: QKeyEvent) -> None:
        super().keyPressEvent(e)
        if e.key() in _ARROWS and not self.hasFocus():  # Qt only moves the focus while no card is chosen
            reached = QApplication.focusWidget()
            if isinstance(reached, _CardButton) and not reached.isChecked():
                reached.click()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.current()
        px, chosen = look.px, self.isChecked()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_edge(painter)
        alone = (self.height() - px("line.body")) // 2
        top = px("space.2") + px("line") if self._below() else alone
        self._paint_disc(painter, QPointF(px("space.3") + px("check.box") / 2, top + px("line.body") / 2))
        line = QRect(
            self._left_px(), top, self.width() - self._left_px() - px("space.3"), px("line.body")
        )  # fmt: skip
        ink = "text" if self.isEnabled() else "off"
        right = Qt.AlignmentFlag.AlignRight
        paint_line(painter, line, self.card.title, Style(role=ink, bold=chosen))
        paint_line(painter, line, self.card.right, Style(role=ink, bold=chosen), right)
        if self._below():
            below = line.translated(0, px("line.body") + px("space.half"))
            paint_block(painter, below, self._below(), Style("meta", "text2" if self.isEnabled() else "off"))
        painter.end()

    def _paint_edge(self, painter: QPainter) -> None:
        look, box = theme.current(), QRectF(self.rect())
        strong = self.isChecked() or self.hasFocus()
        thick, corner = look.px("ring" if strong else "line"), look.px("radius.control")
        pen = QPen(look.color("accent" if strong else "border"), thick)
        if not self.isEnabled():
            pen.setDashPattern(DASH)
        painter.setPen(pen)
        painter.setBrush(look.color("sel" if self.isChecked() else "base"))
        half = thick / 2
        painter.drawRoundedRect(box.adjusted(half, half, -half, -half), corner, corner)
        if self.isChecked() and self.hasFocus():
            inset = thick * 2 + look.px("line") / 2
            painter.setPen(QPen(look.color("accent"), look.px("line")))
            painter.drawRoundedRect(box.adjusted(inset, inset, -inset, -inset), corner / 2, corner / 2)

    def _paint_disc(self, painter: QPainter, middle: QPointF) -> None:
        look = theme.current()
        radius, chosen = look.px("check.box") / 2 - 0.5, self.isChecked()
        edge = ("accent" if chosen else "border") if self.isEnabled() else "off"
        painter.setPen(QPen(look.color(edge), look.px("line")))
        painter.setBrush(look.color("accent" if chosen else "base"))
        painter.drawEllipse(middle, radius, radius)
        if chosen:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.color("onaccent"))
            painter.drawEllipse(middle, look.px("check.dot") / 2, look.px("check.dot") / 2)


class ChoiceCards(QWidget):
    """A few answers, each with what it costs and means; one is chosen."""

    answered = Signal(str)

    def __init__(self, cards: Sequence[Card] = ()) -> None:
        super().__init__()
        self._buttons: list[_CardButton] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.current().px("space.2"))
        self.set_cards(cards)

    def set_cards(self, cards: Sequence[Card]) -> None:
        """Offer other answers; keep the one chosen where it is still there."""
        if [button.card for button in self._buttons] == list(cards):
            return
        kept, had_focus = self.answer(), any(button.hasFocus() for button in self._buttons)
        for button in self._buttons:
            self._column.removeWidget(button)
            button.setParent(None)
            button.deleteLater()
        self._buttons = [_CardButton(card) for card in cards]
        for button in self._buttons:
            button.setObjectName(f"{self.objectName()}/{button.card.value}")
            button.clicked.connect(self._tell)
            self._column.addWidget(button)
        self.set_answer(kept)
        if had_focus:
            self.setFocus()

    def cards(self) -> tuple[QRadioButton, ...]:
        """The radio buttons, in order."""
        return tuple(self._buttons)

    def answer(self) -> str:
        """The value chosen, empty while none is."""
        return next((button.card.value for button in self._buttons if button.isChecked()), "")

    def set_answer(self, value: str) -> None:
        """Choose without telling anyone; where the keys are on a card, they follow."""
        for button in self._buttons:
            button.setAutoExclusive(False)
            button.setChecked(button.card.value == value)
        for button in self._buttons:
            button.setAutoExclusive(True)
        self._lead()
        if any(button.hasFocus() and not button.isChecked() for button in self._buttons):
            self.setFocus()

    def name_cards(self, code: str) -> None:
        """Give the group and every card its object name."""
        self.setObjectName(code)
        for button in self._buttons:
            button.setObjectName(f"{code}/{button.card.value}")

    def _lead(self) -> None:
        """Let the label of the field, and whoever asks for the focus, arrive at the card in force."""
        free = [button for button in self._buttons if button.isEnabled()]
        chosen = next((button for button in free if button.isChecked()), free[0] if free else None)
        if chosen is not None:
            self.setFocusProxy(chosen)

    def _tell(self) -> None:
        self._lead()
        self.answered.emit(self.answer())
