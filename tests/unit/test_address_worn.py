"""Addresses as they arrive: copied from web pages, typed in a hurry, glued together, in another script."""

from __future__ import annotations

import pytest

from app.boot.divisions import load_gazetteer
from app.domain.address import normal_key, read
from app.domain.characters import SIMPLIFIED, TRADITIONAL, folded, tidied
from app.domain.pasted import read_pasted
from app.domain.values import Region

GAZETTEER = load_gazetteer()
HANGZHOU = ("浙江省", "杭州市", "西湖区", "文三路259号")


def where(reading):
    return reading.province, reading.city, reading.district, reading.street


def part(reading, field):
    return next(part for part in reading.parts if part.field == field)


@pytest.mark.parametrize(
    "text",
    [
        "浙江省\u200b杭州\u200b市西湖区文三路259号",
        "\ufeff浙江省杭州市西湖区文三路259号",
        "📍浙江省📍杭州市🏠西湖区 文三路259号",
        "浙江省&nbsp;杭州市&nbsp;西湖区&nbsp;文三路259号",
        "浙江省 杭 州 市 西湖 区 文三路259号",
        "浙 江 省 杭 州 市 西 湖 区 文 三 路259号",
        "文三路259号，浙江省杭州市西湖区",
        "文三路259号浙江省杭州市西湖区",
        "文三路259号, 西湖区, 杭州市, 浙江省",
        "null 浙江省杭州市西湖区文三路259号",
        "1. 浙江省杭州市西湖区文三路259号",
        "收货地址：浙江省杭州市西湖区文三路259号",
        "我家的地址是浙江省杭州市西湖区文三路259号",
        "麻烦寄到浙江省杭州市西湖区文三路259号",
        "（公司）浙江省杭州市西湖区文三路259号",
        "310012浙江省杭州市西湖区文三路259号",
    ],
)
def test_what_says_nothing_about_a_place_does_no_harm(text):
    reading, _ = read_pasted(text, GAZETTEER)
    assert (where(reading), reading.verdict) == (HANGZHOU, "accept")


def test_what_is_cut_by_blanks_for_good_reason_stays_cut():
    text = "浙江省 杭州市 西湖区 文三路 259号 2楼"
    assert read_pasted(text, GAZETTEER)[0].street == "文三路 259号 2楼"


def test_traditional_characters_are_read_and_kept_in_the_street():
    reading, _ = read_pasted("廣東省東莞市虎門鎮長樂路1號", GAZETTEER)
    assert (reading.province, reading.city, reading.town.after) == ("广东省", "东莞市", "虎门镇")
    assert reading.street == "虎門鎮長樂路1號"
    assert (part(reading, "city").before, part(reading, "city").verdict) == ("東莞市", "added")
    assert reading.detail == "長樂路1號"
    assert reading.verdict == "accept"


def test_a_name_in_traditional_characters_is_a_name():
    _, pasted = read_pasted("陳大文 13800138000 臺北市大安區信義路1號", GAZETTEER)
    assert (pasted.name, pasted.phone) == ("陳大文", "13800138000")


def test_both_scripts_have_one_key():
    place = Region(province="广东省", city="东莞市")
    assert normal_key(place, "長樂路1號3棟") == normal_key(place, "长乐路1号3栋")


def test_characters_that_stand_in_a_name_as_they_are_mean_themselves():
    assert len(TRADITIONAL) == len(SIMPLIFIED) == len(set(TRADITIONAL))
    assert not set(TRADITIONAL) & set(SIMPLIFIED)
    assert folded("乾县") == "乾县"


def test_tidying_leaves_words_alone():
    assert tidied("A&B公司 文三路1号") == "A&B公司 文三路1号"
    assert tidied("👨‍👩‍👧文三路") == "   文三路"


def test_a_name_glued_to_the_head_is_found_where_a_phone_is():
    reading, pasted = read_pasted("王建国浙江省杭州市西湖区文三路259号13800138000", GAZETTEER)
    assert (pasted.name, where(reading), reading.verdict) == ("王建国", HANGZHOU, "accept")


# --- nothing wrong goes in silence ---------------------------------------------------------------


def test_unknown_words_at_the_head_are_asked_about_and_stay():
    reading = read("王建国瑞安市上望镇蔡宅东路206号", GAZETTEER)
    assert where(reading) == ("浙江省", "温州市", "瑞安市", "王建国 上望镇蔡宅东路206号")
    assert (reading.verdict, reading.offending) == ("confirm", ("王建国",))


@pytest.mark.parametrize(
    ("text", "field", "written", "meant"),
    [
        ("浙古省余姚市新城市花园3幢", "province", "浙古省", "浙江省"),
        ("衢明市柯城区姜家山乡柴家5号", "city", "衢明市", "衢州市"),
    ],
)
def test_a_mistyped_name_before_a_known_one_is_told_and_asked(text, field, written, meant):
    reading = read(text, GAZETTEER)
    assert (part(reading, field).before, part(reading, field).after) == (written, meant)
    assert part(reading, field).verdict == "doubtful"
    assert reading.verdict == "confirm"


@pytest.mark.parametrize(
    "text",
    [
        "桐乡市崇福镇崇德西路1054号港汇大厦6楼；江苏南京鼓楼区中山路18号",
        "桐乡市崇福镇崇德西路1054号港汇大厦6楼江苏南京鼓楼区中山路18号",
        "乐清市南岸村昌盛西路134号 浙江省温州市鹿城区人民路9号",
        "浙江省嘉兴市桐乡市屠甸路1057幢308室或者江苏南京鼓楼区中山路18号",
        "岩泉街道香园83幢1227号；上海市徐汇区虹漕路461号",
        "春江景园龙祥园91-1846/北京市朝阳区建国路88号",
        "杭州市西湖区文三路5号；莫干山路100号",
        "九龙湖长石三星工业区九龙气体；上海市徐汇区虹漕路461号",
        "温州市鹿城区龙方工业区瑞丰大楼5楼；浙江省温州市鹿城区人民路9号",
    ],
)
def test_two_addresses_are_never_accepted(text):
    reading, _ = read_pasted(text, GAZETTEER)
    assert reading.verdict in ("confirm", "fix")
    reasons = {one.reason.message for one in reading.parts}
    assert "Two addresses stand in one; choose one." in reasons


@pytest.mark.parametrize(
    "text",
    [
        "浙江省杭州市西湖区文三路259号浙江省杭州市西湖区",
        "浙江省杭州市西湖区文三路259号，杭州市西湖区文三路259号",
        "宁波市鄞州区钟公庙街道上海银行大厦12楼",
    ],
)
def test_the_same_place_once_more_and_a_bank_are_no_second_address(text):
    assert read_pasted(text, GAZETTEER)[0].verdict == "accept"


@pytest.mark.parametrize(
    "text",
    [
        "微山县上望镇蔡宅东路206号",
        "民乐县金华江东街道青岩付余宅路73号",
        "浙江省湖州市长兴区织里镇大港路915号",
        "高级市 椒江区 前所街道小园山5号",
    ],
)
def test_what_speaks_against_the_place_is_asked(text):
    """A town of elsewhere, a city behind a district, 区 for 县, an unknown city."""
    assert read_pasted(text, GAZETTEER)[0].verdict in ("confirm", "fix")


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("江山市义乌国际商贸城5区97号门", "义乌"),
        ("曾都区海宁皮革城辅料市场4幢58号", "海宁"),
        ("石峰区临安青山湖街道临石路8号", "临安"),
        ("嘉峪关市义乌楼下村5区5幢6单元705", "义乌"),
    ],
)
def test_another_place_named_right_behind_the_only_one_is_asked_about(text, other):
    reading = read(text, GAZETTEER)
    assert reading.verdict == "confirm"
    assert other in reading.offending
    assert len(reading.candidates) == 2


@pytest.mark.parametrize(
    "text",
    [
        "海淀区北安河路7号工业大院",
        "萧山区临江工业园区1号",
        "未央区凤城十二路富尔顿财富中心116楼",
        "福田区凤凰大厦2座16D",
        "浙江省杭州市上城区海宁皮革城3号",
    ],
)
def test_a_street_may_begin_as_a_place_far_away_is_called(text):
    assert read(text, GAZETTEER).verdict == "accept"


def test_a_city_before_its_district_is_nobodys_name():
    reading, pasted = read_pasted("温州苍南县龙港镇环城路1285号电联13475087956", GAZETTEER)
    assert (pasted.name, reading.district) == ("", "苍南县")
