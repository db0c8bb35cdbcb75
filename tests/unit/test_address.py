"""Reading addresses: completed where that is safe, asked where it is not, and nothing is lost."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.address import read
from app.domain.gazetteer import Gazetteer
from app.domain.values import Region

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared" / "data"
GAZETTEER = Gazetteer.from_bytes((ROOT / "resources" / "geo" / "regions.json.gz").read_bytes())


def where(reading):
    return reading.province, reading.city, reading.district, reading.street


def part(reading, field):
    return next(part for part in reading.parts if part.field == field)


def verdicts(reading):
    return tuple(part.verdict for part in reading.parts)


# --- completing --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("杭州市西湖区文三路259号", ("浙江省", "杭州市", "西湖区", "文三路259号")),
        ("喀左县公营子镇12号", ("辽宁省", "朝阳市", "喀喇沁左翼蒙古族自治县", "公营子镇12号")),
        ("阜蒙县新民镇3号", ("辽宁省", "阜新市", "阜新蒙古族自治县", "新民镇3号")),
        ("上海徐汇区天钥桥路408号", ("上海市", "上海市", "徐汇区", "天钥桥路408号")),
        ("浙江省 杭州市 西湖区 文三路１号", ("浙江省", "杭州市", "西湖区", "文三路１号")),
        ("中国浙江省杭州市西湖区文三路1号", ("浙江省", "杭州市", "西湖区", "文三路1号")),
        ("浙江省杭州市余杭区杭州市余杭区五常街道1号", ("浙江省", "杭州市", "余杭区", "五常街道1号")),
        ("济南市中区经四路5号", ("山东省", "济南市", "市中区", "经四路5号")),
        ("河南省鼓楼区中山路1号", ("河南省", "开封市", "鼓楼区", "中山路1号")),
        ("东莞市虎门镇南栅1号", ("广东省", "东莞市", "", "虎门镇南栅1号")),
        ("湖北省仙桃市沔街大道1号", ("湖北省", "仙桃市", "", "沔街大道1号")),
        ("新疆石河子市北四路1号", ("新疆维吾尔自治区", "石河子市", "", "北四路1号")),
        ("台北市大安区信义路1号", ("台湾省", "台北市", "大安区", "信义路1号")),
        ("深圳市光明新区公明街道1号", ("广东省", "深圳市", "光明区", "公明街道1号")),
    ],
)
def test_a_clear_address_is_completed_and_accepted(text, expected):
    reading = read(text, GAZETTEER)
    assert where(reading) == expected
    assert reading.verdict == "accept"
    assert reading.candidates == ()


def test_every_field_says_what_was_done_to_it():
    reading = read("杭州西湖区文三路1号", GAZETTEER)
    assert verdicts(reading) == ("added", "added", "kept", "kept", "added")
    assert part(reading, "province").reason.message == "Completed from {name}."
    assert part(reading, "city").reason.params == {"before": "杭州", "after": "杭州市"}
    assert reading.postcode == "310000"


def test_fields_and_text_are_read_together():
    reading = read("文三路1号", GAZETTEER, province="浙江", city="杭州", district="西湖")
    assert where(reading) == ("浙江省", "杭州市", "西湖区", "文三路1号")
    assert reading.verdict == "accept"


def test_a_text_that_repeats_its_fields_gives_the_street_once():
    reading = read(
        "浙江省杭州市西湖区文三路1号", GAZETTEER, province="浙江省", city="杭州市", district="西湖区"
    )
    assert where(reading) == ("浙江省", "杭州市", "西湖区", "文三路1号")
    assert verdicts(reading)[:4] == ("kept", "kept", "kept", "kept")


def test_a_placeholder_city_becomes_the_municipality():
    reading = read("虹漕路461号", GAZETTEER, province="上海市", city="市辖区", district="徐汇区")
    assert where(reading) == ("上海市", "上海市", "徐汇区", "虹漕路461号")
    assert reading.verdict == "accept"


def test_a_county_level_city_given_as_the_city_moves_to_its_level():
    reading = read("人民中路1270号", GAZETTEER, province="浙江省", city="诸暨市")
    assert where(reading) == ("浙江省", "绍兴市", "诸暨市", "人民中路1270号")
    assert reading.verdict == "accept"


def test_a_city_right_under_the_province_keeps_the_district_the_channel_sent():
    reading = read("沔街大道1号", GAZETTEER, province="湖北省", city="省直辖县级行政区划", district="仙桃市")
    assert (reading.city, reading.district, reading.verdict) == ("仙桃市", "仙桃市", "accept")


# --- asking ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["", "上海", "安徽省", "浙江省杭州市", "杭州市西湖区", "文三路259号", "！＃"]
)
def test_an_address_without_city_or_street_needs_fixing(text):
    assert read(text, GAZETTEER).verdict == "fix"


def test_a_name_of_several_places_is_not_picked():
    reading = read("鼓楼区中山路1号", GAZETTEER)
    assert where(reading) == ("", "", "鼓楼区", "中山路1号")
    assert reading.verdict == "fix"
    assert set(reading.candidates) == {
        ("江苏省", "南京市", "鼓楼区"),
        ("江苏省", "徐州市", "鼓楼区"),
        ("福建省", "福州市", "鼓楼区"),
        ("河南省", "开封市", "鼓楼区"),
    }
    assert reading.offending == ("鼓楼区",)
    assert reading.confidence == 0.25


def test_a_landline_orders_the_candidates_and_picks_none():
    reading = read("鼓楼区中山路1号", GAZETTEER, phone="0591-88888888")
    assert reading.candidates[0] == ("福建省", "福州市", "鼓楼区")
    assert (reading.city, reading.verdict) == ("", "fix")


def test_two_addresses_in_one_are_both_kept_and_asked():
    reading = read("北京市朝阳区建国路1号;上海市徐汇区虹漕路461号", GAZETTEER)
    assert reading.verdict == "fix"
    assert reading.candidates == (("北京市", "北京市", "朝阳区"), ("上海市", "上海市", "徐汇区"))
    assert reading.offending == ("北京市朝阳区", "上海市徐汇区")
    assert reading.street == "建国路1号;上海市徐汇区虹漕路461号"


def test_a_text_that_contradicts_its_fields_is_a_second_address():
    reading = read("深圳市南山区科技路1号", GAZETTEER, province="广东省", city="广州市", district="天河区")
    assert reading.verdict == "fix"
    assert reading.street == "深圳市南山区科技路1号"
    assert reading.candidates == (("广东省", "广州市", "天河区"), ("广东省", "深圳市", "南山区"))


def test_a_wrong_province_is_replaced_only_by_a_person():
    reading = read("广东省杭州市西湖区文三路1号", GAZETTEER)
    assert reading.verdict == "confirm"
    assert part(reading, "province").before == "广东省"
    assert part(reading, "province").after == "浙江省"
    assert part(reading, "province").verdict == "doubtful"
    assert reading.offending == ("广东省",)


def test_a_district_of_another_city_is_underlined():
    reading = read("浙江省杭州市天河区体育西路1号", GAZETTEER)
    assert reading.verdict == "confirm"
    assert part(reading, "district").reason.message == "There is no {name} in {above}."
    assert reading.offending == ("天河区",)


def test_a_town_that_carries_a_countys_name_is_not_that_county():
    reading = read("湖州市龙泉街道1号", GAZETTEER)
    assert where(reading) == ("浙江省", "湖州市", "", "龙泉街道1号")
    assert reading.verdict == "confirm"


def test_a_road_named_after_a_city_is_not_that_city():
    assert where(read("江苏淮安清江浦区上海路111号", GAZETTEER))[:2] == ("江苏省", "淮安市")
    assert read("南京东路1号", GAZETTEER).city == ""


def test_a_short_district_name_alone_is_only_a_guess():
    reading = read("奉化东郊开发区云峰路119号", GAZETTEER)
    assert (reading.district, reading.verdict) == ("奉化区", "confirm")
    assert part(reading, "city").verdict == "doubtful"


def test_a_phone_number_in_the_street_is_underlined_and_stays():
    reading = read("杭州市西湖区文三路1号 10000000000", GAZETTEER)
    assert reading.street == "文三路1号 10000000000"
    assert (reading.verdict, reading.offending) == ("confirm", ("10000000000",))


def test_a_short_name_that_is_part_of_a_landmark_stays_in_the_street():
    assert read("杭州萧山机场", GAZETTEER).street == "萧山机场"
    assert read("杭州萧山金城路478号", GAZETTEER).street == "金城路478号"


def test_a_masked_receiver_is_judged_on_regions_only():
    masked = {"province": "浙江省", "city": "杭州市", "district": "西湖区"}
    assert read("文**1*", GAZETTEER, **masked).verdict == "accept"
    assert read("**", GAZETTEER, **(masked | {"district": "天河区"})).verdict == "confirm"


# --- boundary changes --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "district", "before"),
    [
        ("黑龙江省伊春市美溪区美溪大街1号", "伊美区", "美溪区"),
        ("杭州下城区武林路100号", "拱墅区", "下城区"),
        ("浙江省台州市玉环县1号", "玉环市", "玉环县"),
    ],
)
def test_an_abolished_district_is_replaced_with_the_reason(text, district, before):
    reading = read(text, GAZETTEER)
    changed = part(reading, "district")
    assert (changed.before, changed.after, changed.verdict) == (before, district, "replaced")
    assert changed.reason.message == "{before} became {after} (boundary change)."
    assert reading.verdict == "accept"


def test_a_divided_district_is_asked():
    reading = read("杭州市江干区凤起东路1号", GAZETTEER)
    assert reading.verdict == "confirm"
    assert reading.candidates == (("浙江省", "杭州市", "上城区"), ("浙江省", "杭州市", "钱塘区"))


def test_every_abolished_district_with_one_successor_is_led_to_it():
    today = {child.code: child for child in _all(GAZETTEER)}
    covered = 0
    for old in GAZETTEER.abolished():
        if old.level != 3 or len(old.successors) != 1:
            continue
        province, city, district = GAZETTEER.path_of(old)
        reading = read(f"{province}{city if city != province else ''}{district}人民路1号", GAZETTEER)
        heir = today[old.successors[0]]
        assert heir.name in (reading.city, reading.district), (province, city, district, reading)
        assert reading.street == "人民路1号"
        assert reading.verdict == "accept", (province, city, district, reading)
        covered += 1
    assert covered > 500


def _all(gazetteer):
    queue = list(gazetteer.provinces())
    for division in queue:
        yield division
        queue.extend(gazetteer.children(division.code))


# --- postcode ----------------------------------------------------------------------------------


def test_a_postcode_of_another_province_is_repaired_when_the_region_agrees():
    reading = read(
        "天河路1号", GAZETTEER, province="广东省", city="广州市", district="天河区", postcode="100000"
    )
    code = part(reading, "postcode")
    assert (code.before, code.after, code.verdict) == ("100000", "510000", "replaced")
    assert reading.verdict == "accept"


def test_a_postcode_of_another_province_is_asked_when_the_region_does_not_agree():
    reading = read("天河路1号", GAZETTEER, province="广东省", city="广州市", postcode="100000")
    assert (reading.postcode, reading.verdict) == ("100000", "confirm")
    assert part(reading, "postcode").verdict == "doubtful"


def test_a_postcode_that_differs_below_the_province_is_kept_with_a_hint():
    reading = read(
        "天河路1号", GAZETTEER, province="广东省", city="广州市", district="天河区", postcode="518000"
    )
    assert (reading.postcode, reading.verdict) == ("518000", "accept")
    assert part(reading, "postcode").reason.params == {"city": "广州市", "code": "510000"}


@pytest.mark.parametrize("code", ["51000", "5100000", "51000O"])
def test_a_malformed_postcode_is_never_silently_replaced(code):
    reading = read("天河路1号", GAZETTEER, province="广东省", city="广州市", district="天河区", postcode=code)
    assert (reading.postcode, reading.verdict) == (code, "confirm")


def test_a_postcode_named_in_the_text_counts_and_stays():
    reading = read("广州市天河区天河路1号 邮编：510620", GAZETTEER)
    assert reading.postcode == "510620"
    assert reading.street.endswith("邮编：510620")


# --- abroad ------------------------------------------------------------------------------------


def test_a_city_without_districts_asks_about_a_district():
    reading = read("广东省东莞市柯桥区1号", GAZETTEER)
    assert (reading.city, reading.verdict) == ("东莞市", "confirm")
    assert reading.offending == ("柯桥区",)


def test_abroad_presence_is_judged_by_what_the_country_needs():
    whole = {"province": "KARNATAKA", "city": "BENGALURU", "postcode": "560001", "country": "IN"}
    assert read("1 MG Road", GAZETTEER, **whole).verdict == "accept"
    assert read("1 MG Road", GAZETTEER, **(whole | {"postcode": ""})).verdict == "confirm"
    assert read("1 MG Road", GAZETTEER, **(whole | {"city": ""})).verdict == "fix"
    assert read("", GAZETTEER, **whole).verdict == "fix"
    assert read("1 High St", GAZETTEER, city="Leeds", postcode="LS1 4AP", country="GB").verdict == "accept"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"province": "CA", "city": "Beverly Hills", "postcode": "10001", "country": "US"}, "postcode"),
        ({"city": "Berlin", "postcode": "1011", "country": "DE"}, "postcode"),
        ({"province": "XQ", "city": "Dallas", "postcode": "75201", "country": "US"}, "province"),
    ],
)
def test_abroad_what_does_not_fit_is_asked_and_stays(fields, field):
    reading = read("1 Main St", GAZETTEER, **fields)
    assert reading.verdict == "confirm"
    assert part(reading, field).verdict == "doubtful"
    assert part(reading, field).after == fields[field]


def test_a_country_without_rules_is_judged_by_presence():
    whole = {"province": "P", "city": "C", "postcode": "1", "country": "QQ"}
    assert read("1 Main St", GAZETTEER, **whole).verdict == "accept"
    assert read("1 Main St", GAZETTEER, **(whole | {"province": ""})).verdict == "confirm"


def test_a_reading_becomes_a_region():
    reading = read("杭州市西湖区文三路1号", GAZETTEER)
    assert reading.region() == Region(
        province="浙江省", city="杭州市", district="西湖区", postcode="310000", verdict="accept"
    )


# --- nothing is lost ---------------------------------------------------------------------------

ANYTHING = st.text(
    st.one_of(
        st.sampled_from("浙江省杭州市西湖区北京上海鼓楼朝阳路街道号室1２a-,， \x1f\n🙂县"), st.characters()
    ),
    max_size=60,
)
STREET = st.text(st.sampled_from("文三武林翠苑号幢室弄0123456789ABc-#"), min_size=1, max_size=30)


@settings(max_examples=300, deadline=None)
@given(ANYTHING, ANYTHING, ANYTHING, ANYTHING, st.sampled_from(["CN", "IN", ""]))
def test_reading_never_fails(text, province, city, postcode, country):
    reading = read(text, GAZETTEER, province=province, city=city, postcode=postcode, country=country)
    assert reading.verdict in {"accept", "confirm", "fix"}
    assert [p.field for p in reading.parts] == ["province", "city", "district", "street", "postcode"]
    assert read(text, GAZETTEER, province=province, city=city, postcode=postcode, country=country) == reading


@settings(max_examples=300, deadline=None)
@given(STREET, st.sampled_from(["浙江省杭州市西湖区", "上海徐汇区", "北京市朝阳区 ", "广东省,东莞市,", ""]))
def test_a_street_comes_out_as_it_went_in(street, head):
    assert read(head + street, GAZETTEER).street == street.strip("-")


@settings(max_examples=300, deadline=None)
@given(ANYTHING)
def test_the_street_is_the_text_with_whole_names_taken_out(text):
    rest = iter(text)
    assert all(char in rest for char in read(text, GAZETTEER).street.replace(" ", ""))


STRANGER = "李四 10000000000"


@pytest.mark.parametrize(
    "text", ["", "文三路1号", "杭州市西湖区文三路1号", "鼓楼区中山路1号", "浙江省杭州市天河区1号"]
)
@pytest.mark.parametrize("field", ["province", "city", "district"])
def test_no_reason_repeats_what_is_not_a_place(text, field):
    reading = read(text, GAZETTEER, **{field: STRANGER})
    assert reading.verdict != "accept"
    assert STRANGER not in str([one.reason for one in reading.parts])


def test_a_pasted_page_costs_no_more_than_a_long_address():
    begun = time.thread_time()
    read("鼓楼区中山市南区朝阳" * 5_000, GAZETTEER)
    assert time.thread_time() - begun < 1.0
