"""What a keyboard-wedge scanner types: many keys, faster than a hand, closed by Enter or Tab."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

GAP_S: Final = 0.035
CODE_LEN_MIN: Final = 6
# Times come in whole milliseconds; the closing key of some scanners is one beat late.
_SLACK_S: Final = 0.0005


class Burst:
    """The printable keys of the current run, each at most 35 ms after the one before."""

    def __init__(self) -> None:
        self.text = ""
        self._last_s = 0.0

    def __len__(self) -> int:
        return len(self.text)

    @property
    def is_long(self) -> bool:
        """Whether no hand types so many keys so fast."""
        return len(self.text) >= CODE_LEN_MIN

    def continues(self, at_s: float) -> bool:
        """Whether a key at this time belongs to the run."""
        return bool(self.text) and at_s - self._last_s <= GAP_S + _SLACK_S

    def add(self, character: str, at_s: float) -> None:
        """Take one more key; one that comes later than 35 ms starts a new run."""
        if not self.continues(at_s):
            self.text = ""
        self.text += character
        self._last_s = at_s

    def is_code(self, closed_s: float) -> bool:
        """Whether a closing key at this time makes the run a scanned code."""
        return self.is_long and self.continues(closed_s)

    def clear(self) -> None:
        """Forget the run."""
        self.text = ""


@dataclass(frozen=True, slots=True)
class TypedText:
    """What a text field held before a burst went into it."""

    field: QLineEdit | QTextEdit | QPlainTextEdit
    text: str
    position: int

    @classmethod
    def of(cls, widget: QWidget | None) -> TypedText | None:
        """Remember the field under the cursor; spin boxes and combo boxes keep theirs inside."""
        if isinstance(widget, QLineEdit):
            return cls(widget, widget.text(), widget.cursorPosition())
        if isinstance(widget, QTextEdit | QPlainTextEdit):
            return cls(widget, widget.toPlainText(), widget.textCursor().position())
        inner = None if widget is None or _chooses(widget) else widget.findChild(QLineEdit)
        return None if inner is None else cls(inner, inner.text(), inner.cursorPosition())

    def restore(self) -> None:
        """Take the burst out again; the cursor stands where it stood."""
        if isinstance(self.field, QLineEdit):
            self.field.setText(self.text)
            self.field.setCursorPosition(self.position)
            return
        self.field.setPlainText(self.text)
        cursor = self.field.textCursor()
        cursor.setPosition(self.position)
        self.field.setTextCursor(cursor)


def _chooses(widget: QWidget) -> bool:
    return isinstance(widget, QComboBox) and not widget.isEditable()
