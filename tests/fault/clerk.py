"""A desk without a window, as a process of its own: somebody signs in, works, and is killed at any moment.

Words on its line: `work`, `rest`, `pace S` (something every S seconds), `status`, `do N` (N commands at
once), `die N` (the same, then SIGKILL before anything else happens), `own` (sign what one has changed
oneself). Who works loses the line now and then and goes on without; who rests is on the line. Every promise
is written to `promised.jsonl`, durably, after `submit` returned, with what a buyer was told and what stands
on a paper; every answer of the hub to `answers.jsonl` before the desk notes it.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import sys
import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from io import TextIOWrapper
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, cast

import bugs
from allrounder import Allrounder
from papers import ANSWERS, PROMISED
from promising import promise

import resources
import sync.replica.clock
import sync.replica.link
import sync.replica.outbox
import sync.replica.seated
import sync.replica.store
from app.command import Command
from app.domain.gazetteer import Gazetteer
from app.lanes import Lane
from app.ports import Changes, Login
from app.trouble import Trouble
from sync.replica.link import Link
from sync.replica.loop import Loop
from sync.replica.store import Store
from sync.replica.views import Views
from sync.signing import Signer
from sync.wire import Answer, Push

PASSWORD = "docket-demo"  # noqa: S105 - public: the demo company's
PACE_S = 0.15
SIGN_IN_AGAIN_S = 0.2
ON_LINE_S, AWAY_S = 60.0, (1.0, 12.0)
"""How long somebody who works has the line, on average, and how long they then go on without."""
NOBODY = "http://127.0.0.1:9"
"""Where no hub is."""
GAZETTEER = Gazetteer.from_bytes(resources.read("geo", "regions.json.gz"))
"""Read before desks are born: each of them has it."""


class Paper:
    """Lines that survive whatever happens to the process."""

    def __init__(self, path: Path) -> None:
        self._file: TextIOWrapper = path.open("a", encoding="utf-8")

    def write(self, **facts: Any) -> None:
        """Append one line; when this returns it is on disk."""
        self._file.write(json.dumps(facts) + "\n")
        self._file.flush()
        os.fsync(self._file.fileno())


class WitnessedStore(Store):
    """A store whose answers are written down by somebody else first."""

    paper: Paper

    def answered(self, answers: Sequence[Answer], asked: Push | None = None) -> Changes:
        """Write down what the hub said, then take it in."""
        replica = self.outbox.meta("replica")
        if asked is None or self._still_asks(asked):
            for one in answers:
                self.paper.write(replica=replica, n=one.n, status=one.status, seq=one.seq)
        return super().answered(answers, asked)


class Desk:
    """Store, line and loops, put together as the real desk does."""

    def __init__(self, home: Path, url: str, user: str, seed: int) -> None:
        self._lane = Lane("store")
        self.store = WitnessedStore(home, gazetteer=lambda: GAZETTEER)
        self.store.paper = Paper(home / ANSWERS)
        self._promised = Paper(home / PROMISED)
        self.views = Views(self.store, gazetteer=lambda: GAZETTEER)
        self._away_until_s = 0.0
        self._link = Link(
            url=lambda: NOBODY if self.is_away else url,
            store=self.store,
            on_store=self._lane.call,
            device=f"pc-{home.name}",
            signer=Signer(hashlib.sha256(home.name.encode()).digest()),
            tell=lambda _changes: None,
        )
        self._loop = Loop(
            store=self.store,
            link=self._link,
            on_store=self._lane.call,
            tell=lambda _changes: None,
            wait_s=2,
            first_wait_s=0.05,
            last_wait_s=0.3,
        )
        self._user, self._seed = user, seed
        self.clerk: Allrounder | None = None

    def open(self) -> None:
        """Sign in, however often it takes, and let the loops run."""
        self._loop.start()
        self._sit_down()

    def stay(self) -> None:
        """Sign in again where the hub knows nobody here any more, as a person would who reads so."""
        if not self._link.is_signed_in:
            self._sit_down()

    def _sit_down(self) -> None:
        login: Login | None = None
        while login is None:
            try:
                login = self._link.sign_in(self._user, PASSWORD)
            except Trouble as trouble:
                if not trouble.retry and trouble.code != "never_here":
                    raise
                threading.Event().wait(SIGN_IN_AGAIN_S)
        self.clerk = Allrounder(
            self.views,
            login,
            random.Random(self._seed),  # noqa: S311 - dice
            f"{self._user}{self._seed}-",
            fresh_id=self.store.fresh_id,
            is_level=lambda: not self.is_away and not self.store.waiting.count,
        )

    @property
    def is_away(self) -> bool:
        """The line is lost for a while."""
        return time.monotonic() < self._away_until_s

    def work(self, pace_s: float) -> None:
        """Do one thing, with a line or without."""
        if self.clerk is not None and not self.is_away and self.clerk.rng.random() < pace_s / ON_LINE_S:
            self._away_until_s = time.monotonic() + self.clerk.rng.uniform(*AWAY_S)
        self.act()

    def come_back(self) -> None:
        """Have the line again."""
        self._away_until_s = 0.0

    def act(self) -> bool:
        """Do one thing a person would do; tell whether it was promised."""
        clerk = self.clerk
        command = clerk.next() if clerk is not None and self.store.mark.epoch else None
        return clerk is not None and command is not None and self._submit(clerk.login, command)

    def sign_own_work(self) -> int:
        """Try what nobody may: tell how often the desk let it through."""
        if self.clerk is None:
            return 0
        return sum(self._submit(self.clerk.login, command) for command in self.clerk.own_work())

    def _submit(self, login: Login, command: Command) -> bool:
        promised = self._lane.call(lambda: promise(self.store, login, command))
        if promised:
            self._promised.write(**promised)
        return bool(promised)

    def status(self) -> dict[str, Any]:
        """Tell how far this desk has come."""
        mark, link = self.store.mark, self._link.link()
        return {
            "waiting": self.store.waiting.count,
            "cursor": mark.cursor,
            "head": mark.head,
            "is_ready": bool(mark.epoch) and self.store.sent_to == mark.epoch and self.clerk is not None,
            "note": link.note.message if link.note else "",
        }


def set_wall_clock(by: timedelta) -> None:
    """Let the desk believe that it is earlier or later.

    Source: sync.md section 16, item 7.
    """

    class Wrong(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Wrong:
            return cast("Wrong", datetime.now(tz or UTC) + by)

    vars(sync.replica.clock)["datetime"] = Wrong


def live(home: Path, url: str, user: str, seed: int, hours: int, bug: str, line: Connection) -> None:
    """Work until told to stop, or killed. `hours`: how wrong the clock of this PC is."""
    with (home / "desk.log").open("ab", buffering=0) as log:
        os.dup2(log.fileno(), sys.stderr.fileno())
    if bug:
        bugs.put_in(bug)
    if hours:
        set_wall_clock(timedelta(hours=hours))
    desk = Desk(home, url, user, seed)
    desk.open()
    _serve(desk, line)


def _serve(desk: Desk, line: Connection) -> None:
    is_working, pace_s = False, PACE_S
    while True:
        desk.stay()  # also when somebody asks without a pause
        if not line.poll(pace_s):
            if is_working:
                desk.work(pace_s)
            continue
        try:
            word, _, number = line.recv().partition(" ")
        except EOFError:
            os._exit(0)  # nobody is left to work for
        is_working = word == "work" or (is_working and word != "rest")
        pace_s = float(number) if word == "pace" else pace_s
        _obey(desk, line, word, number)


def _obey(desk: Desk, line: Connection, word: str, number: str) -> None:
    if word == "rest":
        desk.come_back()
    if word == "lease_nothing" and desk.clerk is not None:
        desk.clerk.takes_leases = False
        line.send({})
    if word == "do":
        line.send({"done": _promise(desk, int(number))})
    if word == "own":
        line.send({"done": desk.sign_own_work()})
    if word == "die":
        while not _promise(desk, int(number)):
            threading.Event().wait(PACE_S)
        os.kill(os.getpid(), signal.SIGKILL)
    if word == "status":
        line.send(desk.status())


def _promise(desk: Desk, count: int) -> int:
    """Act until `count` commands are promised, or nothing helps; return how many are."""
    done = 0
    for _ in range(count * 20):
        done += desk.act()
        if done == count:
            break
    return done
