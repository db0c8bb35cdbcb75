"""Short runs that always meet a bug which few seeds would: each says what is wrong, nothing if all is well.

`MEETS` names the bugs each of them is there for.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, nullcontext
from functools import partial
from typing import Any
from unittest.mock import patch

import msgspec
from bug import Bug, installed
from checker import base_rows, feed_rows, opened
from place import FEED, PEOPLE, SEAL
from still_desk import Disk, StillDesk
from still_world import World
from stillness import stillness

import sync.replica.loop
import sync.replica.slices
from app.commands.adjust_stock import AdjustStock
from sync.hub.database import reading
from sync.hub.verify import verify
from sync.mark import Mark

SEED = 11
READY_S, SOON_S = 60.0, 30.0
PAGE_ROWS, SLICE_ROWS = 7, 3
"""Pages that end in the middle of much news, slices that end in the middle of one number."""
MORE_ORDERS = 8

Schedule = Callable[[Bug | None], list[str]]


@contextmanager
def small_world(bug: Bug | None, desks: int = 1) -> Iterator[World]:
    """A hub, and a lead who waits; small pages and slices; a bug in all of it."""
    small = partial(sync.replica.slices.slices, size=SLICE_ROWS)
    with (
        stillness(SEED),
        patch.object(sync.replica.loop, "PULL_ROWS", PAGE_ROWS),
        patch.object(sync.replica.loop, "slices", small),
        installed(bug) if bug is not None else nullcontext(),
    ):
        world = World(SEED, desks=desks, people=[user for user in PEOPLE if user.code == "zhou"])
        for desk in world.desks:
            desk.is_working = False
        try:
            yield world
        finally:
            world.close()


def a_batch_that_was_not_committed(bug: Bug | None = None) -> list[str]:
    """The disk is full at the commit of what a person asked for: who was told it is done finds it there."""
    with small_world(bug) as world:
        (desk,), (hub,) = world.desks, world.hubs
        get_ready(world, desk)

        def no_room(point: str) -> None:
            if point == "before_commit" and not hub.sabotage.hits:
                hub.sabotage.kind = "undone"

        hub.sabotage.at_point = no_room  # type: ignore[method-assign]
        count_a_shelf(world, desk)
        _must(world, lambda: hub.sabotage.hits > 0, "a commit fails")
        world.heal()
    return [str(one) for one in world.judge().findings]


def power_after_every_commit(bug: Bug | None = None) -> list[str]:
    """Whatever commit of the replica is the last: up to its cursor no row is missing."""
    missing: list[str] = []
    real = Disk._passed

    def passed(self: Disk, sql: str, run: Callable[[], sqlite3.Cursor]) -> sqlite3.Cursor:
        was_open, changes = self.in_transaction, self.total_changes
        done = real(self, sql, run)
        if not self.in_transaction and (was_open or self.total_changes != changes) and not missing:
            missing.extend(_missing(world, desk))
        return done

    with small_world(bug) as world:
        (desk,) = world.desks
        _must(world, lambda: desk.login is not None, "somebody sits down")
        with patch.object(Disk, "_passed", passed):
            get_ready(world, desk)
            world.shops.deliver(MORE_ORDERS)
            _must(world, world._is_level, "the news are here")
    return missing


def pages_that_end_before_ones_own_work(bug: Bug | None = None) -> list[str]:
    """Much is new before what a person did: their work waits on the screen until its rows are here."""
    with small_world(bug) as world:
        (desk,) = world.desks
        get_ready(world, desk)
        desk.line.script = lambda ask: "dropped" if "/pull" in ask.target else ""
        world.shops.deliver(MORE_ORDERS)
        _must(world, world._is_drained, "the hub has decided about the orders")
        count_a_shelf(world, desk)
        _must(world, lambda: not desk.store.waiting.count, "the hub has answered")
        desk.line.script = None
        world.heal()
    return [str(one) for one in world.judge().findings]


def sums_after_a_change(bug: Bug | None = None) -> list[str]:
    """Orders take from shelves that were there before: the checksums are those of the rows."""
    with small_world(bug, desks=0) as world:
        _must(world, world._is_drained, "the hub has decided about the orders")
        return [str(one) for one in verify(world.engine, FEED).findings]


MEETS: dict[str, Schedule] = {
    "answers_although_it_failed": a_batch_that_was_not_committed,
    "cursor_before_rows": power_after_every_commit,
    "forgets_to_sum": sums_after_a_change,
    "last_n_runs_ahead": pages_that_end_before_ones_own_work,
    "slices_move_early": power_after_every_commit,
}


def get_ready(world: World, desk: StillDesk) -> None:
    """Wait until somebody sits before a whole replica."""
    _must(world, lambda: desk.login is not None and world._is_level(), "the desk is level", READY_S)


def count_a_shelf(world: World, desk: StillDesk) -> None:
    """Let a person count a shelf."""
    row = next(iter(_stock(desk)))
    desk.give(AdjustStock(warehouse=row.warehouse, sku=row.sku, delta=1, reason="盘点"))
    _must(world, lambda: not desk.errands, "it is kept")


def _stock(desk: StillDesk) -> Any:
    if desk._views is None:
        raise AssertionError("nobody is there")
    return desk._views.stock(warehouse="", limit=1)


def _must(world: World, is_so: Callable[[], bool], what: str, within_s: float = SOON_S) -> None:
    if not world.turns.run_until(is_so, within_s):
        raise AssertionError(f"{what}: not within {within_s:.0f} s: {world.trace[-20:]}")


def _missing(world: World, desk: StillDesk) -> list[str]:
    """Name what a power cut now would leave a replica without, although its cursor is behind it."""
    with closing(opened(desk.store.path)) as replica:
        kept = replica.execute("SELECT value FROM meta WHERE key = 'mark'").fetchone()
        mark = msgspec.json.decode(kept[0], type=Mark) if kept else Mark()
        if mark.reach is None:
            return []
        here = base_rows(replica)
    with reading(world.engine) as db:
        there = feed_rows(db, SEAL, mark.reach, mark.cursor)
    rows = {key: row[0] for key, row in there.items() if key[0] != "history"}
    behind = [key for key, seq in rows.items() if key not in here or here[key][0] < seq]
    return [f"at {mark.cursor} without {'/'.join(key)}" for key in sorted(behind)]
