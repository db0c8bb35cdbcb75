"""The partition matrix: 5, 10 and 50 desks at several rates, lines cut in, out and both for up to ten s.

Every run must end with all outboxes empty and all cursors at the head within 60 seconds of healing (I12);
after every few runs everything is stopped and all other invariants are checked too. Meanwhile requests come
twice and out of order, and the hub may be killed.

Source: sync.md section 16, item 4; the matrix is that of jepsen-powersync.
"""

from __future__ import annotations

import itertools
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from cutter import MODES, WAYS, Cutter
from driver import PATIENCE_S, Stage, Storm, stage
from place import PEOPLE
from proxy import Proxy, by_dice, no_fault

from app.boot.bench import Measured

SIZES = (5, 10, 50)
RATES = (10, 20, 40)
"""Commands a second of all desks together."""
CUT_S = (0.0, 10.0)
RUN_S = 12.0
MESSAGE_FAULTS = ("twice", "echo", "echo", "late")
MESSAGE_SHARE = 0.08
PER_STAGE = 12
ORDERS = 10


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the matrix."""

    desks: int
    rate: int
    way: str
    mode: str
    cut_s: float
    kills_hub: bool


@dataclass(slots=True)
class Ledger:
    """What all runs came to."""

    runs: int = 0
    failed: list[str] = field(default_factory=list)
    stalls: int = 0
    drains_s: list[float] = field(default_factory=list)
    met: Counter[str] = field(default_factory=Counter)
    storms: list[Storm] = field(default_factory=list)
    cuts: int = 0

    def take(self, storm: Storm) -> None:
        """Add the verdict over one stage."""
        self.storms.append(storm)
        self.met += storm.met


def matrix(count: int, seed: int) -> list[Run]:
    """Return so many runs: the whole matrix in turn, lengths by dice; desks that are up anyway first."""
    dice = random.Random(f"{seed}/matrix")  # noqa: S311 - dice
    cells = itertools.cycle(itertools.product(RATES, WAYS, MODES))
    made = []
    for i in range(count):
        rate, way, mode = next(cells)
        desks = SIZES[(i // PER_STAGE) % len(SIZES)]
        made.append(Run(desks, rate, way, mode, dice.uniform(*CUT_S), dice.random() < 0.2))
    return made


def run_all(database_of: Iterator[str], folder: Path, count: int, seed: int) -> Iterator[tuple[Ledger, Run]]:
    """Run the matrix; a stage of desks serves several runs. Yields after each."""
    ledger = Ledger()
    todo = matrix(count, seed)
    while todo:
        desks = todo[0].desks
        now = [one for one in todo[:PER_STAGE] if one.desks == desks]
        todo = [one for one in todo if one not in now]
        place = folder / f"stage-{len(ledger.storms)}"
        place.mkdir()
        yield from _one_stage(next(database_of), place, now, seed + len(ledger.storms), ledger)


def _one_stage(
    database: str, folder: Path, runs: list[Run], seed: int, ledger: Ledger
) -> Iterator[tuple[Ledger, Run]]:
    desks = runs[0].desks
    people = tuple(PEOPLE[i % len(PEOPLE)].code for i in range(desks))
    with ExitStack() as stack:
        cutters: list[Cutter] = []

        def door(place: int, proxy: Proxy) -> str:
            if not cutters:
                cutters.append(stack.enter_context(Cutter(desks, urlsplit(proxy.url).port or 0, seed)))
            return cutters[0].url(place) + urlsplit(proxy.url).path

        on = stack.enter_context(stage(database, folder, seed=seed, people=people, big=True, door=door))
        for one in runs:
            _run(on, cutters[0], one, ledger)
            yield ledger, one
        storm = on.judge()
        storm.met += cutters[0].met
        ledger.take(storm)
        if storm.verdict.findings:
            said = "; ".join(f"{f.invariant} {f.subject} {f.detail}" for f in storm.verdict.findings[:5])
            ledger.failed.append(f"after {len(runs)} runs with {desks} desks: {said}")


def _run(on: Stage, cutter: Cutter, one: Run, ledger: Ledger) -> None:
    """Work, cut, heal, and see that everybody comes level."""
    ledger.runs += 1
    ledger.cuts += 1
    pause = threading.Event()
    on.town.deliver(ORDERS)
    on.proxy.choose = by_dice(on.rng, MESSAGE_SHARE, MESSAGE_FAULTS)
    for desk in on.desks:
        desk.say(f"pace {one.desks / one.rate:.3f}")
        desk.say("work")
    before_s = on.rng.uniform(0.5, 2.0)
    pause.wait(before_s)
    hit = on.rng.sample(range(one.desks), max(1, on.rng.randint(1, one.desks)))
    cutter.cut(hit, one.way, one.mode)
    if one.kills_hub:
        on.hubs[0].kill()
        on.start_hub(0)
    end_s = time.monotonic() + one.cut_s
    while (left_s := end_s - time.monotonic()) > 0:
        pause.wait(min(left_s, 0.2))
        on.aim()
    cutter.heal()
    pause.wait(max(0.0, RUN_S - before_s - one.cut_s) / 3)
    on.proxy.choose = no_fault
    on.heal(patience_s=PATIENCE_S)
    ledger.drains_s.append(on.storm.drain_s)
    if on.storm.verdict.stalls:
        ledger.stalls += 1
        late, stuck, drain_s = on.storm.verdict.stalls, on.storm.stuck, on.storm.drain_s
        ledger.failed.append(f"{one}: {late} desks not level after 60 s, {stuck} after {drain_s:.0f} s")
        on.storm.verdict.stalls = 0


def measured(ledger: Ledger, seconds: float) -> Measured:
    """Return what the verb prints."""
    verdicts = [storm.verdict for storm in ledger.storms]
    figures: dict[str, float | int | bool | str] = {
        "runs": ledger.runs,
        "failed": len(ledger.failed),
        "stalls": ledger.stalls,
        "commands": sum(one.commands for one in verdicts),
        "promised": sum(one.promised for one in verdicts),
        "lost": sum(one.lost for one in verdicts),
        "doubled": sum(one.doubled for one in verdicts),
        "oversold": sum(one.oversold for one in verdicts),
        "self_approved": sum(one.self_approved for one in verdicts),
        "breaches": sum(len(one.findings) for one in verdicts),
        "slowest_drain_s": round(max(ledger.drains_s, default=0.0), 1),
        "median_drain_s": round(sorted(ledger.drains_s)[len(ledger.drains_s) // 2], 1)
        if ledger.drains_s
        else 0.0,
        **{f"met_{name}": count for name, count in sorted(ledger.met.items())},
        "minutes": round(seconds / 60, 1),
    }
    return Measured("fault", "partitions", figures)
