"""Announced goods are sold before they are there, never more of them, and the oldest order comes first."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec
import pytest

from app import engine
from app.commands.adjust_stock import AdjustStock
from app.commands.announce_stock import AnnounceStock
from app.commands.cancel import Cancel
from app.commands.put_back import PutBack
from app.commands.receive_stock import ReceiveStock
from app.commands.recheck import Recheck
from app.commands.set_licence import SetLicence
from app.commands.withdraw_stock_doc import WithdrawStockDoc
from app.domain.catalogue import Sku, SkuMap
from app.domain.goods import DocState
from app.domain.kit import Part
from app.domain.offering import Mode, StockPolicy
from app.domain.order import Status
from app.domain.skill import Licence, Proof
from app.domain.values import Role, stock_doc_key
from app.shelf_why import claims
from tests.builders import NOW, Company, facts, line, stock
from tests.unit.test_choosing import SUZHOU, WUHAN, company

SOON, LATER = date(2026, 6, 20), date(2026, 6, 28)
AHEAD = StockPolicy(code="AHEAD", title="Sold ahead", mode=Mode.AHEAD, amount=50, articles=("LN-*",))


def announce(qty: int, doc: str = "po1", due_on: date = SOON, **changes) -> AnnounceStock:
    known = {"warehouse": "SZ", "sku": "LN-220", "reference": f"No. {doc}"} | changes
    return AnnounceStock(doc=doc, qty=qty, due_on=due_on, **known)


def receipt(qty: int, doc: str = "r1", reference: str = "DN", sku: str = "LN-220") -> ReceiveStock:
    return ReceiveStock(doc=doc, warehouse="SZ", sku=sku, qty=qty, reference=reference)


def buy(company: Company, id: str, qty: int = 1, **changes):
    """Somebody buys linen that is to be sent within a month."""
    known = {"ship_by_at": None, "lines": (line(qty=qty),)}
    company.now += timedelta(seconds=1)
    return company.receive(id, **(known | changes))


def look_again(company: Company, *orders: str) -> None:
    for order in orders:
        company.must(Recheck(order=order), Role.WORKER)


@pytest.fixture
def ahead() -> Company:
    """Nothing is there; linen may be sold ahead."""
    known = company(SUZHOU, WUHAN)
    known.set_rules(duplicate_score_pct=100, duplicate_window_h=1)
    known.set_stock(0)
    known.rows["stock_policy", "AHEAD"] = AHEAD
    return known


# --- what may wait ----------------------------------------------------------------------------------------


def test_an_order_waits_for_what_is_announced_with_its_day_and_is_no_mistake(ahead):
    ahead.must(announce(10), Role.WAREHOUSE)

    order = buy(ahead, "o1", qty=4)

    assert (order.awaits.promised_on, order.awaits.reference, order.snags) == (SOON, "No. po1", ())
    assert (order.status, [(hold.gate, hold.state) for hold in order.holds]) == (
        Status.GATED,
        [("stock", "waits")],
    )
    assert (ahead.stock().awaited, ahead.stock().coming, ahead.stock().reserved) == (4, 10, 0)


def test_no_more_is_sold_ahead_than_comes(ahead):
    ahead.must(announce(5), Role.WAREHOUSE)

    assert buy(ahead, "o1", qty=3).awaits is not None
    short = buy(ahead, "o2", qty=3)
    assert (short.awaits, short.snag("short_stock") is not None) == (None, True)
    assert buy(ahead, "o3", qty=2).awaits is not None
    assert ahead.stock().awaited == 5


def test_nothing_waits_where_no_policy_says_so_and_the_card_says_what_comes(ahead):
    del ahead.rows["stock_policy", "AHEAD"]
    ahead.must(announce(5), Role.WAREHOUSE)

    short = buy(ahead, "o1").snag("short_stock")

    assert short.text.params["on"] == SOON.isoformat()
    assert short.text.params["reference"] == "No. po1"


def test_an_order_that_was_short_waits_as_soon_as_goods_are_announced(ahead):
    short = buy(ahead, "o1", qty=2)
    told = ahead.must(announce(5), Role.WAREHOUSE)
    assert set(told[0].wakes()) & set(short.snag("short_stock").waits_for)

    look_again(ahead, "o1")

    assert (ahead.order().snags, ahead.order().awaits.due_on) == ((), SOON)


def test_the_day_is_that_of_the_paper_its_pieces_come_with(ahead):
    ahead.must(announce(5, "po2", LATER), Role.WAREHOUSE)
    ahead.must(announce(3), Role.WAREHOUSE)

    days = [buy(ahead, one, qty=2).awaits.due_on for one in ("o1", "o2", "o3")]

    assert days == [SOON, LATER, LATER]


def test_what_is_overdue_promises_nothing_new(ahead):
    ahead.must(announce(5), Role.WAREHOUSE)
    ahead.now = NOW + timedelta(days=8)

    assert buy(ahead, "o1").awaits is None


def test_a_quota_sells_ahead_of_any_purchase_and_only_a_lead_opens_it(ahead):
    quota = announce(2, "q1", LATER, is_quota=True)

    assert ahead.refused(quota, Role.WAREHOUSE) == "not_allowed"
    ahead.must(quota, Role.LEAD)
    assert buy(ahead, "o1", qty=2).awaits.promised_on == LATER
    assert buy(ahead, "o2").awaits is None
    ahead.must(receipt(2), Role.WAREHOUSE)
    look_again(ahead, "o1")
    assert (ahead.order().status, ahead.stock().coming) == (Status.RELEASED, 2)


def test_a_quota_waits_for_the_pass_its_policy_waits_for(ahead):
    proof = Proof(code="sell_ahead", title="Sell ahead")
    policy = Licence(code="set_stock_policy", lessons=(proof,), roles=(Role.LEAD,), is_on=True)
    ahead.must(SetLicence(licence=policy), Role.ADMIN)

    assert ahead.refused(announce(2, "q1", LATER, is_quota=True), Role.LEAD) == "not_proved"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"qty": 0}, "no_quantity"),
        ({"due_on": date(2026, 6, 12)}, "bad_days"),
        ({"due_on": date(2029, 1, 1)}, "bad_days"),
        ({"reference": " "}, "no_reference"),
        ({"warehouse": "XX"}, "unknown_warehouse"),
        ({"sku": "XX"}, "unknown_sku"),
    ],
)
def test_what_is_announced_is_looked_at(ahead, changes, code):
    assert ahead.refused(announce(**({"qty": 3} | changes)), Role.WAREHOUSE) == code


def test_a_policy_that_names_a_kit_is_about_its_parts(ahead):
    ahead.rows["stock_policy", "AHEAD"] = msgspec.structs.replace(AHEAD, articles=("KIT-1",))
    ahead.rows["sku", "KIT-1"] = Sku(
        code="KIT-1", title="Kit", list_price_minor=60_000, parts=(Part(sku="LN-220", qty=2),), recipe=1
    )
    ahead.rows["sku_map", "TM1/A-9"] = SkuMap(shop="TM1", ext_sku="A-9", sku="KIT-1", by="lin", at=NOW)
    ahead.must(announce(4), Role.WAREHOUSE)

    order = buy(ahead, "o1", lines=(line(ext_sku="A-9"),))

    assert order.awaits.pieces == {("SZ", "LN-220"): 2}
    assert buy(ahead, "o2").awaits is None


def test_why_this_number_adds_up_and_says_what_is_sold_ahead(ahead):
    ahead.must(announce(10), Role.WAREHOUSE)
    buy(ahead, "o1", qty=4)
    ahead.must(receipt(3), Role.WAREHOUSE)
    keys = frozenset(("stock", f"{place}/LN-220") for place in ("SZ", "WH"))
    known = facts(*(ahead.rows[key] for key in keys))
    known.refs = ahead.refs

    found = claims(ahead.stock(), (), (), known)

    assert 3 + sum(one.pieces for one in found if one.kind != "shop") == ahead.stock().available == 0
    assert [one.who.params for one in found if one.kind == "coming"] == [
        {"qty": 7, "on": SOON.isoformat(), "reference": "No. po1"},
        {"sold": 1, "coming": 7},
    ]
    assert {one.key: one.pieces for one in found if one.kind == "shop"} == {"shop/TM1": 6, "shop/DY1": 6}


# --- when it comes ----------------------------------------------------------------------------------------


def test_a_receipt_fulfils_and_frees_the_oldest_first_and_newcomers_none(ahead):
    ahead.must(announce(10), Role.WAREHOUSE)
    for one, qty in (("o1", 4), ("o2", 3), ("o3", 2)):
        buy(ahead, one, qty)

    told = ahead.must(receipt(6), Role.WAREHOUSE)

    shelf = ahead.stock()
    assert (shelf.on_hand, shelf.set_aside, shelf.awaited, shelf.coming, shelf.available) == (6, 6, 3, 4, 0)
    assert "stock:LN-220" in told[0].wakes()
    assert buy(ahead, "new").reserved == ()
    look_again(ahead, "o1", "o2", "o3")
    assert [ahead.order(one).status for one in ("o1", "o2", "o3")] == [
        Status.RELEASED,
        Status.GATED,
        Status.RELEASED,
    ]
    shelf = ahead.stock()
    assert (shelf.reserved, shelf.set_aside, shelf.awaited, shelf.coming) == (6, 0, 4, 4)


def test_a_receipt_belongs_to_the_paper_of_its_number_first(ahead):
    ahead.must(announce(5), Role.WAREHOUSE)
    ahead.must(announce(5, "po2", LATER), Role.WAREHOUSE)

    ahead.must(receipt(7, reference="No. po2"), Role.WAREHOUSE)

    papers = [ahead.rows[stock_doc_key(doc)] for doc in ("po1", "po2")]
    assert [(one.arrived, one.state) for one in papers] == [(2, DocState.EXPECTED), (5, DocState.DONE)]
    assert [(one.doc, one.qty) for one in ahead.stock().arrivals] == [("po1", 3)]


def test_a_receipt_taken_back_is_expected_again(ahead):
    ahead.must(announce(5), Role.WAREHOUSE)
    before = ahead.stock()
    ahead.must(receipt(7), Role.WAREHOUSE)

    ahead.must(WithdrawStockDoc(doc="r1", warehouse="SZ", sku="LN-220"), Role.WAREHOUSE)

    assert ahead.stock() == before


def test_what_came_for_those_who_wait_is_theirs_though_it_be_safety_stock(ahead):
    ahead.rows["stock", "SZ/LN-220"] = stock(on_hand=0, safety=5)
    ahead.must(announce(4), Role.WAREHOUSE)
    buy(ahead, "o1", qty=4)

    ahead.must(receipt(4), Role.WAREHOUSE)
    look_again(ahead, "o1")

    assert (ahead.order().status, ahead.stock().reserved) == (Status.RELEASED, 4)


def test_what_came_for_those_who_wait_is_not_counted_away(ahead):
    ahead.must(announce(4), Role.WAREHOUSE)
    buy(ahead, "o1", qty=4)
    ahead.must(receipt(4), Role.WAREHOUSE)

    lost = AdjustStock(warehouse="SZ", sku="LN-220", delta=-1, reason="broken")

    assert ahead.refused(lost, Role.WAREHOUSE) == "promised"


def test_an_order_called_off_lets_others_count_on_it(ahead):
    ahead.must(announce(4), Role.WAREHOUSE)
    buy(ahead, "o1", qty=4)
    ahead.must(Cancel(order="o1", reason="asked"))

    assert (ahead.order().awaits, ahead.stock().awaited) == (None, 0)
    assert buy(ahead, "o2", qty=4).awaits is not None


# --- when it does not come --------------------------------------------------------------------------------


def test_a_later_day_is_told_to_the_buyer_and_becomes_somebodys_work(ahead):
    ahead.must(announce(4), Role.WAREHOUSE)
    buy(ahead, "o1", qty=4)

    moved = ahead.must(announce(4, due_on=LATER), Role.WAREHOUSE)
    look_again(ahead, "o1")

    order = ahead.order()
    snag, message = order.snag("short_stock"), order.messages[-1]
    assert "stock:LN-220" in moved[0].wakes()
    assert (order.awaits.promised_on, order.awaits.due_on) == (SOON, LATER)
    assert (snag.text.params["promised"], snag.text.params["on"]) == (SOON.isoformat(), LATER.isoformat())
    assert LATER.isoformat() in message.words
    look_again(ahead, "o1")
    assert len(ahead.order().messages) == 1


def test_the_promised_day_itself_asks_somebody_by_the_clock(ahead):
    ahead.must(announce(4), Role.WAREHOUSE)
    order = buy(ahead, "o1", qty=4)
    due = engine.wake_at(order, ahead.facts(Recheck(order="o1"), facts().by))
    assert due is not None
    ahead.now = NOW + timedelta(days=5)
    look_again(ahead, "o1")
    assert ahead.order().snags == ()

    ahead.now = NOW + timedelta(days=6, hours=5)
    look_again(ahead, "o1")

    assert ahead.order().snag("short_stock") is not None


def test_a_day_behind_what_the_channel_wants_asks_somebody_at_once(ahead):
    ahead.must(announce(4), Role.WAREHOUSE)

    order = buy(ahead, "o1", ship_by_at=NOW + timedelta(days=3))

    assert order.awaits is not None
    assert "by" in order.snag("short_stock").text.params


def test_what_is_sold_ahead_is_not_announced_less(ahead):
    ahead.must(announce(4), Role.WAREHOUSE)
    buy(ahead, "o1", qty=3)
    gone = WithdrawStockDoc(doc="po1", warehouse="SZ", sku="LN-220")

    assert ahead.refused(announce(2), Role.WAREHOUSE) == "promised"
    assert ahead.refused(gone, Role.WAREHOUSE) == "promised"
    ahead.must(announce(3), Role.WAREHOUSE)
    ahead.must(Cancel(order="o1", reason="asked"))
    ahead.must(gone, Role.WAREHOUSE)
    assert (ahead.stock().coming, ahead.rows[stock_doc_key("po1")].state) == (0, DocState.WITHDRAWN)


def test_what_was_said_can_be_taken_back(ahead):
    ahead.must(announce(4), Role.WAREHOUSE)
    for command in (announce(6, due_on=LATER), announce(2, "po2")):
        before = ahead.stock()
        back = engine.inverse_of(command, ahead.facts(command, facts().by))
        ahead.must(command, Role.WAREHOUSE)
        ahead.must(back, Role.WAREHOUSE)
        assert ahead.stock() == before


# --- apart ------------------------------------------------------------------------------------------------


@pytest.fixture
def mixed(ahead) -> Company:
    """Curtains are there, linen comes."""
    ahead.must(announce(5), Role.WAREHOUSE)
    buy(ahead, "o1", lines=(line(qty=2), line("2", "A-3", qty=1, unit_price_minor=12_900)))
    return ahead


def test_what_is_there_goes_now_and_the_rest_follows(mixed):
    now, later = sorted(
        (mixed.order(one) for one in mixed.order().replaced_by), key=lambda one: one.awaits is not None
    )

    assert mixed.order().status is Status.REPLACED
    assert (now.status, [ln.sku for ln in now.lines]) == (Status.RELEASED, ["CT-180"])
    assert ([ln.sku for ln in later.lines], later.awaits.promised_on) == (["LN-220"], SOON)
    assert (mixed.stock().awaited, mixed.stock("WH", "CT-180").reserved, mixed.order().awaits) == (2, 1, None)
    assert (mixed.stock(sku="CT-180").set_aside, mixed.stock(sku="CT-180").reserved) == (0, 0)


def test_who_wants_one_parcel_gets_one_and_what_is_there_is_kept_for_it(mixed):
    mixed.must(PutBack(order="o1"))

    order = mixed.order()

    assert (order.status, {item.sku for item in order.awaits.items}) == (Status.GATED, {"LN-220", "CT-180"})
    assert (mixed.stock().awaited, mixed.stock(sku="CT-180").set_aside) == (2, 1)
    mixed.must(receipt(5), Role.WAREHOUSE)
    look_again(mixed, "o1")
    assert (mixed.order().status, len(mixed.order().reserved)) == (Status.RELEASED, 2)
    assert mixed.stock(sku="CT-180").set_aside == 0


def test_a_line_that_goes_in_two_parcels_lets_go_of_its_pieces_once(ahead):
    ahead.must(announce(9, warehouse="WH"), Role.WAREHOUSE)
    ahead.must(AdjustStock(warehouse="WH", sku="LN-220", delta=2, reason="found"), Role.WAREHOUSE)
    buy(ahead, "o1", qty=6)
    ahead.must(receipt(2), Role.WAREHOUSE)

    buy(ahead, "o2", lines=(line(qty=3), line("2", "A-3", qty=1, unit_price_minor=12_900)))

    parts = [ahead.order(one) for one in ahead.order("o2").replaced_by]
    assert [one.status for one in parts] == [Status.RELEASED] * 2
    assert sum(item.qty for one in parts for item in one.reserved) == 4
    assert ahead.stock("WH").awaited + ahead.stock("WH").set_aside == 6
