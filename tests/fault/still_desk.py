"""A desk in virtual time: the real store, link and loops; its disk fails, tears and is copied on demand."""

from __future__ import annotations

import hashlib
import random
import shutil
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
from choices import Clerk
from elders import NEWEST, as_written
from papers import Papers
from still_disk import Disk, DiskPlan
from still_line import Adapter, Line
from turns import Bell, Gone, Hand, TurnLock, Turns

from app.command import Command
from app.domain.gazetteer import Gazetteer
from app.domain.scopes import Reach
from app.ports import Changes, Login
from app.trouble import Trouble
from sync.replica.clock import HubClock
from sync.replica.entries import Entry, entries
from sync.replica.link import Link
from sync.replica.loop import Loop
from sync.replica.slices import Slice
from sync.replica.store import Store
from sync.replica.views import Views
from sync.signing import Signer
from sync.transport import Transport
from sync.wire import SCHEMA, Answer, Push

PASSWORD = "docket-demo"  # noqa: S105 - public: the demo company's
PACE_S = 1.5
IDLE_S = 2.0
"""How often somebody who has nothing to do looks at the screen."""
WAIT_S = 10
URL = "http://127.0.0.1:1"
IMAGES = 3


class WitnessedStore(Store):
    """A store that tells the papers what the hub said, and watches that it only goes forward."""

    papers: Papers
    is_whole = False
    """The last page was taken in to its end, and nothing is on its way to a wider reach."""

    def seat(self, reach: Reach) -> Changes:
        """Sit somebody down; what an older replica of theirs holds may end in the middle of a page."""
        self.is_whole = False
        return super().seat(reach)

    def become(self, reach: Reach) -> Changes:
        """Hold what a person may hold; nothing is whole before the next page."""
        self.is_whole = False
        return super().become(reach)

    def adopt(self, ready: Path | None, epoch: str = "") -> Changes:
        """Begin with other rows; what is new since comes with the next page."""
        self.is_whole = False
        return super().adopt(ready, epoch)

    def answered(self, answers: Sequence[Answer], asked: Push | None = None) -> Changes:
        """Write down what the hub said, then take it in."""
        replica, life = self.outbox.meta("replica"), asked.epoch if asked is not None else ""
        if asked is None or self._still_asks(asked):
            for one in answers:
                self.papers.answered(replica, one.n, one.status, one.seq, life)
        return super().answered(answers, asked)

    def apply(self, part: Slice) -> Changes:
        """Take a slice in; the cursor never goes back. Source: sync.md section 15, I10."""
        was, waits = self.mark, self._kept
        told = super().apply(part)
        now = self.mark
        self.is_whole = part.page is not None and now.had is None and not now.lacks_own
        is_ours = was.counted in ("", now.counted)
        back = now.cursor < was.cursor or (is_ours and now.last_n < was.last_n and part.page is not None)
        if back and (now.epoch == was.epoch or not was.epoch):
            self.papers.note("I10", f"from {was.cursor}/{was.last_n} to {now.cursor}/{now.last_n}")
        ahead = [one.n for one in waits if one.n <= now.last_n and one.seq > now.cursor]
        if ahead and now.epoch == self.sent_to:  # it would vanish from the screen before its rows are here
            self.papers.note("I9", f"{ahead} are not in the rows at {now.cursor}, last_n {now.last_n}")
        return told


class StillLink(Link):
    """A link whose sessions speak over a simulated line."""

    line: Line
    schema: int

    def connect(self) -> Transport:
        """Open a session; what is pushed names the version of the wire this program speaks."""
        transport = super().connect()
        push = transport.push
        transport.push = lambda asked: push(msgspec.structs.replace(asked, schema=self.schema))  # type: ignore[method-assign]
        transport.break_off = lambda: None  # type: ignore[method-assign] # its cut keeps the real clock's time
        adapter = Adapter(self.line)
        transport._session.mount("http://", adapter)
        transport._session.mount("https://", adapter)
        return transport


@dataclass(eq=False)
class StillDesk:
    """One PC: its folder outlives every life of the program on it."""

    turns: Turns
    folder: Path
    user: str
    rng: random.Random
    line: Line
    gazetteer: Gazetteer | None
    papers: Papers
    tell: Callable[[str], None]
    device: str = ""
    skew: timedelta = timedelta(0)
    is_up: bool = False
    is_working: bool = True
    pace_s: float = PACE_S
    rev: int = NEWEST
    """Of which revision the program on this PC is, see `elders`."""
    schema: int = SCHEMA
    old_words: int = 0
    """Commands it promised in the words of an earlier revision."""
    lives: int = 0
    plan: DiskPlan = field(default_factory=DiskPlan)
    hits: int = 0
    """Faults of the disk in former lives."""
    images: list[tuple[str, bytes]] = field(default_factory=list)
    errands: list[Command] = field(default_factory=list)
    on_death: Callable[[StillDesk], None] = lambda _desk: None

    def __post_init__(self) -> None:
        self.device = self.device or f"pc-{self.folder.name}"
        self._hands: list[Hand] = []
        self._store: WitnessedStore | None = None
        self._views: Views | None = None
        self.login: Login | None = None
        self._to_do = Bell(self.turns)

    # --- a life -------------------------------------------------------------------------------------

    def boot(self) -> None:
        """Switch it on."""
        self.lives += 1
        self.is_up, self.login = True, None
        self.hits += self.plan.hits
        self.plan = Disk.plans[str(self.folder)] = DiskPlan()
        try:
            self._open()
        except Gone:  # power is cut while the files are being opened
            self.die()

    def _open(self) -> None:
        store = self._store = WitnessedStore(self.folder, gazetteer=lambda: self.gazetteer)
        store.papers = self.papers
        store.outbox.add = partial(self._keep, store.outbox.add)  # type: ignore[method-assign]
        turns = self.turns
        store.clock = HubClock(*store.outbox.last_time(), lambda: turns.now_s, self.wall)
        self._views = Views(store, gazetteer=lambda: self.gazetteer)
        link = self._link = StillLink(
            url=lambda: URL,
            store=store,
            on_store=_at_once,
            device=self.device,
            signer=Signer(hashlib.sha256(self.device.encode()).digest()),
            tell=lambda _changes: None,
            tick=lambda: turns.now_s,
        )
        link.line, link.schema = self.line, self.schema
        link._renewing = TurnLock(turns)  # type: ignore[assignment]
        loop = self.loop = Loop(
            store=store, link=link, on_store=_at_once, tell=lambda _changes: None, wait_s=WAIT_S
        )
        loop._stopping = Bell(turns)  # type: ignore[assignment]
        for lane in loop.lanes.values():
            lane.wake = Bell(turns)  # type: ignore[assignment]
        name = self.folder.name
        lanes = (("push", loop.push_once), ("pull", loop.pull_once))
        self._hands = [
            turns.start(
                f"{name}/{lane}", lambda lane=lane, step=step: self._live(lambda: loop._run(lane, step))
            )
            for lane, step in lanes
        ]
        self._hands.append(turns.start(f"{name}/clerk", lambda: self._live(self._work), 0.01))

    def _keep(self, add: Callable[..., int], entry: Entry, sides: bytes | None = None) -> int:
        old = as_written(entry, self.rev)
        n = add(old, sides)
        self.old_words += old is not entry
        return n

    def sit_down(self, user: str) -> None:
        """Let another person work here; the rows of the one before are put aside, the outbox waits."""
        self.user = user
        if self.is_up:
            self._link.sign_out()
            self._hands[-1].wake()

    def update(self) -> None:
        """Put the newest program on this PC, with its files as they are; only while it is off."""
        self.rev, self.schema = NEWEST, SCHEMA

    def _live(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Gone:
            self.turns.after(0.0, self.die)

    @property
    def has_no_power(self) -> bool:
        """Power went with the last statement, and the machine has not noticed yet."""
        return self.plan.kind == "dead"

    def die(self) -> None:
        """Lose power: what was committed stays."""
        if not self.is_up:
            return
        self.is_up = False
        for hand in self._hands:
            hand.end()
        if self.plan.kind not in {"", "dead"}:
            self.plan.kind = ""
        for one in (self._views, self._store and self._store._db, self._store and self._store.outbox):
            if one is not None:
                Disk.plans.pop(str(self.folder), None)
                one.close()
        self._store = self._views = None
        self.on_death(self)

    # --- its files ----------------------------------------------------------------------------------

    @property
    def store(self) -> WitnessedStore:
        """Return the store of the present life."""
        if self._store is None:
            raise RuntimeError(f"{self.folder.name} is off")
        return self._store

    def whole_disk(self) -> list[tuple[str, bytes]]:
        """Return every database on this disk as it is now; nothing while something is being written."""
        store = self.store
        open_ = {"work.db": store.outbox._db, store.path.name: store._db}
        if any(db.in_transaction for db in open_.values()):
            return []
        aside = [path for path in sorted(self.folder.glob("replica-*.db")) if path.name not in open_]
        return [(name, db.serialize()) for name, db in open_.items()] + [
            (path.name, path.read_bytes()) for path in aside
        ]

    def keep_image(self) -> None:
        """Remember the replica as it is on disk now: a power cut may bring it back."""
        db = self.store._db
        if not db.in_transaction:
            self.images = [*self.images[-IMAGES + 1 :], (self.store.path.name, db.serialize())]

    def roll_back(self, name: str, image: bytes) -> None:
        """Put an older state of a file in its place; only while it is off."""
        path = self.folder / name
        if path.exists():
            for side in ("-wal", "-shm"):
                path.with_name(name + side).unlink(missing_ok=True)
            path.write_bytes(image)

    def copy_files(self, to: Path) -> None:
        """Copy the folder, as a cloned machine has it; only while it is off."""
        shutil.copytree(self.folder, to)

    def wall(self) -> datetime:
        """Return what this PC's own clock says."""
        return self.turns.now() + self.skew

    # --- the person ---------------------------------------------------------------------------------

    def _work(self) -> None:
        self._sign_in()
        if self._views is None or self.login is None:
            return
        clerk = Clerk(self._views, self.login, self.rng, f"{self.folder.name}-{self.lives}-")
        while True:
            if not self._link.is_signed_in:
                self._sign_in()
                clerk.login = self.login
            if self.errands:
                self._run_errand()
                continue
            self.turns.rest(self.rng.expovariate(1 / self.pace_s) if self.is_working else IDLE_S)
            if self.is_working and self.store.mark.epoch:
                self._act(clerk)

    def _sign_in(self) -> None:
        self.login = None
        while self.login is None:
            user = self.user
            try:
                login = self._link.sign_in(user, PASSWORD)
                if user == self.user:  # else somebody else sat down meanwhile
                    self.login = login
            except Trouble as trouble:
                self.tell(f"cannot sign in: {trouble.code}")
                self.turns.rest(self.rng.uniform(0.2, 2.0))
            except sqlite3.Error:
                self.turns.rest(1.0)

    def _act(self, clerk: Clerk) -> None:
        try:
            command = clerk.next()
            if command is not None:
                self.submit(command)
        except (Trouble, sqlite3.Error) as trouble:
            self.tell(f"not promised: {trouble}")

    def give(self, command: Command) -> None:
        """Have one thing done, by a person who looks whether it was, and does it again if not."""
        self.errands.append(command)
        if self._hands:
            self._hands[-1].wake()

    def _run_errand(self) -> None:
        command, outbox = self.errands[0], self.store.outbox
        try:
            args = msgspec.json.encode(command)
            kept = list(entries(outbox._db, "args = ? ORDER BY n", (args,)))
            if kept:  # it was kept, although the screen could not say so
                self.papers.promised(outbox.meta("replica"), kept[0].n, kept[0].id, kept[0].name)
            elif not self.submit(command):
                self.papers.note("refused", type(command).__name__)
            self.errands.pop(0)
        except (Trouble, sqlite3.Error) as trouble:
            self.tell(f"not promised: {trouble}")
            self.turns.rest(1.0)

    def submit(self, command: Command) -> int:
        """Ask for something; what the desk promises goes on paper."""
        store, login = self.store, self.login
        if login is None:
            raise RuntimeError("nobody has signed in")
        submitted = store.submit(command, login, "", None)
        if submitted.n:
            kept = next(entries(store.outbox._db, "n = ?", (submitted.n,)), None)
            name, cmd_id = (kept.name, kept.id) if kept is not None else (type(command).__name__, "nowhere")
            self.papers.promised(store.outbox.meta("replica"), submitted.n, cmd_id, name)
            self.tell(f"promises {submitted.n} {name}")
        return submitted.n

    def is_level(self, life: str, head: int) -> bool:
        """Tell whether nothing waits, or will have to, and the cursor is at the head of this life."""
        if not self.is_up or self._store is None or self.login is None:
            return False
        store = self._store
        at = (store.sent_to, store.mark.epoch, store.mark.cursor)
        return not store.waiting.count and at == (life, life, head)


def _at_once(work: Callable[[], Any]) -> Any:
    return work()
