"""What one types or picks into. Every control answers with text, as a form keeps it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal, SignalInstance
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QSpinBox,
    QStyleOptionComboBox,
    QWidget,
)
from typing_extensions import override

from widgets import icons, theme
from widgets.prose import Style, paint_line, width_px


class Control(Protocol):
    """What a field needs of the control inside it."""

    answered: SignalInstance

    def answer(self) -> str: ...
    def set_answer(self, value: str) -> None: ...


def set_state(control: QWidget, state: str) -> None:
    """Mark a control as `error`, or as nothing; the style sheet draws the edge."""
    if control.property("state") != state:
        control.setProperty("state", state)
        control.style().unpolish(control)
        control.style().polish(control)
        control.update()


class TextField(QLineEdit):
    """One line of text, with an icon before it and a word at its end when there are any."""

    answered = Signal(str)

    def __init__(self, placeholder: str = "", *, icon: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon, self._aside = icon, ""
        self.setPlaceholderText(placeholder)
        self.textEdited.connect(self.answered)
        self.restyle()
        theme.on_change(self.restyle)

    def answer(self) -> str:
        """What stands in the field."""
        return self.text()

    def set_answer(self, value: str) -> None:
        """Show a value that nobody typed."""
        self.setText(value)

    def set_aside(self, words: str) -> None:
        """Show what the value amounts to at the end of the field: in 5 days."""
        self._aside = words
        self.restyle()

    def restyle(self) -> None:
        """Take the sizes of the theme again."""
        look = theme.current()
        self.setFixedHeight(look.px("field.h"))
        before = look.px("icon.field") + look.px("space.2") if self._icon else 0
        self.setTextMargins(before, 0, self.aside_width_px(), 0)
        self.update()

    def aside_width_px(self) -> int:
        """The room that the end of the field keeps free."""
        gap = theme.current().px("space.2")
        return width_px(self._aside, Style("meta")) + gap if self._aside else 0

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        look = theme.current()
        painter = QPainter(self)
        pad, size = look.px("field.pad"), look.px("icon.field")
        if self._icon:
            place = QRect(pad, (self.height() - size) // 2, size, size)
            icons.paint(painter, place, self._icon, "text2" if self.isEnabled() else "off")
        if self._aside:
            place, style = self.rect().adjusted(0, 0, -pad, 0), Style("meta", "text3")
            paint_line(painter, place, self._aside, style, Qt.AlignmentFlag.AlignRight)
        painter.end()


class LinesField(QPlainTextEdit):
    """Several lines of text; Tab leaves it."""

    answered = Signal(str)

    def __init__(self, placeholder: str = "", *, lines: int = 3) -> None:
        super().__init__()
        self._lines = lines
        self.setPlaceholderText(placeholder)
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.textChanged.connect(self._changed)
        self.restyle()
        theme.on_change(self.restyle)

    def answer(self) -> str:
        """What stands in the field."""
        return self.toPlainText()

    def set_answer(self, value: str) -> None:
        """Show a value that nobody typed."""
        self.blockSignals(True)
        self.setPlainText(value)
        self.blockSignals(False)

    def restyle(self) -> None:
        """Take the sizes of the theme again."""
        look = theme.current()
        self.setFixedHeight(self._lines * look.px("line.body") + look.px("space.3"))

    def _changed(self) -> None:
        self.answered.emit(self.toPlainText())


BEHIND: Final = " · "
"""What stands between a name and the figures behind it."""


LETTERS_MS: Final = 1_000
"""So long after a letter the next one belongs to it: two letters of a country, for who looks for keys."""


class ComboField(QComboBox):
    """One answer from a list that is too long for cards; the wheel turns it only while it has the focus."""

    answered = Signal(str)

    def __init__(self, options: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        QApplication.setKeyboardInputInterval(LETTERS_MS)  # Qt has one for all lists
        self.activated.connect(self._chosen)
        self.set_options(options)
        self.restyle()
        theme.on_change(self.restyle)

    def set_options(self, options: Sequence[tuple[str, str]]) -> None:
        """Offer other answers, as pairs of value and words; keep the one chosen where it is still there."""
        kept = self.answer()
        self.clear()
        for value, label in options:
            self.addItem(label, value)
        self.set_answer(kept)

    def answer(self) -> str:
        """The value chosen."""
        return str(self.currentData() or "")

    def set_answer(self, value: str) -> None:
        """Choose without telling anyone."""
        self.setCurrentIndex(self.findData(value))

    def restyle(self) -> None:
        """Take the sizes of the theme again."""
        self.setFixedHeight(theme.current().px("field.h"))

    def _chosen(self, _index: int) -> None:
        self.answered.emit(self.answer())

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    @override
    def initStyleOption(self, option: QStyleOptionComboBox) -> None:
        """Where the whole does not fit, the figures behind the name stay in the list; only then it is cut."""
        super().initStyleOption(option)
        look, metrics = theme.current(), self.fontMetrics()
        room = self.width() - look.px("field.button.w") - 2 * look.px("space.2")
        said = option.currentText
        if metrics.horizontalAdvance(said) > room:
            said = said.partition(BEHIND)[0]
        option.currentText = metrics.elidedText(said, Qt.TextElideMode.ElideRight, room)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        look = theme.current()
        painter = QPainter(self)
        size, wide = look.px("icon.field"), look.px("field.button.w")
        place = QRect(self.width() - wide - look.px("space.1"), (self.height() - size) // 2, wide, size)
        icons.paint(painter, place, "down", "text2" if self.isEnabled() else "off")
        painter.end()


class NumberField(QSpinBox):
    """A whole number of pieces; arrows step it, the wheel only while it has the focus."""

    answered = Signal(str)

    def __init__(self, least: int = 0, most: int = 999_999, unit: str = "") -> None:
        super().__init__()
        self.setRange(least, most)
        self.setSuffix(f" {unit}" if unit else "")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.textChanged.connect(self._changed)
        self.restyle()
        theme.on_change(self.restyle)

    def answer(self) -> str:
        """The number, in figures."""
        return str(self.value())

    def set_answer(self, value: str) -> None:
        """Show a number that nobody typed; what is no number leaves the least one."""
        self.blockSignals(True)
        self.setValue(int(value) if value.strip().isdecimal() else self.minimum())
        self.blockSignals(False)

    def restyle(self) -> None:
        """Take the sizes of the theme again."""
        look = theme.current()
        self.setFixedHeight(look.px("field.h"))
        # The style sheet's padding does not reach the line inside; a thicker ring must not push it.
        thicker = look.px("ring") - look.px("line") if self.hasFocus() else 0
        self.lineEdit().setTextMargins(look.px("field.pad") - look.px("ring") - thicker, 0, 0, 0)

    def _changed(self, _text: str) -> None:
        self.answered.emit(self.answer())

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.restyle()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.restyle()

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        look = theme.current()
        painter = QPainter(self)
        wide, small = look.px("field.button.w"), QSize(look.px("icon.small"), look.px("icon.small"))
        middle = self.width() - wide + (wide - small.width()) // 2 - look.px("space.1")
        role = "text2" if self.isEnabled() else "off"
        icons.paint(painter, QRect(QPoint(middle, self.height() // 2 - small.height()), small), "up", role)
        icons.paint(painter, QRect(QPoint(middle, self.height() // 2), small), "down", role)
        painter.end()
