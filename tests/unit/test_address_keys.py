"""Keys that find the same address again, and phones that cannot be right."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.address import judge_phone, normal_key
from app.domain.phone import plain_phone
from app.domain.values import Region
from app.text import Text

ANYTHING = st.text(
    st.one_of(
        st.sampled_from("浙江省杭州市西湖区北京上海鼓楼朝阳路街道号室1２a-,， \x1f\n🙂县"), st.characters()
    ),
    max_size=60,
)


# --- keys and phones ---------------------------------------------------------------------------

WEST_LAKE = Region(province="浙江省", city="杭州市", district="西湖区")


@pytest.mark.parametrize(
    "street",
    [
        "文三路１２号３幢五单元601室",
        "文三路 12号，3幢5单元601",
        "文三路 12 号 3 幢 五 单元 601 室",
        "文三路12-3-5-601",
        "文三路12号三幢五单元六〇一室",
        "文三路012#3-5-601",
    ],
)
def test_spellings_of_one_address_share_a_key(street):
    assert normal_key(WEST_LAKE, street) == "CN|浙江|杭州|西湖|文三路12-3-5-601"


def test_different_doors_have_different_keys():
    assert normal_key(WEST_LAKE, "文三路12号3幢") != normal_key(WEST_LAKE, "文三路123号")
    assert normal_key(WEST_LAKE, "文三路1号") != normal_key(Region(province="浙江省"), "文三路1号")


@settings(max_examples=200, deadline=None)
@given(ANYTHING)
def test_a_key_never_fails(street):
    assert normal_key(WEST_LAKE, street).startswith("CN|浙江|杭州|西湖|")


@pytest.mark.parametrize(
    "phone",
    [
        "13800000000",
        "10000000000",
        "+86 138 0000 0000",
        "0571-88888888",
        "4001234567",
        "138****0000",
        "18400000000转88",
    ],
)
def test_a_number_that_can_ring_passes(phone):
    assert judge_phone(phone, "CN") is None


@pytest.mark.parametrize(
    ("phone", "sentence"),
    [
        ("", "No phone number."),
        ("1380000000", "10 digits, 1 missing."),
        ("138000000001", "12 digits, 1 too many."),
        ("1380000000a", "A phone number has digits only."),
        ("23800000000", "A mobile number begins with 1, a landline with 0."),
        ("0571-888888", "10 digits are no landline number with its area code."),
    ],
)
def test_a_wrong_number_is_told_by_count_not_by_content(phone, sentence):
    judged = judge_phone(phone, "CN")
    assert judged.message.format(**judged.params) == sentence


def test_a_foreign_number_is_judged_by_its_country():
    assert judge_phone("9876543210", "IN") is None
    assert judge_phone("98765", "IN").params == {"count": 5, "country": Text("India")}


@settings(max_examples=200, deadline=None)
@given(ANYTHING, st.sampled_from(["CN", "IN", "US", ""]))
def test_judging_a_phone_never_fails(phone, country):
    judge_phone(phone, country)


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("138-0013-8000", "13800138000"),
        ("138 0013 8000", "13800138000"),
        ("+86 13800138000", "13800138000"),
        ("0086-13800138000", "13800138000"),
        ("１３８００１３８０００", "13800138000"),
        ("010-59928888", "01059928888"),
        ("(010)59928888转801", "01059928888-801"),
        ("17800001234-5678", "17800001234-5678"),
        ("17800001234转5678", "17800001234-5678"),
        ("+1 415 555 0134", "+14155550134"),
        ("138****8000", "138****8000"),
        ("", ""),
    ],
)
def test_a_phone_has_one_plain_form_however_it_is_written(written, plain):
    assert plain_phone(written) == plain
    assert plain_phone(plain) == plain
