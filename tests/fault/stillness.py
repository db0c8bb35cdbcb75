"""Time, chance, threads and disks are taken over for one run; everything is as before afterwards."""

from __future__ import annotations

import logging
import random
import sqlite3
import types
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta, tzinfo
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import requests  # noqa: F401 - loaded before time is taken over
import still_outside
from argon2 import PasswordHasher
from still_disk import Disk, no_reserve
from still_hub import Inline, StillFile, StillHub
from turns import Turns

import sync.hub.access
import sync.hub.api
import sync.hub.batch
import sync.hub.door_api
import sync.hub.doorway
import sync.hub.drain
import sync.hub.effect_rows
import sync.hub.effects
import sync.hub.snapshot
import sync.hub.watch
import sync.hub.writer
import sync.replica.clock
import sync.replica.files
import sync.replica.link
import sync.replica.loop
import sync.replica.outbox
import sync.replica.renewal
import sync.replica.sealed
import sync.replica.slices
import sync.replica.store
import sync.wire
from sync.hub.limits import Limits

START = datetime(2026, 6, 13, 12, 30, tzinfo=UTC)
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


class Clocks:
    """Stands for the modules `time` and `datetime` in the program under test."""

    def __init__(self, turns: Callable[[], Turns | None], wall: Callable[[], datetime]) -> None:
        self.time = types.SimpleNamespace(
            monotonic=lambda: turn.now_s if (turn := turns()) is not None else 0.0, sleep=lambda _s: None
        )

        class Wall(datetime):
            @classmethod
            def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
                return wall().astimezone(tz or UTC)

        self.datetime = Wall


class Stage:
    """Where the world of the present run stands; the patched modules look here."""

    world: Any = None

    @classmethod
    def turns(cls) -> Turns | None:
        """Return the time of the present run."""
        return cls.world.turns if cls.world is not None else None

    @classmethod
    def wall(cls) -> datetime:
        """Return what the clock of the machine says that is at work."""
        world = cls.world
        if world is None:
            return START
        hand = world.turns.at_work
        name = hand.name.partition("/")[0] if hand is not None else ""
        desk = next((one for one in world.desks if one.folder.name == name), None)
        return desk.wall() if desk is not None else world.hub_clock()


def _connect(*args: Any, **more: Any) -> sqlite3.Connection:
    db = sqlite3.connect(*args, factory=Disk, **more)
    db.folder = str(Path(args[0].partition("?")[0].removeprefix("file://")).parent)
    return db


def _crash_point(name: str) -> None:
    if StillHub.at_work is not None:
        StillHub.at_work.sabotage.at_point(name)


@contextmanager
def stillness(seed: int) -> Iterator[None]:
    """Take time, chance, threads and disks over for one run; everything is as before afterwards."""
    more = random.Random(f"{seed}/more")  # noqa: S311 - dice
    rng = random.Random(f"{seed}/chance")  # noqa: S311 - dice, in the place of secrets
    clocks = Clocks(Stage.turns, Stage.wall)
    chance = types.SimpleNamespace(
        randbits=rng.getrandbits,
        token_hex=lambda n=32: f"{rng.getrandbits(8 * n):0{2 * n}x}",
        token_urlsafe=lambda n=32: f"{rng.getrandbits(8 * n):0{2 * n}x}",
    )
    ids = types.SimpleNamespace(uuid4=lambda: uuid.UUID(int=rng.getrandbits(128)))
    disk = types.SimpleNamespace(**{**vars(sqlite3), "connect": _connect})
    Disk.plans = {}
    random.seed(seed)
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    places: list[tuple[Any, str, Any]] = [
        (sync.hub.access, "HASHER", CHEAP),
        (sync.replica.renewal, "_hasher", lambda: CHEAP),
        (sync.hub.api, "Limits", partial(Limits, clocks.time.monotonic)),
        *(
            (module, "ThreadPoolExecutor", Inline)
            for module in (sync.hub.api, sync.hub.door_api, sync.hub.doorway)
        ),
        (sync.hub.api, "_LargeFile", StillFile),
        (sync.hub.snapshot, "FRESH_FOR", more.choice((0, 5, 5_000))),
        (sync.hub.watch, "LOOK_S", 1.0),
        (sync.hub.writer, "WINDOW_S", 0.0),
        (sync.hub.writer, "RETRY_PAUSES_S", (0.0,) * 4),
        (sync.hub.drain, "time", clocks.time),
        (sync.hub.drain, "datetime", clocks.datetime),
        (sync.wire, "secrets", chance),
        (sync.replica.outbox, "uuid", ids),
        (sync.replica.outbox, "keep_reserve", no_reserve),
        (sync.replica.outbox, "YOUNG", timedelta(seconds=rng.choice((0, 5, 86_400)))),
        (sync.replica.outbox, "REFUSED_FOR", timedelta(seconds=rng.choice((0, 5, 86_400)))),
        (sync.replica.files, "sqlite3", disk),
        (sync.replica.sealed, "sqlite3", disk),
        (sync.replica.loop, "time", clocks.time),
        (sync.replica.link, "time", clocks.time),
        (sync.replica.loop, "PULL_ROWS", rng.choice((7, 40, 500))),
        (sync.replica.loop, "slices", partial(sync.replica.slices.slices, size=rng.choice((3, 20, 100)))),
    ]
    places += [
        (module, "crash_point", _crash_point)
        for module in (sync.hub.writer, sync.hub.batch, sync.hub.api, sync.hub.effects)
    ]
    places += [
        (sync.hub.effect_rows, "LEASE", still_outside.LEASE),
        (sync.hub.effects, "FIRST_WAIT_S", still_outside.FIRST_WAIT_S),
        (sync.hub.effects, "LAST_WAIT_S", still_outside.LAST_WAIT_S),
    ]
    places.append((sync.replica.clock, "datetime", clocks.datetime))
    with ExitStack() as stack:
        for module, name, value in places:
            stack.enter_context(patch.object(module, name, value))
        stack.callback(logging.disable, before)
        stack.callback(setattr, Stage, "world", None)
        yield
