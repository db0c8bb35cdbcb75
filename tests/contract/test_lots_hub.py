"""Lots at the hub: the database keeps their sum, `verify` names one that drifted, days pass by themselves."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec
import pytest
from builders import NOW, line
from hub_world import FEED, HubWorld, bought
from sqlalchemy import func, update
from sqlalchemy.exc import IntegrityError

from app.commands.adjust_stock import AdjustStock
from app.commands.keep_lots import KeepLots
from app.commands.pack import Pack
from app.commands.pick import Pick
from app.commands.recall_lot import RecallLot
from app.commands.receive_stock import ReceiveStock
from app.commands.repair_shelf import RepairShelf
from app.commands.ship import Ship
from app.domain.lot import InLots
from app.domain.values import Role
from sync import tables
from sync.hub.asking import Worker
from sync.hub.drifts import DRIFTS, Drifts
from sync.hub.jobs import WORKER, open_worker, recheck_page
from sync.hub.lots import LOTS, Ageing

SHELF = (tables.stock.c.warehouse == "SZ", tables.stock.c.sku == "LN-220")
SOON, LATER = NOW.date() + timedelta(days=20), NOW.date() + timedelta(days=200)


def came(no: str, qty: int, keeps: date) -> ReceiveStock:
    return ReceiveStock(
        doc=f"d{no}", warehouse="SZ", sku="LN-220", qty=qty, reference="DN-7", lot=no, best_before=keeps
    )


@pytest.fixture
def kept(hub: HubWorld) -> HubWorld:
    lead = hub.desk(Role.LEAD)
    lead.must(KeepLots(sku="LN-220", in_lots=InLots(min_days=10)), came("A", 3, SOON), came("B", 4, LATER))
    lead.must(AdjustStock(warehouse="SZ", sku="LN-220", delta=-1, reason="torn", lot="B"))
    return hub


def row(hub: HubWorld):
    return next(row for row in hub.rows(tables.stock) if (row.warehouse, row.sku) == ("SZ", "LN-220"))


def test_a_shelf_in_lots_is_kept_and_verified_through_an_order_that_leaves(kept: HubWorld):
    kept.channel.must(bought("o1", lines=(line(qty=4),)))
    floor = kept.desk(Role.WAREHOUSE)
    floor.must(Pick(order="o1", line="1", qty=4))
    assert kept.verify().findings == ()
    assert [(lot["no"], lot.get("picked", 0)) for lot in msgspec.json.decode(row(kept).lots)] == [
        ("A", 3), ("B", 1), ("", 0),
    ]  # fmt: skip

    floor.must(Pack(order="o1"), Ship(order="o1", carrier="SF", tracking_no="SF1"))

    assert kept.verify().findings == ()
    assert row(kept).lotted == row(kept).on_hand
    assert [(lot["no"], lot["qty"]) for lot in msgspec.json.decode(row(kept).lots)] == [("B", 2), ("", 10)]


def test_the_database_refuses_lots_that_are_not_what_lies_there(kept: HubWorld):
    with pytest.raises(IntegrityError, match=r"lots_add_up|CHECK"), kept.engine.begin() as db:
        db.execute(update(tables.stock).where(*SHELF).values(lotted=tables.stock.c.lotted - 1))


def test_a_lot_that_drifted_is_named_with_its_trail_and_only_it_is_repaired(kept: HubWorld):
    before = row(kept).lots
    with kept.engine.begin() as db:
        swapped = func.replace(func.replace(tables.stock.c.lots, '"qty":3', '"qty":9'), '"qty":10', '"qty":4')
        db.execute(update(tables.stock).where(*SHELF).values(lots=swapped))
    assert row(kept).lots != before

    findings = kept.verify().findings
    named = next(one for one in findings if one.detail.startswith("lot A"))
    assert (named.invariant, named.subject, named.expected, named.actual) == ("I5", "SZ/LN-220", "3", "9")
    assert named.trail

    ask = kept_worker(kept, DRIFTS)
    Drifts(ask).step(NOW)
    (case,) = [row.id for row in kept.rows(tables.snag) if row.kind == "stock_drift"]
    kept.desk(Role.LEAD, "other").must(RepairShelf(case=case))

    assert row(kept).lots == before
    assert kept.verify().findings == ()


def kept_worker(hub: HubWorld, name: str):
    return Worker(hub.engine, FEED, hub.writer, open_worker(hub.engine, FEED, name, NOW))


def test_the_day_comes_by_itself_once(kept: HubWorld):
    ageing = Ageing(kept_worker(kept, LOTS))
    later = NOW + timedelta(days=11)
    kept.clock.move(days=11)

    ageing.step(later)
    held = row(kept).held
    asked = len(kept.rows(tables.command))
    ageing.step(later + timedelta(minutes=40))

    assert held == 3
    assert len(kept.rows(tables.command)) == asked
    assert kept.verify().findings == ()


def test_a_recall_wakes_the_orders_that_hold_the_lot_and_no_others(kept: HubWorld):
    kept.channel.must(bought("o1", lines=(line(qty=1),)), bought("o2", lines=(line("1", qty=1),)))
    floor = kept.desk(Role.WAREHOUSE)
    floor.must(Pick(order="o1", line="1"), Pick(order="o2", line="1", lot="B", why="asked"), Pack(order="o1"))
    assert kept.verify().findings == ()

    kept.desk(Role.LEAD, "other").must(RecallLot(sku="LN-220", lot="A", reason="glass"))
    kept.clock.move(seconds=1)
    now = kept.clock()
    recheck_page(kept.engine, FEED, kept.writer, open_worker(kept.engine, FEED, WORKER, now), now)

    assert kept.order("o1").snag("lot_recalled") is not None
    assert kept.order("o2").snag("lot_recalled") is None
    assert floor.ask(Ship(order="o1", carrier="SF", tracking_no="SF1")).refusal.code == "recalled"
    assert row(kept).held == 2
    assert kept.verify().findings == ()
