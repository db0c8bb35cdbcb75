"""Rows of a file nobody could read are looked at, matched anew and taken once, out of the archive."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import select
from test_import_api import BAD, GOOD, HEAD, World, ended, handed_in

from app.boot.opening import FEED_ID
from app.trouble import Trouble
from sync.hub.database import reading
from sync.hub.verify import verify
from sync.tables import snag
from sync.wire import AskRaw, RawText


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setenv("DOCKET_HOME", str(tmp_path))
    made = World(tmp_path)
    made.people()
    yield made
    made.close()


def case_of(world: World) -> str:
    with reading(world.running.hub.engine) as db:
        return str(db.execute(select(snag.c.id).where(snag.c.subject == "raw")).scalar_one())


def states(world: World) -> list[str]:
    with reading(world.running.hub.engine) as db:
        return list(db.execute(select(snag.c.state).where(snag.c.subject == "raw")).scalars())


def test_rows_nobody_could_read_are_taken_once_with_a_mended_mapping_and_end_their_case(world: World):
    """The file is gone by then: its rows come out of the archive."""
    desk, other = world.desk(), world.desk("lead")
    head = (*HEAD, "件数")
    good, bad = [(*row, 1) for row in GOOD[:2]], [(f"N{i}", *BAD[1:], 2) for i in (7, 8, 9)]
    files, matching = handed_in(desk, world.file(head, *good, *bad))
    first = ended(desk, desk.begin("S1", files, matching)).account
    case = case_of(world)
    line = desk._link.connect()
    shown = json.loads(line.ask("POST", "/v1/raw", RawText, body=msgspec.json.encode(AskRaw(case=case))).text)

    looks = [each.retake(case) for each in (desk, other)]
    accounts = []
    for each, look in zip((desk, other), looks, strict=True):
        mended = each.match(look.shop, [look.file.id], {"0/数量": ("", ""), "0/件数": ("qty", "")})
        accounts.append(ended(each, each.begin("S1", [look.file.id], mended)).account)

    assert (first.new, first.rejected) == (2, 3)
    assert [(row["row"], row["订单号"], row["件数"]) for row in shown] == [
        (4, "N7", "2"),
        (5, "N8", "2"),
        (6, "N9", "2"),
    ]
    assert [(look.shop, look.file.rows, look.file.columns) for look in looks] == [("S1", 3, head)] * 2
    assert [(each.new, each.unchanged, each.rejected) for each in accounts] == [(3, 0, 0), (0, 3, 0)]
    assert states(world) == ["closed"]
    with pytest.raises(Trouble, match="no_case"):
        desk.retake(case)
    again, kept = handed_in(desk, world.file(head, ("N10", *BAD[1:], 4), name="next.csv"))
    assert ended(desk, desk.begin("S1", again, kept)).account.new == 1
    assert verify(world.running.hub.engine, FEED_ID).findings == ()


def test_a_case_stays_while_one_of_its_rows_is_not_taken(world: World):
    desk = world.desk()
    head = (*HEAD, "件数")
    rows = [(f"N{i}", *BAD[1:], pieces) for i, pieces in ((7, 2), (8, -3))]
    files, matching = handed_in(desk, world.file(head, *rows))
    ended(desk, desk.begin("S1", files, matching))
    case = case_of(world)

    again = desk.retake(case)
    mended = desk.match("S1", [again.file.id], {"0/数量": ("", ""), "0/件数": ("qty", "")})
    account = ended(desk, desk.begin("S1", [again.file.id], mended)).account

    assert (account.new, account.rejected) == (1, 1)
    assert states(world) == ["open"]
