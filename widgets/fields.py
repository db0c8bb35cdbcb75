"""A field with everything around it: label above, hint beside, what is wrong below; and the suggestion."""

from __future__ import annotations

from typing import Final, Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from widgets import icons, theme
from widgets.button import Button
from widgets.choices import Card, Check, ChoiceCards
from widgets.controls import Label, MarkLabel, Pane, body, meta
from widgets.date_field import DateField
from widgets.inputs import ComboField, Control, LinesField, NumberField, TextField, set_state
from widgets.masked import MaskedField
from widgets.painted import Painted
from widgets.row_fields import AmountsField, BasketField
from widgets.words import tr

__all__ = [
    "Card",
    "Check",
    "ChoiceCards",
    "ComboField",
    "Control",
    "DateField",
    "Field",
    "Hint",
    "LinesField",
    "MaskedField",
    "NumberField",
    "Suggestion",
    "TextField",
]

State = Literal["", "ok", "waits", "error"]
_SAID: Final[dict[State, tuple[str, str]]] = {  # state: mark, colour of the words
    "": ("", "text2"),
    "ok": ("met", "ok"),
    "waits": ("waits", "warn"),
    "error": ("stops", "bad"),
}


class _Folded(Painted):
    """The icon a hint rests behind."""

    pressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        size = theme.current().px("icon.field")
        self.setFixedSize(size, size)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        icons.paint(painter, self.rect(), "help", "text3")
        painter.end()

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.pressed.emit()


class Hint(QWidget):
    """Why this is asked and how to answer, beside a line; who knows it finds an icon in its place."""

    opened = Signal()

    def __init__(self, hint: str, why: str = "") -> None:
        super().__init__()
        self._is_folded = False
        self._icon = _Folded()
        self._icon.pressed.connect(self.opened)
        px = theme.current().px
        column = QVBoxLayout(self)
        column.setContentsMargins(px("hint.pad") + px("hint.line"), 0, 0, 0)
        column.setSpacing(px("space.half"))
        self._why, self._hint = meta(why, "text2", wraps=True), meta(hint, "text2", wraps=True)
        self._why.set_role("text2", bold=True)
        column.addWidget(self._why)
        column.addWidget(self._hint)
        column.addWidget(self._icon)
        self.show_hint(hint, why)
        theme.notifier().changed.connect(self.update)

    def show_hint(self, hint: str, why: str = "") -> None:
        """Replace the words; without any, the line goes too."""
        self._why.setText(why)
        self._hint.setText(hint)
        self.fold(self._is_folded)

    def fold(self, is_folded: bool) -> None:
        """Rest behind the icon, or stand there in words."""
        self._is_folded = is_folded
        has_words = bool(self._why.text() or self._hint.text())
        self._why.setVisible(bool(self._why.text()) and not is_folded)
        self._hint.setVisible(bool(self._hint.text()) and not is_folded)
        self._icon.setVisible(is_folded and has_words)
        self._icon.setAccessibleName(tr("Hint: Alt+H shows it"))
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if self._is_folded or not (self._why.text() or self._hint.text()):
            return
        look = theme.current()
        painter = QPainter(self)
        line = self.rect()
        line.setWidth(look.px("hint.line"))
        painter.fillRect(line, look.color("line"))
        painter.end()


class Field(QWidget):
    """One thing to fill in. The room for its message is kept, so nothing moves when one comes.

    Units: `width` is a token of the theme.
    """

    hint_opened = Signal()  # somebody asked for a hint that rests

    def __init__(
        self,
        code: str,
        label: str,
        hint: str,
        control: QWidget,
        *,
        why: str = "",
        is_optional: bool = False,
        width: str = "field.w",
    ) -> None:
        super().__init__()
        px = theme.current().px
        self.control = control
        self._state: State = ""
        self.setObjectName(f"{code}/field")
        _name(control, code)
        control.setAccessibleName(label)
        self._label = body(label, bold=True)
        self._label.setBuddy(control)
        self._message = MarkLabel("", "")
        self._hint = Hint(hint, why)
        self._hint.opened.connect(self.hint_opened)
        self._is_folded = False
        self._hint_words = " ".join(part for part in (why, hint) if part)
        head = QHBoxLayout()
        head.setSpacing(px("space.1"))
        head.addWidget(self._label)
        self._optional = Label(tr("optional"), role="text3")
        head.addWidget(self._optional)
        if not is_optional:  # showing it before it has a parent would open a window
            self._optional.hide()
        head.addStretch(1)
        column = QVBoxLayout()
        column.setSpacing(px("space.1"))
        column.addLayout(head)
        column.addWidget(control)
        column.addWidget(self._message)
        column.addStretch(1)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(px("field.gap"))
        grid.addLayout(column, 0, 0)
        grid.addWidget(self._hint, 0, 1, Qt.AlignmentFlag.AlignTop)
        grid.setColumnStretch(1, 1)
        grid.setColumnMinimumWidth(0, px(width))
        control.setFixedWidth(px(width))
        self._message.setFixedWidth(px(width))
        self._describe()

    def state(self) -> State:
        """What the field says of its value."""
        return self._state

    def message(self) -> str:
        """The sentence below the control."""
        return self._message.accessibleName()

    def set_state(self, state: State, message: str = "") -> None:
        """Say that the value is right, waits or is wrong, and why."""
        self._state = state
        mark, role = _SAID[state]
        self._message.show_mark(mark if message else "", message, role)
        set_state(self.control, "error" if state == "error" else "")
        self._describe()

    def set_hint(self, hint: str, why: str = "") -> None:
        """Replace the hint, as it depends on the value."""
        self._hint_words = " ".join(part for part in (why, hint) if part)
        self._hint.show_hint(hint, why)
        self._describe()

    def fold_hint(self, is_folded: bool) -> None:
        """Let the hint rest behind its icon, to the ear too, or bring it back."""
        if is_folded != self._is_folded:
            self._is_folded = is_folded
            self._hint.fold(is_folded)
            self._describe()

    def hint_words(self) -> str:
        """The hint as it can be read now; empty while it rests."""
        return "" if self._is_folded else self._hint_words

    def name_anew(self, label: str, hint: str = "", why: str = "") -> None:
        """Take label and hint again, in another language."""
        self._label.setText(label)
        self.control.setAccessibleName(label)
        self._optional.setText(tr("optional"))
        self.set_hint(hint, why)

    def _describe(self) -> None:
        told = " ".join(part for part in (self.message(), self.hint_words()) if part)
        self.control.setAccessibleDescription(told)


def _name(control: QWidget, code: str) -> None:
    if isinstance(control, ChoiceCards):
        control.name_cards(code)
    elif isinstance(control, (AmountsField, BasketField)):
        control.name_parts(code)
    else:
        control.setObjectName(code)


class _Icon(Painted):
    """An icon of the theme in a layout."""

    def __init__(self, name: str, role: str) -> None:
        super().__init__()
        self._name, self._role = name, role
        size = theme.current().px("icon")
        self.setFixedSize(size, size)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        icons.paint(painter, self.rect(), self._name, self._role)
        painter.end()


class Suggestion(Pane):
    """What the desk would fill in and why. Taking it fills the field and never submits."""

    taken = Signal()

    def __init__(self, code: str, value: str, reason: str, verb: str, key: str = "Alt+1") -> None:
        super().__init__("sel", card=True, outline="accent")
        px = theme.current().px
        self.setObjectName(f"{code}/suggestion")
        self.setAccessibleName(f"{value} {reason}")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._value, self._reason = body(value, bold=True, wraps=True), meta(reason, "text2", wraps=True)
        self.button = Button(verb, key)
        self.button.setObjectName(code)
        self.button.clicked.connect(self._take)
        words = QVBoxLayout()
        words.setSpacing(px("space.half"))
        words.addWidget(self._value)
        words.addWidget(self._reason)
        row = QHBoxLayout(self)
        pad = px("suggestion.pad")
        row.setContentsMargins(pad, pad, pad, pad)
        row.setSpacing(pad)
        row.addWidget(_Icon("spark", "text"), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        self._off = meta("", "text2")
        self._off.hide()
        row.addWidget(self._off)
        row.addWidget(self.button)

    def set_off(self, reason: str) -> None:
        """Say beside the key why it is off; an empty reason switches it on again."""
        self._off.setText(reason)
        self._off.setVisible(bool(reason))
        self.button.set_off(reason)

    def show_advice(self, value: str, reason: str) -> None:
        """Suggest something else."""
        self._value.setText(value)
        self._reason.setText(reason)
        self.setAccessibleName(f"{value} {reason}")

    def _take(self) -> None:
        self.taken.emit()
