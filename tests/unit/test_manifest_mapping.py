"""Every saved order of every channel through its manifest, and what no order may slip through with."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from app.domain.company import Shop
from app.domain.order import ChannelState
from sync.channel import Unreadable
from sync.manifest.blocks import Manifest
from sync.manifest.mapping import Mapped, mapped, orders_in, state_of
from sync.manifest.reading import built_in, checked, manifest_of, patched
from sync.manifest.request import put
from sync.manifest.values import Terms, document, money, version

NOW = datetime(2026, 6, 13, 12, 30, tzinfo=UTC)
GOLDEN = Path(__file__).with_name("manifest_golden.json")
RECORDINGS = {
    "taobao": ("taobao/*.json",),
    "pdd": ("pdd/order*.json",),
    "jd": ("jd/order_*.json",),
    "douyin": (
        "douyin/order_*sku*.json", "douyin/order_refunded*.json", "douyin/order_wait*.json",
        "douyin/order_searchList_response.json", "douyin/order_orderDetail_response.json",
    ),
    "wechat_store": ("wechat/order_get_response.json", "wechat/order_10*.json", "wechat/order_200*.json"),
    "shopify": (
        "shopify/go_order*.json", "shopify/py_order.json", "shopify/py_orders.json", "shopify/rest_*.json",
        "shopify/graphql_orders*.json",
    ),
    "woocommerce": (
        "woocommerce/order_4*.json", "woocommerce/order_c*.json", "woocommerce/orders_list.json",
    ),
    "ebay": ("ebay/getOrder*.json",),
    "amazon": ("amazon/v2026_*.json",),
}  # fmt: skip
UNEQUAL = {
    "shopify/py_orders.json",
    "douyin/order_searchList_response.json",
    "douyin/order_orderDetail_response.json",
}
"""Samples of documents and fixtures of kits whose own amounts do not add up; no real order is among them."""
MIXED_UP = "taobao/fullinfo_two_lines_step_mixed_units.json"
"""A payload of a tool that wrote fen into fields of yuan."""


def shop_of(manifest: Manifest) -> Shop:
    currency = manifest.currency or "USD"
    return Shop(
        code="X1", title="", channel="XX", currency=currency, country="CN" if currency == "CNY" else "US"
    )


def payloads(content: bytes) -> list[Any]:
    found = document(content)
    return [one["body"] for one in found["samples"]] if "samples" in found else [found]


def replayed(data: Path) -> Iterator[tuple[str, str, Any, Manifest]]:
    for name, patterns in RECORDINGS.items():
        manifest = manifest_of(name)
        for file in sorted({file for pattern in patterns for file in data.glob(pattern)}):
            records = [r for payload in payloads(file.read_bytes()) for r in orders_in(manifest, payload)]
            for at, record in enumerate(records):
                place = str(file.relative_to(data))
                yield place, f"{place}#{at}", record, manifest


def outline(found: Mapped) -> dict[str, Any]:
    """An order without anything that names it or its buyer."""
    order = found.receive
    return {
        "state": order.channel_state,
        "lock": order.lock,
        "money": [
            order.currency,
            order.total_minor,
            order.payable_minor,
            order.paid_minor,
            order.refunded_minor,
        ],
        "receivable": found.receivable_minor,
        "lines": [[line.qty, line.unit_price_minor] for line in order.lines],
        "refunds": [one.state for one in order.cases],
        "there": bool(order.region.city),
        "ordered_at": order.ordered_at.isoformat(),
        "warnings": [text.message for text in found.warnings],
    }


@pytest.fixture(scope="module")
def data(shared_data: Callable[..., Path]) -> Path:
    return shared_data("channels")


def test_every_saved_order_becomes_the_order_we_wrote_down(data: Path) -> None:
    found: dict[str, Any] = {}
    for file, name, record, manifest in replayed(data):
        if file != MIXED_UP:
            found[name] = outline(mapped(manifest, record, shop_of(manifest), NOW))
    golden = msgspec.json.decode(GOLDEN.read_bytes())
    assert msgspec.json.decode(msgspec.json.encode(found)) == golden
    assert len(golden) >= 45


def test_the_amounts_of_every_real_order_add_up(data: Path) -> None:
    odd = {
        file
        for file, _, record, manifest in replayed(data)
        if file != MIXED_UP
        for text in mapped(manifest, record, shop_of(manifest), NOW).warnings
        if text.message == "{expr} is not {equals}."
    }
    assert odd == UNEQUAL


def test_fen_in_a_field_of_yuan_refuse_the_order(data: Path) -> None:
    manifest = manifest_of("taobao")
    (record,) = orders_in(manifest, document((data / MIXED_UP).read_bytes()))
    with pytest.raises(Unreadable) as wrong:
        mapped(manifest, record, shop_of(manifest), NOW)
    assert wrong.value.text.params["column"] == "payment"


def test_yuan_with_a_fraction_are_never_taken_for_fen(data: Path) -> None:
    turned = checked(patched(built_in("pdd"), {"map": {"money": {"type": "cents"}}}))
    refused = 0
    for file, _, record, manifest in replayed(data):
        if manifest.id == "pdd" and "real" in file:
            with pytest.raises(Unreadable):
                mapped(turned, record, shop_of(turned), NOW)
            refused += 1
    assert refused == 3


def test_amounts_that_do_not_add_up_are_told_or_hold_the_order(data: Path) -> None:
    file = data / "pdd" / "order_information_2018_real.json"
    for wanted, state in (("off", "to_ship"), ("warn", "to_ship"), ("hold", "unknown")):
        manifest = checked(patched(built_in("pdd"), {"guards": {"totals": wanted}}))
        (record,) = orders_in(manifest, document(file.read_bytes()))
        right = mapped(manifest, record, shop_of(manifest), NOW)
        wrong = mapped(manifest, record | {"postage": "1.00"}, shop_of(manifest), NOW)
        assert right.receive.channel_state == "to_ship"
        assert wrong.receive.channel_state == state
        assert len(wrong.warnings) - len(right.warnings) == (wanted != "off")


def test_ids_stay_text_to_the_last_figure(data: Path) -> None:
    seen = 0
    for _, name, record, manifest in replayed(data):
        if manifest.id in ("jd", "taobao") and MIXED_UP not in name:
            order = mapped(manifest, record, shop_of(manifest), NOW).receive
            said = record.get("orderId", record.get("tid"))
            assert order.ext_id == str(said), name
            seen += len(str(said)) == 19
    assert seen >= 2


def test_what_only_the_channel_can_decrypt_is_shown_as_stars(data: Path) -> None:
    for _, name, record, manifest in replayed(data):
        if manifest.id in ("pdd", "douyin", "jd"):
            receiver = mapped(manifest, record, shop_of(manifest), NOW).receive.receiver
            for shown in (receiver.name, receiver.phone, receiver.street):
                assert not any(one.startswith(("~", "#", "$")) for one in shown.split()), name
                assert len(shown) < 60, name


def small(**changes: Any) -> dict[str, Any]:
    known = {
        "id": "W-1", "status": "paid", "created_at": "2026-06-13T10:00:00+08:00", "total": "25.60",
        "updated_at": "2026-06-13T10:05:00+08:00",
        "items": [{"sku": "A", "qty": 2, "price": "12.80", "title": "杯"}],
    }  # fmt: skip
    return known | changes


def generic(record: dict[str, Any], **patch: Any) -> Mapped:
    manifest = checked(patched(built_in("generic_rest"), patch)) if patch else manifest_of("generic_rest")
    return mapped(manifest, record, Shop(code="X1", title="", channel="XX"), NOW)


def test_an_order_of_an_own_shop_needs_nothing_but_its_manifest() -> None:
    found = generic(small())
    order = found.receive
    assert (order.ext_id, order.channel_state, order.payable_minor, order.paid_minor) == (
        "W-1", ChannelState.TO_SHIP, 2560, 2560,
    )  # fmt: skip
    assert order.ordered_at == datetime(2026, 6, 13, 2, 0, tzinfo=UTC)
    assert order.ext_version == "2026-06-13T02:05:00.000000Z"
    assert [(line.id, line.ext_sku, line.qty, line.unit_price_minor) for line in order.lines] == [
        ("A", "A", 2, 1280)
    ]
    assert found.warnings == ()


def test_a_state_no_rule_knows_holds_the_order_and_says_so() -> None:
    found = generic(small(status="paid_by_magic"))
    assert found.receive.channel_state is ChannelState.UNKNOWN
    assert [text.message for text in found.warnings] == [
        "The channel sent a state no rule knows: the order is held."
    ]


FREE: dict[str, tuple[str, dict[str, Any]]] = {
    "taobao": ("taobao", {"status": "WAIT_SELLER_SEND_GOODS", "step_trade_status": "FRONT_PAID_FINAL_PAID"}),
    "pdd": (
        "pdd",
        {
            "order_status": 1, "confirm_status": 1, "group_status": 1, "refund_status": 1,
            "risk_control_status": 0,
        },
    ),
    "jd": ("jd", {"orderState": "WAIT_SELLER_STOCK_OUT"}),
    "douyin": ("douyin", {"order_status": 2, "main_status": 2}),
    "wechat_store": ("wechat_store", {"status": 20}),
    "shopify pushes": ("shopify", {"financial_status": "paid", "fulfillment_status": None}),
    "shopify": ("shopify", {"displayFinancialStatus": "PAID", "displayFulfillmentStatus": "UNFULFILLED"}),
    "woocommerce": ("woocommerce", {"status": "processing"}),
    "amazon": (
        "amazon", {"fulfillment.fulfillmentStatus": "UNSHIPPED", "fulfillment.fulfilledBy": "MERCHANT"},
    ),
    "ebay": (
        "ebay",
        {
            "orderFulfillmentStatus": "NOT_STARTED", "orderPaymentStatus": "PAID",
            "cancelStatus.cancelState": "NONE_REQUESTED",
        },
    ),
}  # fmt: skip
"""What an order that may be shipped says of itself, wherever a channel speaks of its state."""


@pytest.mark.parametrize("name", FREE)
def test_a_word_nobody_knows_holds_an_order_wherever_its_state_is_told(name: str) -> None:
    code, says = FREE[name]

    def state(said: dict[str, Any]) -> ChannelState:
        record: dict[str, Any] = {}
        for path, value in said.items():
            put(record, path, value)
        return state_of(manifest_of(code).map, record)[0]

    assert state(says) is ChannelState.TO_SHIP
    for path in says:
        assert state(says | {path: "unheard_of"}) is not ChannelState.TO_SHIP, path


def test_an_order_without_a_price_is_never_shipped() -> None:
    manifest = manifest_of("douyin")
    record = {"order_id": "1", "order_status": 2, "create_time": 1_700_000_000, "sku_order_list": []}
    assert mapped(manifest, record, shop_of(manifest), NOW).receive.channel_state is ChannelState.UNKNOWN


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"id": "3.71E+18"}, "id|number"),
        ({"id": ""}, "id|number"),
        ({"id": {"a": 1}}, "id|number"),
        ({"id": "9" * 65}, "ext_id"),
        ({"total": "25.601"}, "total"),
        ({"total": "much"}, "payable"),
        ({"total": None}, "total"),
        ({"total": 1e300}, "payable"),
        ({"created_at": "yesterday"}, "created_at"),
        ({"note": "x" * 3000}, "note"),
        ({"items": [{"sku": "A", "qty": 1.5}]}, "qty|quantity"),
        ({"items": [{"sku": "A", "qty": -1}]}, "qty|quantity"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name_and_never_repeated(
    changes: dict[str, Any], column: str
) -> None:
    with pytest.raises(Unreadable) as wrong:
        generic(small(**changes))
    assert wrong.value.text.params["column"] == column
    shown = wrong.value.text.message.format(**wrong.value.text.params)
    assert "3.71E+18" not in shown
    assert "much" not in shown
    assert "yesterday" not in shown


def test_a_line_too_many_is_refused() -> None:
    with pytest.raises(Unreadable):
        generic(small(items=[{"sku": "A", "qty": 1}] * 2001))


def test_a_line_named_by_an_address_has_the_number_pushes_know_it_by() -> None:
    record = small()
    record["items"] = [{**record["items"][0], "id": "gid://shopify/LineItem/51"}]

    assert [line.id for line in generic(record).receive.lines] == ["51"]


def test_lines_with_one_id_stay_two_lines() -> None:
    found = generic(small(items=[{"sku": "A", "qty": 1, "price": "1"}, {"sku": "A", "qty": 2, "price": "0"}]))
    assert [(line.id, line.ext_sku) for line in found.receive.lines] == [("A", "A"), ("A#2", "A")]


def test_an_amount_is_read_exactly_whatever_kind_of_number_it_is() -> None:
    content = msgspec.json.encode(small(total=0.29, items=[{"sku": "A", "qty": 1, "price": 11.01}]))
    order = generic(document(content)).receive
    assert (order.payable_minor, order.lines[0].unit_price_minor) == (29, 1101)


def test_a_whole_number_beyond_all_amounts_is_too_large_and_not_a_fault() -> None:
    with pytest.raises(Unreadable, match="too large"):
        money("total", 10**30, "yuan", "CNY")


def test_money_without_coins_has_none() -> None:
    order = generic(
        small(currency="JPY", total="19940", items=[{"sku": "A", "qty": 1, "price": "19940"}])
    ).receive
    assert (order.payable_minor, order.total_minor, order.currency) == (19940, 19940, "JPY")


def test_a_refund_is_never_more_than_was_paid() -> None:
    assert generic(small(refunded="99")).receive.refunded_minor == 2560
    assert generic(small(refunded="5.6")).receive.refunded_minor == 560
    assert generic(small(status="refunded", paid_at="2026-06-13T10:01:00")).receive.refunded_minor == 2560


def test_versions_grow_as_text_however_they_are_written() -> None:
    terms = Terms("decimal", "CNY", "Asia/Shanghai")
    numbers = [version(n, terms) for n in (9, 10, 1657960712000)]
    times = [
        version(t, terms)
        for t in ("2026-06-13 10:00:00", "2026-06-13T02:00:01Z", "2026-06-13T03:00:00+01:00")
    ]
    assert numbers == sorted(numbers)
    assert times[0] == version("2026-06-13T02:00:00Z", terms) == times[2]
    assert times[1] > times[0]
    assert version(None, terms) == ""


def test_payloads_that_are_none_are_answered_with_a_sentence() -> None:
    for content in (
        b"",
        b"{",
        b"[" * 100_000,
        b"\xff\xfe",
        b'{"a":' + b"9" * 5000 + b"}",
        b" " * (9 * 2**20),
    ):
        with pytest.raises(Unreadable) as wrong:
            document(content)
        assert wrong.value.text.message.endswith(".")


def test_what_is_no_character_is_shown_as_one_that_is_missing() -> None:
    cut = document(rb'{"name": "Li \ud83d", "\ud800": ["a\u0000b", "\ud83d\ude00"], "n": 1.50}')

    assert cut == {"name": "Li \ufffd", "\ufffd": ["a\ufffdb", "\U0001f600"], "n": Decimal("1.50")}
    with pytest.raises(Unreadable):
        document(b'{"name": "\xed\xa0\x80"}')


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00", "9999-12-31T23:59:59-14:00", "1e9999", "\u00b2" * 10])
def test_a_moment_beyond_the_calendar_is_no_date(at: str) -> None:
    with pytest.raises(Unreadable):
        generic(small(created_at=at))

    assert generic(small(updated_at=at)).receive.ext_version


def test_any_tree_is_an_order_or_a_sentence(data: Path) -> None:
    """Fields taken away or replaced by something else never end in a stack trace."""
    luck = random.Random(7)  # noqa: S311 - the same mutations each time
    odd: tuple[Any, ...] = (None, "", "x", -1, 10**30, [], {}, [[]], True, "9" * 70)
    kinds = set()
    for _, _, record, manifest in replayed(data):
        fields = sorted(record)
        for field in luck.sample(fields, min(8, len(fields))):
            broken = record | {field: luck.choice(odd)}
            try:
                kinds.add(type(mapped(manifest, broken, shop_of(manifest), NOW)).__name__)
            except Unreadable as wrong:
                kinds.add(wrong.text.message[-1])
    assert kinds == {"Mapped", ".", "}"}


def test_a_deposit_is_not_the_whole_price(data: Path) -> None:
    manifest = manifest_of("taobao")
    file = data / "taobao" / "trade_closed_refunded_discount_oaid.json"
    (record,) = orders_in(manifest, document(file.read_bytes()))
    presale = {"step_trade_status": "FRONT_PAID_FINAL_NOPAID", "step_paid_fee": "100.00"}
    order = mapped(manifest, record | presale, shop_of(manifest), NOW).receive
    assert (order.channel_state, order.lock) == (ChannelState.ON_HOLD, "presale_balance")
    assert (order.payable_minor, order.paid_minor) == (249_900, 10_000)
