"""A storm over one company: hubs die in mid-batch, desks after a promise, replies are lost or come twice.

It lasts until each of the four has happened `rounds` times; then everything heals, drains and is checked.
"""

from __future__ import annotations

import itertools
import random
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from checker import Desk, Verdict, check
from papers import papers_in
from place import FEED, KEY, PEOPLE, SEAL, Town
from processes import CRASHED, START_S, TICK_S, DeskProcess, HubProcess, Stuck, until
from proxy import Proxy, by_dice, no_fault
from sqlalchemy import select

from app.boot.bench import Measured
from sync import tables as t
from sync.hub.database import reading
from sync.hub.feed import head
from sync.hub.finding import Finding

FAULTED_SHARE = 0.35
DRAIN_S = 60.0
PATIENCE_S = 240.0
"""Source: sync.md section 15, I12."""
STORM_S = 180.0
READY_S = 5.0
"""More for each desk: they sign in one after the other, and passwords are slow on purpose."""
HUB_LIFE_S = 3.0
"""How long a hub may live that does not come to its crash point."""
CRASHES = ("mid_tx:0.9", "before_commit:0.9", "after_commit:0.9", "before_ack:0.9", "")
"""The last one is killed from outside, at any moment."""
HOURS_WRONG = (0, 24, -24, 0)
"""How wrong the clocks of the desks are. Source: sync.md section 16, item 7."""
FIRST_ORDERS, MORE_ORDERS = 60, 6
DIES_AFTER = (1, 2, 3, 5)
DYING = 2
"""Desks told to die at the same time; the others go on working."""


@dataclass(slots=True)
class Storm:
    """What happened, and what the checker said of it."""

    verdict: Verdict = field(default_factory=Verdict)
    hub_killed: int = 0
    desk_killed: int = 0
    crashes: Counter[str] = field(default_factory=Counter)
    met: Counter[str] = field(default_factory=Counter)
    storm_s: float = 0.0
    drain_s: float = 0.0
    stuck: int = 0
    """Desks behind after all patience, of those that were not level in time."""

    @property
    def measured(self) -> Measured:
        """Return what the verb prints."""
        verdict = self.verdict
        figures: dict[str, float | int | bool | str] = {
            "lost": verdict.lost,
            "doubled": verdict.doubled,
            "oversold": verdict.oversold,
            "self_approved": verdict.self_approved,
            "stalls": verdict.stalls,
            "breaches": len(verdict.findings),
            "kills": self.hub_killed + self.desk_killed,
            "commands": verdict.commands,
            "promised": verdict.promised,
            "hub_killed": self.hub_killed,
            "desk_killed": self.desk_killed,
            "reply_lost": self.met["lost"] + self.met["torn"],
            "reply_twice": self.met["twice"] + self.met["echo"],
            "storm_s": round(self.storm_s, 1),
            "drain_s": round(self.drain_s, 1),
        }
        return Measured("fault", "fault", figures)


@dataclass
class Stage:
    """The processes of one run."""

    town: Town
    proxy: Proxy
    rng: random.Random
    hubs: list[HubProcess]
    desks: list[DeskProcess]
    hub_bug: str = ""
    storm: Storm = field(default_factory=Storm)
    lives: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def outgoing(self) -> Path:
        """What was told to the world outside, by all hubs."""
        return self.town.folder / "outgoing"

    def start_hub(self, place: int, crash: str = "") -> None:
        """Start a hub in this place."""
        home = self.town.folder / f"hub-{place}"
        hub = HubProcess(self.town.database, home, KEY, crash, self.hub_bug, self.outgoing)
        self.hubs[place] = hub.start()

    def aim(self) -> None:
        """Let the proxy send to the hubs that answer."""
        self.proxy.targets = tuple(hub.port for hub in self.hubs if hub.port and hub.code is None)

    def wait_for_hubs(self) -> None:
        """Wait until every hub answers."""
        until(lambda: all(hub.port or hub.code is not None for hub in self.hubs), "the hubs answer")
        self.aim()

    def start_desk(self, place: int) -> None:
        """Start a desk on the home it had before."""
        desk = self.desks[place]
        desk.seed = self.rng.randrange(10**6) * 1000 + next(self.lives)
        desk.start()

    def open_desks(self) -> None:
        """Start every desk and wait until somebody sits at it before a whole replica."""
        for place in range(len(self.desks)):
            self.start_desk(place)
        self.wait_for_hubs()
        within_s = START_S + READY_S * len(self.desks)
        until(lambda: all(desk.status()["is_ready"] for desk in self.desks), "the desks are ready", within_s)

    def wait_for_orders(self) -> None:
        """Wait until the hub has decided what the shops sent."""
        until(self._is_drained, "the shops' orders are decided")

    def _is_drained(self) -> bool:
        with reading(self.town.engine) as db:
            a, r = t.account, t.replica
            behind = (
                select(a.c.replica_id)
                .join(r, (r.c.feed_id == a.c.feed_id) & (r.c.replica_id == a.c.replica_id))
                .where(a.c.feed_id == FEED, a.c.next_n > r.c.last_n + 1)
            )
            return db.execute(behind).first() is None

    def heal(self, limit_s: float = DRAIN_S, patience_s: float = 0.0) -> None:
        """End every fault, start what is dead, and wait until all desks are level with the hub.

        Who is not level within the limit has stalled; who is not after the patience either is stuck.
        """
        self.proxy.choose = no_fault
        for place, hub in enumerate(self.hubs):
            if hub.crash or hub.code is not None:
                hub.kill()
                self.start_hub(place)
        self.wait_for_hubs()
        for place, desk in enumerate(self.desks):
            if desk.code is not None:
                desk.kill()
                self.start_desk(place)
            desk.say("rest")
        begun_s = time.monotonic()
        stalls = self.storm.verdict.stalls = self._behind(limit_s)
        self.storm.stuck = self._behind(patience_s) if stalls else 0
        self.storm.drain_s = time.monotonic() - begun_s

    def _behind(self, within_s: float) -> int:
        """Wait until everything is level; return how many desks are not by then (1 where only shops wait)."""
        try:
            until(self._is_level, "all is level", within_s)
        except Stuck:
            return sum(not self.stands_level(desk) for desk in self.desks) or 1
        return 0

    def _is_level(self) -> bool:
        return self._is_drained() and all(map(self.stands_level, self.desks))

    def stands_level(self, desk: DeskProcess) -> bool:
        """Return whether nothing waits on this desk and it has seen all the hub has."""
        status = desk.status()
        newest = head(self.town.engine, FEED)
        return bool(status["is_ready"] and not status["waiting"] and status["cursor"] == newest)

    def judge(self) -> Storm:
        """Stop everything and check it."""
        for process in (*self.desks, *self.hubs):
            process.kill()
        storm = self.storm
        roles = {user.code: user.role for user in PEOPLE}
        desks = [Desk(desk.home, roles[desk.user], papers_in(desk.home)) for desk in self.desks]
        stalls = storm.verdict.stalls
        storm.verdict = check(self.town.engine, SEAL, desks, outgoing=self.outgoing)
        storm.verdict.findings += self._complaints()
        storm.verdict.stalls = stalls
        storm.met = self.proxy.met
        return storm

    def _complaints(self) -> Iterator[Finding]:
        """Find what a hub or a desk thought worth a traceback: bugs show there first."""
        for log in sorted(self.town.folder.glob("*/*.log")):
            text = log.read_text(encoding="utf-8", errors="replace")
            for part in text.split("Traceback (most recent call last)")[1:]:
                lines = part.splitlines()
                said = [line for line in lines if line and not line.startswith(" ")]
                came = [line.strip() for line in lines if line.startswith("  File")][-4:]
                what = said[1] if len(said) > 1 else part[:200]
                yield Finding("log", log.parent.name, " < ".join((what, *reversed(came))))


@contextmanager
def stage(
    database: str,
    folder: Path,
    *,
    seed: int,
    hubs: int = 1,
    people: tuple[str, ...] = tuple(user.code for user in PEOPLE),
    hub_bug: str = "",
    desk_bug: str = "",
    big: bool = False,
    door: Callable[[int, Proxy], str] = lambda _place, proxy: proxy.url,
) -> Iterator[Stage]:
    """A company, its hubs and its desks, all started and ready; all killed at the end.

    `big`: orders and goods enough for hours. `door`: where the desk in this place finds the hub.
    """
    town = Town(database, folder, seed, orders=100_000, pieces=400) if big else Town(database, folder, seed)
    with Proxy() as proxy:
        desks = [
            DeskProcess(folder / f"desk-{place}-{user}", door(place, proxy), user, 0, hours, desk_bug)
            for place, (user, hours) in enumerate(zip(people, itertools.cycle(HOURS_WRONG)))
        ]
        made = Stage(town, proxy, random.Random(seed), [], desks, hub_bug)  # noqa: S311 - dice
        made.hubs = [HubProcess("", folder, "") for _ in range(hubs)]
        try:
            town.deliver(FIRST_ORDERS)
            for place in range(hubs):
                made.start_hub(place)
            made.open_desks()
            made.wait_for_orders()
            yield made
        finally:
            for process in (*made.desks, *made.hubs):
                process.kill()
            town.engine.dispose()


def rage(on: Stage, rounds: int, limit_s: float = STORM_S) -> None:
    """Kill, cut and repeat until everything has happened `rounds` times."""
    crashes = itertools.cycle(CRASHES)
    on.proxy.choose = by_dice(on.rng, FAULTED_SHARE)
    for desk in on.desks:
        desk.say("work")
    for hub in on.hubs:
        hub.kill()
    born_s = [0.0] * len(on.hubs)
    for place in range(len(on.hubs)):
        on.start_hub(place, next(crashes))
        born_s[place] = time.monotonic()
    begun_s, pause, turn = time.monotonic(), threading.Event(), itertools.cycle(range(len(on.desks)))
    dying: set[int] = set()
    while _left(on, rounds) and time.monotonic() - begun_s < limit_s:
        pause.wait(TICK_S)
        on.aim()
        for place, hub in enumerate(on.hubs):
            if not hub.port:
                born_s[place] = time.monotonic()
            if _is_over(on, hub, time.monotonic() - born_s[place], rounds):
                hub.kill()
                on.start_hub(place, next(crashes) if on.storm.hub_killed < rounds else "")
                on.town.deliver(MORE_ORDERS)
                born_s[place] = time.monotonic()
        _replace_the_dead(on, dying)
        if len(dying) < DYING and on.storm.desk_killed + len(dying) < rounds:
            place = next(one for one in turn if one not in dying)
            on.desks[place].say(f"die {on.rng.choice(DIES_AFTER)}")
            dying.add(place)
    on.storm.storm_s = time.monotonic() - begun_s


def _replace_the_dead(on: Stage, dying: set[int]) -> None:
    for place in [one for one in dying if on.desks[one].code is not None]:
        on.storm.desk_killed += on.desks[place].is_killed
        on.desks[place].kill()
        on.start_desk(place)
        on.desks[place].say("work")
        dying.discard(place)


def _is_over(on: Stage, hub: HubProcess, lived_s: float, rounds: int) -> bool:
    """Tell whether this hub is dead, or is to be killed now; count it when it died as it was meant to."""
    storm = on.storm
    if hub.code is not None:
        storm.hub_killed += hub.code == CRASHED
        storm.crashes[hub.crash.partition(":")[0]] += 1
        return True
    if storm.hub_killed >= rounds or not hub.port:
        return False
    if not hub.crash and on.rng.random() < 0.05:
        storm.hub_killed += 1
        storm.crashes["kill"] += 1
        return True
    return bool(hub.crash) and lived_s > HUB_LIFE_S


def _left(on: Stage, rounds: int) -> bool:
    met = on.proxy.met
    counts = (
        on.storm.hub_killed,
        on.storm.desk_killed,
        met["lost"] + met["torn"],
        met["twice"] + met["echo"],
    )
    return min(counts) < rounds


def run(database: str, folder: Path, *, rounds: int, seed: int, hubs: int = 1) -> Storm:
    """One storm from beginning to verdict.

    Raises:
        Stuck: it never got going, or the faults did not happen in time.
    """
    with stage(database, folder, seed=seed, hubs=hubs) as on:
        rage(on, rounds)
        if _left(on, rounds):
            raise Stuck(f"not {rounds} rounds of everything: {on.storm.measured.figures} {on.proxy.met}")
        on.heal()
        return on.judge()


@contextmanager
def folder_of_run() -> Iterator[Path]:
    """A folder for the files of one run."""
    with tempfile.TemporaryDirectory(prefix="docket-fault-", ignore_cleanup_errors=True) as name:
        yield Path(name)
