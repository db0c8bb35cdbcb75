"""Practice as the live desk sees it: a program of its own that it starts, hears, and takes results from."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec

from app.boot.fence import ENVIRONMENT
from app.boot.practice_files import FOLDER, FRONT, Results, keep_decks, write_words
from app.commands.note_attempt import NoteAttempt
from app.desk import Desk
from app.domain.attempt import Beat
from app.domain.deck import OwnDeck
from app.ports import Views
from app.text import N_
from app.training.own_words import own_briefs
from app.training.playing import Done, Here, Told
from app.trouble import Trouble
from widgets.aio import Tasks
from widgets.bridge import Bridge
from widgets.keys import Key
from widgets.pages.sign_in import SignInPage
from widgets.preferences import looks
from widgets.shell import Shell
from widgets.words import tr

Decks = Callable[[], Awaitable[Sequence[OwnDeck]]]
LINE_MOST: Final = 20_000
KEY, NAME = "F12", N_("Practice")
SETTLED: Final = frozenset({"unchanged", "bad_attempt"})
"""Refusals after which nothing more comes of an attempt."""
_line = msgspec.json.Decoder(Told)


class Practising:
    """Opens practice with F12, and gives the hub what its person did there; at most one runs."""

    def __init__(
        self, shell: Shell, desk: Desk, tasks: Tasks, bridge: Bridge, home: Path, decks: Decks
    ) -> None:
        self._shell, self._desk, self._tasks, self._bridge = shell, desk, tasks, bridge
        self._decks = decks
        self.home = home / FOLDER
        self.results = Results(self.home)
        self.process: subprocess.Popen[bytes] | None = None
        self._taken_for = ""
        shell.more_keys = lambda: (Key(KEY, tr(NAME), self.open),)
        shell.went.connect(lambda _code: self._went())
        bridge.changed.connect(self._heard)

    @property
    def is_open(self) -> bool:
        """Somebody practises."""
        return self.process is not None and self.process.poll() is None

    def open(self) -> None:
        """Begin to practise, or bring practice to the front; this desk stays as it is."""
        if self.is_open and self.process is not None and self.process.stdin is not None:
            try:
                self.process.stdin.write(f"{FRONT}\n".encode())
                self.process.stdin.flush()
            except OSError:  # it has just ended
                return
            return
        self._tasks.once("practice/open", self._begin)

    async def _begin(self) -> None:
        keep_decks(self.home, await self._decks())
        if self._desk.is_signed_in:
            write_words(self.home, own_briefs((await self._desk.look(Views.refs)).hints))
        self._start()

    def _start(self) -> None:
        self.process = subprocess.Popen(
            self.command(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment(self.home),
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        threading.Thread(target=self._follow, args=(self.process,), name="practice", daemon=True).start()

    def command(self) -> list[str]:
        """Return how practice is started for whoever sits here, with the looks of this desk."""
        chosen = [part for name, value in looks().items() for part in (f"--{name}", value)]
        where = ["--home", str(self.home), "--learner", self._learner()]
        return [sys.executable, "-m", "app", "practice", *where, *chosen]

    def _learner(self) -> str:
        """Return for whom it counts: whoever sits here, or who is about to sign in."""
        if self._desk.is_signed_in:
            return self._desk.login.user.code
        page = self._shell.page
        return page.person() if isinstance(page, SignInPage) else ""

    def _follow(self, process: subprocess.Popen[bytes]) -> None:
        """Hear what practice says, on a thread of its own; a line that is none is left out."""
        if process.stdout is None:
            return
        with process.stdout as said:
            while line := said.readline(LINE_MOST):
                with suppress(msgspec.MsgspecError):
                    self._bridge.tell(_line.decode(line))
        process.wait()
        if process.stdin is not None:
            with suppress(OSError):
                process.stdin.close()

    def _heard(self, news: object) -> None:
        if isinstance(news, Here):
            self._pass_on(news)
        elif isinstance(news, Done):
            self._take()
        elif self._desk.is_signed_in and self._desk.login.login_id != self._taken_for:
            self._taken_for = self._desk.login.login_id
            self._take()

    def _pass_on(self, here: Here) -> None:
        if self._desk.is_signed_in and here.learner == self._desk.login.user.code:
            self._tasks.latest("practice/beat", lambda: self._beat(here.beat))

    async def _beat(self, beat: Beat) -> None:
        """Tell the hub where the person of this desk is; it is news only while it is fresh."""
        with suppress(Trouble):
            await self._desk.ask_hub(lambda hub: hub.practising(beat))

    def _take(self) -> None:
        if self._desk.is_signed_in:
            self._tasks.latest("practice/take", self.take)

    async def take(self) -> None:
        """Give the hub what the person at this desk has finished; the outbox keeps it while there is none."""
        login = self._desk.login
        for done in tuple(self.results.waiting(login.user.code)):
            if self._desk.is_signed_in and self._desk.login is login:
                refusal = (await self._desk.submit(noted(done))).refusal
                if refusal is None or refusal.code in SETTLED:
                    self.results.taken(done)

    def _went(self) -> None:
        page = self._shell.page
        if isinstance(page, SignInPage) and page.on_practice is None:
            page.on_practice = self.open
            page.show_ways()


def noted(done: Done) -> NoteAttempt:
    """Say it as the hub hears it."""
    return NoteAttempt(
        id=done.id,
        user=done.learner,
        lesson=done.lesson,
        lesson_version=done.version,
        mode=done.mode,
        passed=done.passed,
        seconds=done.seconds,
        faults=done.faults,
        helps=done.helps,
        language=done.language,
    )


def environment(home: Path) -> dict[str, str]:
    """Return what practice may know of this program's surroundings: nothing that leads to a live hub."""
    kept = {name: value for name, value in os.environ.items() if name not in ENVIRONMENT}
    return kept | {"DOCKET_HOME": str(home)}
