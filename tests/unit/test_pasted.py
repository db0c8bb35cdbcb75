"""A pasted text comes apart: name, phone and postcode wherever they stand, the rest is the address."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.boot.divisions import load_gazetteer
from app.domain.pasted import read_pasted, take_apart

GAZETTEER = load_gazetteer()
ADDRESS = "浙江省杭州市西湖区文三路1号"


@pytest.mark.parametrize("gap", [" ", "，", ", ", "\n", "\t", "；", "　"])
@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_the_order_does_not_matter(order, gap):
    parts = ["张三", "13800138000", ADDRESS, "310012"]
    assert take_apart(gap.join(parts[i] for i in order), GAZETTEER) == (
        ADDRESS,
        "张三",
        "13800138000",
        "310012",
    )


@pytest.mark.parametrize(
    ("text", "name", "phone"),
    [
        (f"收货人：张三 手机号码：13800138000 所在地区：{ADDRESS}", "张三", "13800138000"),
        (f"收件人:王五\n电话:13900001111\n地址:{ADDRESS}", "王五", "13900001111"),
        (f"{ADDRESS}张三收13800138000", "张三", "13800138000"),
        (f"{ADDRESS}（张三收）", "张三", ""),
        (f"张三13800138000{ADDRESS}", "张三", "13800138000"),
        (f"张三:13800138000:{ADDRESS}", "张三", "13800138000"),
        (f"{ADDRESS}：张三：13800138000", "张三", "13800138000"),
        (f"{ADDRESS} 138-0013-8000 李女士", "李女士", "13800138000"),
        (f"138****8000 张** {ADDRESS}", "张**", "138****8000"),
        (f"+86 138 0013 8000 欧阳娜娜 {ADDRESS}", "欧阳娜娜", "13800138000"),
        (f"0571-88886666转801 王经理 {ADDRESS}", "王经理", "0571-88886666转801"),
        (f"18412345678-1234 赵六 {ADDRESS}", "赵六", "18412345678-1234"),
        (f"Tom 13800138000 {ADDRESS}", "Tom", "13800138000"),
        ("浙江省杭州市西湖区文三路１号　１３８００１３８０００　张三", "张三", "13800138000"),
        (f"张三 {ADDRESS}", "张三", ""),
    ],
)
def test_names_and_phones_are_found(text, name, phone):
    pasted = take_apart(text, GAZETTEER)
    assert (pasted.address, pasted.name, pasted.phone) == (ADDRESS, name, phone)


@pytest.mark.parametrize(
    "text",
    [
        "浙江省 杭州市 西湖区 文三路 1号",
        "杭州市拱墅区杭行路666号 万达",
        "诸暨市山下湖镇华东国际珠宝城_A1435",
        "浙江省诸暨市暨阳街道市南路85号兴城花园10幢010502",
        "北京市朝阳区建国路1号;上海市徐汇区虹漕路461号",
        "黄山 屯溪区 人民路1号",
        "",
    ],
)
def test_an_address_alone_stays_as_it_is(text):
    assert take_apart(text, GAZETTEER) == (text, "", "", "")


def test_a_place_is_nobodys_name():
    assert take_apart("黄山 13800138000 安徽省黄山市屯溪区1号", GAZETTEER).name == ""


def test_brackets_go_with_what_stood_in_them():
    assert take_apart(f"{ADDRESS} (邮编：310012)", GAZETTEER) == (ADDRESS, "", "", "310012")


def test_the_postcode_of_a_paste_is_judged():
    reading, pasted = read_pasted("张三 13800138000 广州市天河区天河路1号 100000", GAZETTEER)
    assert (pasted.postcode, reading.postcode) == ("100000", "510000")
    assert reading.parts[-1].verdict == "replaced"


@settings(max_examples=200, deadline=None)
@given(
    st.text(
        st.one_of(
            st.sampled_from("张三李四13800138000收货人：电话地址，,; \n浙江省杭州市西湖区文三路1号-*+86()"),
            st.characters(),
        ),
        max_size=60,
    )
)
def test_taking_apart_never_fails_and_loses_no_figure(text):
    pasted = take_apart(text, GAZETTEER)
    kept = "".join(pasted)
    assert sum(char in "0123456789" for char in text) <= sum(char.isdigit() for char in kept) + 4  # 0086


def test_a_long_paste_is_taken_apart_in_time():
    import time

    begun = time.thread_time()
    take_apart("收货人：138 0013 张三 ，" * 5_000, GAZETTEER)
    assert time.thread_time() - begun < 2.0
