"""A counter that somebody changed by hand is found, named, and repaired by one key: that row and no other."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from builders import NOW
from hub_world import FEED, HubWorld, bought
from sqlalchemy import update

from app.commands.adjust_stock import AdjustStock
from app.commands.count_bin import CountBin
from app.commands.repair_shelf import RepairShelf
from app.domain.values import Role
from sync import tables
from sync.hub.asking import Worker
from sync.hub.database import writing
from sync.hub.drifts import DRIFTS, ROUND, Drifts
from sync.hub.jobs import open_worker
from sync.hub.keeping.backup import back_up

CASE = "drift/SZ/LN-220/1"


def bend(hub: HubWorld, **changes: int) -> None:
    """Change a counter behind the hub."""
    s = tables.stock.c
    with writing(hub.engine) as db:
        db.execute(
            update(tables.stock)
            .where(s.feed_id == FEED, s.warehouse == "SZ", s.sku == "LN-220")
            .values({name: s[name] + by for name, by in changes.items()})
        )


@pytest.fixture
def drifts(hub: HubWorld) -> Drifts:
    hub.channel.must(bought("o1"))
    info = open_worker(hub.engine, FEED, DRIFTS, hub.clock())
    return Drifts(Worker(hub.engine, FEED, hub.writer, info))


def cases(hub: HubWorld) -> list[tuple[str, str]]:
    return [(row.id, row.state) for row in hub.rows(tables.snag) if row.kind == "stock_drift"]


@pytest.mark.parametrize("changes", [{"on_hand": 3}, {"on_hand": -2}, {"on_hand": 5, "reserved": 2}])
def test_a_bent_counter_is_found_once_and_repaired_by_one_key(hub: HubWorld, drifts: Drifts, changes):
    drifts.step(hub.clock())
    assert cases(hub) == []
    bend(hub, **changes)
    hub.clock.move(seconds=ROUND.total_seconds() + 1)

    drifts.step(hub.clock())
    hub.clock.move(seconds=ROUND.total_seconds() + 1)
    drifts.step(hub.clock())
    assert cases(hub) == [(CASE, "open")]
    assert not hub.verify().ok

    hub.desk(Role.LEAD, "lead").must(RepairShelf(case=CASE))

    assert cases(hub) == [(CASE, "closed")]
    assert hub.verify().ok


def test_the_case_names_shelf_figures_and_who_was_there_last(hub: HubWorld, drifts: Drifts):
    floor = hub.desk(Role.WAREHOUSE, "floor")
    base = next(row for row in hub.rows(tables.stock) if (row.warehouse, row.sku) == ("SZ", "LN-220")).on_hand
    floor.must(CountBin(doc="d1", warehouse="SZ", sku="LN-220", counted=base + 1, base=base))
    bend(hub, on_hand=3)

    drifts.step(hub.clock())

    (row,) = [row for row in hub.rows(tables.snag) if row.kind == "stock_drift"]
    assert f'"kept":{base + 4},"papers":{base + 1}' in row.doc
    assert "count_bin" in row.doc


def test_a_count_has_the_shelves_looked_at_at_once(hub: HubWorld, drifts: Drifts):
    drifts.step(hub.clock())
    bend(hub, on_hand=3)
    hub.clock.move(seconds=timedelta(minutes=1).total_seconds())
    drifts.step(hub.clock())
    assert cases(hub) == []

    floor = hub.desk(Role.WAREHOUSE, "floor")
    floor.must(CountBin(doc="d1", warehouse="WH", sku="LN-220", counted=9, base=10))
    drifts.step(hub.clock())

    assert cases(hub) == [(CASE, "open")]


def test_the_next_drift_of_a_shelf_is_another_case(hub: HubWorld, drifts: Drifts):
    lead = hub.desk(Role.LEAD, "lead")
    for _ in range(2):
        bend(hub, on_hand=3)
        hub.clock.move(seconds=ROUND.total_seconds() + 1)
        drifts.step(hub.clock())
        lead.must(RepairShelf(case=cases(hub)[-1][0]))

    assert sorted(cases(hub)) == [(CASE, "closed"), ("drift/SZ/LN-220/2", "closed")]
    assert hub.verify().ok


def test_what_somebody_bends_back_is_over_at_the_next_look(hub: HubWorld, drifts: Drifts):
    bend(hub, on_hand=3)
    drifts.step(hub.clock())
    hub.clock.move(seconds=1)
    drifts.step(hub.clock())
    assert cases(hub) == [(CASE, "open")]

    bend(hub, on_hand=-3)
    hub.clock.move(seconds=1)
    drifts.step(hub.clock())

    assert cases(hub) == [(CASE, "closed")]
    assert hub.verify().ok


def test_a_count_settles_a_shelf_that_drifted_and_the_papers_say_what_lies_there(
    hub: HubWorld, drifts: Drifts
):
    bend(hub, on_hand=3)
    drifts.step(hub.clock())
    base = next(row for row in hub.rows(tables.stock) if (row.warehouse, row.sku) == ("SZ", "LN-220")).on_hand

    there = base - 2
    hub.desk(Role.WAREHOUSE, "floor").must(
        CountBin(doc="d1", warehouse="SZ", sku="LN-220", counted=there, base=base)
    )

    (row,) = [row for row in hub.rows(tables.stock) if (row.warehouse, row.sku) == ("SZ", "LN-220")]
    assert (row.on_hand, cases(hub)) == (there, [(CASE, "closed")])
    assert hub.verify().ok


def test_goods_that_move_in_the_same_breath_as_a_repair_are_not_forgotten(hub: HubWorld, drifts: Drifts):
    bend(hub, on_hand=3)
    drifts.step(hub.clock())

    hub.desk(Role.LEAD, "lead").must(
        AdjustStock(warehouse="SZ", sku="LN-220", delta=2, reason="found"), RepairShelf(case=CASE)
    )

    assert cases(hub) == [(CASE, "closed")]
    assert hub.verify().ok


def test_a_backup_counts_although_a_person_is_asked_about_a_counter(
    hub: HubWorld, drifts: Drifts, tmp_path: Path
):
    bend(hub, on_hand=3)
    assert not back_up(hub.engine, tmp_path / "unasked", NOW).ok

    drifts.step(hub.clock())

    assert not hub.verify().ok
    assert back_up(hub.engine, tmp_path / "asked", NOW).ok
