"""A desk without a screen: offscreen, 1920 x 1080, the bundled font, the light theme, Chinese."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


def _offscreen() -> str:
    """The platform with a screen of a real size; its own default is 800 x 800."""
    screen = {"name": "A", "x": 0, "y": 0, "width": 1920, "height": 1080}
    screen |= {"logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}
    config = {"synchronousWindowSystemEvents": False, "windowFrameMargins": True, "screens": [screen]}
    file = Path(tempfile.mkdtemp(prefix="docket-screen-")) / "offscreen.json"
    file.write_text(json.dumps(config), encoding="utf-8")
    return f"offscreen:configfile={file}"


os.environ["QT_SCALE_FACTOR"] = "1"  # pixels are counted; scaled screens have a test that starts its own desk
if os.environ.get("QT_QPA_PLATFORM", "offscreen") == "offscreen":
    os.environ["QT_QPA_PLATFORM"] = _offscreen()

pytest.importorskip("PySide6.QtWidgets", reason="the desk needs PySide6")


@pytest.fixture(scope="session")
def qapp(qapp_args, qapp_cls, pytestconfig):
    """The application as the desk starts it."""
    from PySide6.QtWidgets import QApplication

    from widgets import fonts, theme

    app = QApplication.instance() or qapp_cls(qapp_args)
    app.setApplicationName("docket-test")
    app.setCursorFlashTime(0)
    # As the desk does; else the last window of one test ends the loop of the next.
    app.setQuitOnLastWindowClosed(False)
    fonts.install(app)
    theme.apply(app, "light")
    return app


@pytest.fixture(autouse=True)
def _looks_as_at_start(qapp):
    """Every test starts light, cosy and Chinese, whatever the one before it did."""
    from PySide6.QtCore import QCoreApplication, QEvent

    from widgets import theme, words

    yield
    if (theme.current(), words.language()) == (theme.Theme("light"), "zh_CN"):
        return
    # Windows that are closed would all be dressed anew.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    if theme.current() != theme.Theme("light"):
        theme.apply(qapp, "light")
    if words.language() != "zh_CN":
        words.set_language("zh_CN")


@pytest.fixture(autouse=True, scope="module")
def no_rubbish() -> Iterator[None]:
    """Let go of what the windows of a file left in cycles: another thread must never be who deletes it."""
    yield
    gc.collect()


@pytest.fixture
def aio(qapp):
    """Run coroutines on a Qt event loop; an error nobody awaited fails the test."""
    import qasync

    loop = qasync.QEventLoop(qapp)
    asyncio.set_event_loop(loop)
    errors = []
    loop.set_exception_handler(lambda _, context: errors.append(context))

    def run(coro, timeout_s=5.0):
        return loop.run_until_complete(asyncio.wait_for(coro, timeout_s))

    yield run
    pending = [task for task in asyncio.all_tasks(loop) if not task.done()]
    for task in pending:
        task.cancel()
    if pending:
        loop.run_until_complete(asyncio.gather(*pending, return_exceptions=True))
    loop.close()
    asyncio.set_event_loop(None)
    gc.collect()
    assert not errors, errors


@pytest.fixture
def shown(qtbot):
    """Put parts into an active window, so that focus is real; the window lives as long as the test."""
    from PySide6.QtWidgets import QVBoxLayout, QWidget

    windows = []

    def show(*parts):
        window = QWidget()
        windows.append(window)
        column = QVBoxLayout(window)
        for part in parts:
            column.addWidget(part)
        qtbot.addWidget(window)
        with qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        return window

    return show
