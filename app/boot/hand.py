"""A hand on the keyboard and the mouse, for the tour: it presses what a person would press, and looks."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QInputMethodEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QWidget

from widgets.rows import RowList
from widgets.shell import Shell

PATIENCE_S = 30.0
"""How long something may take on a machine with nothing else to do."""
REST_S = 0.02


class Stuck(RuntimeError):
    """What a person would wait for did not come."""


class Hand:
    """Drives one window by keys and clicks, and keeps numbered pictures of what it shows."""

    def __init__(self, shell: Shell, folder: Path, prefix: str, patience_s: float = PATIENCE_S) -> None:
        self._shell, self._folder, self._prefix = shell, folder, prefix
        self._patience_s = patience_s
        self.pictures: list[str] = []
        folder.mkdir(parents=True, exist_ok=True)

    def at(self, shell: Shell) -> Hand:
        """Return a hand at another window, whose pictures stand among those of this one."""
        other = Hand(shell, self._folder, self._prefix, self._patience_s)
        other.pictures = self.pictures
        return other

    async def until(self, is_so: Callable[[], object], what: str) -> None:
        """Wait until something is seen. Looks count, not the clock, and less of each on a crowded machine.

        Raises:
            Stuck: it was not seen in time.
        """
        left_s = self._patience_s
        while not is_so():
            if left_s <= 0:
                raise Stuck(f"{self._prefix}: waited in vain for {what}")
            await asyncio.sleep(REST_S)
            left_s -= REST_S / crowd()
        await self.rest()

    async def rest(self) -> None:
        """Let the screen come to rest."""
        # Never processEvents here: it would run other coroutines inside this one.
        for _ in range(4):
            await asyncio.sleep(REST_S)

    async def press(self, *keys: str) -> None:
        """Press keys one after the other, each where the focus is: "1", "Ctrl+K", "Enter"."""
        for key in keys:
            name = {"Enter": "Return", "?": "Shift+?"}.get(key, key.replace("Enter", "Return"))
            combination = QKeySequence.fromString(name)[0]  # type: ignore[index]
            target = QApplication.focusWidget() or self._shell
            text = name.lower() if len(name) == 1 else ""
            if text:
                QTest.keyClicks(target, text if key.islower() or not key.isalpha() else key)
            else:
                QTest.keyClick(target, combination.key(), combination.keyboardModifiers())
            await self.rest()

    async def type(self, text: str) -> None:
        """Type into the field that has the focus; Chinese comes as an input method would commit it."""
        target = QApplication.focusWidget() or self._shell
        if text.isascii():
            QTest.keyClicks(target, text)
        else:
            commit = QInputMethodEvent()
            commit.setCommitString(text)
            QApplication.sendEvent(target, commit)
        await self.rest()

    async def filter(self, text: str) -> None:
        """Press `/` and write over what the filter says."""
        if not isinstance(QApplication.focusWidget(), QLineEdit):
            await self.press("/")
        await self.until(lambda: isinstance(QApplication.focusWidget(), QLineEdit), "the filter")
        await self.press("Ctrl+A", "Backspace")
        await self.type(text)

    async def scan(self, code: str) -> None:
        """Let a scanner type a code, closed by Enter, wherever the focus is."""
        target = QApplication.focusWidget() or self._shell
        for character in code:
            QTest.keyClicks(target, character)
        QTest.keyClick(target, Qt.Key.Key_Return)
        await self.rest()

    async def focus(self, name: str) -> None:
        """Click into a field.

        Raises:
            Stuck: it cannot be seen.
        """
        await self.click(name)
        self.look_at(name).setFocus()
        await self.rest()

    def look_at(self, name: str) -> QWidget:
        """Return a visible widget by its object name.

        Raises:
            Stuck: there is none to be seen.
        """
        widget = self.find(name)
        if widget is None:
            raise Stuck(f"{self._prefix}: nothing called {name} can be seen")
        return widget

    async def answer(self, name: str, words: str) -> None:
        """Answer a field: the first of its cards or options, or `words` typed.

        Raises:
            Stuck: it cannot be seen.
        """
        cards = [
            w for w in self._shell.findChildren(QAbstractButton) if w.objectName().startswith(f"{name}/")
        ]
        if cards:
            await self.click(cards[0].objectName())
            return
        self.look_at(name).setFocus()
        await self.rest()
        field = self.look_at(name)
        if not isinstance(field, QComboBox):
            await self.type(words)
            return
        await self.press("Home" if words else "Down")
        for _ in range(field.count()):
            if field.currentText() == words or not words:
                return
            await self.press("Down")

    def list(self, name: str) -> RowList:
        """Return a list of rows by its object name.

        Raises:
            Stuck: there is none to be seen.
        """
        found = self.find(name)
        if not isinstance(found, RowList):
            raise Stuck(f"{self._prefix}: no list called {name} can be seen")
        return found

    async def click(self, name: str) -> None:
        """Click the widget of that object name.

        Raises:
            Stuck: there is none to be seen.
        """
        await self.click_on(self.look_at(name))

    async def click_on(self, widget: QWidget) -> None:
        """Click the middle of a widget."""
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=QPoint(widget.rect().center()))
        await self.rest()

    async def drop(self, files: Sequence[Path]) -> None:
        """Drag files onto the middle of the window and let go."""
        mime, at = QMimeData(), QPointF(self._shell.rect().center())
        mime.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
        copy, button, free = (
            Qt.DropAction.CopyAction,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(self._shell, QDragEnterEvent(at.toPoint(), copy, mime, button, free))
        QApplication.sendEvent(self._shell, QDropEvent(at, copy, mime, button, free))
        await self.rest()

    def find(self, name: str) -> QWidget | None:
        """Return a visible widget by its object name."""
        found = self._shell.findChildren(QWidget, name)
        return next((widget for widget in found if widget.isVisibleTo(self._shell)), None)

    async def picture(self, name: str) -> None:
        """Save what the window shows now."""
        await self.rest()
        file = f"{len(self.pictures) + 1:03d}-{name}.png"
        self._shell.grab().save(str(self._folder / file))
        self.pictures.append(file)


def crowd() -> float:
    """How many programs share one core of this machine, 1 where nobody waits or the system does not say."""
    try:
        return max(os.getloadavg()[0] / (os.cpu_count() or 1), 1.0)
    except (AttributeError, OSError):  # Windows has no such figure
        return 1.0
