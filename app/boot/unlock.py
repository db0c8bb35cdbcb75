"""The passphrase page: the window asks for it before any file of the desk is opened."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

import qasync
from PySide6.QtWidgets import QApplication

from app.boot.phrase import PhraseKeys
from app.lanes import Lane
from app.presenters.passphrase import Passphrase
from widgets.aio import Tasks
from widgets.pages.passphrase import PassphrasePage
from widgets.shell import Shell

Keyring = Mapping[str, bytes]


def unlock(app: QApplication, shell: Shell, home: Path) -> Keyring | None:
    """Return the keys of the desk in `home`; None when the window is closed instead."""
    app.setQuitOnLastWindowClosed(False)  # the loop ends with an answer, also with this one
    with qasync.QEventLoop(app) as events:
        keys: Keyring | None = events.run_until_complete(asked(shell, home))
    return keys


async def asked(shell: Shell, home: Path) -> Keyring | None:
    """Put the page in front until the right words are typed, or the window goes."""
    answer: asyncio.Future[Keyring | None] = asyncio.get_running_loop().create_future()

    def told(keys: Keyring | None = None) -> None:
        if not answer.done():
            answer.set_result(keys)

    lane, tasks = Lane("passphrase"), Tasks()
    presenter = Passphrase(PhraseKeys(home), lane, told)
    shell.add_page("passphrase", lambda: PassphrasePage(presenter, tasks))
    closed = shell.closing.connect(told)
    shell.go("passphrase")
    try:
        return await answer
    finally:
        shell.closing.disconnect(closed)
        await tasks.cancel_all()
        lane.close()
