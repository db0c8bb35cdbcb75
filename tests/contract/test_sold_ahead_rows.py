"""Announced goods at a real hub: sold ahead, received, waking the oldest order first, and proved."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec
import pytest
from builders import NOW, line
from hub_world import FEED, HubWorld, bought
from sqlalchemy.exc import IntegrityError

from app.commands.announce_stock import AnnounceStock
from app.commands.receive_stock import ReceiveStock
from app.commands.set_stock_policy import SetStockPolicy
from app.commands.withdraw_stock_doc import WithdrawStockDoc
from app.domain.offering import Mode, StockPolicy
from app.domain.values import Role
from sync import tables
from sync.hub.database import reading
from sync.hub.holds import holds_with
from sync.hub.jobs import WORKER, open_worker, recheck_page

COMES = AnnounceStock(
    doc="po1", warehouse="SZ", sku="LN-220", qty=30, due_on=date(2026, 6, 20), reference="PO-7"
)
LATER = (NOW + timedelta(days=30)).replace(microsecond=0)


@pytest.fixture
def ahead(hub: HubWorld) -> HubWorld:
    """Ten pieces lie in each place; thirty more come, and two orders wait for them."""
    policy = StockPolicy(code="AHEAD", title="Sold ahead", mode=Mode.AHEAD, amount=5, articles=("LN-220",))
    hub.desk(Role.LEAD).must(SetStockPolicy(policy=policy))
    hub.desk(Role.WAREHOUSE).must(COMES)
    for order in ("o9", "o1"):
        hub.clock.move(seconds=1)
        hub.channel.must(bought(order, lines=(line(qty=15),), ship_by_at=LATER))
    return hub


def look_again(hub: HubWorld) -> list[str]:
    hub.clock.move(seconds=1)
    worker = open_worker(hub.engine, FEED, WORKER, hub.clock())
    known = {row.order_id for row in hub.rows(tables.recheck)}
    while recheck_page(hub.engine, FEED, hub.writer, worker, hub.clock()):
        pass
    return sorted(known)


def shelf(hub: HubWorld) -> tuple[int, ...]:
    (row,) = hub.rows(tables.stock, warehouse="SZ", sku="LN-220")
    return row.on_hand, row.reserved, row.set_aside, row.awaited, row.coming


def test_what_waits_outlives_a_restart_and_is_proved(ahead: HubWorld):
    ahead.restart()

    assert [ahead.order(one).awaits.promised_on for one in ("o9", "o1")] == [COMES.due_on] * 2
    assert shelf(ahead) == (10, 10, 10, 20, 30)
    assert ahead.verify().findings == ()


def test_a_receipt_sends_the_oldest_order_first(ahead: HubWorld):
    look_again(ahead)
    ahead.desk(Role.WAREHOUSE, "yard").must(
        ReceiveStock(doc="r1", warehouse="SZ", sku="LN-220", qty=6, reference="DN")
    )

    assert look_again(ahead) == ["o1", "o9"]

    assert [bool(ahead.order(one).reserved) for one in ("o9", "o1")] == [True, False]
    assert shelf(ahead) == (16, 16, 1, 14, 24)
    assert ahead.verify().findings == ()
    ahead.desk(Role.WAREHOUSE, "dock").must(
        ReceiveStock(doc="r2", warehouse="SZ", sku="LN-220", qty=24, reference="PO-7")
    )
    look_again(ahead)
    assert (len(ahead.order("o1").reserved), shelf(ahead)) == (1, (40, 30, 0, 0, 0))
    assert {row.id: row.state for row in ahead.rows(tables.stock_doc)} == {
        "po1": "done",
        "r1": "done",
        "r2": "done",
    }
    assert ahead.verify().findings == ()
    ahead.desk(Role.WAREHOUSE, "crane").must(WithdrawStockDoc(doc="r1", warehouse="SZ", sku="LN-220"))
    assert shelf(ahead) == (34, 30, 0, 0, 6)
    assert ahead.verify().findings == ()


@pytest.mark.parametrize(
    ("column", "said"),
    [("awaited", "waited for"), ("coming", "coming"), ("set_aside", "waited for")],
)
def test_a_counter_that_was_bent_is_named(ahead: HubWorld, column: str, said: str):
    ahead.sql(f"UPDATE stock SET {column} = {column} + 1 WHERE warehouse = 'SZ' AND sku = 'LN-220'")

    found = [one for one in ahead.verify().findings if one.subject == "SZ/LN-220"]

    assert said in {one.detail for one in found}


def test_the_tables_themselves_refuse_to_sell_more_than_comes(ahead: HubWorld):
    with pytest.raises(IntegrityError, match="never_sold_ahead_uncovered"):
        ahead.sql("UPDATE stock SET awaited = coming + 1 WHERE warehouse = 'SZ' AND sku = 'LN-220'")


def test_a_later_day_is_told_to_the_buyer_and_to_whoever_is_responsible(ahead: HubWorld):
    with reading(ahead.engine) as db:
        assert holds_with(db, FEED) == []

    ahead.desk(Role.WAREHOUSE, "yard").must(
        msgspec.structs.replace(COMES, due_on=COMES.due_on + timedelta(days=7))
    )
    look_again(ahead)

    with reading(ahead.engine) as db:
        held = {(one.order, one.gate, one.kind) for one in holds_with(db, FEED)}
    assert held == {("o1", "stock", "short_stock"), ("o9", "stock", "short_stock")}
    told = {row.order_id: row.payload for row in ahead.rows(tables.effect) if row.kind == "notify"}
    assert told.keys() == {"o1", "o9"}
    assert all("2026-06-27" in words for words in told.values())
    assert ahead.verify().findings == ()
