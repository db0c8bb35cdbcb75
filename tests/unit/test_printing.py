"""Who may be read on which paper, and what a list of several orders holds."""

from __future__ import annotations

import msgspec
import pytest

from app import printing
from app.domain.order import Status
from app.domain.paper import Label, PickList, is_masked, kind_of, name_of
from app.domain.values import Receiver, Region
from tests.builders import RECEIVER, facts, line, order, stock

TWO = order(
    lines=(line("1", sku="LN-220", qty=2), line("2", "A-2", sku="SF-001", qty=3, picked=1)),
    warehouse="SZ",
    status=Status.PICKING,
)
KNOWN = facts(stock("SZ", "LN-220", bin="B-02"), stock("SZ", "SF-001", bin="A-01"))


def everything(content) -> str:
    return msgspec.json.encode(content).decode()


def test_a_label_names_the_receiver_in_full():
    label = printing.label(TWO, KNOWN, TWO.receiver)

    assert (label.receiver.name, label.receiver.phone) == (RECEIVER.name, RECEIVER.phone)
    assert label.place == f"浙江省 杭州市 拱墅区 {RECEIVER.street}"
    assert (label.pieces, label.warehouse, label.shop) == (5, "苏州仓", "青禾旗舰店")


def test_a_label_carries_no_note_and_not_the_address_as_typed():
    noted = msgspec.structs.replace(RECEIVER, note="送人，不要小票", raw="as the buyer wrote it")

    label = printing.label(msgspec.structs.replace(TWO, receiver=noted), KNOWN, noted)

    assert (label.receiver.note, label.receiver.raw) == ("", "")


@pytest.mark.parametrize("make", ["slip", "list"])
def test_no_other_paper_names_the_receiver(make):
    content = printing.slip(TWO, KNOWN) if make == "slip" else printing.pick_list([(TWO, KNOWN)], "乔木生")

    for personal in (RECEIVER.name, RECEIVER.phone, RECEIVER.street):
        assert personal not in everything(content)
    assert "季**" in everything(content)


def test_the_bars_are_the_carriers_number_once_there_is_one():
    bare = printing.label(TWO, KNOWN, RECEIVER)
    sent = printing.label(msgspec.structs.replace(TWO, tracking_no="SF1"), KNOWN, RECEIVER)

    assert (bare.code, sent.code) == ("DK-o1", "SF1")


def test_a_list_holds_what_is_still_to_pick_in_the_order_of_the_bins():
    other = order("o2", lines=(line(sku="CT-180", qty=4),), warehouse="SZ", status=Status.RELEASED)

    walk = printing.pick_list([(TWO, KNOWN), (other, KNOWN)], "乔木生")

    assert isinstance(walk, PickList)
    assert [(item.bin, item.sku, item.qty, item.number) for item in walk.items] == [
        ("A-01", "SF-001", 2, "DK-o1"),
        ("B-02", "LN-220", 2, "DK-o1"),
        ("", "CT-180", 4, "DK-o2"),
    ]


def test_a_list_is_for_one_building():
    far = order("o2", warehouse="WH", status=Status.RELEASED)

    refused = printing.pick_list([(TWO, KNOWN), (far, KNOWN)], "乔木生")

    assert refused.code == "two_buildings"


def test_a_list_takes_one_cart():
    refused = printing.pick_list([(TWO, KNOWN)] * (printing.LIST_ORDERS_MAX + 1), "乔木生")

    assert refused.code == "too_many"


@pytest.mark.parametrize(
    ("receiver", "masked"),
    [
        (RECEIVER, False),
        (Receiver(name="季**", phone="138****0000"), True),
        (Receiver(name="季**"), True),
        (Receiver(), False),
    ],
)
def test_a_desk_knows_whether_it_holds_masks(receiver, masked):
    assert is_masked(order(receiver=receiver)) is masked


def test_a_municipality_is_named_once():
    label = printing.label(
        order(region=Region(province="上海市", city="上海市", district="浦东新区")), KNOWN, RECEIVER
    )

    assert label.place.startswith("上海市 浦东新区 ")


def test_a_copy_has_a_name_of_its_own():
    first = printing.label(TWO, KNOWN, RECEIVER)
    again = msgspec.structs.replace(first, copy=2)

    assert (name_of(first), name_of(again)) == ("label-DK-o1", "label-DK-o1-copy2")
    assert isinstance(again, Label)


@pytest.mark.parametrize("paper", list(printing.SIZES))
def test_every_paper_has_a_test_page_of_nobody(paper):
    content = printing.trial(paper, KNOWN.now, "Asia/Shanghai")

    assert kind_of(content) is paper
