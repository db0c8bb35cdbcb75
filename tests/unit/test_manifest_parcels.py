"""How a manifest says what a channel hears of an order in several parcels."""

from __future__ import annotations

from typing import Any

import pytest

from sync.hub.polling.contents import contents, more_lists
from sync.hub.polling.parcels import Parcel, Piece
from sync.manifest.blocks import Parts
from sync.manifest.reading import BadManifest, built_in, checked, manifest_of, patched

TOLD = {
    "taobao": "lines", "douyin": "lines", "wechat_store": "lines", "shopify": "lines", "amazon": "lines",
    "ebay": "lines", "vendure": "lines", "generic_rest": "lines",
    "woocommerce": "packages",
    "jd": "whole", "pdd": "whole",
}  # fmt: skip


def test_every_channel_is_told_as_it_can_take_it() -> None:
    assert {name: manifest_of(name).writes["ship"].told for name in TOLD} == TOLD


def test_a_call_that_names_no_lines_is_told_with_the_last_parcel() -> None:
    own = patched(built_in("generic_rest"), {"writes": {"ship": {"parts": None}}})
    assert checked(own).writes["ship"].told == "whole"


def test_parcels_told_as_they_leave_need_what_is_in_them() -> None:
    own = patched(built_in("generic_rest"), {"writes": {"ship": {"parts": None, "parcels": "lines"}}})
    with pytest.raises(BadManifest) as wrong:
        checked(own)
    (text,) = wrong.value.texts
    assert text.params == {"block": "writes", "key": "ship", "field": "parts"}


def test_a_line_says_whether_more_of_it_is_to_leave() -> None:
    parcel = Parcel((Piece("7", 1, True), Piece("8#2", 2)), numbers=())
    parts = Parts(
        item={"id": "{{line.id}}", "num": "{{line.qty}}"},
        also={"states": {"id": "{{line.id}}", "more": "{{line.is_part}}"}},
    )
    assert contents(parts, parcel, {}, asked({})) == [{"id": "7", "num": 1}, {"id": "8", "num": 2}]
    assert more_lists(parts, parcel) == {"states": [{"id": "7", "more": True}, {"id": "8", "more": False}]}


def test_two_lines_of_one_article_are_named_by_turns() -> None:
    parts = Parts(
        call={"path": "/order"},
        records="order.sold",
        line="sku",
        item={"p": "{{record.p}}", "n": "{{line.qty}}"},
    )
    there = {"order": {"sold": [{"sku": "1", "p": "a"}, {"sku": "2", "p": "b"}, {"sku": "1", "p": "c"}]}}
    parcel = Parcel((Piece("1", 3), Piece("1#3", 4)), numbers=())

    assert contents(parts, parcel, {}, asked(there)) == [{"p": "a", "n": 3}, {"p": "c", "n": 4}]


def asked(answer: dict[str, Any]) -> Any:
    return lambda _call: answer
