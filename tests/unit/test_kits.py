"""Kits are sold as one article and promised as their parts: in one decision, for the same money."""

from __future__ import annotations

from collections import Counter

import msgspec
import pytest
from builders import RECEIVER, REGION, SHOPS, Company, actor, line, receive
from hypothesis import given, settings
from hypothesis import strategies as st

from app import engine
from app.choosing import case_of
from app.commands.cancel import Cancel
from app.commands.correct_price import CorrectPrice
from app.commands.hold_cart import HoldCart, Wanted
from app.commands.match_sku import MatchSku
from app.commands.new_order import NewOrder
from app.commands.recheck import Recheck
from app.commands.set_kit import SetKit
from app.domain.catalogue import Sku
from app.domain.kit import Part, shared_out, whole
from app.domain.order import Line
from app.domain.stock import cart_of
from app.domain.values import Role, sku_key
from app.repairs import split_off
from app.snags.price_anomaly import accept, list_price
from app.text import Text

BED = (Part(sku="LN-220", qty=1), Part(sku="CT-180", qty=2))


@pytest.fixture
def company() -> Company:
    """Ten pieces of everything in one warehouse; KIT-1, in the shop A-9, is a bed set and two curtains."""
    made = Company(shops={"TM1": msgspec.structs.replace(SHOPS["TM1"], warehouses=("SZ",))})
    made.rows[sku_key("KIT-1")] = Sku(code="KIT-1", title="卧室套装", list_price_minor=50_000)
    made.must(SetKit(sku="KIT-1", parts=BED))
    return made


def sold(made: Company, qty: int = 1, price: int = 50_000, order: str = "o1") -> None:
    made.receive(order, lines=(line(ext_sku="A-9", qty=qty, unit_price_minor=price),))
    made.must(MatchSku(shop="TM1", ext_sku="A-9", sku="KIT-1", order=order))


def test_a_bundle_of_a_channel_is_mapped_onto_a_kit_and_unpacked(company):
    sold(company, 2)

    order = company.order("o1")
    pieces = Counter()
    for one in order.lines:
        pieces[one.sku] += one.qty
    assert pieces == {"LN-220": 2, "CT-180": 4}
    assert {(one.kit.sku, one.kit.ext_sku, one.kit.recipe) for one in order.lines} == {("KIT-1", "A-9", 1)}
    assert sum(one.qty * one.unit_price_minor for one in order.lines) == 100_000 == order.total_minor
    assert (company.stock(sku="LN-220").reserved, company.stock(sku="CT-180").reserved) == (2, 4)
    assert order.released_at is not None


def test_the_next_order_of_that_bundle_is_unpacked_by_itself(company):
    sold(company)

    company.receive("o2", lines=(line(ext_sku="A-9", unit_price_minor=50_000),))

    assert [one.sku for one in company.order("o2").lines] == ["LN-220", "CT-180"]
    assert company.order("o2").fully_reserved


def test_where_one_part_is_short_nothing_of_the_kit_is_promised(company):
    company.set_stock(1, "CT-180")

    sold(company)

    assert company.order("o1").reserved == ()
    assert (company.stock(sku="LN-220").reserved, company.stock(sku="CT-180").reserved) == (0, 0)


def test_what_is_called_off_gives_every_part_back(company):
    sold(company, 3)

    company.must(Cancel(order="o1", reason="asked"))

    assert (company.stock(sku="LN-220").reserved, company.stock(sku="CT-180").reserved) == (0, 0)


def test_a_later_recipe_changes_no_order(company):
    sold(company)

    company.must(SetKit(sku="KIT-1", parts=(Part(sku="SF-001", qty=1),), recipe=1))
    company.must(Recheck(order="o1"))
    company.receive("o2", lines=(line(ext_sku="A-9", unit_price_minor=50_000),))

    assert {(one.sku, one.kit.recipe) for one in company.order("o1").lines} == {("LN-220", 1), ("CT-180", 1)}
    assert {(one.sku, one.kit.recipe) for one in company.order("o2").lines} == {("SF-001", 2)}


def test_what_the_channel_repeats_undoes_nothing_and_what_it_changes_is_unpacked_anew(company):
    sold(company)
    lines = (line(ext_sku="A-9", unit_price_minor=50_000),)

    company.do(receive("o1", lines=lines, ext_version="2"), Role.CHANNEL)
    assert len(company.order("o1").lines) == 2
    twice = (line(ext_sku="A-9", qty=2, unit_price_minor=50_000),)
    company.must(receive("o1", lines=twice, ext_version="3"), Role.CHANNEL)

    assert {one.qty for one in company.order("o1").lines if one.sku == "CT-180"} == {4}
    assert company.stock(sku="CT-180").reserved == 4


def test_a_kit_that_is_typed_is_unpacked_and_its_parts_are_held_meanwhile(company):
    company.must(HoldCart(cart="c1", shop="TM1", lines=(Wanted(sku="KIT-1", qty=2),)))
    held = [company.stock(sku=sku).leased_to(cart_of("c1")) for sku in ("LN-220", "CT-180")]

    goods = (Line(id="1", ext_sku="", sku="KIT-1", qty=2, unit_price_minor=50_000),)
    company.must(
        NewOrder(order="c1", shop="TM1", lines=goods, receiver=RECEIVER, region=REGION, paid_minor=100_000)
    )

    assert held == [2, 4]
    assert company.order("c1").fully_reserved
    assert [company.stock(sku=sku).leases for sku in ("LN-220", "CT-180")] == [(), ()]


def test_the_parts_of_a_kit_travel_together(company):
    sold(company)

    wants = case_of(company.order("o1"), company.facts(Recheck(order="o1"), actor())).wants
    assert {want.together for want in wants} == {"kit:1"}


def test_a_recipe_is_taken_back_as_the_next_version(company):
    command = SetKit(sku="KIT-1", parts=(), recipe=1)
    undo = engine.inverse_of(command, company.facts(command, actor()))

    company.must(command)
    company.must(undo)

    kit = company.rows[sku_key("KIT-1")]
    assert (kit.parts, kit.recipe) == (BED, 3)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"sku": "XX"}, "unknown_sku"),
        ({"recipe": 0}, "stale_content"),
        ({"parts": (Part(sku="XX", qty=1),)}, "unknown_sku"),
        ({"parts": (Part(sku="KIT-1", qty=1),)}, "kit_in_kit"),
        ({"parts": (*BED, BED[0])}, "bad_kit"),
        ({"parts": (Part(sku="LN-220", qty=0),)}, "bad_kit"),
        ({"parts": BED}, "unchanged"),
    ],
)
def test_what_is_no_recipe_is_refused(company, changes, code):
    asked = {"sku": "KIT-1", "parts": (Part(sku="SF-001", qty=1),), "recipe": 1} | changes

    assert company.do(SetKit(**asked)).code == code


def test_the_scarcest_part_says_how_many_kits_there_are():
    free = {("SZ", "LN-220"): 7, ("SZ", "CT-180"): 9}

    assert whole(BED, "SZ", lambda place, sku: free[place, sku]) == 4
    assert whole((), "SZ", lambda place, sku: free[place, sku]) == 0


def test_it_says_what_it_became(company):
    sold(company)

    said = [event.says() for event in company.journal if type(event).__name__ == "KitUnpacked"]
    words = {"sku": "KIT-1", "qty": 1, "pieces": 3}
    assert said == [Text("Kit {sku}, {qty} times: {pieces} pieces of its parts", words)]


@settings(max_examples=60, deadline=None)
@given(
    total=st.integers(0, 10_000_000),
    pieces=st.lists(st.tuples(st.integers(1, 60), st.integers(0, 90_000)), min_size=1, max_size=6),
)
def test_no_money_is_lost_or_made_where_a_kit_is_unpacked(total, pieces):
    shares = shared_out(total, pieces)

    assert sum(qty * price for share in shares for qty, price in share) == total
    assert [sum(qty for qty, _ in share) for share in shares] == [qty for qty, _ in pieces]
    assert all(price >= 0 for share in shares for _, price in share)
    assert sum(len(share) > 1 for share in shares) <= 1


# --- what is there goes, what is short waits ----------------------------------------------------------


@pytest.mark.parametrize(("there", "goes"), [(5, {"LN-220": 2, "CT-180": 4}), (1, {}), (6, {})])
def test_a_split_by_what_is_there_tears_no_kit(company, there, goes):
    company.set_stock(there, "CT-180")
    sold(company, 3)
    split = split_off(company.order(), company.facts(Recheck(order="o1"), actor()))

    sku = {one.id: one.sku for one in company.order().lines}
    sent: Counter[str] = Counter()
    for name, qty in split.parts[0].lines if split is not None else ():
        sent[sku[name]] += qty
    assert sent == goes


def test_a_kit_short_of_a_part_waits_whole_while_the_rest_goes(company):
    company.set_stock(3, "CT-180")
    company.receive("o1", lines=(line("2", "A-3", qty=2, unit_price_minor=12_900), line(ext_sku="A-9")))
    company.must(MatchSku(shop="TM1", ext_sku="A-9", sku="KIT-1", order="o1"))

    split = split_off(company.order(), company.facts(Recheck(order="o1"), actor()))

    assert [[name.partition("+")[0] for name, _ in part.lines] for part in split.parts] == [["2"], ["1", "1"]]


# --- what a kit costs ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("price", "found"), [(40_000, []), (30_000, []), (29_999, ["1"])])
def test_a_kit_is_judged_by_what_it_costs_itself_not_by_what_its_parts_would(company, price, found):
    """Bought one by one its parts come to 57,800."""
    sold(company, 1, price)

    order = company.order()
    assert [snag.kind for snag in order.snags] == ["price_anomaly"] * len(found)
    assert (order.released_at is None) is bool(found)


def test_an_odd_price_of_a_kit_names_the_kit_and_is_accepted_or_put_right_part_by_part(company):
    sold(company, 2, 10_000)
    (snag,) = company.order().snags
    assert snag.text.params["title"] == "卧室套装"

    known = company.facts(Recheck(order="o1"), actor())
    assert list_price(company.order(), known) is None
    assert accept(company.order(), known).digest == snag.digest


def test_a_part_somebody_made_cheaper_is_judged_by_its_share_of_the_kit(company):
    sold(company)
    part = company.order().lines[0]

    company.must(CorrectPrice(order="o1", line=part.id, unit_price_minor=1_000, reason="typed wrong"))

    assert [snag.kind for snag in company.order().snags] == ["price_anomaly"]
