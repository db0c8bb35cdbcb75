"""What a buyer's note says for certain: a day, a carrier; everything else is left to a reader."""

from __future__ import annotations

from datetime import date

import pytest

from app.domain.wish import unwanted, wished_day

WRITTEN, TODAY = date(2026, 6, 13), date(2026, 6, 14)
TITLES = {"SJ": "山脊快运", "YX": "远信物流", "ZX": "知行速运"}


@pytest.mark.parametrize(
    ("note", "on"),
    [
        ("6月20日发货", date(2026, 6, 20)),
        ("请6月20号再发，谢谢", date(2026, 6, 20)),
        ("麻烦等到２０号再发货！", date(2026, 6, 20)),
        ("6月20日之后再发", date(2026, 6, 21)),
        ("5号发", date(2026, 7, 5)),
        ("2026年6月20日发货", date(2026, 6, 20)),
        ("2026-06-20 以后发货", date(2026, 6, 21)),
        ("Please ship on 20 June.", date(2026, 6, 20)),
        ("Hold until June 20th, 2026", date(2026, 6, 20)),
        ("Send after 30 Jun", date(2026, 7, 1)),
        ("Ship not before 2026-06-20, thanks", date(2026, 6, 20)),
    ],
)
def test_a_day_to_leave_on_is_read(note: str, on: date):
    assert wished_day(note, WRITTEN, TODAY) == on


@pytest.mark.parametrize(
    "note",
    [
        "",
        "放东门快递柜",
        "6月20日前发货",
        "6月20日送到",
        "不要6月20日发货",
        "6月20日发货，放东门快递柜",
        "6月20日或21日发货",
        "6月31日发货",
        "2027年6月20日发货",
        "2025-06-20发货",
        "13号发货",
        "14号发货",
        "12/6 发货",
        "9月20日发货",
        "Ship on 20 June to my office",
        "Do not ship on 20 June",
        "Ship by 20 June",
        "6月20日发货" + "。" * 60,
    ],
)
def test_what_is_no_such_wish_for_certain_is_left_to_a_reader(note: str):
    assert wished_day(note, WRITTEN, TODAY) is None


def test_a_day_that_is_over_does_not_mean_the_next_one_of_its_name():
    assert wished_day("20号发货", WRITTEN, date(2026, 6, 21)) is None


@pytest.mark.parametrize(
    ("note", "code"),
    [
        ("不要发山脊", "SJ"),
        ("请别发山脊快递，谢谢", "SJ"),
        ("勿用远信物流。", "YX"),
        ("No YX please", "YX"),
        ("不要发山", ""),
        ("不要发快递", ""),
        ("发山脊", ""),
        ("不要发山脊或远信", ""),
        ("不要发山脊，放东门", ""),
        ("不要辣", ""),
    ],
)
def test_a_carrier_that_shall_not_take_it_is_read_where_only_one_is_meant(note: str, code: str):
    assert unwanted(note, TITLES) == code


def test_a_name_of_two_carriers_means_neither():
    assert unwanted("不要发山脊", TITLES | {"SL": "山脊物流"}) == ""
