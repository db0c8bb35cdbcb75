"""The k-th failure: every verb, while its first, second, … k-th call to a disk or a database fails.

Nothing may be lost and nothing done twice, wherever the power goes: at each statement of the desk's two
files, before and after; at each statement and commit of the hub; at each byte of the request, its reply and
the page that follows.

Source: sync.md section 16, item 2.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from unittest.mock import patch

from builders import NOW
from checker import Verdict
from examples_later import ALL
from hub_world import HubWorld
from past import Past
from place import FEED
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from still_desk import PASSWORD, StillDesk
from still_ground import ground
from still_line import Cut
from still_world import World
from stillness import CHEAP, stillness
from taking import TAKINGS

import sync.hub.access
from app.command import Command
from app.domain.company import User
from app.domain.rules import Rules
from app.domain.values import Role
from sync.hub.access import set_passwords
from sync.hub.database import reading, writing
from sync.hub.finding import Finding
from sync.hub.writer import Closed
from sync.tables import command

PEOPLE = tuple(User(code=role.value, title=role.value, role=role) for role in Role if role.person)
READY_S, DONE_S = 60.0, 400.0


@dataclass(frozen=True, slots=True)
class Fault:
    """What fails: `where` desk | hub | out | in | page, `kind` how, `k` how much goes well before."""

    where: str
    kind: str
    k: int

    def __str__(self) -> str:
        return f"{self.where} {self.kind} at {self.k}".replace("  ", " ")


NONE = Fault("", "", 0)
KINDS = (
    ("desk", "gone"),
    ("desk", "gone_after"),
    ("desk", "full"),
    ("desk", "io"),
    ("hub", "die"),
    ("hub", "die_after"),
    ("hub", "unknown"),
    ("hub", "busy"),
    ("hub", "full"),
    ("out", ""),
    ("in", ""),
    ("page", ""),
)


@dataclass(frozen=True, slots=True)
class Scene:
    """A hub's database in which a verb is valid, and the person who gives it."""

    code: str
    file: bytes
    by: Role
    command: Command | None
    first: tuple[Command, ...]
    later: timedelta


@cache
def scene(code: str) -> Scene:
    """Build the company of one verb."""
    path = ground() / f"scene-{code}.db"
    example, taking = ALL.get(code), TAKINGS.get(code)
    hub = HubWorld(f"sqlite:///{path}", rules=example.rules if example else Rules(), users=PEOPLE)
    past, asked = Past(hub), None
    if example is not None:
        example.before(past)
        asked = example.ask(past)
    elif taking is not None:
        taking.before(past)
    with patch.object(sync.hub.access, "HASHER", CHEAP), writing(hub.engine) as db:
        set_passwords(db, FEED, [user.code for user in PEOPLE], PASSWORD)
    hub.close()
    content = path.read_bytes()
    for name in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
        name.unlink(missing_ok=True)
    by, first = (example.by, example.first) if example else (Role.LEAD, ())
    later = next(one.later for one in (example, taking) if one is not None)
    return Scene(code, content, by, asked, first, later)


@dataclass(slots=True)
class Attempt:
    """One run of one verb under one fault. `is_hit`: the fault really happened."""

    code: str
    fault: Fault
    verdict: Verdict
    is_hit: bool
    statuses: tuple[str, ...]
    trace: list[str]

    @property
    def wrong(self) -> list[str]:
        """What is not as it has to be."""
        said = [f"{one.invariant} {one.subject}: {one.detail}" for one in self.verdict.findings]
        if self.statuses != ("applied",):
            said.append(f"stands as {self.statuses}, not once and applied")
        return said


def attempt(code: str, fault: Fault = NONE) -> Attempt:
    """Give one verb under one fault, and let everything come to rest."""
    set_up = scene(code)
    with stillness(11):
        world = World(11, people=[User(code=set_up.by.value, title="", role=set_up.by)], file=set_up.file)
        world.hub_skew = NOW + set_up.later - world.turns.now()
        (desk,) = world.desks
        desk.is_working = False
        try:
            ready = world.turns.run_until(lambda: desk.login is not None and world._is_level(), READY_S)
            if not ready:
                raise AssertionError(f"{code}: the desk never got ready: {world.trace}")
            for before in set_up.first:
                desk.give(before)
            if not world.turns.run_until(lambda: not desk.errands and world._is_level(), READY_S):
                raise AssertionError(f"{code}: what came first was not done: {world.trace}")
            cut = _arm(world, desk, fault)
            is_done = _given(world, desk, set_up)
            if not world.turns.run_until(lambda: is_done() and world._is_level(), DONE_S):
                world.findings.append(Finding("I12", code, f"not done after {DONE_S:.0f} s of {fault}"))
            hits = desk.plan.hits + desk.hits + world.hub_hits + sum(hub.sabotage.hits for hub in world.up())
            is_hit = bool(hits) or (cut is not None and 0 <= cut.at < cut.length)
        finally:
            world.close()
        verdict = world.judge()
        asked = select(command.c.status).where(command.c.feed_id == FEED, command.c.name == code)
        last = asked.order_by(command.c.seq.desc(), command.c.n.desc())
        with reading(world.engine) as db:
            found = [status for (status,) in db.execute(last)]
    before = _before(code)
    return Attempt(code, fault, verdict, is_hit, tuple(found[: len(found) - before]), world.trace)


@cache
def _before(code: str) -> int:
    """Count how often the verb was given before the one that counts."""
    set_up = scene(code)
    world_file = ground() / "count.db"
    world_file.write_bytes(set_up.file)
    import sqlite3

    db = sqlite3.connect(world_file)
    try:
        (count,) = db.execute("SELECT count(*) FROM command WHERE name = ?", (code,)).fetchone()
    finally:
        db.close()
    return int(count)


def _arm(world: World, desk: StillDesk, fault: Fault) -> Cut | None:
    if fault.where == "desk":
        desk.plan.kind, desk.plan.left = fault.kind, fault.k
    elif fault.where == "hub":
        world.hubs[0].sabotage.kind, world.hubs[0].sabotage.left = fault.kind, fault.k
    elif fault.where:
        way = "out" if fault.where == "out" else "in"
        desk.line.cut = Cut(way, "/v1/pull" if fault.where == "page" else "/v1/push", fault.k)
        return desk.line.cut
    return None


def _given(world: World, desk: StillDesk, set_up: Scene) -> Callable[[], bool]:
    """Let the verb be given; tell when whoever gave it may go home."""
    if set_up.command is not None:
        desk.give(set_up.command)
        return lambda: desk.is_up and not desk.errands
    done: list[object] = []
    take = TAKINGS[set_up.code].take

    def deliver() -> None:
        if up := world.up():
            up[0].guarded(take_once)
        if not done:
            world.turns.after(1.0, deliver)

    def take_once() -> None:
        writer = world.up()[0].writer
        writer.is_inline = True
        try:
            if take(world):
                done.append(True)
        except (Closed, OperationalError):
            return
        finally:
            writer.is_inline = False

    world.turns.after(0.0, deliver)
    return lambda: bool(done)


# --- which faults -----------------------------------------------------------------------------------


def codes() -> list[str]:
    """Return every verb there is an example for."""
    return sorted({*ALL, *TAKINGS})


def kinds_for(code: str) -> Sequence[tuple[str, str]]:
    """Return what can fail while this verb is given."""
    return [kind for kind in KINDS if kind[0] in {"hub", "page"}] if code in TAKINGS else KINDS


def exhaustive(code: str, stride: int = 1) -> Iterator[Attempt]:
    """Fail the 1st, 2nd, … k-th of everything, until the verb comes through untouched."""
    for where, kind in kinds_for(code):
        step = stride if where in {"out", "in", "page"} else 1
        for k in itertools.count(0, step):
            tried = attempt(code, Fault(where, kind, k))
            yield tried
            if not tried.is_hit:
                break


def sample(count: int, seed: int, verbs: Sequence[str]) -> Iterator[Attempt]:
    """Try so many of all these, by dice."""
    dice = random.Random(seed)  # noqa: S311 - dice
    for i in range(count):
        code = dice.choice(verbs)
        where, kind = kinds_for(code)[i % len(kinds_for(code))]
        yield attempt(code, Fault(where, kind, dice.randrange(_limit(where, kind))))


def in_turn(seed: int, verbs: Sequence[str]) -> Iterator[Attempt]:
    """Try each of these verbs, then each with the next kind of failure, and so on without an end."""
    dice = random.Random(seed)  # noqa: S311 - dice
    for turn in itertools.count():
        for place, code in enumerate(verbs):
            kinds = kinds_for(code)
            where, kind = kinds[(turn + place) % len(kinds)]
            yield attempt(code, Fault(where, kind, dice.randrange(_limit(where, kind))))


def _limit(where: str, kind: str) -> int:
    """Return about how many calls, or bytes, there are to fail."""
    limit = {"desk": 70, "hub": 60}.get(where, 900)
    return 8 if kind in {"die_after", "unknown"} else limit
