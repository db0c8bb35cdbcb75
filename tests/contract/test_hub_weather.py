"""The machine under the hub goes wrong: its clock jumps, its disk says no; no command is refused for that."""

from __future__ import annotations

import sqlite3
from datetime import timedelta

import pytest
from builders import NOW
from hub_world import HubWorld, bought
from sqlalchemy.exc import DatabaseError, OperationalError

from sync import tables
from sync.hub.database import may_try_again, writing
from sync.hub.writer import Writer

DISK = (
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_IOERR | 3 << 8,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_PROTOCOL,
)
"""Also what an operating system leaves behind after an error: a file that may only be read."""


def said(code: int) -> OperationalError:
    fault = sqlite3.OperationalError("the disk says no")
    fault.sqlite_errorcode = code
    return OperationalError("INSERT", None, fault)


@pytest.mark.parametrize("days", [1, -1])
def test_a_clock_that_is_set_a_day_wrong_and_back_never_lets_the_feed_go_backwards(hub: HubWorld, days: int):
    hub.channel.must(bought("o1"))
    times = [hub.rows(tables.feed)[0].hub_at]
    for order, wrong_days in (("o2", days), ("o3", 0), ("o4", -days)):
        hub.clock.now = NOW + timedelta(days=wrong_days)
        hub.channel.must(bought(order))
        times.append(hub.rows(tables.feed)[0].hub_at)

    assert times == sorted(set(times))
    assert hub.verify().findings == ()


@pytest.mark.parametrize("code", DISK)
def test_what_a_disk_says_no_to_is_asked_again_not_refused(code: int):
    assert may_try_again(said(code))


def test_what_is_wrong_with_the_file_itself_is_not_tried_for_ever():
    fault = sqlite3.DatabaseError("malformed")
    fault.sqlite_errorcode = sqlite3.SQLITE_CORRUPT

    assert not may_try_again(DatabaseError("SELECT", None, fault))


@pytest.mark.parametrize("code", [sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY])
def test_a_batch_the_disk_refused_is_answered_when_it_takes_it_again(
    hub: HubWorld, monkeypatch: pytest.MonkeyPatch, expect_log, code: int
):
    once, left = Writer._once, [code] * 6
    monkeypatch.setattr("sync.hub.writer.RETRY_PAUSES_S", (0.0,))

    def failing(self: Writer, *asked: object) -> object:
        if left:
            with writing(self._engine):
                raise said(left.pop())
        return once(self, *asked)

    monkeypatch.setattr(Writer, "_once", failing)
    wish = hub.channel.wish(bought("o1"))
    for _ in range(3):
        with pytest.raises(OperationalError):
            hub.channel.send(wish)
    (answer,) = hub.channel.send(wish)

    assert answer.status == "applied"
    assert len(hub.rows(tables.command)) == 1
    expect_log("the database stays away")
