"""One router for all keys of the window: tells a hand from a scanner, typing from commanding."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import shiboken6
from PySide6.QtCore import QEvent, QKeyCombination, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)
from typing_extensions import override

from widgets.burst import Burst, TypedText

HOLD_MS: Final = 40

_NAMES: Final = {
    Qt.Key.Key_Return: "Enter",
    Qt.Key.Key_Enter: "Enter",
    Qt.Key.Key_Escape: "Esc",
    Qt.Key.Key_Backtab: "Tab",
}
_MODIFIERS: Final = (
    (Qt.KeyboardModifier.ControlModifier, "Ctrl"),
    (Qt.KeyboardModifier.AltModifier, "Alt"),
    (Qt.KeyboardModifier.ShiftModifier, "Shift"),
)
_MODIFIER_KEYS: Final = frozenset(
    getattr(Qt.Key, f"Key_{name}") for name in ("Shift", "Control", "Alt", "Meta", "AltGr", "unknown")
)
# In a text field these edit the text, whatever the page does with them elsewhere.
_EDITING: Final = frozenset(
    f"Ctrl+{name}" for name in ("A", "C", "V", "X", "Y", "Z", "Shift+Z", "Left", "Right")
)
_FIELDS: Final = (QLineEdit, QTextEdit, QPlainTextEdit, QAbstractSpinBox, QComboBox)


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a page: what to press, what it does in words, what it calls.

    `quiet` keys work and stand on the key sheet but not on the line at the bottom. `repeats` lets a held key
    fire again. `when` says whether the key is ours just now; if not, the widget with the focus has it.
    """

    key: str
    label: str
    call: Callable[[], object]
    quiet: bool = False
    repeats: bool = False
    when: Callable[[], bool] | None = None
    off: str = ""
    """Why it does nothing just now, in words."""


def is_single(name: str) -> bool:
    """Whether the key would type a character and so needs Alt inside a text field."""
    return len(name.removeprefix("Shift+")) == 1


def name_of(event: QKeyEvent) -> str:
    """How key tables write this press: `1`, `J`, `Shift+X`, `?`, `Ctrl+Enter`, `Alt+Left`; empty for none."""
    code = Qt.Key(event.key())
    if code in _MODIFIER_KEYS:
        return ""
    modifiers = event.modifiers()
    plain = QKeySequence.SequenceFormat.PortableText
    base = _NAMES.get(code) or QKeySequence(QKeyCombination(code)).toString(plain)
    is_sign = len(base) == 1 and not base.isalnum()  # `?` is Shift+/ on one keyboard and not on another
    held = [name for bit, name in _MODIFIERS if bit & modifiers and not (name == "Shift" and is_sign)]
    return "+".join((*held, base))


def types_text(widget: QWidget | None) -> bool:
    """Whether letters mean something to this widget, so that single keys must leave it alone."""
    if not isinstance(widget, _FIELDS) or not widget.isEnabled():
        return False
    return isinstance(widget, QComboBox) or not widget.isReadOnly()


class KeyRouter(QObject):
    """Stands before the widget with the focus and before the window, and nowhere else."""

    scanned = Signal(str)
    acted = Signal(str)  # a key of the page or of the window did something
    alt_needed = Signal(bool)  # keycaps follow: inside a text field single keys want Alt

    def __init__(self, window: QWidget, *, clock_s: Callable[[], float] = time.monotonic) -> None:
        super().__init__(window)
        self._window = window
        self._clock_s = clock_s
        self._page: dict[str, Key] = {}
        self._shared: dict[str, Key] = {}
        self._above: dict[str, Key] = {}
        self._overlay: dict[str, Key] | None = None
        self._scans = False
        self._single_keys = True
        self._focus: QWidget | None = None
        self._composing = False
        self._seen: tuple[int, int] | None = None
        self._burst = Burst()
        self._held: list[str] = []
        self._typed: TypedText | None = None
        self._said_alt = False
        self._hold = QTimer(self)
        self._hold.setSingleShot(True)
        self._hold.timeout.connect(self._look_again)
        self._window.installEventFilter(self)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._follow)
            self._follow(None, app.focusWidget())

    # what the page and the window want

    def use_page(self, keys: Sequence[Key], *, scans: bool = False, is_same: bool = False) -> None:
        """Take the key table of the page now in front; what was held back for the last page is forgotten.

        `is_same`: it was in front before and has other keys now; what is held back is for it still.
        """
        self._page = {key.key: key for key in keys}
        self._scans = scans
        if not is_same:
            self._forget()

    def use_shared(self, keys: Sequence[Key]) -> None:
        """Take the keys that work on every page."""
        self._shared = {key.key: key for key in keys}

    def use_above(self, keys: Sequence[Key]) -> None:
        """Take keys that come before those of the page, while the page goes on working."""
        self._above = {key.key: key for key in keys}

    def use_overlay(self, keys: Sequence[Key] | None) -> None:
        """While a palette or sheet lies over the window only its own keys work; None gives the page back."""
        self._overlay = None if keys is None else {key.key: key for key in keys}
        self._forget()
        self._say_alt()

    @property
    def page_keys(self) -> tuple[Key, ...]:
        return tuple(self._page.values())

    @property
    def shared_keys(self) -> tuple[Key, ...]:
        return tuple(self._shared.values())

    @property
    def in_field(self) -> bool:
        """Whether a hand that types now types text."""
        return types_text(self._focus)

    @property
    def needs_alt(self) -> bool:
        """Whether single keys are to be pressed with Alt just now."""
        return self.in_field or not self._single_keys

    def set_single_keys(self, on: bool) -> None:
        """Switch keys without a modifier on or off; with Alt they always work."""
        self._single_keys = on
        self._say_alt()

    # Qt

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.InputMethod and isinstance(event, QInputMethodEvent):
            self._composing = bool(event.preeditString())
        elif kind == QEvent.Type.KeyRelease:
            self._seen = None
        elif kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._pressed(watched, event)
        return False

    def _follow(self, _old: QWidget | None, new: QWidget | None) -> None:
        if self._focus is not None and shiboken6.isValid(self._focus) and self._focus is not self._window:
            self._focus.removeEventFilter(self)
        self._composing = False
        self._typed = None
        self._focus = new if new is not None and new.window() is self._window else None
        if self._focus is not None and self._focus is not self._window:
            self._focus.installEventFilter(self)
        self._say_alt()

    def _say_alt(self) -> None:
        needed = self.needs_alt and self._overlay is None  # behind an overlay the keycaps of the page rest
        if needed != self._said_alt:
            self._said_alt = needed
            self.alt_needed.emit(needed)

    def _pressed(self, watched: QObject, event: QKeyEvent) -> bool:
        mark = (shiboken6.getCppPointer(event)[0], event.key())
        if watched is self._window and self._seen == mark:
            self._seen = None  # the focus widget did not want it and Qt passes it up: we looked at it already
            return False
        self._seen = mark
        if self._composing or QApplication.activePopupWidget() or QApplication.activeModalWidget():
            return False
        if self._overlay is not None:
            return self._call(self._overlay, name_of(event), event.isAutoRepeat())
        return self._scan(event) if self._scans else self._hand(event)

    # hands

    def _hand(self, event: QKeyEvent) -> bool:
        """Act at once; only the tail of a burst, which no hand can type, is thrown away."""
        if event.timestamp() and not self.in_field and not event.isAutoRepeat():
            at_s = event.timestamp() / 1000
            if _prints(event):
                self._burst.add(event.text(), at_s)
                if len(self._burst) > 1:
                    return True
            elif _closes(event) and self._burst.is_code(at_s):
                self._burst.clear()
                return True
        return self._act(name_of(event), event.isAutoRepeat())

    def _act(self, name: str, is_repeat: bool = False) -> bool:
        """Call what this name stands for; in a field a bare character is text and Alt makes it a key."""
        if self._call(self._above, name, is_repeat):
            return True
        if is_single(name):
            if self.needs_alt:
                return False
        elif name.startswith("Alt+") and is_single(name[4:]) and name not in self._page:
            name = name[4:]
        elif self.in_field and _belongs_to_field(name):
            return False
        if name in ("Enter", "Space") and isinstance(self._focus, QAbstractButton):
            self._focus.click()  # whoever went to a button with Tab means that button
            return True
        is_ours = self._call(self._page, name, is_repeat) or self._call(self._shared, name, is_repeat)
        if is_ours:
            self.acted.emit(name)
        return is_ours

    def _call(self, table: dict[str, Key], name: str, is_repeat: bool) -> bool:
        key = table.get(name)
        if key is None or (key.when is not None and not key.when()):
            return False
        if key.repeats or not is_repeat:
            key.call()
        return True

    # scanners

    def _scan(self, event: QKeyEvent) -> bool:
        """Hold printable keys until it is clear who typed them; in a field let them in and take them out."""
        at_s = event.timestamp() / 1000 if event.timestamp() else self._clock_s()
        name = name_of(event)
        if _prints(event) and not event.isAutoRepeat():
            if not self._burst.continues(at_s):
                self._flush()
                self._typed = TypedText.of(self._focus) if self.in_field else None
            self._burst.add(event.text(), at_s)
            self._held.append(name)
            self._hold.start(HOLD_MS)
            return not self.in_field
        if _closes(event) and self._burst.is_code(at_s):
            code = self._burst.text
            if self._typed is not None:
                self._typed.restore()
            self._forget()
            self.scanned.emit(code)
            return True
        self._flush()
        return self._act(name, event.isAutoRepeat())

    def _look_again(self) -> None:
        # After a stall the rest of a burst may stand in the queue behind this timer: let it come first.
        QTimer.singleShot(0, self, self._settle)

    def _settle(self) -> None:
        if not self._hold.isActive():
            self._flush()

    def _flush(self) -> None:
        """Nobody scans: give what was held to the keys, unless it is too long for a hand."""
        held = [] if self._burst.is_long else self._held
        self._forget()
        for name in held:
            self._act(name)

    def _forget(self) -> None:
        self._hold.stop()
        self._burst.clear()
        self._held = []
        self._typed = None


def _prints(event: QKeyEvent) -> bool:
    text = event.text()
    with_command = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    return len(text) == 1 and text.isprintable() and not event.modifiers() & with_command


def _closes(event: QKeyEvent) -> bool:
    return event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab)


def _belongs_to_field(name: str) -> bool:
    """Whether a named key edits or leaves the text: Enter, arrows, Tab; not Esc, F1 or Ctrl+K."""
    if name == "Esc" or (name[0:1] == "F" and name[1:].isdigit()):
        return False
    return name in _EDITING or not name.startswith(("Ctrl+", "Alt+"))
