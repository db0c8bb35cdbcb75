"""A database that stumbles, a clock set back or an odd answer ends no talk with channels."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hub_world import FEED, HubWorld
from polled_world import Polled
from servers import Lent
from sqlalchemy import insert, text
from sqlalchemy.exc import OperationalError

from app.trouble import Trouble
from sync.connection_tables import turn
from sync.hub import effect_rows, turns
from sync.hub.bulk import at_once
from sync.hub.database import open_database, reading, writing
from sync.hub.effect_rows import at_work, doubt_expired, lease, wish_latest
from sync.hub.polling import streams, taking
from sync.hub.polling.poller import Over, Poller
from sync.hub.polling.taking import KeptKeys
from sync.hub.provider import Unsent
from sync.hub.turns import Turns
from sync.manifest.blocks import Budget
from sync.manifest.caller import Answer
from sync.manifest.pace import owed_s
from sync.tables import effect

SLOW = {"budget": [{"calls": 1, "every": "PT180S"}], "streams": {"orders": {"pages": {"size": 20}}}}
PT1S = {"budget": [{"calls": 1, "every": "PT1S"}], "streams": {"orders": {"pages": {"size": 20}}}}


@pytest.fixture
def database_url(tmp_path: Path, laid_out_file: Path) -> str:
    """A file; what needs a server asks for one."""
    shutil.copy(laid_out_file, tmp_path / "hub.db")
    return f"sqlite:///{tmp_path / 'hub.db'}"


@pytest.fixture
def server(lent_postgres: Lent) -> Iterator[Turns]:
    """Turns on PostgreSQL."""
    with lent_postgres.database() as url:
        engine = open_database(url)
        yield Turns(engine, FEED)
        engine.dispose()


def gone(*_asked: object, **_named: object) -> None:
    raise OperationalError("", {}, psycopg.OperationalError("gone"))


# --- turns and lines ------------------------------------------------------------------------------------


@pytest.mark.postgres
def test_a_line_that_was_left_in_the_middle_begins_transactions_again(
    server: Turns, monkeypatch: pytest.MonkeyPatch
):
    engine = server._engine
    with monkeypatch.context() as patch:
        patch.setattr(psycopg.Connection, "execute", lambda *_asked: threading.main_thread().missing)
        with pytest.raises(AttributeError):
            at_once(engine, "SELECT 1", {})

    with engine.connect() as db:
        assert db.connection.driver_connection.autocommit is False


@pytest.mark.postgres
def test_who_waits_for_a_turn_writes_nothing(server: Turns, monkeypatch: pytest.MonkeyPatch):
    def row() -> object:
        with reading(server._engine) as db:
            return db.execute(text("SELECT ctid, xmin, xmax, until FROM turn")).one()

    other = Turns(server._engine, FEED)
    with server.alone("telling TM1"):
        seen = []
        with monkeypatch.context() as patch:
            patch.setattr(turns.time, "sleep", lambda _seconds: seen.append(row()))
            with pytest.raises(Trouble, match="busy"), other.alone("telling TM1", 0.2):
                pytest.fail("both at once")

    assert len(seen) > 2
    assert set(seen) == {seen[0]}


@pytest.mark.postgres
def test_a_turn_from_before_the_clock_was_set_back_is_over(server: Turns):
    later = datetime.now(UTC) + timedelta(hours=1)
    with writing(server._engine) as db:
        db.execute(insert(turn).values(feed_id=FEED, name="keys TM1", holder="gone", until=later))

    assert server.silent("keys TM1") == timedelta(0)
    with server.alone("keys TM1", 0.0):
        assert server.silent("keys TM1") is None


def test_who_is_offered_a_turn_does_not_wait_for_the_same_hub_either(hub: HubWorld):
    mine, said = Turns(hub.engine, FEED), list[bool]()

    def ask() -> None:
        with mine.offered("wanted TM1") as is_ours:
            said.append(is_ours)

    with mine.alone("wanted TM1"):
        other = threading.Thread(target=ask, daemon=True)
        other.start()
        other.join(5)
        assert said == [False]
    ask()
    assert said == [False, True]


def test_where_no_turn_can_be_taken_nothing_was_told(hub: HubWorld, monkeypatch: pytest.MonkeyPatch):
    world = Polled(hub, "pdd")
    monkeypatch.setattr(Turns, "_here", gone)

    with pytest.raises(Unsent), world.tools.telling(world.one()):
        pytest.fail("nobody has the turn")


# --- keys and points ------------------------------------------------------------------------------------


def test_new_keys_wait_for_a_database_that_is_away_for_a_moment(
    hub: HubWorld, monkeypatch: pytest.MonkeyPatch, expect_log: Callable[[str], None]
):
    world, keep, times = Polled(hub, "pdd"), taking.keep_settings, iter([gone, gone])
    keys = KeptKeys(world.tools, world.one())

    def stumbling(*asked: Any) -> bool:
        return next(times, keep)(*asked)

    monkeypatch.setattr(taking, "keep_settings", stumbling)
    monkeypatch.setattr(taking, "KEEP_PAUSE_S", 0.0)
    keys.keep({"access_token": "new", "refresh_token": "next"})

    expect_log("wait for the database")
    assert world.one().settings["refresh_token"] == "next"  # noqa: S105 - a test's


@pytest.mark.parametrize(
    ("left", "keep", "restore", "owed"),
    [(0, 100, 50, 2), (-100, 100, 50, 4), (-1e30, 100, 1, 600), (0, 100_000, 1, 100_000), (200, 100, 50, 0)],
)
def test_an_odd_number_of_points_stops_no_shop_for_good(left: float, keep: int, restore: int, owed: float):
    assert owed_s(Budget(cost="left", keep=keep, restore=restore), {"left": left}) == owed


# --- effects --------------------------------------------------------------------------------------------


def test_what_takes_long_to_tell_is_doubted_by_no_other_worker(
    hub: HubWorld, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(effect_rows, "LEASE", timedelta(seconds=1))
    with writing(hub.engine) as db:
        wish_latest(db, FEED, "stock:TM1:A-1", "stock", "{}", 1, hub.clock())
    leased = lease(hub.engine, FEED, ["stock"], hub.clock())
    assert leased is not None
    begun, pause = hub.clock() + timedelta(seconds=1), threading.Event()

    with at_work(hub.engine, FEED, leased, hub.clock):
        hub.clock.move(seconds=1)
        for _ in range(100):
            if hub.rows(effect)[0].lease_until > begun:
                break
            pause.wait(0.02)
        assert doubt_expired(hub.engine, FEED, hub.clock()) == 0
    hub.clock.move(seconds=2)
    assert doubt_expired(hub.engine, FEED, hub.clock()) == 1


# --- lists ----------------------------------------------------------------------------------------------


def test_a_hub_that_ends_makes_no_call_before_its_time_and_gives_its_list_back(hub: HubWorld):
    world = Polled(hub, "pdd", 60, override=SLOW)
    asked = threading.Event()

    def line(*call: Any) -> Answer:
        asked.set()
        return world.wire(*call)

    poller = Poller(world.tools, lambda: line)
    poller.step()
    work = poller.under_way[0]
    assert asked.wait(10)
    poller.close()

    assert isinstance(work.exception(5), Over)
    assert world.wire.asked == 1
    assert (world.stream().lease_until, world.stream().tries) == (None, 0)


def test_short_waits_write_nothing(hub: HubWorld, monkeypatch: pytest.MonkeyPatch):
    world, renewed, waited = Polled(hub, "pdd", 60, override=PT1S), list[object](), list[float]()
    monkeypatch.setattr(streams, "renew", lambda *asked: renewed.append(asked))
    world.poller = Poller(world.tools, lambda: world.wire, waited.append)
    world.poller.open_shop(world.one())
    world.poller._read_list(world.one(), "orders", None)

    assert len(waited) > 2
    assert renewed == []
