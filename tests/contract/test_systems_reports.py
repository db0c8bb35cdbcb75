"""What other systems report is done once and answered alike for ever, by everybody's rules."""

# ruff: noqa: F811 - fixtures come from another file

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from sqlalchemy import select, update
from systems_world import ALL, House, house, last_n, order, said  # noqa: F401

from app.commands.recheck import Recheck
from app.domain.company import Customer
from sync.hub.database import reading, writing
from sync.hub.outward.once import KEPT
from sync.tables import api_request, command, orders, raw, ref, stock


def test_an_order_is_brought_once_however_often_it_is_sent(house: House):
    first = house.send("/orders", order("ONCE-1"), "once 1")
    again = house.send("/orders", order("ONCE-1"), "once 1")
    other_key = house.send("/orders", order("ONCE-1"), "once 1b")

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content == other_key.content
    assert (first.headers.get("idempotent-replayed"), again.headers["idempotent-replayed"]) == (None, "true")
    with reading(house.engine) as db:
        found = db.execute(select(orders.c.id, orders.c.maker).where(orders.c.ext_id == "ONCE-1")).all()
        verdicts = db.execute(select(raw.c.verdict).where(raw.c.subject_id == found[0].id)).scalars().all()
    assert [tuple(row) for row in found] == [(first.json()["id"], "key:all")]
    assert verdicts == ["new"]


def test_a_key_of_a_request_is_for_one_request(house: House):
    house.send("/orders", order("KEY-1"), "key 1")

    assert "new one" in said(house.send("/orders", order("KEY-2"), "key 1"), 422, "other_request")
    assert "Idempotency-Key" in said(house.send("/orders", order("KEY-2"), ""), 400, "no_key")
    house.clock.move(seconds=KEPT.total_seconds() + 1)
    assert house.send("/orders", order("KEY-2"), "key 1", house.make("later", ALL)).status_code == 201


@pytest.mark.parametrize("what", ["order", "receipt", "count"])
def test_who_dies_between_doing_and_answering_has_done_it_once(house: House, what: str):
    path, body, method = {
        "order": ("/orders", order("DIED-1"), "POST"),
        "receipt": ("/receipts", {"warehouse": "SZ", "sku": "LN-220", "qty": 5, "reference": "D-1"}, "POST"),
        "count": ("/stock/WH/LN-220", {"on_hand": 77, "reason": "WMS"}, "PUT"),
    }[what]
    first = house.send(path, body, f"died {what}", method=method)
    with writing(house.engine) as db:  # as if the hub had been killed before it wrote the answer down
        name = api_request.c.name == f"died {what}"
        assert db.execute(update(api_request).where(name).values(status=0, said="")).rowcount == 1
        before = db.execute(select(command.c.cmd_id).where(command.c.status == "applied")).all()

    again = house.send(path, body, f"died {what}", method=method)

    assert (again.status_code, again.content) == (first.status_code, first.content)
    with reading(house.engine) as db:
        assert db.execute(select(command.c.cmd_id).where(command.c.status == "applied")).all() == before


def test_stock_counted_elsewhere_is_taken_over_and_goods_come_in(house: House):
    counted = house.send(
        "/stock/SZ/CT-180", {"on_hand": 40, "reason": "Count of the WMS"}, "c1", method="PUT"
    )
    came = house.send("/receipts", {"warehouse": "SZ", "sku": "CT-180", "qty": 6, "reference": "N-1"}, "r1")
    shelf = house.get("/stock", warehouse="SZ", sku="CT-180").json()["items"][0]

    assert (counted.status_code, came.status_code, shelf["on_hand"]) == (200, 200, 46)
    same = house.send("/stock/SZ/CT-180", {"on_hand": 46, "reason": "Again"}, "c2", method="PUT")
    assert same.json()["done"] is False
    refusal = house.send("/stock/SZ/NOTHING", {"on_hand": 1, "reason": "?"}, "c3", method="PUT")
    assert "NOTHING" in said(refusal, 409, "unknown_sku")
    assert (
        refusal.content
        == house.send("/stock/SZ/NOTHING", {"on_hand": 1, "reason": "?"}, "c3", method="PUT").content
    )


def test_a_purchase_announces_goods_moves_their_day_and_is_refused_for_the_past(house: House):
    path, due_on = "/arrivals/SZ/CT-180/PO-7", house.clock().date() + timedelta(days=7)
    days = [(due_on + timedelta(days=more)).isoformat() for more in (0, 14, -30)]

    said_ = [
        house.send(path, {"qty": 30, "due_on": day}, f"po {day}", method="PUT").status_code for day in days
    ]

    with reading(house.engine) as db:
        (shelf,) = db.execute(select(stock).where(stock.c.warehouse == "SZ", stock.c.sku == "CT-180")).all()
    assert said_ == [200, 200, 409]
    assert (shelf.coming, days[1] in shelf.arrivals, "PO-7" in shelf.arrivals) == (30, True, True)


def test_a_parcel_of_a_released_order_is_picked_packed_and_shipped_in_one_go(house: House):
    known = house.brought("SHIP-1")
    house.clock.move(hours=2)
    house.worker.n = last_n(house)
    house.worker.must(Recheck(order=known))
    assert house.get(f"/orders/{known}").json()["status"] == "released"

    parcel = {"carrier": "SF", "tracking_no": "SF100200300"}
    answer = house.send(f"/orders/{known}/parcel", parcel, "ship 1")

    now = house.get(f"/orders/{known}").json()
    assert (answer.status_code, now["status"], now["tracking_no"]) == (200, "shipped", "SF100200300")
    (told,) = house.get("/parcels", order=known).json()["items"]
    assert (told["carrier"], told["parcel"]) == ("SF", 1)
    again = house.send(f"/orders/{known}/parcel", parcel, "ship 1")
    assert again.content == answer.content
    said(house.send(f"/orders/{known}/parcel", parcel, "ship 2"), 409, "not_packed")
    with reading(house.engine) as db:
        by = db.execute(select(command.c.name, command.c.user_code).where(command.c.user_code == "key:all"))
        assert {"pick", "pack", "ship"} <= {row.name for row in by}


def test_a_gate_that_is_not_met_stops_other_systems_too(house: House):
    known = house.brought("GATE-1", paid_minor=0)

    said(
        house.send(f"/orders/{known}/parcel", {"carrier": "SF", "tracking_no": "SF9"}, "g1"),
        409,
        "not_packed",
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"lines": []},
        {"paid_minor": -1},
        {"ordered_at": "yesterday"},
        {"ordered_at": "2026-06-13T08:00:00"},
        {"shop": ""},
        {"state": "shredded"},
    ],
)
def test_a_message_that_is_not_as_described_is_told_where(house: House, wrong: dict[str, Any]):
    assert "$." in said(house.send("/orders", order("BAD-1") | wrong, "bad"), 422, "bad_message")


def test_a_shop_nobody_set_up_is_named(house: House):
    assert "NOPE" in said(house.send("/orders", order("S-1", shop="NOPE"), "s"), 422, "no_shop")


def test_credit_is_kept_by_the_system_that_is_named_for_it_and_nobody_else(house: House):
    terms = {"credit_minor": 500_000, "terms_days": 45}
    other = house.make("crm2", ("customers:write",))

    told = house.send("/customers/LH/credit", terms, "k1", method="PUT")

    assert told.status_code == 200, told.text
    assert house.send("/customers/LH/credit", terms, "k1", method="PUT").content == told.content
    with reading(house.engine) as db:
        doc = db.execute(select(ref.c.doc).where(ref.c.tbl == "customer", ref.c.pk == "LH")).scalar_one()
    assert msgspec.json.decode(doc, type=Customer).credit_minor == 500_000
    said(house.send("/customers/LH/credit", terms, "k2", other, "PUT"), 409, "kept_elsewhere")
    said(house.send("/customers/XX/credit", terms, "k3", method="PUT"), 404, "no_customer")
