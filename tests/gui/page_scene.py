"""One page of the desk in its window, over a fake desk: press what a person presses, then look."""

from __future__ import annotations

import asyncio
import itertools

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from widgets.aio import Tasks
from widgets.page import Page
from widgets.shell import Shell

ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
ROUNDS = 2000


class InboxStub(Page):
    """Where the person came from."""

    code = "inbox"

    def title(self):
        return "Inbox"


class Scene:
    """A shell with one page in front; `went` lists where the page led."""

    def __init__(self, qtbot, aio, make, code, args=None):
        self.aio, self.tasks, self.went, self.now_s = aio, Tasks(), [], 0.0
        self.shell = Shell(clock_s=lambda: self.now_s)
        self.shell.use_search(self.tasks, _nothing)
        self.shell.add_page("inbox", InboxStub)
        self.shell.add_page(code, lambda: make(self.tasks, self._go))
        qtbot.addWidget(self.shell)
        with qtbot.waitActive(self.shell):
            self.shell.show()
            self.shell.activateWindow()
        self.do(lambda: self.shell.go("inbox"))
        self.do(lambda: self.shell.go(code, args))
        self.do(self.page.focus_first)

    @property
    def page(self):
        return self.shell.page

    def _go(self, place, /, **args):
        self.went.append((place, args))

    def do(self, act):
        """Do something as Qt would call it, and let everything it starts come to rest."""

        async def acted():
            act()
            await self._rest()

        self.aio(acted())

    def press(self, key, modifier=Qt.KeyboardModifier.NoModifier, times=1):
        """Press a key where the focus is."""
        for _ in range(times):
            self.do(lambda: QTest.keyClick(QApplication.focusWidget() or self.shell, key, modifier))

    def type(self, text):
        """Type into the field with the focus."""
        field = QApplication.focusWidget()
        assert field is not None, "nothing has the focus"
        self.do(lambda: QTest.keyClicks(field, text))

    def scan(self, code, from_ms):
        """A keyboard wedge: keys 5 ms apart, closed by Enter, wherever the focus is."""

        def wedge():
            for n, character in enumerate(code):
                _send(Qt.Key(ord(character.upper())), character, from_ms + 5 * n)
            _send(Qt.Key.Key_Return, "\r", from_ms + 5 * len(code))

        self.do(wedge)

    def until(self, is_so):
        """Let the window run until something is so."""

        async def waited():
            for _ in itertools.takewhile(lambda _: not is_so(), itertools.count()):
                await asyncio.sleep(0)

        self.aio(waited())

    async def _rest(self):
        for _ in range(ROUNDS):
            await asyncio.sleep(0)
            if not self.tasks._running and not self.tasks._again:
                return
        raise AssertionError(f"still running: {list(self.tasks._running)}")


def _send(key, text, at_ms):
    event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, text)
    event.setTimestamp(at_ms)
    QApplication.sendEvent(QApplication.focusWidget(), event)


async def _nothing(_text):
    return []
