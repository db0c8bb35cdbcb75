"""Set a carrier up: where it goes, what it costs, as rows a person writes; nothing that makes no sense."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest
from carrier_world import NEAR
from settings_world import revisions, same, settled, taken_back

from app.boot import demo_company
from app.commands.set_carrier import ROWS_MOST, SetCarrier
from app.commands.set_warehouse import SetWarehouse
from app.domain.carrier import NotServed, PickUp
from app.domain.carrier_rows import (
    area_row,
    fare_row,
    point_row,
    read_areas,
    read_fares,
    read_points,
    read_zones,
    zone_row,
)
from app.domain.freight import Band, Fare, Zone
from app.domain.values import Role


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"code": "山"}, "bad_code"),
        ({"title": " "}, "bad_title"),
        ({"currency": "rmb"}, "bad_currency"),
        ({"countries": ()}, "bad_country"),
        ({"countries": ("China",)}, "bad_country"),
        ({"services": ("a", "a")}, "bad_service"),
        ({"step_g": 0}, "bad_weight"),
        ({"first_g": 100_001}, "bad_weight"),
        ({"fares": (Fare(first_minor=-1, step_minor=0),)}, "bad_fare"),
        ({"fares": (Fare(first_minor=1, step_minor=0), Fare(first_minor=2, step_minor=0))}, "bad_fare"),
        ({"fares": (Fare(first_minor=1, step_minor=0, bands=(Band(9, 1), Band(9, 2))),)}, "bad_fare"),
        (
            {
                "fares": (
                    Fare(first_minor=1, step_minor=0, since_on=date(2026, 2, 1), until_on=date(2026, 1, 1)),
                )
            },
            "bad_fare",
        ),
        ({"most_g": -1}, "bad_weight"),
        ({"daily_quota": -1}, "bad_weight"),
        ({"zones": (Zone("东", ("江苏省",)), Zone("东", ("浙江省",)))}, "bad_area"),
        ({"not_served": (NotServed(province="", city="杭州市"),)}, "bad_area"),
        ({"not_served": (NotServed(province="浙江省", district="西湖区"),)}, "bad_area"),
        ({"not_served": tuple(NotServed(province=f"p{n}") for n in range(ROWS_MOST + 1))}, "too_many"),
        (
            {"fares": tuple(Fare(province=f"p{n}", first_minor=1, step_minor=1) for n in range(2_001))},
            "too_many",
        ),
        ({"points": (PickUp(province="浙江省", city="杭州市", district="西湖区", street=""),)}, "bad_area"),
        ({"rev": 1}, "stale_content"),
    ],
)
def test_what_makes_no_sense_is_refused(changes, code):
    company = settled()

    assert company.refused(SetCarrier(carrier=msgspec.structs.replace(NEAR, **changes)), Role.LEAD) == code
    assert revisions(company) == []


def test_a_change_is_taken_back_and_a_new_carrier_stays():
    company = settled()
    assert taken_back(company, SetCarrier(carrier=NEAR), "wu") is None
    before = company.rows["carrier", "SJ"]

    taken_back(company, SetCarrier(carrier=msgspec.structs.replace(before, title="别名")), "wu")

    assert same(company.rows["carrier", "SJ"], before)
    assert company.refused(SetCarrier(carrier=before), Role.CLERK) == "not_allowed"


def test_a_warehouse_names_carriers_that_exist():
    company = settled()
    company.must(SetCarrier(carrier=NEAR), Role.LEAD)
    house = msgspec.structs.replace(company.refs.warehouses["SZ"], carriers=("SJ", "XX"))

    assert company.refused(SetWarehouse(warehouse=house), Role.LEAD) == "no_carrier"
    (event,) = company.must(
        SetWarehouse(warehouse=msgspec.structs.replace(house, carriers=("SJ",))), Role.LEAD
    )
    assert event.wakes() == ("warehouse:SZ",)


def test_rows_are_read_as_they_are_written():
    fares = (
        Fare(first_minor=850, step_minor=200),
        Fare(province="青海省", first_minor=1_200, step_minor=0),
        Fare(
            province="华东", origin="苏州市", service="次日达", contract="A", first_minor=900, step_minor=300,
            first_g=3_000, step_g=500, bands=(Band(5_000, 150), Band(20_000, 90)), most_g=30_000,
            free_from_minor=9_900, hours=24, volume_divisor=8_000,
            since_on=date(2026, 1, 1), until_on=date(2026, 12, 31),
        ),
    )  # fmt: skip
    zones = (Zone("华东", ("江苏省", "浙江省")), Zone("近", ("苏州市",)))
    areas = (
        NotServed(province="西藏自治区"),
        NotServed(province="青海省", city="西宁市", district="城中区", until_on=date(2026, 12, 31)),
    )
    points = (PickUp(province="浙江省", city="杭州市", district="西湖区", street="文三路 90 号"),)

    assert read_fares("\n\n".join(fare_row(fare, "CNY") for fare in fares), "CNY") == fares
    assert read_zones("\n".join(map(zone_row, zones))) == zones
    assert read_areas("\n".join(map(area_row, areas))) == areas
    assert read_points("\n".join(map(point_row, points))) == points


@pytest.mark.parametrize(
    ("read", "line"),
    [
        (lambda text: read_fares(text, "CNY"), "浙江省 8"),
        (lambda text: read_fares(text, "CNY"), "浙江省 eight 3"),
        (lambda text: read_fares(text, "CNY"), "浙江省 8 3 most=heavy"),
        (lambda text: read_fares(text, "CNY"), "浙江省 8 3 most=1 most=2"),
        (lambda text: read_fares(text, "CNY"), "浙江省 8 3 over=5000"),
        (lambda text: read_fares(text, "CNY"), "浙江省 8 3 weather=fine"),
        (read_zones, "华东"),
        (read_areas, "浙江省 杭州市 西湖区 文三路"),
        (read_areas, "2026-12-31"),
        (read_points, "浙江省 杭州市 西湖区"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(read, line):
    assert read(line).params == {"line": line}


def test_the_carriers_of_the_demo_company_could_be_published():
    company = settled()
    for carrier in demo_company.CARRIERS:
        company.must(SetCarrier(carrier=carrier), Role.LEAD)
