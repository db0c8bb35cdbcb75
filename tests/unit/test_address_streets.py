"""Where the place ends and the street begins: nothing a buyer wrote is lost between them."""

from __future__ import annotations

import pytest

import resources
from app.domain.address import read
from app.domain.gazetteer import Gazetteer

GAZETTEER = Gazetteer.from_bytes(
    resources.read("geo", "regions.json.gz"), resources.read("geo", "towns.json.gz")
)
STREETS_CALLED_AS_THEIR_PLACE = (
    ("北京市朝阳区", "朝阳门外大街12号302"),
    ("福建省厦门市思明区", "厦门大学思明南路422号302"),
    ("江苏省南京市玄武区", "南京火车站龙蟠路111号302"),
    ("上海市嘉定区", "嘉定新城白银路12号302"),
    ("重庆市渝中区", "重庆大学街12号302"),
    ("河南省洛阳市洛龙区", "洛阳龙门大道12号302"),
    ("北京市东城区", "东城新城大道12号302"),
    ("北京市西城区", "广安门内大街100号3-502"),
    ("北京市西城区", "广安门南街80号中加大厦5层"),
)


@pytest.mark.parametrize(("place", "street"), STREETS_CALLED_AS_THEIR_PLACE)
def test_a_street_that_begins_as_its_place_is_called_loses_nothing(place, street):
    reading = read(place + street, GAZETTEER)

    assert (reading.verdict, reading.street) == ("accept", street)


def test_what_buyers_type_twice_stands_once():
    assert read("浙江省杭州市杭州西湖区文三路1号302", GAZETTEER).street == "文三路1号302"


def test_a_street_field_that_begins_as_its_place_is_called_loses_nothing():
    """So platforms send it: the place in its fields, the street by itself."""
    street = "朝阳门外大街12号302"
    reading = read(street, GAZETTEER, province="北京市", city="北京市", district="朝阳区")

    assert (reading.verdict, reading.street) == ("accept", street)


def test_the_kind_of_a_county_written_short_is_none_of_the_street():
    """陵水 is no county 陵 of the 水 and the 黎."""
    reading = read("海南省陵水县椰林镇中心大道12号302", GAZETTEER)

    assert (reading.city, reading.town.after) == ("陵水黎族自治县", "椰林镇")
    assert reading.street == "椰林镇中心大道12号302"
