"""A channel knows the kit, we know its parts: what one of them says is understood by the other."""

from __future__ import annotations

from collections import Counter

import msgspec
import pytest
from builders import SHOPS, Company, actor, line, receive
from hypothesis import given, settings
from hypothesis import strategies as st

from app import engine
from app.choosing import case_of
from app.commands.amend import Amend
from app.commands.correct_price import CorrectPrice
from app.commands.hear import Hear, Means
from app.commands.hold import Hold
from app.commands.match_sku import MatchSku
from app.commands.merge import Merge
from app.commands.pack import Pack
from app.commands.pick import Pick
from app.commands.put_back import PutBack
from app.commands.recheck import Recheck
from app.commands.set_kit import SetKit
from app.commands.ship import Ship
from app.commands.split import Split
from app.commands.swap_item import SwapItem
from app.domain.billing import wanted
from app.domain.catalogue import Sku
from app.domain.invoice import Invoice, InvoiceKind
from app.domain.kit import KitOf, Part
from app.domain.kit_lines import shared, sold
from app.domain.making import Part as Share
from app.domain.money import apportion
from app.domain.order import Line
from app.domain.refund import paid_per_line
from app.domain.told import CaseKind, CaseState, ChannelCase
from app.domain.values import Role, sku_key

BED = (Part(sku="LN-220", qty=1), Part(sku="CT-180", qty=2))


@pytest.fixture
def company() -> Company:
    """One warehouse; A-9 of the shop is KIT-1, a bed set and two curtains, and A-3 a curtain."""
    made = Company(shops={"TM1": msgspec.structs.replace(SHOPS["TM1"], warehouses=("SZ",))})
    made.rows[sku_key("KIT-1")] = Sku(code="KIT-1", title="卧室套装", list_price_minor=50_000)
    made.must(SetKit(sku="KIT-1", parts=BED))
    return made


def bundle(qty: int = 1, price: int = 50_000) -> Line:
    return line(ext_sku="A-9", title="卧室三件", qty=qty, unit_price_minor=price)


def sell(made: Company, *lines: Line, order: str = "o1") -> None:
    made.receive(order, lines=lines or (bundle(),))
    made.do(MatchSku(shop="TM1", ext_sku="A-9", sku="KIT-1", order=order))


def pieces(made: Company, order: str = "o1") -> dict[str, int]:
    found: Counter[str] = Counter()
    for one in made.order(order).lines:
        found[one.sku] += one.qty
    return dict(found)


def leave(made: Company, order: str = "o1") -> None:
    for one in made.order(order).lines:
        made.must(Pick(order=order, line=one.id, qty=one.qty), Role.WAREHOUSE)
    made.must(Pack(order=order), Role.WAREHOUSE)
    made.must(Ship(order=order, carrier="SF", tracking_no="SF1"), Role.WAREHOUSE)


def other(line_id: str = "2") -> Line:
    return line(line_id, "A-3", qty=3, unit_price_minor=12_900)


# --- what a channel says of the kit -------------------------------------------------------------------


@pytest.mark.parametrize(("kits", "back"), [(1, {"LN-220": 1, "CT-180": 2}), (0, {"LN-220": 2, "CT-180": 4})])
def test_a_case_about_the_kit_is_about_its_parts_and_nothing_else(company, kits, back):
    sell(company, bundle(2, 49_999), other())
    leave(company)

    case = ChannelCase(id="r1", kind=CaseKind.RETURN_REFUND, state=CaseState.REQUESTED, line="1", qty=kits)
    company.must(Hear(order="o1", means=Means.CASE, case=case), Role.CHANNEL)

    sku = {one.id: one.sku for one in company.order().lines}
    asked: Counter[str] = Counter()
    for one in company.order().case("ch-r1").lines:
        asked[sku[one.line]] += one.qty
    assert asked == back


def test_what_changes_beside_a_kit_leaves_its_recipe_and_what_is_held_alone(company):
    sell(company, bundle(), other())
    part = company.order().lines[0].id
    company.must(SetKit(sku="KIT-1", parts=(Part(sku="SF-001", qty=1),), recipe=1))
    company.must(Hold(order="o1", line=part, reason="ask"))

    more = msgspec.structs.replace(other(), qty=4)
    company.must(receive("o1", lines=(bundle(), more), ext_version="2"), Role.CHANNEL)
    company.must(receive("o1", lines=(bundle(), other()), ext_version="3"), Role.CHANNEL)

    assert pieces(company) == {"LN-220": 1, "CT-180": 2 + 3}
    assert company.order().lines[0].held == "ask"


def test_a_held_kit_stays_held_when_its_channel_wants_more_of_it(company):
    sell(company)
    company.must(Hold(order="o1", line=company.order().lines[1].id, reason="ask"))

    company.must(receive("o1", lines=(bundle(2),), ext_version="2"), Role.CHANNEL)

    assert {one.held for one in company.order().lines} == {"ask"}


def test_an_amendment_that_names_the_kit_reaches_its_parts(company):
    sell(company, bundle(), other())
    twice = line(qty=2, unit_price_minor=50_000)
    kept = company.order().lines

    assert company.do(Amend(order="o1", lines=(twice, *kept))).code == "bad_line"
    company.must(Amend(order="o1", lines=(twice, kept[-1])))

    assert pieces(company) == {"LN-220": 2, "CT-180": 4 + 3}
    assert len({one.id for one in company.order().lines}) == len(company.order().lines)
    assert company.stock(sku="CT-180").reserved == 7


def test_an_amendment_taken_back_brings_the_same_parts_back_whatever_the_recipe_says_by_now(company):
    sell(company, bundle(1, 50_000))
    before = company.order().lines
    command = Amend(order="o1", lines=(line(qty=3, unit_price_minor=16_667),))
    undo = engine.inverse_of(command, company.facts(command, actor()))
    company.must(SetKit(sku="KIT-1", parts=(*BED, Part(sku="SF-001", qty=1)), recipe=1))

    company.must(command)
    company.must(undo)

    assert company.order().lines == before


# --- a match taken back -------------------------------------------------------------------------------


def test_a_match_of_a_kit_is_taken_back_on_its_order_too(company):
    sell(company, bundle(3, 33_333))
    command = MatchSku(shop="TM1", ext_sku="A-9", sku="LN-220", order="o1")
    undo = engine.inverse_of(command, company.facts(command, actor()))

    company.must(command)
    assert pieces(company) == {"LN-220": 3}
    company.must(undo)
    assert pieces(company) == {"LN-220": 3, "CT-180": 6}
    company.must(MatchSku(shop="TM1", ext_sku="A-9", sku="", order="o1"))

    assert company.order().lines == (bundle(3, 33_333),)
    assert (company.stock(sku="LN-220").reserved, company.stock(sku="CT-180").reserved) == (0, 0)
    assert [snag.kind for snag in company.order().snags] == ["sku_unmapped"]


def test_a_match_is_not_taken_back_to_a_kit_whose_recipe_changed_since(company):
    sell(company)
    command = MatchSku(shop="TM1", ext_sku="A-9", sku="", order="o1")
    assert engine.inverse_of(command, company.facts(command, actor())) is not None

    company.must(SetKit(sku="KIT-1", parts=(Part(sku="SF-001", qty=1),), recipe=1))

    assert engine.inverse_of(command, company.facts(command, actor())) is None


def test_a_price_that_was_corrected_before_the_kit_was_known_is_still_known_as_corrected(company):
    company.receive(lines=(bundle(),))
    company.must(CorrectPrice(order="o1", line="1", unit_price_minor=48_000, reason="typed wrong"))
    before = company.order().lines

    company.must(MatchSku(shop="TM1", ext_sku="A-9", sku="KIT-1", order="o1"))
    company.must(MatchSku(shop="TM1", ext_sku="A-9", sku="", order="o1"))

    assert company.order().lines == before


def test_a_kit_whose_parts_somebody_changed_is_not_packed_again(company):
    sell(company)
    company.must(SwapItem(order="o1", line=company.order().lines[0].id, sku="SF-001", reason="asked"))

    assert company.do(MatchSku(shop="TM1", ext_sku="A-9", sku="", order="o1")).code == "kit_changed"


def test_a_kit_found_on_what_was_made_of_an_order_goes_back_with_it(company):
    company.receive(lines=(bundle(2),))
    company.must(Split(order="o1", parts=(Share("p1", (("1", 1),)), Share("p2", (("1", 1),)))))
    company.must(MatchSku(shop="TM1", ext_sku="A-9", sku="KIT-1", order="p1"))
    company.must(Recheck(order="p2"))
    assert pieces(company, "p2") == {"LN-220": 1, "CT-180": 2}

    company.must(PutBack(order="o1"))

    assert pieces(company) == {"LN-220": 2, "CT-180": 4}


# --- how parts go on ------------------------------------------------------------------------------------


def test_kits_of_merged_orders_stay_apart(company):
    company.set_rules(duplicate_score_pct=100)
    sell(company)
    sell(company, bundle(2), order="o2")

    company.must(Merge(orders=("o1", "o2"), into="m"))

    assert Counter(one.kit.line for one in company.order("m").lines) == {"1.1": 2, "2.1": 2}
    assert [(one.id, one.qty) for one in sold(company.order("m").lines)] == [("1.1", 1), ("2.1", 2)]


def test_what_costs_nothing_in_a_kit_is_no_gift_of_another_line(company):
    company.rows[sku_key("CT-180")] = msgspec.structs.replace(
        company.rows[sku_key("CT-180")], list_price_minor=0
    )
    sell(company, other(), msgspec.structs.replace(bundle(), id="1"))

    wants = case_of(company.order(), company.facts(Recheck(order="o1"), actor())).wants

    assert [want.together for want in wants] == ["", "kit:1", "kit:1"]


@settings(max_examples=50, deadline=None)
@given(
    payable=st.integers(0, 99_999),
    prices=st.lists(st.integers(0, 9_999), min_size=2, max_size=5),
    kits=st.data(),
)
def test_invoices_and_refunds_of_parts_come_to_the_cent_of_the_kit(company_order, payable, prices, kits):
    parts = kits.draw(st.integers(1, len(prices)))
    kit = KitOf(line="1", sku="KIT-1", recipe=1, qty=1)
    lines = tuple(
        Line(
            id=f"l{at}",
            ext_sku="",
            sku=f"S{at}",
            qty=1,
            unit_price_minor=price,
            kit=kit if at < parts else None,
        )
        for at, price in enumerate(prices)
    )
    whole = [sum(prices[:parts]), *prices[parts:]]
    order = msgspec.structs.replace(company_order, lines=lines, payable_minor=payable, paid_minor=payable)

    shares = shared(payable, lines, prices)
    mine = apportion(payable, whole)[0]

    assert sum(shares) == payable
    assert sum(shares[:parts]) == mine
    if any(prices):
        billed, paid = wanted(order), paid_per_line(order)
        assert sum(amount for name, (_, amount) in billed.items() if int(name[1:]) < parts) == mine
        assert sum(paid[f"l{at}"] for at in range(parts)) == mine


@pytest.fixture(scope="module")
def company_order():
    made = Company().receive()
    return msgspec.structs.replace(made, invoice=Invoice(kind=InvoiceKind.ORDINARY))
