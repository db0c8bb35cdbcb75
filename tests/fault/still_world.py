"""One simulated company: hubs, desks, lines and shops in virtual time, and what may go wrong with them."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from checker import Desk, Verdict, check, replica_differs
from looking import overlay_differs
from papers import Papers
from place import FEED, PEOPLE, SEAL, Shops
from sqlalchemy import select, update
from still_desk import WAIT_S, StillDesk, WitnessedStore
from still_ground import business, gazetteer, ground, hub_engine, morning
from still_hub import WINDOW_S, StillHub
from still_line import Line
from still_outside import StillChannel, all_told, outside_breaks
from still_sabotage import HubDisk
from stillness import START, Stage
from turns import Turns

from app.domain.company import User
from app.domain.values import Role
from sync.hub.database import reading, writing
from sync.hub.finding import Finding
from sync.hub.keeping.restore import begin_life
from sync.hub.witness.witnesses import kept_evidence
from sync.tables import account, command, feed, replica
from sync.wire import SCHEMA

FIRST_ORDERS = 12
ORDERS = 80
REBOOT_S = (0.1, 4.0)
DRAIN_S = 60.0
"""Source: sync.md section 15, I12."""


class World:
    """Everything of one run. `tell` writes its trace."""

    def __init__(
        self,
        seed: int,
        *,
        desks: int = 1,
        hubs: int = 1,
        people: Sequence[User] = PEOPLE,
        file: bytes = b"",
        window_s: float = WINDOW_S,
        is_whole: bool = False,
    ) -> None:
        """`file`: the hub's database to begin with; without one shops send orders to the usual company.

        `is_whole`: hubs hand out work and, some, files, and tell a channel; parcels stand packed.
        """
        self.seed = seed
        self.people, self.window_s, self.is_whole = people, window_s, is_whole
        self.has_files = is_whole and self.dice("files").random() < 0.5
        self.turns = Turns(START)
        self.desks: list[StillDesk] = []
        self.is_healing = False
        Stage.world = self
        self.trace: list[str] = []
        self.findings: list[Finding] = []
        self.forgiven: set[str] = set()
        self.hub_skew = timedelta(0)
        self.hub_disk = HubDisk()
        self.cuts: dict[str, int] = {}
        """Lives that ended with a restore, and the last number of them that lived on."""
        self.thrown_away: set[str] = set()
        """Lives of which nothing lived on: what came after is not made of them."""
        self.hub_hits = 0
        """Faults of hubs that are dead."""
        self.engine = hub_engine()
        self.folder = ground() / "run"
        self.backup: tuple[bytes, int, str] | None = None
        self.channel = StillChannel(self.turns, self.dice("channel"))
        self._fresh_files(file)
        self.shops = Shops(self.engine, business(), seed, self.turns.now, 0 if file else ORDERS)
        self.shops.deliver(FIRST_ORDERS)
        self.hubs: list[StillHub] = [self._new_hub(place) for place in range(hubs)]
        users = [people[i % len(people)].code for i in range(desks)]
        self.desks += [
            self._new_desk(self.folder / f"desk-{place}", user) for place, user in enumerate(users)
        ]

    def _fresh_files(self, file: bytes) -> None:
        self.engine.dispose()
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        usual = morning() if self.is_whole else (ground() / "template.db").read_bytes()
        self._put_hub_file(file or usual)

    def _put_hub_file(self, content: bytes) -> None:
        path = ground() / "hub.db"
        for side in ("-wal", "-shm"):
            path.with_name(path.name + side).unlink(missing_ok=True)
        path.write_bytes(content)

    def dice(self, name: str) -> random.Random:
        """Return dice of one actor, so that what one does more or less does not change the others."""
        return random.Random(f"{self.seed}/{name}")  # noqa: S311 - dice

    def tell(self, what: str) -> None:
        """Write one line of the trace."""
        self.trace.append(f"{self.turns.steps:5d} {self.turns.now_s:9.3f} s  {what}")

    def hub_clock(self) -> datetime:
        """Return what the hub's machine says."""
        return self.turns.now() + self.hub_skew

    # --- hubs ---------------------------------------------------------------------------------------

    def _new_hub(self, place: int) -> StillHub:
        rng = self.dice(f"hub {place} {self.turns.steps}")
        args = (self.turns, self.engine, gazetteer(), self.hub_clock, rng, self.folder)
        return StillHub(
            *args,
            self.channel,
            lambda hub: self._hub_died(place, hub),
            is_whole=self.is_whole,
            has_files=self.has_files,
            window_s=self.window_s,
            disk=self.hub_disk,
        )

    def _hub_died(self, place: int, hub: StillHub) -> None:
        self.tell(f"hub {place} dies")
        self.complaints_of(hub)
        self.hub_hits += hub.sabotage.hits
        wait_s = 0.05 if self.is_healing else hub.rng.uniform(*REBOOT_S)
        self.turns.after(wait_s, lambda: self._revive(place))

    def _revive(self, place: int) -> None:
        if not self.hubs[place].is_up:
            self.hubs[place] = self._new_hub(place)
            self.tell(f"hub {place} is up")

    def up(self) -> list[StillHub]:
        """Return the hubs that answer."""
        return [hub for hub in self.hubs if hub.is_up]

    def complaints_of(self, hub: StillHub) -> None:
        """Keep what a hub could not answer: a 500 is a bug."""
        self.findings += [Finding("log", "hub", said) for said in hub.complaints]
        hub.complaints.clear()

    def protect(self) -> None:
        """Back the database up: what it holds by now is protected."""
        life, head = self._standing()
        self.backup = self._whole_hub_file(), head, life
        self._protect(head)
        self.tell(f"a backup is taken at {head}")

    def _standing(self) -> tuple[str, int]:
        """Return which life of the hub this is, and how far it has come."""
        with reading(self.engine) as db:
            row = db.execute(select(feed.c.epoch, feed.c.head).where(feed.c.feed_id == FEED)).one()
        return row.epoch, row.head

    def _protect(self, head: int) -> None:
        with writing(self.engine) as db:
            db.execute(update(feed).where(feed.c.feed_id == FEED).values(protected_seq=head))

    def _whole_hub_file(self) -> bytes:
        self.engine.dispose()
        db = sqlite3.connect(ground() / "hub.db")
        try:
            return db.serialize()
        finally:
            db.close()

    def restore(self) -> None:
        """Put the backup in the hub's place, under a new epoch."""
        if self.backup is None:
            return
        content, head, life = self.backup
        self.tell(f"the hub is restored to {head}")
        self._forgive_what_nobody_has(head)
        ended, _ = self._standing()
        self.cuts[ended] = head
        if ended != life:
            self.thrown_away.add(ended)
        for hub in self.hubs:
            if hub.is_up:
                hub.die()
        self.engine.dispose()
        self._put_hub_file(content)
        with writing(self.engine) as db:
            begin_life(db, FEED, self.hub_clock(), is_protected=True)

    # --- desks --------------------------------------------------------------------------------------

    def _new_desk(self, folder: Path, user: str) -> StillDesk:
        name = folder.name
        line = Line(
            self.turns, self.dice(f"line {name}"), self.up, tell=lambda what: self.tell(f"{name}: {what}")
        )
        desk = StillDesk(
            self.turns, folder, user, self.dice(f"clerk {name}"), line, gazetteer(), Papers(),
            lambda what: self.tell(f"{name}: {what}"),
        )  # fmt: skip
        desk.on_death = self._desk_died
        self.turns.after(0.0, desk.boot)
        return desk

    def _desk_died(self, desk: StillDesk) -> None:
        self.tell(f"{desk.folder.name}: loses power")
        wait_s = 0.05 if self.is_healing else desk.rng.uniform(*REBOOT_S)
        self.turns.after(wait_s, lambda: None if desk.is_up else desk.boot())

    def look_at(self, desk: StillDesk) -> None:
        """See in the middle of everything what a screen shows: I9 is not only true in the end."""
        store = desk.store
        if store.mark.epoch != self._standing()[0] or not store.is_whole or store._db.in_transaction:
            return
        if self._is_two_desks(store):
            return
        for said in overlay_differs(store, desk.gazetteer):
            desk.papers.note("I9", f"at {store.mark.cursor} {said}")
        with reading(self.engine) as db:
            for one in replica_differs(db, SEAL, Desk(desk.folder, Role.CLERK, desk.papers)):
                desk.papers.note("I9", f"at {store.mark.cursor} {one.subject} {one.detail}")

    def _is_two_desks(self, store: WitnessedStore) -> bool:
        """Tell whether somebody else has used numbers of this desk, which finds out with its next push."""
        c = command.c
        mine = (c.feed_id == FEED, c.replica_id == store.desk, c.n <= store.mark.last_n)
        with reading(self.engine) as db:
            stored = {row.n: row.cmd_id for row in db.execute(select(c.n, c.cmd_id).where(*mine))}
        own = [*store._kept, *(laid.entry for laid in store._overlay._laid.values())]
        return any(stored.get(one.n, one.id).partition("#")[0] != one.id for one in own)

    def clone(self, desk: StillDesk) -> None:
        """Copy a PC that is off, with everything on it, and let both go on."""
        twin = self.folder / f"{desk.folder.name}-twin{len(self.desks)}"
        desk.copy_files(twin)
        made = self._new_desk(twin, desk.user)
        made.device, made.is_working, made.line.share = desk.device, desk.is_working, desk.line.share
        made.rev, made.schema = desk.rev, desk.schema
        self.desks.append(made)

    def forgive_unsent(self, desk: StillDesk) -> None:
        """A disk that was set back lost what only it had."""
        with reading(self.engine) as db:
            kept = {
                row.cmd_id for row in db.execute(select(command.c.cmd_id).where(command.c.feed_id == FEED))
            }
        self.forgiven |= {one["id"] for one in desk.papers.promises} - kept

    def _forgive_what_nobody_has(self, head: int) -> None:
        """What a PC lost that was set back is gone for good when the hub loses it too."""
        with reading(self.engine) as db:
            c = command.c
            kept = select(c.cmd_id).where(c.feed_id == FEED, c.seq <= head)
            safe = {row.cmd_id for row in db.execute(kept)}
        for desk in self.desks:
            gone = {one["id"] for one in desk.papers.promises if "is_set_back" in one}
            self.forgiven |= gone - safe

    # --- the end ------------------------------------------------------------------------------------

    def heal(self) -> float:
        """End every fault, drain, and return how long it took; stalls are findings."""
        self.is_healing = True
        self.tell("everything heals")
        self.hub_disk.wrong, self.channel.is_well = "", True
        for hub in self.hubs:
            hub.sabotage.kind = ""
        for desk in self.desks:
            desk.is_working = False
            desk.line.share, desk.line.cut_in, desk.line.cut_out = 0.0, False, False
            if desk.schema < SCHEMA or desk.has_no_power:  # from an old one the hub takes nothing
                desk.die()
            desk.update()
            desk.plan.kind = ""
            if not desk.is_up:
                desk.boot()
        for place in range(len(self.hubs)):
            self._revive(place)
        healed_s = self.turns.now_s
        if not self._comes_level():
            for desk in self.desks:
                if not desk.is_level(*self._standing()):
                    state = f"{desk.store.waiting.count} wait, {desk.store.mark}" if desk.is_up else "is off"
                    self.findings.append(Finding("I12", desk.folder.name, f"not level after 60 s: {state}"))
            if not self._is_drained():
                self.findings.append(Finding("I12", "hub", "receipts wait, or somebody outside is not told"))
        return self.turns.now_s - healed_s

    def _comes_level(self) -> bool:
        """Wait for outboxes, then for those whom the last of it does not concern: their long wait ends."""
        if self.turns.run_until(self._is_level, DRAIN_S):
            return True
        waits = any(not desk.is_up or desk.store.waiting.count for desk in self.desks)
        return not waits and self.turns.run_until(self._is_level, WAIT_S)

    def _is_level(self) -> bool:
        standing = self._standing()
        return all(desk.is_level(*standing) for desk in self.desks) and self._is_drained()

    def _is_drained(self) -> bool:
        behind = (
            select(account.c.replica_id)
            .join(
                replica,
                (replica.c.feed_id == account.c.feed_id) & (replica.c.replica_id == account.c.replica_id),
            )
            .where(account.c.feed_id == FEED, account.c.next_n > replica.c.last_n + 1)
        )
        with reading(self.engine) as db:
            is_told = not self.is_whole or all_told(db, FEED, self.hub_clock())
            return is_told and db.execute(behind).first() is None

    def close(self) -> None:
        """End every hand; the files stay for the checker."""
        self.is_healing = True
        for desk in self.desks:
            desk.on_death = lambda _desk: None
            desk.die()
        for hub in self.hubs:
            self.complaints_of(hub)
            hub.on_death = lambda _hub: None
            hub.die()

    def judge(self) -> Verdict:
        """Check everything; the world is closed."""
        roles = {user.code: user.role for user in self.people}
        for desk in self.desks:
            for life, head in self.cuts.items():
                desk.papers.cut_off(life, head)
        desks = [Desk(desk.folder, roles[desk.user], desk.papers) for desk in self.desks]
        verdict = check(self.engine, SEAL, desks, self.forgiven)
        verdict.findings += self.findings
        with reading(self.engine) as db:
            outside = list(outside_breaks(db, FEED, self.channel.books))
        verdict.findings += outside
        verdict.doubled += len(outside)
        rightly = self._rightly_denied()
        verdict.findings = [one for one in verdict.findings if (one.subject, one.detail) not in rightly]
        verdict.stalls = sum(one.invariant == "I12" for one in self.findings)
        return verdict

    def _rightly_denied(self) -> set[tuple[str, str]]:
        """Name what desks hold against the hub of lives that were thrown away: evidence, and no breach."""
        with reading(self.engine) as db:
            return {
                (f"desk {replica_id}", f"holds change {one.held.seq} against us: {one.why}")
                for replica_id, one in kept_evidence(db, FEED)
                if one.why == "other_history" and one.held.epoch in self.thrown_away
            }
