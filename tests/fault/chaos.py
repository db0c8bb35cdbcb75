"""Chaos on real processes: hubs, desks and the database are killed while clerks work on a bad line.

Every minute or so everything may heal for a moment; how long the desks then take to be level is the drain,
and one that is not level in 60 seconds is a stall. Source: sync.md section 16, item 3.
"""

from __future__ import annotations

import itertools
import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from databases import Place
from driver import CRASHES, PATIENCE_S, Stage, Storm, stage
from place import PEOPLE
from processes import TICK_S
from proxy import by_dice

from app.boot.bench import Measured

SHARE = 0.12
"""Of requests that meet a fault. Source: sync.md section 16."""
ROUND_S = 60.0
HUB_LIFE_S = 4.0
AT_POINTS = {
    **{one.partition(":")[0]: 0.02 for one in CRASHES if one},
    **dict.fromkeys(("effect_leased", "effect_looked_up", "effect_called", "effect_recorded"), 0.3),
    "": 0.0,
}
"""Where hubs die, and how likely each time they come there; the last lives until it is killed."""
DESK_KILL_S = 0.8
"""Between two kills of a desk, on average."""
DATABASE_KILL_S = 12.0
ORDERS_S = 2.0
PACE_S = 2.0
ORDERS = 12


@dataclass(slots=True)
class Toll:
    """What was killed, and how long the calm after each round took."""

    hubs: int = 0
    desks: int = 0
    databases: int = 0
    crashes: Counter[str] = field(default_factory=Counter)
    drains_s: list[float] = field(default_factory=list)
    stalls: int = 0
    stuck: int = 0
    rounds: int = 0

    @property
    def kills(self) -> int:
        """Return how many processes were killed."""
        return self.hubs + self.desks + self.databases


class Chaos:
    """One run over one stage."""

    def __init__(self, on: Stage, place: Place, seed: int) -> None:
        self.on, self.place = on, place
        self.toll = Toll()
        self._dice = random.Random(f"{seed}/chaos")  # noqa: S311 - dice
        self._crashes = itertools.cycle(AT_POINTS.items())
        self._pid = place.server_pid
        self._born_s = [time.monotonic()] * len(on.hubs)
        self._due: dict[str, float] = {}

    def rage(self, seconds: float) -> None:
        """Let everything happen for so long."""
        on, end_s, pause = self.on, time.monotonic() + seconds, threading.Event()
        on.proxy.choose = by_dice(on.rng, SHARE)
        for desk in on.desks:
            desk.say(f"pace {PACE_S}")
            desk.say("work")
        self._due = {"desk": 0.0, "database": time.monotonic() + DATABASE_KILL_S / 2, "orders": 0.0}
        while time.monotonic() < end_s:
            pause.wait(TICK_S)
            on.aim()
            self._hubs()
            self._sometimes("desk", DESK_KILL_S, self._kill_desk)
            self._revive_desks()
            self._sometimes("orders", ORDERS_S, self._deliver)
            if self._pid:
                self._sometimes("database", DATABASE_KILL_S, self._kill_database)

    def calm(self) -> None:
        """Let everything heal and come level."""
        self.on.heal(patience_s=PATIENCE_S)
        self.toll.drains_s.append(self.on.storm.drain_s)
        self.toll.stalls += self.on.storm.verdict.stalls
        self.toll.stuck += self.on.storm.stuck
        self.on.storm.verdict.stalls = 0
        self.toll.rounds += 1

    def _sometimes(self, what: str, mean_s: float, do: Callable[[], None]) -> None:
        now_s = time.monotonic()
        if now_s >= self._due[what]:
            self._due[what] = now_s + self._dice.expovariate(1 / mean_s)
            do()

    def _hubs(self) -> None:
        on = self.on
        for place, hub in enumerate(on.hubs):
            if not hub.port and hub.code is None:
                self._born_s[place] = time.monotonic()
                continue
            lived_s = time.monotonic() - self._born_s[place]
            if hub.code is None and lived_s > HUB_LIFE_S * (1 + self._dice.random()):
                self.toll.hubs += 1
                self.toll.crashes["kill"] += 1
            elif hub.code is not None:
                self.toll.hubs += 1
                self.toll.crashes[hub.crash.partition(":")[0] or "with its database"] += 1
            else:
                continue
            hub.kill()
            point, chance = next(self._crashes)
            on.start_hub(place, f"{point}:{chance}" if point else "")
            self._born_s[place] = time.monotonic()

    def _kill_desk(self) -> None:
        alive = [desk for desk in self.on.desks if desk.code is None]
        if not alive:
            return
        desk = self._dice.choice(alive)
        if self._dice.random() < 0.5:
            desk.say(f"die {self._dice.choice((1, 2, 3))}")
        else:
            desk.kill()

    def _revive_desks(self) -> None:
        for place, desk in enumerate(self.on.desks):
            if desk.code is not None:
                self.toll.desks += 1
                desk.kill()
                self.on.start_desk(place)
                desk.say(f"pace {PACE_S}")
                desk.say("work")

    def _deliver(self) -> None:
        with suppress(Exception):  # the database may be away; the shops send again
            self.on.town.deliver(ORDERS)

    def _kill_database(self) -> None:
        with suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGKILL)
        self.toll.databases += 1
        self.on.town.engine.dispose()
        self._pid = self.place.revive()


def run(
    place: Place, folder: Path, *, minutes: float, desks: int, hubs: int, seed: int, round_s: float = ROUND_S
) -> tuple[Storm, Toll]:
    """Rage, calm, rage … for so many minutes, then judge."""
    people = tuple(PEOPLE[i % len(PEOPLE)].code for i in range(desks))
    end_s = time.monotonic() + minutes * 60
    with stage(place.url, folder, seed=seed, hubs=hubs, people=people, big=True) as on:
        chaos = Chaos(on, place, seed)
        while (left_s := end_s - time.monotonic()) > 0:
            chaos.rage(min(round_s, left_s))
            chaos.calm()
        return on.judge(), chaos.toll


def measured(storm: Storm, toll: Toll, *, hubs: int, desks: int, database: str, minutes: float) -> Measured:
    """Return what the verb prints."""
    verdict = storm.verdict
    figures: dict[str, float | int | bool | str] = {
        "database": database,
        "hubs": hubs,
        "desks": desks,
        "minutes": round(minutes, 1),
        "kills": toll.kills,
        "hub_killed": toll.hubs,
        "desk_killed": toll.desks,
        "database_killed": toll.databases,
        "commands": verdict.commands,
        "promised": verdict.promised,
        "faulted_pushes": storm.met.total(),
        "lost": verdict.lost,
        "doubled": verdict.doubled,
        "oversold": verdict.oversold,
        "self_approved": verdict.self_approved,
        "stalls": toll.stalls,
        "stuck": toll.stuck,
        "breaches": len(verdict.findings),
        "rounds": toll.rounds,
        "slowest_drain_s": round(max(toll.drains_s, default=0.0), 1),
        **{f"crash_{name}": count for name, count in sorted(toll.crashes.items())},
    }
    return Measured("fault", "chaos", figures)
