"""A saved order of a real Vendure through its manifest, and what Vendure is told, call after call."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.domain.company import Shop
from app.domain.order import ChannelState
from app.trouble import Trouble
from sync.channel import Unreadable
from sync.manifest.caller import Answer, Caller, Refused
from sync.manifest.mapping import Mapped, mapped, orders_in
from sync.manifest.paging import Span
from sync.manifest.reading import BadManifest, built_in, checked, manifest_of, patched
from sync.manifest.request import Request

NOW = datetime(2026, 11, 27, 15, 30, tzinfo=UTC)
SAVED = Path(__file__).with_name("vendure_order.json")
SHOP = Shop(code="V1", title="", channel="XX", currency="USD", country="GB", zone="UTC")
SETTINGS = {"base_url": "http://127.0.0.1:3000", "access_token": "t"}
PARCEL = {
    "order": {"ext_id": "2"},
    "carrier": {"code": "RM", "name": "Royal Mail"},
    "package": {"tracking": "RM1", "items": [{"orderLineId": "3", "quantity": 2}]},
}


def saved(**changes: Any) -> dict[str, Any]:
    """The order as the shop told it, with other values at its top."""
    return {**json.loads(SAVED.read_bytes())["order"], **changes}


def read(record: Any, patch: dict[str, Any] | None = None) -> Mapped:
    (one,) = orders_in(manifest_of("vendure", patch), {"order": record})
    return mapped(manifest_of("vendure", patch), one, SHOP, NOW)


class Line:
    """Answers one after another, and keeps what it was asked."""

    def __init__(self, *answers: dict[str, Any]) -> None:
        self.asked: list[dict[str, Any]] = []
        self._answers: Iterator[dict[str, Any]] = iter(answers)

    def __call__(self, request: Request, _timeout_s: float, _most_bytes: int) -> Answer:
        self.asked.append(json.loads(request.body))
        return Answer(200, {}, json.dumps(next(self._answers)).encode())


def caller(line: Line, patch: dict[str, Any] | None = None) -> Caller:
    manifest = checked(patched(built_in("vendure"), patch or {}))
    return Caller(manifest, SETTINGS, line, lambda: NOW, lambda _s: None, lambda: "n")


def test_the_saved_order_is_read_to_the_cent() -> None:
    found = read(saved())
    order = found.receive

    assert (order.ext_id, order.currency, order.channel_state) == ("2", "USD", ChannelState.SHIPPED)
    assert (order.payable_minor, order.paid_minor, order.refunded_minor) == (10420, 10420, 0)
    assert [(line.ext_sku, line.qty, line.unit_price_minor) for line in order.lines] == [
        ("LAMP", 2, 3884),
        ("TOWEL", 3, 719),
    ]
    assert (order.receiver.name, order.region.country, order.region.city) == ("Ann Lee", "GB", "London")
    assert order.ordered_at == datetime(2026, 11, 27, 15, 17, 46, 277000, tzinfo=UTC)
    assert set(found.listings) == {("LAMP", "1", ""), ("TOWEL", "2", "")}
    assert found.warnings == ()


def test_a_cent_too_many_is_told() -> None:
    assert read(saved(subTotalWithTax=9926)).warnings != ()
    assert read(saved(totalWithTax=10421)).warnings != ()


def test_cents_read_as_whole_units_are_another_amount() -> None:
    wrong = read(saved(), {"map": {"money": {"type": "decimal"}}})
    assert wrong.receive.payable_minor == 100 * read(saved()).receive.payable_minor
    with pytest.raises(Unreadable):
        read(saved(totalWithTax="104.205"))


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("PaymentAuthorized", "awaiting_payment"), ("PaymentSettled", "to_ship"), ("Modifying", "on_hold"),
        ("PartiallyShipped", "partly_shipped"), ("Delivered", "delivered"), ("Cancelled", "cancelled"),
        ("Elsewhere", "unknown"),
    ],
)  # fmt: skip
def test_each_state_of_an_order_is_known_and_any_other_is_not_guessed(said: str, meant: str) -> None:
    assert read(saved(state=said)).receive.channel_state == meant


def test_what_was_paid_back_is_read_of_every_payment() -> None:
    (payment,) = saved()["payments"]
    back = {**payment, "refunds": [{"id": "1", "state": "Settled", "total": 700}]}
    assert read(saved(state="PaymentSettled", payments=[back, back])).receive.refunded_minor == 1400


def test_the_list_is_read_backward_by_what_changed_or_was_placed() -> None:
    pages = [{"data": {"orders": {"totalItems": 120, "items": []}}} for _ in range(4)]
    line = Line(*pages)
    list(caller(line).pages("orders", Span(NOW - timedelta(hours=1), NOW)))

    asked = [one["variables"]["options"] for one in line.asked]
    assert [one["skip"] for one in asked] == [0, 100, 50, 0]
    window = {"between": {"start": "2026-11-27T14:30:00Z", "end": "2026-11-27T15:30:00Z"}}
    assert asked[0]["filter"]["_or"] == [{"updatedAt": window}, {"orderPlacedAt": window}]


def test_a_parcel_is_added_sent_and_noted_and_each_call_knows_the_one_before() -> None:
    line = Line(
        {"data": {"addFulfillmentToOrder": {"id": "71"}}},
        {"data": {"transitionFulfillmentToState": {"id": "71", "state": "Shipped"}}},
        {"data": {"addNoteToOrder": {"id": "2"}}},
    )
    caller(line).write("ship", PARCEL)

    added, sent, noted = (one["variables"] for one in line.asked)
    assert added["input"]["lines"] == PARCEL["package"]["items"]
    assert {one["name"]: one["value"] for one in added["input"]["handler"]["arguments"]} == {
        "method": "Royal Mail",
        "trackingCode": "RM1",
    }
    assert sent == {"id": "71"}
    assert noted["input"] == {"id": "2", "note": "Royal Mail RM1", "isPublic": False}


@pytest.mark.parametrize(
    ("answer", "trouble"),
    [
        ({"data": {"addFulfillmentToOrder": {"errorCode": "ITEMS_ALREADY_FULFILLED_ERROR"}}}, Refused),
        ({"data": {"addFulfillmentToOrder": {}}}, Trouble),
        ({"errors": [{"extensions": {"code": "FORBIDDEN"}}], "data": None}, Refused),
    ],
)
def test_nothing_is_sent_on_where_the_first_call_gave_no_number(
    answer: dict[str, Any], trouble: type[Trouble]
) -> None:
    line = Line(*itertools.repeat(answer, 5))
    with pytest.raises(trouble):
        caller(line).write("ship", PARCEL)
    assert len(line.asked) == 1


def test_the_figure_of_an_article_counts_what_the_shop_itself_has_promised() -> None:
    levels = [{"stockAllocated": 2}, {"stockAllocated": 3}]
    line = Line(
        {"data": {"productVariant": {"stockLevels": levels}}}, {"data": {"updateProductVariants": []}}
    )
    caller(line).write("stock", {"sku": {"id": "9"}, "stock": {"available": 40}}, [{}])

    assert line.asked[1]["variables"]["input"] == [{"id": "9", "stockOnHand": 45}]


def test_a_sum_that_is_kept_is_checked_before_anybody_uses_it() -> None:
    steps = built_in("vendure")["writes"]["stock"]["steps"]
    steps[0]["keep"]["on_hand"]["expr"] = "stock.available ** 2"
    with pytest.raises(BadManifest):
        checked(patched(built_in("vendure"), {"writes": {"stock": {"steps": steps}}}))
