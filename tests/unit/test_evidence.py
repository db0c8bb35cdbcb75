"""Earlier deliveries add what is missing, order what is open, and overrule nothing that was written."""

from __future__ import annotations

from app.boot.divisions import load_gazetteer
from app.domain.address import read
from app.domain.address_key import plain_street
from app.domain.evidence import arrived, weighed

GAZETTEER = load_gazetteer()
BEFORE = [
    "浙江省杭州市西湖区文三路259号3幢602室",
    "杭州西湖区文三路259号3幢602室",
    "福建省福州市鼓楼区中山路1号",
    "南京市鼓楼区湖南路1号",
    "成都市锦江区人民路8号",
    "长沙市芙蓉区人民路8号",
]
PAST = arrived(read(text, GAZETTEER) for text in BEFORE)


def seen(text):
    reading = read(text, GAZETTEER)
    return weighed(reading, PAST.get(plain_street(reading.street), {}), GAZETTEER)


def test_the_same_door_spelled_otherwise_completes_what_is_missing():
    reading = seen("文三路２５９号3幢-602")
    assert (reading.province, reading.city, reading.district) == ("浙江省", "杭州市", "西湖区")
    assert (reading.postcode, reading.verdict) == ("310000", "accept")
    assert reading.street == "文三路２５９号3幢-602"
    district = reading.parts[2]
    assert (district.verdict, district.reason.params) == ("added", {"count": 2})


def test_a_missing_district_is_completed_within_the_city():
    assert seen("杭州市文三路259号3幢602室").district == "西湖区"


def test_what_was_written_is_never_overruled():
    assert seen("杭州市余杭区文三路259号3幢602室").district == "余杭区"
    assert seen("宁波市文三路259号3幢602室").verdict == "confirm"
    assert seen("温州市梧田区文三路259号3幢602室").district == ""


def test_places_called_alike_are_ordered_and_none_is_picked():
    reading = seen("鼓楼区中山路1号")
    assert reading.candidates[0] == ("福建省", "福州市", "鼓楼区")
    assert (reading.city, reading.verdict, len(reading.candidates)) == ("", "fix", 4)


def test_a_door_in_two_cities_tells_nothing():
    assert seen("人民路8号").verdict == "fix"


def test_what_was_doubtful_proves_nothing():
    assert arrived([read("广东省杭州市西湖区文三路1号", GAZETTEER)]) == {}
