"""The program does a step itself, as a hand would: it clicks the button that is meant, or presses the key."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QWidget

from app.training.tours import SCAN, Deed, Mark
from widgets.button import Button
from widgets.words import tr


def show_step(window: QWidget, mark: Mark) -> bool:
    """Do what a mark asks for where it stands on screen; say whether there was anything to do."""
    control = next((one for one in window.findChildren(QWidget, mark.control) if one.isVisible()), None)
    if control is None:
        return False
    buttons = [control, *control.findChildren(Button)]
    meant = [one for one in buttons if isinstance(one, Button) and one.text() == tr(mark.text)]
    if meant and not meant[0].reason():
        meant[0].click()
        return True
    key = next((key for key in mark.keys if key != SCAN), "")
    if not key or mark.deed is Deed.TYPE:
        return False
    _press(QApplication.focusWidget() or window, key)
    return True


def _press(target: QWidget, key: str) -> None:
    combination = QKeySequence.fromString(key.replace("Enter", "Return"))[0]  # type: ignore[index]
    text = key.lower() if len(key) == 1 else ""
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        event = QKeyEvent(kind, combination.key(), combination.keyboardModifiers(), text)
        QApplication.sendEvent(target, event)
