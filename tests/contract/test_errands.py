"""What orders need of warehouses and trackers elsewhere: asked for once, taken back, and booked when told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from errand_hub import World, errand_hub
from hub_world import bought

from app.commands.cancel import Cancel
from app.commands.correct_number import CorrectNumber
from app.commands.fix_address import FixAddress
from app.commands.pack import Pack
from app.commands.pick import Pick
from app.commands.ship import Ship
from app.domain.mask import mask_name, mask_phone
from app.domain.order import Status
from app.domain.scan import Scan, ScanKind
from app.trouble import Trouble
from sync import tables
from sync.hub.outward.heard import scan_of
from sync.hub.outward.service_file import Named, ServiceFile, connectors
from sync.manifest.errands import service_of


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with errand_hub(tmp_path) as made:
        yield made


def test_a_released_order_is_sent_by_its_warehouse_and_ships_when_that_says_so(world: World):
    world.hub.channel.must(bought("o1"))
    world.round()
    assert world.wms.made == {
        "o1-1": {
            "address": world.hub.order().receiver.street,
            "lines": [("LN-220", 1)],
            "warehouse": "WMS-SZ",
        }
    }
    assert world.hub.order().status is Status.RELEASED

    first, again = (world.told(world.wms.confirm("o1-1", "SF1234567890")) for _ in range(2))

    assert first == again == (200, first[1])
    assert "<flag>success</flag>" in first[1]
    order = world.hub.order()
    assert (order.status, order.carrier, order.tracking_no) == (Status.SHIPPED, "SF", "SF1234567890")
    assert len(world.hub.rows(tables.shipment)) == 1
    assert world.wms.false == 0


def test_a_number_a_warehouse_told_is_corrected_by_that_warehouse_and_read_only_here(world: World):
    world.hub.channel.must(bought("o1"))
    world.round()
    first, right = (world.wms.confirm("o1-1", number) for number in ("SF1234567890", "SF1234567899"))
    world.told(first)
    clerk = world.hub.desk(name="clerk-desk")

    by_hand = clerk.ask(CorrectNumber(order="o1", tracking_no="SF7777777777")).refusal
    assert by_hand is not None
    assert (by_hand.code, by_hand.text.params) == ("kept_elsewhere", {"system": "wms"})
    assert world.hub.order().told_by == "wms"

    numbers = []
    for pushed in (right, right, first):
        assert "<flag>success</flag>" in world.told(pushed)[1]
        numbers.append(world.hub.order().tracking_no)
    assert numbers == ["SF1234567899"] * 3
    (parcel,) = world.hub.rows(tables.shipment)
    assert parcel.tracking_no == "SF1234567899"


def test_every_tenth_answer_lost_sends_nothing_twice(world: World):
    world.wms.hangs_up_each = 3
    for n in range(7):
        world.hub.channel.must(bought(f"o{n}"))

    world.round(6)

    assert (len(world.wms.made), world.wms.again) == (7, 0)
    assert set(world.states().values()) == {"done"}


def test_an_order_that_is_cancelled_is_taken_back_and_one_that_never_left_is_not(world: World):
    world.hub.channel.must(bought("o1"), bought("o2"))
    while world.rows.step():
        pass
    world.lead.must(Cancel(order="o2", reason="buyer"))
    world.round()
    world.lead.must(Cancel(order="o1", reason="buyer"))
    world.round(2)

    assert (list(world.wms.made), world.wms.cancelled) == (["o1-1"], ["o1-1"])
    assert world.states() == {"deliver:o1:1": "done", "recall:o1:1": "done"}


def test_a_warehouse_that_sent_it_already_refuses_and_somebody_is_told(world: World):
    world.hub.channel.must(bought("o1"))
    world.round()
    world.wms.sent.add("o1-1")
    world.lead.must(Cancel(order="o1", reason="buyer"))
    world.round(2)

    assert world.states()["recall:o1:1"] == "rejected"


def test_a_parcel_that_is_not_whole_and_one_refused_go_to_a_person_once(world: World):
    world.hub.channel.must(bought("o1"), bought("o2"))
    world.round()

    for _ in range(2):
        assert world.told(world.wms.confirm("o1-1", "SF1", lacks=1))[0] == 200
        assert world.told(world.wms.confirm("o2-1", "", status="REJECT"))[0] == 200

    for order in ("o1", "o2"):
        known = world.hub.order(order)
        assert ([snag.kind for snag in known.snags], len(known.refusals)) == (["warehouse_rejected"], 1)


def test_what_was_taken_back_is_closed_there_and_refuses_nothing_here(world: World):
    world.hub.channel.must(bought("o1"))
    world.round()
    known = world.hub.order()
    moved = msgspec.structs.replace(known.receiver, street="凤里街188号")
    world.lead.must(FixAddress(order="o1", receiver=moved, region=known.region))
    world.round(2)

    assert world.told(world.wms.confirm("o1-1", "", status="CLOSED"))[0] == 200
    assert (list(world.wms.made), world.wms.cancelled) == (["o1-1", "o1-2"], ["o1-1"])
    assert world.hub.order().refusals == ()

    world.told(world.wms.confirm("o1-2", "", status="CLOSED"))
    assert len(world.hub.order().refusals) == 1


def test_who_signs_with_another_secret_or_changes_a_word_books_nothing(world: World):
    world.hub.channel.must(bought("o1"))
    world.round()
    body, query = world.wms.confirm("o1-1", "SF1234567890")

    for changed in (
        (body + b" ", query),
        (body, query | {"extra": "1"}),
        (b"<!DOCTYPE x>" + body, query),
        (b"", {}),
    ):
        assert world.told(changed)[0] == 401
    assert world.hub.order().status is Status.RELEASED


def test_a_code_nobody_gave_is_refused_in_a_sentence(world: World):
    world.hub.channel.must(bought("o1"))
    world.round()
    world.wms.made["nobody-1"] = world.wms.made["o1-1"]

    status, words = world.told(world.wms.confirm("nobody-1", "SF1234567890"))

    assert (status, "<flag>failure</flag>" in words, "No order" in words) == (200, True, True)


def shipped(world: World, carrier: str = "SF", **about: Any) -> None:
    world.hub.channel.must(bought("o1", **about))
    world.floor.must(Pick(order="o1", line="1", qty=1), Pack(order="o1"))
    world.floor.must(Ship(order="o1", carrier=carrier, tracking_no="SF1234567890"))


def test_a_parcel_is_followed_once_and_its_scans_reach_the_order(world: World):
    shipped(world)
    world.tracker.hangs_up_each = 1
    world.round(3)
    words = ("签收", "2026-06-13 20:31:00"), ("揽收", "2026-06-13 20:30:30"), ("祥云", "2026-06-13 20:30:40")
    pushed = world.tracker.push("SF1234567890", *words)

    for _ in range(2):
        status, said = world.told((pushed, {}), "kd")
        assert (status, json.loads(said)["result"]) == (200, True)

    (subscribed,) = world.tracker.made.values()
    assert (subscribed["company"], subscribed["number"]) == ("shunfeng", "SF1234567890")
    assert [scan.kind for scan in world.hub.order().scans] == [ScanKind.ACCEPTED, ScanKind.DELIVERED]
    assert world.states()["follow:o1:1"] == "done"


def test_a_carrier_that_asks_for_it_gets_the_end_of_a_phone_and_no_other_does(world: World, caplog: Any):
    caplog.set_level("DEBUG")
    shipped(world)
    world.round(2)
    phone = world.hub.order().receiver.phone

    (subscribed,) = world.tracker.made.values()
    assert subscribed["parameters"]["phone"] == phone[-4:]
    assert [row.order_id for row in world.hub.rows(tables.reveal)] == ["o1"]
    kept = json.dumps([row.payload for row in world.hub.rows(tables.effect)])
    assert phone not in caplog.text + kept
    assert f'"{phone[-4:]}"' not in kept


def test_a_carrier_that_needs_no_phone_is_told_none(world: World):
    world.file.services["kd"].carriers["SF"] = "yunda"
    shipped(world)
    world.round(2)

    (subscribed,) = world.tracker.made.values()
    assert "phone" not in subscribed["parameters"]
    assert world.hub.rows(tables.reveal) == []


def test_scans_that_prove_nothing_are_not_taken(world: World):
    shipped(world)
    forged = world.tracker.push("SF1234567890", ("签收", "2026-06-13 20:31:00"), salt="x")

    assert world.told((forged, {}), "kd")[0] == 401
    assert world.told((forged + b"&salt=x", {}), "kd")[0] == 401
    assert world.told((forged, {"salt": "x"}), "kd")[0] == 401
    assert world.told((b"", {}), "nobody")[0] == 401
    assert world.hub.order().scans == ()


def test_a_scan_of_no_day_is_none_and_its_time_is_that_of_the_carrier():
    hears = service_of("kuaidi100_follow").hears
    assert hears is not None
    scans = hears.scans
    assert scans is not None

    for said in ("0001-01-01 00:00:00", "9999-12-31 23:59:59", "soon", ""):
        assert scan_of(scans, {"status": "签收", "ftime": said}) is None
    scan = scan_of(scans, {"status": "签收", "ftime": "2026-06-13 20:31"})
    assert scan == Scan(kind=ScanKind.DELIVERED, at=datetime(2026, 6, 13, 12, 31, tzinfo=UTC))


def test_a_carrier_nobody_follows_is_not_asked_for(world: World):
    shipped(world, "YTO")
    world.round(2)

    assert (world.tracker.asked, world.rows.step()) == (0, False)


def test_a_crm_hears_of_buyers_masked_once_though_its_answer_is_lost(world: World):
    world.crm.hangs_up_each = 1
    shipped(world, "YTO")
    world.round(3)

    (told,) = world.crm.made.values()
    receiver = world.hub.order().receiver
    assert (told["shop"], told["order"], told["amount"]) == ("tmall", "DK-o1", "320.00")
    assert "street" not in told
    assert (told["name"], told["phone"]) == (mask_name(receiver.name), mask_phone(receiver.phone))
    assert receiver.phone not in json.dumps(world.crm.made)
    assert world.states()["customer:o1:1"] == "done"
    assert world.hub.rows(tables.reveal) == []


def test_a_crm_that_may_read_gets_buyers_in_full_and_each_reading_is_noted(world: World):
    shipped(world, shop="DY1")
    world.round(2)

    (told,) = world.crm.made.values()
    assert (told["shop"], told["phone"]) == ("douyin", world.hub.order().receiver.phone)
    assert world.hub.rows(tables.reveal) != []


def test_a_service_whose_settings_lack_something_is_told_before_anything_is_asked(world: World):
    qimen: Any = ServiceFile({"wms": Named("qimen", {"app_key": "x"})})

    with pytest.raises(Trouble, match="services"):
        connectors(qimen, world.hub.clock)
