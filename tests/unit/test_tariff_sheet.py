"""A price table of a carrier as a sheet: columns by name, every row fares or a reason, nothing lost."""

from __future__ import annotations

import csv
from datetime import date

import msgspec
import pytest
from carrier_world import FAR, NEAR

import resources
from app.boot import demo_company
from app.boot.divisions import load_gazetteer
from app.domain.carrier import cost_minor
from app.domain.freight import Fare, Parcel, Zone
from app.domain.tariff_sheet import (
    COLUMNS,
    lacking,
    places_in,
    proposed,
    published,
    read_day,
    read_grams,
    read_sheet,
)
from app.domain.values import Region

HEADER = [
    "快递公司",
    "产品类型",
    "发货地",
    "目的省份",
    "首重 (kg)",
    "首重价",
    "续重(g)",
    "续重价",
    "生效日期",
]
CARRIERS = {"SJ": NEAR, "YX": FAR}
GAZETTEER = load_gazetteer()
ON = date(2026, 6, 13)


def read(*rows: list[str], header: list[str] = HEADER, carrier: str = ""):
    return read_sheet(header, enumerate(rows, 2), proposed(header), CARRIERS, places_in(GAZETTEER), carrier)


def problem(row: list[str]) -> str:
    (one,) = read(row)
    assert one.fares == ()
    return one.problem.message if one.problem is not None else ""


def test_columns_are_known_by_what_carriers_call_them():
    assert proposed(HEADER) == {
        "carrier": 0, "service": 1, "origin": 2, "province": 3, "first_g": 4, "first_minor": 5, "step_g": 6,
        "step_minor": 7, "since_on": 8,
    }  # fmt: skip
    assert proposed(["Zone To", "first_price", "First Price"]) == {"province": 0, "first_minor": 1}
    assert lacking({"province": 0}) == ("Price of the first weight", "Price of each further step")


def test_no_two_columns_are_called_alike():
    names = [name for column in COLUMNS.values() for name in column.names]
    assert len(set(names)) == len(names)


def test_a_row_is_a_fare_for_each_place_it_names():
    (row,) = read(["山脊快运", "次日达", "苏州", "浙江、上海市 安徽", "1", "¥8.5", "500", "3元", "2026/7/1"])

    assert (row.carrier, row.problem) == ("SJ", None)
    assert [fare.province for fare in row.fares] == ["浙江省", "上海市", "安徽省"]
    assert row.fares[0] == Fare(
        province="浙江省", origin="苏州市", service="次日达", first_minor=850, step_minor=300, first_g=1_000,
        step_g=500, since_on=date(2026, 7, 1),
    )  # fmt: skip


def test_everywhere_else_and_zones_of_the_carrier_are_places():
    zoned = msgspec.structs.replace(NEAR, zones=(Zone("一区", ("江苏省", "浙江省")),))
    rows = [["SJ", "", "", "全国", "", "9", "", "4"], ["SJ", "", "", "一区", "", "6", "", "1"]]

    found = read_sheet(HEADER, enumerate(rows, 2), proposed(HEADER), {"SJ": zoned}, places_in(GAZETTEER))

    assert [fare.province for row in found for fare in row.fares] == ["", "一区"]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (["顺水", "", "", "浙江", "1", "8", "", "3"], "No carrier {carrier} is set up"),
        (["", "", "", "浙江", "1", "8", "", "3"], "It names no carrier"),
        (["SJ", "", "", "浙姜", "1", "8", "", "3"], '"{place}" is no province, city or zone'),
        (["SJ", "", "某地", "浙江", "1", "8", "", "3"], '"{place}" is no province, city or zone'),
        (["SJ", "", "", "", "1", "8", "", "3"], "{column} is empty"),
        (["SJ", "", "", "浙江", "1", "", "", "3"], "{column} is empty"),
        (["SJ", "", "", "浙江", "1", "-8", "", "3"], '{column}: "{text}" cannot be read'),
        (["SJ", "", "", "浙江", "heavy", "8", "", "3"], '{column}: "{text}" cannot be read'),
        (["SJ", "", "", "浙江", "1", "8", "", "3", "2026-13-01"], '{column}: "{text}" cannot be read'),
        (["SJ", "x" * 61, "", "浙江", "1", "8", "", "3"], '{column}: "{text}" cannot be read'),
    ],
)
def test_a_row_that_is_no_fare_says_why(row, why):
    assert problem(row) == why


def test_of_two_rows_for_the_same_parcels_the_second_says_so_and_empty_ones_are_none():
    row = ["SJ", "", "", "浙江", "1", "8", "", "3"]

    first, second = read(row, ["", " "], [*row[:5], "9", "", "3"])

    assert first.problem is None
    assert second.row_no == 4
    assert second.problem is not None
    assert second.problem.params == {"row": 2}


def test_without_a_column_for_it_the_chosen_carrier_is_meant():
    header = ["目的地", "首重价", "续重价"]

    (row,) = read(["浙江省", "8", "3"], header=header, carrier="YX")

    assert row.carrier == "YX"


@pytest.mark.parametrize(
    ("text", "grams"),
    [("1", 1_000), ("0.5kg", 500), ("500 g", 500), ("3公斤", 3_000), ("２千克", 2_000), ("1.0001", None),
     ("-1", None), ("99999", None), ("1e400", None), ("9e999999", None), ("1e-999999", None),
     ("nan", None), ("", None)],
)  # fmt: skip
def test_weights_are_read_as_written(text, grams):
    assert read_grams(text) == grams


def test_days_are_read_as_people_and_spreadsheets_write_them():
    written = ("2026-06-13", "2026/6/13", "2026年6月13日", "2026.6.13", "46186", "2026-06-13 00:00:00")
    assert {read_day(text) for text in written} == {ON}
    assert read_day("13 June") is None


def test_a_sheet_stands_beside_what_a_carrier_has_or_in_its_place():
    rows = read(["SJ", "航空", "", "青海", "1", "30", "", "9"], ["SJ", "", "", "青海", "1", "15", "", "7"])

    beside = published(NEAR, rows, keeps=True)
    instead = published(NEAR, rows, keeps=False)

    assert beside.services == ("标准快递", "次日达", "航空")
    assert [(fare.province, fare.service, fare.first_minor) for fare in beside.fares] == [
        ("", "", 800), ("青海省", "航空", 3_000), ("青海省", "", 1_500),
    ]  # fmt: skip
    assert len(instead.fares) == 2
    assert published(FAR, rows, keeps=True) == FAR


def test_the_sample_names_places_that_exist_and_prices_every_province():
    header, *rows = csv.reader(resources.read("samples", "tariff.csv").decode().splitlines())
    known = {one.code: one for one in demo_company.CARRIERS}

    read_again = read_sheet(header, enumerate(rows, 2), proposed(header), known, places_in(GAZETTEER))

    assert [row for row in read_again if row.problem is not None] == []
    ridge, parcel = known["SJ"], Parcel(weight_g=2_400, origin=("苏州市", "江苏省"))
    costs = {
        division.name: cost_minor(ridge, Region(province=division.name), parcel, ON)
        for division in GAZETTEER.provinces()
    }
    assert None not in costs.values()
    assert (costs["浙江省"], costs["广东省"], costs["青海省"]) == (950, 1_750, 2_900)


def test_a_size_divisor_of_a_fare_counts_before_that_of_its_carrier():
    own = Fare(first_minor=100, step_minor=100, volume_divisor=6_000)
    light = msgspec.structs.replace(NEAR, fares=(own,), volume_divisor=12_000)

    assert cost_minor(light, Region(), Parcel(weight_g=100, volume_cm3=12_000), ON) == 200
