"""What a channel says beyond the fields of an order: read for people, bounded, and nobody named in clear."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from test_manifest_mapping import NOW, RECORDINGS, generic, replayed, shop_of, small

from app.domain.beside import (
    EXTRAS_MOST,
    VALUE_MOST,
    Beside,
    Extra,
    beside_of,
    masked_extras,
    newest,
    with_values,
)
from app.domain.order import Order
from app.domain.scopes import Reach
from app.text import BOTH
from sync.channel import Unreadable
from sync.hub.project import opened_order
from sync.hub.seal import Seal, open_document, seal_document
from sync.manifest.beside_fields import extras_in
from sync.manifest.mapping import mapped
from sync.manifest.reading import built_in_ids, manifest_of
from sync.manifest.values import Terms
from tests.builders import Company

RECORD: dict[str, Any] = small()
OPEN, MASKED = Reach(), Reach(masked=True)
GIFT = {"is_gift": True, "gift_message": "给季小雨", "discount": "2.50", "tags": ["VIP", "加急"]}


def said(**more: Any) -> dict[str, str]:
    beside = generic(RECORD | more).receive.beside
    return {one.name: one.value for one in with_values(beside)}


def test_every_platform_says_something_of_its_saved_orders_and_names_it_in_both_languages(
    shared_data: Callable[..., Path],
):
    found: dict[str, set[str]] = {}
    for _, _, record, manifest in replayed(shared_data("channels")):
        try:
            read = mapped(manifest, record, shop_of(manifest), NOW).receive.beside
        except Unreadable:
            continue
        found.setdefault(manifest.id, set()).update(one.name for one in with_values(read) if one.value)
    assert {code: len(names) >= 3 for code, names in found.items()} == dict.fromkeys(RECORDINGS, True)


@pytest.mark.parametrize("code", built_in_ids())
def test_every_shipped_channel_has_some_and_each_has_a_name_in_both_languages(code: str):
    extras = manifest_of(code).map.extras

    assert extras
    assert [name for name, one in extras.items() if not one.label.zh or not one.label.en] == []


def test_what_may_name_people_stands_apart_and_the_rest_is_for_everybody():
    beside = generic(RECORD | GIFT).receive.beside

    assert {one.name: one.value for one in beside.extras} == {
        "gift": "yes", "gift_note": "", "discount": "250", "tags": "",
    }  # fmt: skip
    assert said(**GIFT)["gift_note"] == "给季小雨"
    assert said(**GIFT)["tags"] == "VIP, 加急"


def test_a_number_or_address_of_somebody_is_shown_nowhere_it_was_not_expected():
    assert said(source="call 13955501234 or a@b.cn")["source"] == "call *** or ***"


def test_one_that_cannot_be_read_leaves_the_order_whole():
    assert "discount" not in said(discount="much", is_gift="1")
    assert said(discount="much", is_gift="1")["gift"] == "yes"


def test_no_more_and_no_longer_than_an_order_keeps():
    many = [Extra(name=f"n{nth}", label="标签" * 99, value="长" * 9_999) for nth in range(99)]

    kept = beside_of(many).extras

    assert len(kept) == EXTRAS_MOST
    assert {(len(one.value), len(one.label) <= 80) for one in kept} == {(VALUE_MOST, True)}


def test_the_newest_word_on_each_counts_and_what_is_not_spoken_of_stays_in_its_place():
    first = generic(RECORD | GIFT).receive.beside
    nothing = newest(first, Beside())
    changed = newest(first, generic(RECORD | {"discount": "3.00", "tags": []}).receive.beside)

    assert nothing == first
    assert newest(first, first) == first
    assert [(one.name, one.value) for one in with_values(changed)] == [
        ("discount", "300"), ("gift", "yes"), ("gift_note", "给季小雨"),
    ]  # fmt: skip


def test_a_push_and_a_list_of_one_platform_say_the_same():
    pushed = {"financial_status": "paid", "tags": "VIP, 加急", "discount_codes": [{"code": "TEN"}]}
    listed = {"displayFinancialStatus": "PAID", "tags": ["VIP", "加急"], "discountCodes": ["TEN"]}
    terms = Terms("decimal", "USD", "UTC")

    first, second = (extras_in(manifest_of("shopify").map, one, terms) for one in (pushed, listed))

    assert first == second
    assert len(first) == 3


def test_a_person_is_masked_on_screen_until_that_is_asked_for():
    beside = beside_of([Extra(name="buyer", label="买家", kind="person", value="季小雨", is_personal=True)])

    assert [one.value for one in masked_extras(beside, is_revealed=False)] == ["季**"]
    assert [one.value for one in masked_extras(beside, is_revealed=True)] == ["季小雨"]


def test_the_floor_gets_no_word_that_may_name_people_and_an_erased_buyer_takes_them_along():
    key = Seal(b"k" * 32).new_key("o1")
    order = Company().receive(beside=generic(RECORD | GIFT).receive.beside)
    sealed = seal_document(msgspec.json.encode(order), key.seal)

    def shown(document: bytes) -> dict[str, str]:
        told = msgspec.json.decode(document, type=Order).told
        return {one.name: one.value for one in with_values(told.beside)}

    assert "季小雨".encode() not in sealed
    assert shown(opened_order(sealed, key, MASKED))["gift_note"] == ""
    assert shown(opened_order(sealed, key, MASKED))["gift"] == "yes"
    assert shown(opened_order(sealed, key, OPEN))["gift_note"] == "给季小雨"
    assert shown(open_document(sealed, None))["gift_note"] == ""


def test_an_older_program_reads_the_order_and_an_older_order_reads_too():
    order = Company().receive(beside=generic(RECORD | GIFT).receive.beside)
    document = msgspec.json.decode(msgspec.json.encode(order))
    named = {one["label"] for one in document["told"]["beside"]["extras"]}
    del document["told"]["beside"]

    assert all(BOTH in label for label in named)
    assert msgspec.convert(document, Order).told.beside == Beside()
