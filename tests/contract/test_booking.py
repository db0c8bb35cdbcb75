"""Vouchers of whole days reach a bookkeeping system once each, balanced, under its own accounts."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from errand_world import Kingdee
from hub_world import FEED, HubWorld, bought
from service_world import served
from sqlalchemy import delete

from app.commands.let_go import LetGo
from app.commands.pack import Pack
from app.commands.pick import Pick
from app.commands.read_again import ReadAgain
from app.commands.ship import Ship
from app.commands.wake import Wake
from app.domain.values import Role
from app.domain.voucher import Account
from sync import tables
from sync.hub.asking import Worker
from sync.hub.database import writing
from sync.hub.jobs import open_worker
from sync.hub.keeping.restore import begin_life
from sync.hub.outward.booking import BOOKS, Booking
from sync.hub.outward.service_file import Named, ServiceFile, books, connectors


class World:
    """A hub whose Tmall shop is booked at a simulated Kingdee."""

    def __init__(self, hub: HubWorld, kingdee: Kingdee, url: str) -> None:
        self.hub, self.kingdee = hub, kingdee
        settings = {
            "base_url": url, "app_id": Kingdee.app_id, "app_secret": Kingdee.secret,
            "appdata": Kingdee.appdata, "appdata_base64": base64.b64encode(Kingdee.appdata.encode()).decode(),
        }  # fmt: skip
        named = Named("kingdee", settings, shops={"TM1": "001"}, accounts={Account.TAX: "2221"})
        file = ServiceFile({"k3": named})
        info = open_worker(hub.engine, FEED, BOOKS, hub.clock())
        worker = Worker(hub.engine, FEED, hub.writer, info)
        kept = books(file, connectors(file, hub.clock))
        self.booking = Booking(hub.engine, FEED, kept, hub.clock, worker)
        for order in ("o1", "o2"):
            hub.channel.must(bought(order))
            lead = hub.desk(Role.LEAD, f"lead-{order}")
            lead.must(Pick(order=order, line="1", qty=1), Pack(order=order))
            lead.must(Ship(order=order, carrier="SF", tracking_no=f"SF-{order}"))

    def days(self, count: int) -> None:
        for _ in range(count):
            while self.booking.step():
                pass
            self.hub.clock.now += timedelta(hours=25)

    def rounds(self, count: int = 1) -> None:
        for _ in range(count):
            while self.booking.step():
                pass
            self.hub.clock.now += timedelta(minutes=1)

    def cases(self) -> list[tuple[str, str]]:
        rows = self.hub.rows(tables.snag)
        return [(row.id, row.state) for row in rows if row.kind == "voucher_refused"]

    def states(self) -> dict[str, str]:
        return {row.effect_key: row.state for row in self.hub.rows(tables.effect) if row.kind == "voucher"}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    hub, kingdee = HubWorld(f"sqlite:///{tmp_path / 'hub.db'}"), Kingdee()
    with served(kingdee) as url:
        yield World(hub, kingdee, url)
        assert hub.verify().findings == ()
        hub.close()


def test_a_day_is_booked_once_it_is_over_and_only_once_though_an_answer_is_lost(world: World):
    world.kingdee.hangs_up_each = 1

    world.days(4)

    made = dict(world.kingdee.made)
    assert made == {
        "Docket TM1-20260613-CNY": {
            "number": "V1",
            "day": "2026-06-13",
            "book": {"FNumber": "001"},
            "sum": 64_000,
        }
    }
    assert world.states()["voucher:TM1:20260613:CNY"] == "done"
    assert world.kingdee.false == 0


def test_days_the_hub_slept_through_are_booked_when_it_wakes(world: World):
    world.days(1)
    world.hub.clock.now += timedelta(days=3)
    world.days(1)

    days = sorted(key.split(":")[2] for key in world.states())
    assert days == ["20260612", "20260613", "20260614", "20260615", "20260616"]
    assert world.states()["voucher:TM1:20260613:CNY"] == "done"


def test_a_day_the_hub_booked_before_it_was_restored_is_not_booked_again(world: World):
    world.days(2)
    with writing(world.hub.engine) as db:
        db.execute(delete(tables.effect).where(tables.effect.c.kind == "voucher"))
        begin_life(db, FEED, world.hub.clock.now, is_protected=True)
        world.hub.clock.now -= timedelta(hours=25)

    world.days(2)

    assert list(world.kingdee.made) == ["Docket TM1-20260613-CNY"]
    assert world.states()["voucher:TM1:20260613:CNY"] == "done"


KEY = "voucher:TM1:20260613:CNY"


def test_an_account_that_is_missing_there_is_tried_again_the_next_day(world: World):
    world.kingdee.accounts = frozenset({"1122"})
    world.days(2)
    assert (world.kingdee.made, world.states()[KEY]) == ({}, "todo")
    assert world.cases() == [(f"{KEY}/1", "open")]

    world.kingdee.accounts = Kingdee.accounts
    world.days(1)

    assert list(world.kingdee.made) == ["Docket TM1-20260613-CNY"]
    assert world.cases() == [(f"{KEY}/1", "closed")]


def test_a_refused_voucher_stands_before_somebody_and_is_sent_when_they_say_so(world: World):
    world.days(1)
    world.kingdee.accounts = frozenset({"1122"})
    world.rounds(3)
    assert world.cases() == [(f"{KEY}/1", "open")]
    asked = world.kingdee.asked
    lead = world.hub.desk(Role.LEAD, "lead")

    lead.must(ReadAgain(case=f"{KEY}/1"))
    world.rounds(3)
    assert (world.kingdee.asked, world.states()[KEY]) == (asked + 1, "todo")
    assert world.cases() == [(f"{KEY}/1", "open")]

    world.kingdee.accounts = Kingdee.accounts
    lead.must(Wake(case=f"{KEY}/1", kind="voucher_refused"), ReadAgain(case=f"{KEY}/1"))
    world.rounds(3)
    assert (list(world.kingdee.made), world.kingdee.again) == (["Docket TM1-20260613-CNY"], 0)
    assert (world.states()[KEY], world.cases()) == ("done", [(f"{KEY}/1", "closed")])


def test_what_was_booked_by_hand_is_not_sent_any_more(world: World):
    world.days(1)
    world.kingdee.accounts = frozenset({"1122"})
    world.rounds()
    world.hub.desk(Role.LEAD, "lead").must(LetGo(case=f"{KEY}/1"))
    world.kingdee.accounts = Kingdee.accounts

    world.days(3)

    assert [key for key in world.kingdee.made if "20260613" in key] == []
    assert world.states()[KEY] == "done"
