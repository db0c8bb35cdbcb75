"""One sample file from the drop to its mapping, its rejected rows, and the day a column has another name."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from test_import_api import World, ended, world

from app.imports import Reading
from app.trouble import Trouble

__all__ = ["world"]

HEAD = ("订单号", "下单时间", "商家编码", "说明一", "数量", "单价")
ROWS = [(f"N{i}", "2026-06-13 20:30", "A-1", "杯子", 1, "12.50") for i in range(25)]
BAD = ("N98", "2026-06-13 20:30", "A-1", "杯子", -1, "12.50"), ("N99", "never", "A-1", "杯子", 1, "12.50")


def said(matching) -> dict[str, tuple[str, str]]:
    return {one.column: (one.field, one.trust) for one in matching.columns}


def test_a_mapping_is_sure_of_itself_corrected_once_and_red_before_the_next_file(world: World):
    desk = world.desk()
    file = desk.look(world.file(HEAD, *ROWS, *BAD), Reading()).id

    by_itself = desk.match("S1", [file], {})
    assert {column: trust for column, (_, trust) in said(by_itself).items() if trust == "sure"}.keys() == (
        set(HEAD) - {"说明一"}
    )
    by_hand = desk.match("S1", [file], {"0/说明一": ("title", "")})
    assert said(by_hand)["说明一"] == ("title", "manual")
    sample = desk.sample("S1", [file], by_hand)
    assert (len(sample.rows), sample.rows[0].cells[-1].text) == (20, "¥12.50")

    row = ended(desk, desk.begin("S1", [file], by_hand))
    assert (row.account.new, row.account.rejected) == (25, 2)
    assert desk.save_rejected(row.id, str(world.folder / "back.csv")) == 2
    with Path(world.folder / "back.csv").open(encoding="utf-8-sig", newline="") as back:
        reasons = {one["订单号"]: one["reason"] for one in csv.DictReader(back)}
    assert reasons.keys() == {"N98", "N99"}
    assert all(reasons.values())

    # A column that is surely the title comes along: what a person said stays.
    wider = [(*one[:4], "马克杯", *one[4:]) for one in ROWS]
    head = (*HEAD[:4], "商品名称", *HEAD[4:])
    file = desk.look(world.file(head, *wider, name="wider.csv"), Reading()).id
    again = desk.match("S1", [file], {})
    assert said(again)["说明一"][0] == "title"
    assert said(again)["商品名称"][0] != "title"

    renamed = tuple("下单时刻甲" if name == "下单时间" else name for name in HEAD)
    file = desk.look(world.file(renamed, *ROWS, name="renamed.csv"), Reading()).id
    red = desk.match("S1", [file], {})
    assert [(one.column, one.field) for one in red.columns if one.is_lost] == [("下单时间", "ordered_at")]
    before = len(desk.past())
    with pytest.raises(Trouble, match="mapping"):
        desk.begin("S1", [file], red)
    assert len(desk.past()) == before
    assert said(red)["说明一"][0] == "title"
