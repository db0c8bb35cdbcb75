"""The deterministic simulator: a seed is a company, its clerks and everything that goes wrong with them.

`run.py fault simulate --seeds N` runs seeds until one fails; then it looks for the shortest run and the
fewest faults that still fail, and prints how to replay it. Everything under test is the real thing: API,
writer, pages, intake and jobs at the hub, store, outbox, overlay, link and loops on the desks, `requests`
between them. Only time, chance, threads, sockets and disks are simulated.

Source: sync.md section 16, item 1.
"""

from __future__ import annotations

import gc
import random
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta

from bugs import BUGS, installed
from checker import Verdict
from elders import NEWEST, OLDEST_SCHEMA, with_a_past
from still_desk import StillDesk
from still_ground import EVERYBODY
from still_sabotage import FAULTS_OF_SQL, POINTS, POINTS_OUTSIDE
from still_world import World
from stillness import stillness

STEPS = 500
SHARES = (0.0, 0.12, 0.12, 0.35)
DISASTER_S = (0.3, 0.8, 2.0)
CUT_S = (0.2, 10.0)
FULL_S = (0.2, 6.0)
SKEWS_H = (-24, 24, -1, 0)
MINIMAL_TRIES = 60
WEATHER = 3.0
"""How much less often disasters come where only some kinds of them may: people get to work."""
MOODS = (0, 1, 1, 1, 8)
"""How much more often than usual a disaster happens in one run: what is rare elsewhere is daily in some."""
WHOLE_ONLY = frozenset({"kill a desk after a commit", "change people", "fill the hub's disk"})
REVISIONS = (NEWEST, NEWEST, 2, 1)
TOO_OLD = 0.3
"""How many of the oldest desks are too old for the hub."""
EVENINGS = (0.5, 0.8, 1.0)
"""When some go home, while everything still goes wrong: who asks for nothing more notices nothing."""
PACES_S = (0.15, 0.4, 1.5, 4.0)
WINDOWS_S = (0.004, 0.004, 0.3, 1.5)


@dataclass(frozen=True, slots=True)
class Plan:
    """What one run is: `steps` things happen, faults numbered in `muted` do not."""

    seed: int
    steps: int = STEPS
    muted: frozenset[int] = frozenset()
    bug: str = ""
    only: frozenset[str] = frozenset()
    """Kinds of disasters that may happen; empty: all."""
    is_small: bool = False
    """Nobody changes places, nothing is handed out, told outside or fetched as a file: all else is met soon.
    """

    @property
    def replay(self) -> str:
        """Return the command that runs exactly this again."""
        muted = f" --muted {','.join(map(str, sorted(self.muted)))}" if self.muted else ""
        bug = f" --bug {self.bug}" if self.bug else ""
        only = f" --only '{','.join(sorted(self.only))}'" if self.only else ""
        small = " --small" if self.is_small else ""
        return (
            f"python3 run.py fault simulate --seed {self.seed} --steps {self.steps}{muted}{bug}{only}{small}"
        )


@dataclass(slots=True)
class Outcome:
    """What came of one run."""

    plan: Plan
    verdict: Verdict
    trace: list[str]
    happened: Counter[str]
    faults: int
    """How many disasters were on the way, muted ones included."""
    steps: int
    drain_s: float
    met: Counter[str] = field(default_factory=Counter)
    old_words: int = 0
    """Commands that desks of earlier revisions promised."""
    virtual_s: float = 0.0

    @property
    def broken(self) -> set[str]:
        """The invariants that do not hold."""
        return self.verdict.broken


class Disasters:
    """What goes wrong, and when: by dice of its own, so that muting one changes nothing about the others."""

    def __init__(self, world: World, plan: Plan) -> None:
        self._world, self._plan = world, plan
        self._dice = world.dice("disasters")
        self._mean_s = self._dice.choice(DISASTER_S) * (WEATHER if plan.only else 1)
        self.count = 0
        self.happened: Counter[str] = Counter()
        self._kinds: dict[str, Callable[[], None]] = {
            "kill a desk": self._kill_desk,
            "kill a desk in a statement": self._arm_desk,
            "kill a desk after a commit": self._arm_commit,
            "tear a replica": self._tear_replica,
            "fill a disk": self._fill_disk,
            "change people": self._change_people,
            "kill a hub": self._kill_hub,
            "kill a hub at a point": self._arm_point,
            "kill a hub in a statement": self._arm_hub,
            "fill the hub's disk": self._fill_hub_disk,
            "cut a line": self._cut,
            "set a clock": self._set_clock,
            "set the hub's clock": self._set_hub_clock,
            "take a backup": world.protect,
            "restore the hub": world.restore,
            "clone a PC": self._clone,
            "set a PC back": self._set_back,
            "update a PC": self._update,
        }
        usual = dict(zip(self._kinds, (6, 8, 4, 4, 3, 3, 4, 6, 6, 2, 8, 2, 2, 4, 3, 2, 2, 1), strict=True))
        if plan.is_small:
            usual = {kind: weight for kind, weight in usual.items() if kind not in WHOLE_ONLY}
        moods = [self._dice.choice(MOODS) for _ in usual]
        self._weights = {
            kind: weight if plan.only else weight * mood + 1
            for (kind, weight), mood in zip(usual.items(), moods, strict=True)
            if not plan.only or kind in plan.only
        }
        self._next()

    def _next(self) -> None:
        self._world.turns.after(self._dice.expovariate(1 / self._mean_s), self._strike)

    def _strike(self) -> None:
        if self._world.is_healing:
            return
        number = self.count
        self.count += 1
        self._victim_dice = self._world.dice(f"look {number}")
        if seen := self._desk():
            self._world.look_at(seen)
        kind = self._dice.choices(list(self._weights), list(self._weights.values()))[0]
        self._victim_dice = self._world.dice(f"disaster {number}")
        if number not in self._plan.muted:
            self._world.tell(f"#{number} {kind}")
            self.happened[kind] += 1
            self._kinds[kind]()
        self._next()

    def _desk(self) -> StillDesk | None:
        up = [desk for desk in self._world.desks if desk.is_up]
        return self._victim_dice.choice(up) if up else None

    def _kill_desk(self) -> None:
        if desk := self._desk():
            desk.die()

    def _arm_desk(self) -> None:
        if desk := self._desk():
            desk.plan.kind = self._victim_dice.choice(("gone", "gone_after"))
            desk.plan.left = self._victim_dice.randrange(120)

    def _arm_commit(self) -> None:
        if desk := self._desk():
            desk.plan.kind, desk.plan.left = "gone_commit", self._victim_dice.randrange(8)

    def _change_people(self) -> None:
        if desk := self._desk():
            desk.sit_down(self._victim_dice.choice(self._world.people).code)

    def _tear_replica(self) -> None:
        if desk := self._desk():
            desk.keep_image()
            name, image = self._victim_dice.choice(desk.images)
            desk.die()
            desk.roll_back(name, image)

    def _fill_disk(self) -> None:
        if desk := self._desk():
            desk.plan.kind = self._victim_dice.choice(("full", "io"))
            desk.plan.left = self._victim_dice.randrange(120)

    def _kill_hub(self) -> None:
        if up := self._world.up():
            self._victim_dice.choice(up).die()

    def _arm_point(self) -> None:
        if up := self._world.up():
            plan = self._victim_dice.choice(up).sabotage
            points = POINTS if self._plan.is_small else (*POINTS, *POINTS_OUTSIDE)
            plan.kind, plan.left = self._victim_dice.choice(points), self._victim_dice.randrange(3)

    def _arm_hub(self) -> None:
        if up := self._world.up():
            plan = self._victim_dice.choice(up).sabotage
            faults = (*FAULTS_OF_SQL, "die_after", "unknown", "undone")
            plan.kind = self._victim_dice.choice(faults if self._plan.is_small else (*faults, "io"))
            plan.left = self._victim_dice.randrange(60 if plan.kind in {*FAULTS_OF_SQL, "io"} else 4)

    def _fill_hub_disk(self) -> None:
        disk = self._world.hub_disk
        disk.wrong = self._victim_dice.choice(("full", "io"))
        self._world.turns.after(self._victim_dice.uniform(*FULL_S), lambda: setattr(disk, "wrong", ""))

    def _cut(self) -> None:
        desk = self._desk()
        if desk is None:
            return
        line, way = desk.line, self._victim_dice.choice(("out", "in", "both"))
        line.cut_out, line.cut_in = way != "in", way != "out"
        self._world.turns.after(self._victim_dice.uniform(*CUT_S), lambda: _mend(desk))

    def _set_clock(self) -> None:
        if desk := self._desk():
            desk.skew = timedelta(hours=self._victim_dice.choice(SKEWS_H))

    def _set_hub_clock(self) -> None:
        self._world.hub_skew = timedelta(minutes=self._victim_dice.choice((-30, -1, 0, 1, 30)))

    def _clone(self) -> None:
        desk = self._desk()
        if desk is not None and len(self._world.desks) < 6:
            desk.die()
            self._world.clone(desk)

    def _update(self) -> None:
        if desk := self._desk():
            desk.die()
            desk.update()

    def _set_back(self) -> None:
        """Bring a whole PC back to an earlier state, as a virtual machine may be."""
        desk = self._desk()
        if desk is None:
            return
        kept = desk.whole_disk()
        if not kept:
            return
        wait_s = self._victim_dice.uniform(1.0, 15.0)
        self._world.turns.after(wait_s, lambda: self._go_back(desk, kept))

    def _go_back(self, desk: StillDesk, kept: Sequence[tuple[str, bytes]]) -> None:
        if not desk.is_up or self._world.is_healing:
            return
        self._world.tell(f"{desk.folder.name}: is set back")
        desk.die()
        self._world.forgive_unsent(desk)
        desk.papers.set_back()
        for path in (*desk.folder.glob("replica-*"), *desk.folder.glob("snapshot-*")):
            path.unlink()
        for name, image in kept:
            (desk.folder / name).touch()
            desk.roll_back(name, image)


def _mend(desk: StillDesk) -> None:
    desk.line.cut_out = desk.line.cut_in = False


def run(plan: Plan) -> Outcome:
    """Run one seed from the first order to the verdict."""
    with ExitStack() as stack:
        stack.enter_context(stillness(plan.seed))
        stack.enter_context(with_a_past())
        if plan.bug:
            stack.enter_context(installed(BUGS[plan.bug]))
        dice = random.Random(f"{plan.seed}/plan")  # noqa: S311 - dice
        first = dice.randrange(len(EVERYBODY))
        world = World(
            plan.seed,
            desks=dice.randint(1, 4),
            hubs=dice.choice((1, 1, 2)),
            people=EVERYBODY[first:] + EVERYBODY[:first],
            window_s=dice.choice(WINDOWS_S),
            is_whole=not plan.is_small,
        )
        world.channel.is_well = False
        share, slow = dice.choice(SHARES), dice.choice(PACES_S)
        for desk in world.desks:
            desk.line.share, desk.pace_s = share, slow
            desk.rev = dice.choice(REVISIONS)
            if desk.rev == 1 and dice.random() < TOO_OLD:
                desk.schema = OLDEST_SCHEMA
        disasters = Disasters(world, plan)
        _sell(world)
        evening = dice.choice(EVENINGS) * plan.steps
        at_home = [desk for desk in world.desks if dice.random() < 0.5]
        try:
            while world.turns.steps < plan.steps and world.turns.step():
                if world.turns.steps > evening:
                    for desk in at_home:
                        desk.is_working = False
            drain_s = world.heal()
        finally:
            world.close()
        verdict = world.judge()
        met = sum((desk.line.met for desk in world.desks), Counter[str]())
    return Outcome(
        plan,
        verdict,
        world.trace,
        disasters.happened,
        disasters.count,
        world.turns.steps,
        drain_s,
        met,
        sum(desk.old_words for desk in world.desks),
        world.turns.now_s,
    )


def _sell(world: World) -> None:
    dice = world.dice("shops")

    def sell() -> None:
        if world.is_healing:
            return
        if world.up() and (new := world.shops.deliver(dice.randint(1, 4))):
            world.tell(f"shops send {new} orders")
        world.turns.after(dice.expovariate(1 / 6.0), sell)

    world.turns.after(dice.expovariate(1 / 6.0), sell)


def seeds(first: int, count: int, *, steps: int = STEPS, bug: str = "") -> Iterator[Outcome]:
    """Run one seed after the other."""
    for seed in range(first, first + count):
        yield run(Plan(seed, steps, bug=bug))
        if seed % 50 == 49:
            gc.collect()


def minimal(failed: Outcome, tries: int = MINIMAL_TRIES) -> Outcome:
    """Return the shortest run with the fewest disasters that breaks one of the same invariants."""
    best, wanted = failed, failed.broken
    low, high = 1, failed.plan.steps
    while low < high and tries > 0:
        tries -= 1
        middle = (low + high) // 2
        tried = run(_with(best.plan, steps=middle))
        if tried.broken & wanted:
            best, high = tried, middle
        else:
            low = middle + 1
    for number in reversed(range(best.faults)):
        if tries <= 0:
            break
        tries -= 1
        tried = run(_with(best.plan, muted=best.plan.muted | {number}))
        if tried.broken & wanted:
            best = tried
    return best


def _with(plan: Plan, *, steps: int | None = None, muted: Collection[int] | None = None) -> Plan:
    return Plan(
        plan.seed,
        plan.steps if steps is None else steps,
        plan.muted if muted is None else frozenset(muted),
        plan.bug,
        plan.only,
        plan.is_small,
    )
