"""Distances between divisions: known roads, what is named less exactly, every place in another list."""

from __future__ import annotations

import csv

import pytest

from app.boot.divisions import load_atlas, load_gazetteer
from app.domain.distance import Point, road_km, transit_h
from app.domain.values import Region


@pytest.fixture(scope="module")
def atlas():
    return load_atlas()


@pytest.mark.parametrize(
    ("one", "other", "least_km", "most_km"),
    [
        (("江苏省", "苏州市"), ("浙江省", "杭州市"), 130, 200),
        (("上海市", "上海市"), ("北京市", "北京市"), 1_200, 1_450),
        (("广东省", "佛山市"), ("新疆维吾尔自治区", "乌鲁木齐市"), 3_900, 4_600),
    ],
)
def test_a_way_is_about_as_long_as_the_road(atlas, one, other, least_km, most_km):
    here, there = (Region(province=province, city=city) for province, city in (one, other))

    assert least_km <= atlas.km(here, there) <= most_km
    assert atlas.km(here, there) == atlas.km(there, here)


def test_a_place_is_found_as_exactly_as_it_is_named(atlas):
    district = Region(province="浙江省", city="杭州市", district="萧山区")
    unknown = Region(province="浙江省", city="杭州市", district="云中区")
    city = Region(province="浙江省", city="杭州市")

    assert atlas.point(district) != atlas.point(city)
    assert atlas.point(unknown) == atlas.point(city) == atlas.point(Region(city="杭州市"))
    assert atlas.point(Region(province="浙江省", city="无此市")) == atlas.point(Region(province="浙江省"))
    assert atlas.km(city, city) == 0


def test_what_lies_abroad_or_nowhere_has_no_distance(atlas):
    here = Region(city="杭州市")

    assert atlas.km(here, Region(country="IN", city="Pune")) is None
    assert atlas.km(Region(), here) is None


def test_every_division_of_today_lies_somewhere_near_the_middle_of_its_city(atlas):
    gazetteer = load_gazetteer()
    far = []
    for province in gazetteer.provinces():
        for city in gazetteer.children(province.code):
            middle = atlas.point(Region(province=province.name, city=city.name))
            assert middle is not None, (province.name, city.name)
            for district in gazetteer.children(city.code):
                there = Region(province=province.name, city=city.name, district=district.name)
                if road_km(atlas.point(there), middle) > 400:
                    far.append((city.name, district.name))

    assert len(far) < 40, far  # the wide counties of Tibet, Xinjiang and Inner Mongolia


def test_places_lie_where_another_list_puts_them(atlas, shared_data):
    path = shared_data("cn_regions/regions_zip_lnglat_2023.csv")
    with path.open(encoding="utf-8-sig", newline="") as file:
        listed = {row["area_code"]: row for row in csv.DictReader(file) if row["level"] == "3"}
    gazetteer = load_gazetteer()
    off = []
    for province in gazetteer.provinces():
        for city in gazetteer.children(province.code):
            for district in gazetteer.children(city.code):
                row = listed.get(district.code)
                if row is not None and row["name"] == district.name:
                    there = Region(province=province.name, city=city.name, district=district.name)
                    theirs = Point(float(row["lng"]), float(row["lat"]))
                    off.append(road_km(atlas.point(there), theirs))

    off.sort()
    assert len(off) > 2_000
    assert off[len(off) // 2] < 10
    assert off[len(off) * 95 // 100] < 60


def test_the_further_the_longer():
    assert [transit_h(km) for km in (0, 1, 450, 4_000)] == [14, 15, 24, 103]
