"""Refunds of records: whose lines they are, how much, and what is one of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from builders import NOW, SHOPS, Company, line

from app.commands.hear import Hear, Means
from app.domain.told import CaseState, ChannelCase, Told, with_case
from app.domain.values import Role
from sync.channel import Unreadable
from sync.manifest.cases import gathered
from sync.manifest.mapping import mapped, orders_in
from sync.manifest.messages import refunds, refunds_in
from sync.manifest.paths import get
from sync.manifest.reading import manifest_of
from sync.manifest.values import document

SHOP = SHOPS["TM1"]
REST: dict[str, Any] = {"id": 7, "order_id": 9, "created_at": "2026-06-13T10:00:00Z", "refund_line_items": []}


def told(name: str, record: Any) -> list[ChannelCase]:
    return [one.case for one in refunds(manifest_of(name), record, SHOP) if one.case is not None]


def test_a_refund_of_several_lines_is_a_case_of_each_and_its_first_keeps_the_number(
    shared_data: Callable[..., Any],
) -> None:
    manifest = manifest_of("shopify")
    (record,) = refunds_in(
        manifest, document((shared_data("channels") / "shopify/py_refund.json").read_bytes())
    )
    assert [(case.id, case.line, case.qty) for case in told("shopify", record)] == [
        ("509562969", "466157049", 1),
        ("509562969.703073504", "703073504", 1),
    ]


def test_a_line_of_woocommerce_is_found_by_the_key_of_its_note_not_by_its_place() -> None:
    notes = [{"key": "_cogs", "value": "1"}, {"key": "_refunded_item_id", "value": "311"}]
    item = {"quantity": -2, "total": "-9.00", "total_tax": "-0.50", "meta_data": notes}
    record = {"id": 4, "parent_id": 9, "amount": "9.50", "line_items": [item]}
    (case,) = told("woocommerce", record)
    assert (case.line, case.qty, case.amount_minor, case.state) == ("311", 2, 950, CaseState.REFUNDED)


@pytest.mark.parametrize(
    ("currency", "amount", "minor"), [("JPY", "1200", 1200), ("USD", "12.00", 1200), ("KWD", "1.234", 1234)]
)
def test_money_has_the_decimals_of_the_currency_it_names(currency: str, amount: str, minor: int) -> None:
    paid = {"amount": amount, "currency": currency, "status": "success"}
    (case,) = told("shopify", REST | {"transactions": [paid]})
    assert (case.amount_minor, case.line) == (minor, "")


@pytest.mark.parametrize(
    ("transactions", "state"),
    [
        ([], CaseState.REFUNDED),
        ([{"status": "pending"}], CaseState.REFUNDING),
        ([{"status": "failure"}], CaseState.FAILED),
        ([{"status": "failure"}, {"status": "success"}], CaseState.REFUNDED),
        ([{"status": "teleported"}], CaseState.UNKNOWN),
    ],
)
def test_a_refund_stands_as_its_payment_does(transactions: list[Any], state: CaseState) -> None:
    (case,) = told("shopify", REST | {"transactions": transactions})
    assert case.state is state


def test_an_order_of_shopify_counts_what_went_back_and_not_what_failed() -> None:
    def part(amount: str, status: str = "success") -> dict[str, str]:
        return {"amount": amount, "currency": "USD", "status": status}

    item = {"line_item_id": 1, "quantity": 1, "subtotal": "7.00", "total_tax": "0.50"}
    refunds = [
        REST | {"id": 1, "refund_line_items": [item], "transactions": [part("6.00"), part("4.00")]},
        REST | {"id": 2, "transactions": [part("3.00", "failure")]},
        REST | {"id": 3, "transactions": [part("2.00")]},
    ]
    order = {
        "id": 9, "created_at": "2026-06-13T10:00:00Z", "currency": "USD", "total_price": "50.00",
        "financial_status": "partially_refunded", "refunds": refunds,
        "line_items": [{"id": 1, "quantity": 1, "price": "7.00"}],
    }  # fmt: skip
    found = mapped(manifest_of("shopify"), order, SHOP, NOW).receive
    assert found.refunded_minor == 1200
    assert [(case.id, case.line, case.amount_minor, case.state) for case in found.cases] == [
        ("1", "1", 750, "refunded"), ("2", "", 300, "failed"), ("3", "", 200, "refunded"),
    ]  # fmt: skip


def test_a_refund_of_amazon_names_an_article_and_means_its_line() -> None:
    charge = {"ChargeType": "Principal", "ChargeAmount": {"CurrencyCode": "USD", "CurrencyAmount": -12.5}}
    item = {
        "SellerSKU": "A-2", "OrderAdjustmentItemId": "45", "QuantityShipped": 1,
        "ItemChargeAdjustmentList": [charge, charge],
    }  # fmt: skip
    (case,) = told("amazon", {"AmazonOrderId": "1", "PostedDate": "x", "ShipmentItemAdjustmentList": [item]})
    made = Company()
    made.receive(lines=(line(), line("2", ext_sku="A-2")))
    made.must(Hear(order="o1", means=Means.CASE, case=case), Role.CHANNEL)
    (heard,) = made.order().told.cases
    assert (heard.id, heard.line, heard.amount_minor) == ("45", "2", 2500)


def test_a_refund_without_any_number_is_put_before_a_person() -> None:
    for name, record in (("woocommerce", {"parent_id": 9}), ("amazon", {"AmazonOrderId": "1"})):
        with pytest.raises(Unreadable):
            refunds(manifest_of(name), record, SHOP)


def ebay(refund: dict[str, Any], *lines: dict[str, Any]) -> Any:
    """An order of eBay of 20.00 with refunds of the order and of its lines."""
    items = [
        {"lineItemId": str(n), "quantity": 1, "refunds": [one] if one else []} for n, one in enumerate(lines)
    ]
    order = {
        "orderId": "1", "creationDate": "2026-06-13T10:00:00.000Z", "lineItems": items,
        "orderPaymentStatus": "PARTIALLY_REFUNDED", "orderFulfillmentStatus": "NOT_STARTED",
        "paymentSummary": {"refunds": [refund] if refund else []},
        "pricingSummary": {"total": {"value": "20.00", "currency": "USD"}},
    }  # fmt: skip
    manifest = manifest_of("ebay")
    (record,) = orders_in(manifest, order)
    return mapped(manifest, record, SHOP, NOW).receive


def paid(value: str, **more: str) -> dict[str, Any]:
    return {
        "refundId": "5", "refundDate": "2026-06-13T11:00:00Z", "amount": {"value": value, "currency": "USD"},
    } | more  # fmt: skip


@pytest.mark.parametrize(
    ("order", "minor", "cases"),
    [
        (ebay(paid("6.00", refundStatus="REFUNDED"), {}), 600, [("", 600, "refunded")]),
        (ebay({}, paid("4.00"), {}), 400, [("0", 400, "refunded")]),
        (ebay(paid("6.00", refundStatus="REFUNDED"), paid("4.00")), 600, [("0", 400, "refunded")]),
        (ebay(paid("6.00", refundStatus="FAILED"), {}), 0, [("", 600, "failed")]),
        (ebay({}, paid("4.00", refundDate="")), 0, [("0", 400, "refunding")]),
        (
            ebay({}, paid("4.00"), paid("5.00", refundDate="2026-06-13T12:00:00Z")),
            900,
            [("0", 400, "refunded"), ("1", 500, "refunded")],
        ),
    ],
    ids=["of the order", "of a line", "of both once", "failed", "on its way", "of two lines"],
)
def test_what_went_back_is_counted_once_and_only_when_it_did(
    order: Any, minor: int, cases: list[tuple[str, int, str]]
) -> None:
    assert order.refunded_minor == minor
    assert [(case.line, case.amount_minor, case.state) for case in order.cases] == cases


def test_pieces_of_one_line_in_one_refund_are_one_case() -> None:
    pieces = [ChannelCase(id="1", state=CaseState.REFUNDED, line="a", qty=n, amount_minor=n) for n in (1, 2)]
    (case,) = gathered(pieces)
    assert (case.qty, case.amount_minor) == (3, 3)


def test_whoever_names_a_case_knows_better_than_the_line_of_an_order() -> None:
    hint = ChannelCase(id="line-1", state=CaseState.REQUESTED, line="1")
    named = ChannelCase(id="r1", state=CaseState.REQUESTED, line="1")
    for words in ((hint, named), (named, hint)):
        heard = Told()
        for one in words:
            heard = with_case(heard, one)
        assert heard.cases == (named,)


def test_what_an_order_does_not_say_of_its_line_any_more_is_over() -> None:
    made = Company()
    hint = ChannelCase(id="line-1", state=CaseState.REQUESTED, line="1")
    made.receive(cases=(hint,))
    assert [snag.kind for snag in made.order().snags] == ["refund_requested"]
    made.receive(ext_version="2")
    assert (made.order().told.cases, made.order().snags) == ((), ())


def test_an_element_is_chosen_by_what_a_key_says() -> None:
    node = {"m": [{"k": "a", "v": 1}, "odd", {"k": "b", "v": 2}], "n": 3}
    assert [get(node, path) for path in ("m[k=b].v", "m[k=c].v", "n[k=b].v", "m[k=a].v|n")] == [
        2,
        None,
        None,
        1,
    ]
