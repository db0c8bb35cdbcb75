"""Merged, split and taken back: originals, reservations and money return exactly, and no news is lost."""

from __future__ import annotations

import msgspec
import pytest

from app import engine
from app.commands.cancel import Cancel
from app.commands.fix_address import FixAddress
from app.commands.hold import Hold
from app.commands.match_sku import MatchSku
from app.commands.merge import Merge
from app.commands.put_back import PutBack
from app.commands.receive_payment import ReceivePayment
from app.commands.restore import Restore
from app.commands.split import Split
from app.domain.aftersale import Origin
from app.domain.events import SourceShipped, TwinsDropped
from app.domain.making import Part
from app.domain.money import apportion
from app.domain.order import ChannelState, Status
from app.domain.stock import Reservation
from app.domain.values import Role
from tests.builders import RECEIVER, REGION, Company, actor, line, pick_all, ship_it

MONEY = ("total_minor", "payable_minor", "paid_minor", "refunded_minor")
OTHER = (line(ext_sku="A-2", title="沙发套", unit_price_minor=19_900, qty=2),)


def two(company: Company, **second: object) -> None:
    """Two paid orders of one buyer, the second with freight in its total."""
    company.receive("o1")
    known = {"lines": OTHER, "total_minor": 41_000, "payable_minor": 40_800}
    company.receive("o2", **(known | second))


def merge(company: Company) -> None:
    company.must(Merge(orders=("o1", "o2"), into="m"))


def halves(order: str = "o1") -> Split:
    return Split(order=order, parts=(Part("p1", (("1", 1),)), Part("p2", (("1", 2),))))


def held(company: Company) -> dict[tuple[str, str], int]:
    """Pieces promised by order and warehouse."""
    rows = [row for row in company.rows.values() if isinstance(row, Reservation) and row.state == "open"]
    return {(row.owner, row.warehouse, row.sku): row.qty for row in rows}


def bare(order):
    """An order without what only tells when something was seen."""
    return msgspec.structs.replace(order, ver=0, released_at=None, touched=False)


def test_merged_orders_go_on_as_one_with_all_their_goods_and_money():
    company = Company()
    two(company)

    merge(company)

    made = company.order("m")
    assert (made.status, made.number, made.ext_id) == (Status.RELEASED, "DK-o1+1", "")
    assert [(ln.id, ln.sku, ln.qty) for ln in made.lines] == [("1.1", "LN-220", 1), ("2.1", "SF-001", 2)]
    assert {field: getattr(made, field) for field in MONEY} == {
        "total_minor": 73_000, "payable_minor": 72_800, "paid_minor": 72_800, "refunded_minor": 0,
    }  # fmt: skip
    assert held(company) == {("m", "SZ", "LN-220"): 1, ("m", "SZ", "SF-001"): 2}
    for original in ("o1", "o2"):
        assert (company.order(original).status, company.order(original).reserved) == (Status.REPLACED, ())
        assert company.order(original).snags == company.order(original).holds == ()
        assert company.order(original).replaced_by == ("m",)


def test_a_merge_undone_restores_both_orders_their_reservations_and_their_money():
    company = Company()
    two(company)
    before = {one: bare(company.order(one)) for one in ("o1", "o2")}
    goods = held(company)
    command = Merge(orders=("o1", "o2"), into="m")
    undo = engine.inverse_of(command, company.facts(command, actor()))

    company.must(command)
    company.must(undo)

    assert {one: bare(company.order(one)) for one in ("o1", "o2")} == before
    assert held(company) == goods
    assert (company.order("m").status, company.order("m").reserved) == (Status.DISSOLVED, ())


def test_goods_come_back_from_the_warehouse_they_had_been_promised_from():
    company = Company()
    company.set_stock(1, "LN-220", ("SZ",))
    company.set_stock(9, "LN-220", ("WH",))
    company.set_stock(0, "SF-001", ("SZ",))
    two(company)
    goods = held(company)

    merge(company)
    assert {warehouse for _, warehouse, _ in held(company)} == {"WH"}
    company.must(PutBack(order="o2"))

    assert held(company) == goods == {("o1", "SZ", "LN-220"): 1, ("o2", "WH", "SF-001"): 2}


def test_taken_back_a_merge_can_be_made_again_by_undo():
    company = Company()
    two(company)
    merge(company)
    made = bare(company.order("m"))
    command = PutBack(order="m")
    again = engine.inverse_of(command, company.facts(command, actor()))

    company.must(command)
    company.must(again)

    assert bare(company.order("m")) == made


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("other_shop", {"shop": "DY1"}),
        ("not_paid", {"paid_minor": 0}),
        ("refunded", {"refunded_minor": 100}),
        ("not_free", {"channel_state": ChannelState.ON_HOLD}),
        ("other_receiver", {"receiver": msgspec.structs.replace(RECEIVER, phone="13900000000")}),
        ("other_receiver", {"region": msgspec.structs.replace(REGION, district="西湖区")}),
        ("other_buyer", {"currency": "USD"}),
        ("other_payment", {"is_cod": True}),
        ("too_late", {"channel_state": ChannelState.CANCELLED}),
    ],
)
def test_a_merge_never_crosses(code, changes):
    company = Company()
    two(company, **changes)

    assert company.refused(Merge(orders=("o1", "o2"), into="m")) == code


def test_a_held_order_is_not_merged_nor_split():
    company = Company()
    two(company)
    company.must(Hold(order="o2", reason="ask"))

    assert company.refused(Merge(orders=("o1", "o2"), into="m")) == "on_hold"
    assert (
        company.refused(Split(order="o2", parts=(Part("a", (("1", 1),)), Part("b", (("1", 1),)))))
        == "on_hold"
    )


def test_a_replacement_is_neither_merged_nor_split():
    company = Company()
    two(company)
    again = msgspec.structs.replace(company.order("o2"), makes_good=Origin("o9", "c1", "DK-o9"))
    company.rows["order", "o2"] = again

    assert company.refused(Merge(orders=("o1", "o2"), into="m")) == "replacement"
    parts = (Part("a", (("1", 1),)), Part("b", (("1", 1),)))
    assert company.refused(Split(order="o2", parts=parts)) == "replacement"


def test_masked_receivers_are_never_taken_for_one():
    company = Company()
    masked = msgspec.structs.replace(RECEIVER, phone="138****0000")
    company.receive("o1", receiver=masked)
    company.receive("o2", receiver=masked, lines=OTHER)

    assert company.refused(Merge(orders=("o1", "o2"), into="m")) == "other_receiver"


@pytest.mark.parametrize("orders", [("o1",), ("o1", "o1")])
def test_a_merge_needs_two_orders(orders):
    company = Company()
    two(company)

    assert company.refused(Merge(orders=orders, into="m")) == "too_few"
    assert company.refused(Merge(orders=("o1", "o9"), into="m")) == "no_order"
    merge(company)
    assert company.refused(Merge(orders=("o1", "o2"), into="m")) == "exists"


def test_what_was_merged_leaves_the_search_for_duplicates():
    company = Company()
    company.receive("o1")
    company.receive("o2")
    assert company.order("o2").snag("duplicate_suspect")

    done = company.must(Merge(orders=("o1", "o2"), into="m"))

    assert {event.order for event in done if isinstance(event, TwinsDropped)} == {"o1", "o2"}
    assert company.order("m").snags == ()
    company.must(PutBack(order="m"))
    assert company.order("o1").snags == ()
    assert company.order("o2").snag("duplicate_suspect")


def test_parts_share_the_money_to_the_last_fen():
    company = Company()
    company.set_rules(price_floor_pct=0)
    company.receive(
        "o1", lines=(line(qty=3, unit_price_minor=3_333),), total_minor=10_100, payable_minor=10_000
    )

    company.must(halves())

    parts = [company.order("p1"), company.order("p2")]
    assert [(p.number, p.status) for p in parts] == [("DK-o1-1", "released"), ("DK-o1-2", "released")]
    assert [p.payable_minor for p in parts] == [3_333, 6_667]
    assert [p.total_minor for p in parts] == [3_367, 6_733]
    assert [p.paid_minor for p in parts] == [3_333, 6_667]
    assert held(company) == {("p1", "SZ", "LN-220"): 1, ("p2", "SZ", "LN-220"): 2}


def test_a_split_undone_restores_the_order():
    company = Company()
    company.receive("o1", lines=(line(qty=3),))
    before, goods = bare(company.order("o1")), held(company)
    command = halves()
    undo = engine.inverse_of(command, company.facts(command, actor()))

    company.must(command)
    company.must(undo)

    assert (bare(company.order("o1")), held(company)) == (before, goods)
    assert {company.order(one).status for one in ("p1", "p2")} == {Status.DISSOLVED}


def test_the_part_that_is_there_goes_first():
    company = Company()
    company.set_stock(1)
    company.receive("o1", lines=(line(qty=3),))
    assert company.order("o1").snag("short_stock")

    company.must(halves())

    assert (company.order("p1").status, company.order("p2").status) == ("released", "gated")


@pytest.mark.parametrize(
    ("code", "parts"),
    [
        ("too_few", (Part("p1", (("1", 3),)),)),
        ("too_few", (Part("p1", (("1", 1),)), Part("p1", (("1", 2),)))),
        ("empty_part", (Part("p1", (("1", 3),)), Part("p2", ()))),
        ("empty_part", (Part("p1", (("1", 3),)), Part("p2", (("1", 0),)))),
        ("other_pieces", (Part("p1", (("1", 1),)), Part("p2", (("1", 1),)))),
        ("other_pieces", (Part("p1", (("1", 3),)), Part("p2", (("9", 1),)))),
    ],
)
def test_every_piece_goes_into_exactly_one_part(code, parts):
    company = Company()
    company.receive("o1", lines=(line(qty=3),))

    assert company.refused(Split(order="o1", parts=parts)) == code


def test_what_the_warehouse_has_begun_is_not_taken_apart():
    company = Company()
    two(company)
    merge(company)
    pick_all(company, "m")

    assert company.refused(PutBack(order="m")) == "picked"
    assert company.refused(PutBack(order="o1")) == "picked"


def test_money_that_came_in_since_keeps_a_merge_together():
    company = Company()
    two(company)
    merge(company)
    company.must(ReceivePayment(order="m", amount_minor=500))

    assert company.refused(PutBack(order="m")) == "changed_since"

    company.must(ReceivePayment(order="m", amount_minor=-500))
    company.must(PutBack(order="m"))


def test_an_address_put_right_on_the_merged_order_goes_back_with_the_originals():
    company = Company()
    two(company)
    merge(company)
    moved = msgspec.structs.replace(company.order("m").receiver, street="解放路1号")
    company.must(FixAddress(order="m", receiver=moved, region=REGION))

    company.must(PutBack(order="m"))

    assert [company.order(one).receiver.street for one in ("o1", "o2")] == ["解放路1号", "解放路1号"]


def test_an_article_matched_on_a_part_is_matched_on_the_original():
    company = Company()
    company.receive("o1", lines=(line(ext_sku="new", qty=3),))
    company.must(halves())
    for part in ("p1", "p2"):
        company.must(MatchSku(shop="TM1", ext_sku="new", sku="LN-220", order=part, is_for_shop=False))

    company.must(PutBack(order="o1"))

    assert company.order("o1").lines[0].sku == "LN-220"


def test_notes_of_both_buyers_words_stay_readable():
    company = Company()
    note = msgspec.structs.replace(RECEIVER, note="请打电话")
    company.receive("o1", receiver=note)
    company.receive("o2", receiver=msgspec.structs.replace(RECEIVER, note="送礼"), lines=OTHER)

    company.must(Merge(orders=("o1", "o2"), into="m"))

    assert company.order("m").receiver.note == "请打电话\n送礼"


def test_neither_merged_nor_split_is_not_taken_back():
    company = Company()
    two(company)

    assert company.refused(PutBack(order="o1")) == "not_joined"
    assert company.refused(PutBack(order="o9")) == "no_order"
    merge(company)
    assert company.refused(Restore(order="o1")) == "not_cancelled"
    assert company.refused(Cancel(order="o1", reason="x")) == "too_late"


def test_the_parcel_is_told_to_every_channel_order():
    company = Company()
    two(company)
    merge(company)
    ship_it(company, "m")

    told = [event.order for event in company.journal if isinstance(event, SourceShipped)]
    assert told == ["o1", "o2"]
    assert [company.order(one).tracking_no for one in ("o1", "o2", "m")] == ["SFm", "SFm", "SFm"]


def test_two_parcels_of_one_order_are_both_told():
    company = Company()
    company.receive("o1", lines=(line(qty=3),))
    company.must(halves())
    ship_it(company, "p1")
    ship_it(company, "p2")

    assert company.order("o1").tracking_no == "SFp1 SFp2"


def test_completed_by_every_channel_order_it_is_completed():
    company = Company()
    two(company)
    merge(company)
    ship_it(company, "m")

    company.receive("o1", ext_version="2", channel_state=ChannelState.COMPLETED)
    assert company.order("m").status == "shipped"
    company.receive("o2", ext_version="2", channel_state=ChannelState.COMPLETED, lines=OTHER)
    assert company.order("m").status == "completed"


def test_merging_and_splitting_are_for_people_with_the_grant():
    company = Company()
    two(company)

    assert company.refused(Merge(orders=("o1", "o2"), into="m"), Role.WAREHOUSE) == "not_allowed"


# --- shares -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("minor", "weights", "shares"),
    [
        (100, (1, 1, 1), (34, 33, 33)),
        (0, (1, 2), (0, 0)),
        (7, (0, 0), (4, 3)),
        (-100, (1, 2), (-33, -67)),
        (5, (0, 1), (0, 5)),
    ],
)
def test_shares_add_up(minor, weights, shares):
    assert apportion(minor, weights) == shares
    assert sum(apportion(minor, weights)) == minor


def test_nobody_gets_a_share_of_nothing():
    with pytest.raises(ValueError, match="nobody"):
        apportion(1, ())
