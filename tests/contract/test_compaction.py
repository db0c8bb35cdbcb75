"""The feed forgets what no desk needs to hear; whoever was away for longer loads everything again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hub_world import ALL, FEED, HubWorld, bought
from scope_world import ScopeWorld
from sqlalchemy import select

from app.commands.cancel import Cancel
from app.commands.hold import Hold
from app.commands.let_go import LetGo
from app.commands.resume import Resume
from app.domain.values import Role
from sync import tables
from sync.hub.compaction import GONE_KEPT, IMAGES_KEPT, Compaction, number_at
from sync.hub.database import reading


@pytest.fixture
def world(hub: HubWorld, tmp_path: Path) -> Iterator[ScopeWorld]:
    made = ScopeWorld(hub, tmp_path)
    yield made
    made.close()


def changes(hub: HubWorld, pk: str, op: str = "U") -> list[int]:
    return [row.seq for row in hub.rows(tables.change, pk=pk, op=op)]


def sweep(hub: HubWorld) -> None:
    compaction = Compaction(hub.engine, FEED)
    while compaction.step(hub.clock()):
        pass


def busy(hub: HubWorld) -> None:
    """An order that changed three times, a case that was opened and closed, a promise that was taken back."""
    hub.channel.must(bought("o1"), bought("o2"))
    clerk = hub.desk()
    clerk.must(Hold(order="o1", reason="ask"))
    clerk.must(Resume(order="o1"))
    clerk.ask(Hold(order="nowhere", reason="ask"))
    clerk.must(LetGo(case="desk-clerk/3"))
    hub.desk(Role.LEAD).must(Cancel(order="o2", reason="asked"))


def test_nothing_young_is_forgotten(hub: HubWorld):
    busy(hub)
    before = len(hub.rows(tables.change))

    sweep(hub)

    assert len(hub.rows(tables.change)) == before


def test_images_that_newer_ones_replaced_go_and_everything_still_adds_up(hub: HubWorld):
    busy(hub)
    hub.clock.now += IMAGES_KEPT + timedelta(hours=1)
    hub.channel.must(bought("o3"))
    assert len(changes(hub, "o1")) == 3

    sweep(hub)

    assert len(changes(hub, "o1")) == len(changes(hub, "o2")) == 1
    assert changes(hub, "desk-clerk/3") == []
    assert len(changes(hub, "desk-clerk/3", "D")) == 1
    (feed,) = hub.rows(tables.feed)
    assert (feed.floor, 0 < feed.compacted < feed.head) == (0, True)
    assert hub.verify().findings == ()


def test_a_changed_command_is_found_below_what_was_forgotten(hub: HubWorld):
    busy(hub)
    hub.clock.now += IMAGES_KEPT + timedelta(hours=1)
    hub.channel.must(bought("o3"))
    sweep(hub)

    hub.sql("UPDATE command SET because = 'another reason' WHERE name = 'hold'")

    assert {finding.invariant for finding in hub.verify().findings} == {"I8"}


def test_a_desk_that_reads_row_by_row_ends_where_the_others_stand(world: ScopeWorld):
    hub = world.hub
    busy(hub)
    seat = world.seat("pc")
    seat.sit("clerk")
    seat.level()
    hub.clock.now += IMAGES_KEPT + timedelta(hours=1)
    hub.channel.must(bought("o3"))
    sweep(hub)

    page, floor = world.pages.read("pc", 0, 10_000, ALL)
    seat.level()

    assert floor == 0
    newest = {change.pk: change.seq for change in page.changes if change.tbl == "order"}
    stand = {row.id: row.seq for row in hub.rows(tables.orders)}
    assert newest == stand
    assert seat.orders().keys() == stand.keys()


def test_a_desk_away_for_too_long_rebuilds_and_keeps_its_outbox(world: ScopeWorld):
    hub = world.hub
    busy(hub)
    seat = world.seat("pc")
    seat.sit("clerk")
    seat.level()
    done = seat.store.submit(Hold(order="o1", reason="buyer asked"), seat.login(), "", None)
    assert done.refusal is None
    hub.channel.must(bought("o3"))
    hub.desk(Role.LEAD, "second").must(Hold(order="o3", reason="x"), Resume(order="o3"))
    hub.clock.now += GONE_KEPT + timedelta(days=1)
    hub.channel.must(bought("o4"))
    sweep(hub)
    (feed,) = hub.rows(tables.feed)
    assert seat.store.mark.cursor < feed.floor < feed.head
    old = seat.store.path

    seat.level()

    assert seat.store.path != old
    assert seat.orders().keys() == {"o1", "o2", "o3", "o4"}
    assert [entry.subject for entry in seat.store.outbox.pending(0, 0)] == ["o1"]
    assert seat.views.order("o1", seat.login())[0].pause.reason == "buyer asked"
    assert hub.verify().findings == ()


def test_the_number_of_an_instant_is_found(hub: HubWorld):
    first = hub.channel.must(bought("o1"))
    at = hub.clock.now
    hub.clock.move(days=2)
    second = hub.channel.must(bought("o2"))

    with reading(hub.engine) as db:
        assert number_at(db, FEED, at - timedelta(days=1)) == 0
        assert number_at(db, FEED, at + timedelta(days=1)) == first
        assert number_at(db, FEED, hub.clock.now + timedelta(days=1)) == second
        assert db.execute(select(tables.feed.c.head)).scalar() == second
