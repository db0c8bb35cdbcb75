"""Desks two revisions old work beside new ones; one that is too old keeps its work until it is updated."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest
from elders import NEWEST, OLDEST_SCHEMA, PASTS, as_written, with_a_past
from place import FEED
from sqlalchemy import func, select
from still_world import World
from stillness import stillness

from app import upcast
from app.command import Command
from app.commands.adjust_stock import AdjustStock
from app.commands.hold import Hold
from app.commands.pick import Pick
from app.domain.values import Actor, Role
from app.engine import spec_of
from sync.hub.database import reading
from sync.replica.entries import Entry
from sync.tables import command

pytestmark = [pytest.mark.fault, pytest.mark.timeout(300)]

AT = datetime(2026, 6, 13, tzinfo=UTC)
ASKED = (
    Hold(order="o1", reason="等买家回话"),
    AdjustStock(warehouse="SZ", sku="LN-220", delta=-3, reason="盘点"),
    Pick(order="o1", line="1", qty=2),
)
BUSY_S = 30.0


def kept(asked: Command) -> Entry:
    spec = spec_of(asked)
    return Entry(
        id="c1", name=spec.code, rev=spec.rev, args=msgspec.json.encode(asked), login="l",
        actor=Actor("lin", Role.CLERK, frozenset()), subject="o1", saved_at=AT, wall_at=AT,
    )  # fmt: skip


@pytest.mark.parametrize("rev", [1, 2])
@pytest.mark.parametrize("asked", ASKED, ids=lambda one: type(one).__name__)
def test_what_an_old_desk_writes_is_spelled_otherwise_and_means_the_same(asked: Command, rev: int) -> None:
    with with_a_past():
        old = as_written(kept(asked), rev)

        assert set(msgspec.json.decode(old.args)) != set(msgspec.json.decode(kept(asked).args))
        assert (old.rev, upcast.read(old.name, old.rev, old.args)) == (rev, asked)
    assert {spec_of(one).code for one in ASKED} == set(PASTS)


def test_desks_of_three_revisions_work_on_the_same_orders() -> None:
    with stillness(5), with_a_past():
        world = World(5, desks=3)
        for desk, rev in zip(world.desks, (1, 2, NEWEST), strict=True):
            desk.rev, desk.pace_s = rev, 0.3
        world.turns.run_until(lambda: all(d.old_words > 2 for d in world.desks[:2]), BUSY_S)
        world.heal()
        world.close()
        verdict = world.judge()

    assert verdict.findings == []
    assert all(desk.old_words > 2 for desk in world.desks[:2])
    assert world.desks[2].old_words == 0


def test_a_desk_too_old_for_the_hub_keeps_its_work_until_it_is_updated() -> None:
    with stillness(7), with_a_past():
        world = World(7, desks=2)
        old, new = world.desks
        old.rev, old.schema, old.pace_s, new.pace_s = 1, OLDEST_SCHEMA, 0.3, 0.3
        world.turns.run_until(lambda: False, BUSY_S)
        waits, note = old.store.waiting.count, old._link.link().note
        assert (waits, _decided(world, old.store.desk)) == (len(old.papers.promises), 0)
        assert note is not None
        assert "too old" in note.message
        old.die()
        world.turns.run_until(lambda: old.is_up, BUSY_S)  # switching it off and on helps nothing
        world.turns.run_until(lambda: False, BUSY_S)
        assert _decided(world, old.store.desk) == 0

        world.heal()
        name = old.store.desk
        world.close()
        verdict = world.judge()
        decided = _decided(world, name)

    assert verdict.findings == []
    assert decided == len(old.papers.promises) > waits > 5
    assert old.old_words > 0


def _decided(world: World, replica: str) -> int:
    c = command.c
    with reading(world.engine) as db:
        found = select(func.count()).where(c.feed_id == FEED, c.replica_id == replica)
        return int(db.execute(found).scalar_one())
