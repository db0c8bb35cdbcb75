"""Lots of what is sold ahead: goods nobody may be sold are no goods somebody waited for."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from app.commands.accept_return import AcceptReturn
from app.commands.adjust_stock import AdjustStock
from app.commands.age_lots import AgeLots
from app.commands.count_bin import CountBin
from app.commands.grade_return import GradeReturn
from app.commands.keep_lots import KeepLots
from app.commands.lease_stock import LeaseStock
from app.commands.open_return import OpenReturn
from app.commands.quarantine import Quarantine
from app.commands.recall_lot import RecallLot
from app.commands.receive_stock import ReceiveStock
from app.commands.receive_transfer import ReceiveTransfer
from app.commands.recheck import Recheck
from app.commands.send_transfer import SendTransfer
from app.commands.withdraw_stock_doc import WithdrawStockDoc
from app.domain.aftersale import Asked, Grade, Graded, ReturnKind
from app.domain.leasing import Ask
from app.domain.lot import RECALLED, InLots
from app.domain.order import Status
from app.domain.values import Role
from tests.builders import NOW, Company, actor, line, ship_it
from tests.unit.test_choosing import SUZHOU, WUHAN, company
from tests.unit.test_sold_ahead import AHEAD, announce, buy, look_again

TODAY = NOW.date()
OLD, FRESH = TODAY + timedelta(days=9), TODAY + timedelta(days=200)


def came(no: str, qty: int, keeps=FRESH, warehouse: str = "SZ") -> ReceiveStock:
    return ReceiveStock(
        doc=f"d-{no}-{qty}", warehouse=warehouse, sku="LN-220", qty=qty, reference="DN", lot=no,
        best_before=keeps,
    )  # fmt: skip


def recall(no: str) -> RecallLot:
    return RecallLot(sku="LN-220", lot=no, reason="glass")


@pytest.fixture
def ahead() -> Company:
    """Nothing is there; linen is kept in lots and may be sold ahead."""
    known = company(SUZHOU, WUHAN)
    known.set_rules(duplicate_score_pct=100, duplicate_window_h=1)
    known.set_stock(0)
    known.rows["stock_policy", "AHEAD"] = AHEAD
    known.must(KeepLots(sku="LN-220", in_lots=InLots(min_days=10)), Role.CLERK)
    return known


def test_goods_that_come_too_old_are_not_what_somebody_waits_for(ahead):
    ahead.must(announce(5), Role.WAREHOUSE)
    buy(ahead, "o1", qty=4)

    ahead.must(came("A", 5, OLD), Role.WAREHOUSE)
    look_again(ahead, "o1")

    shelf, order = ahead.stock(), ahead.order()
    assert (shelf.set_aside, shelf.awaited, shelf.coming, shelf.reserved) == (0, 4, 5, 0)
    assert (order.status, order.reserved, order.awaits is not None) == (Status.GATED, (), True)

    ahead.must(came("B", 5), Role.WAREHOUSE)
    look_again(ahead, "o1")
    assert (ahead.order().status, ahead.stock().coming) == (Status.RELEASED, 0)


def test_what_is_set_aside_and_recalled_is_waited_for_again_as_far_as_more_comes(ahead):
    ahead.must(announce(3), Role.WAREHOUSE)
    ahead.must(announce(3, "po2"), Role.WAREHOUSE)
    buy(ahead, "o1", qty=4)
    ahead.must(came("A", 3), Role.WAREHOUSE)
    assert (ahead.stock().set_aside, ahead.stock().awaited) == (3, 1)

    ahead.must(recall("A"), Role.LEAD)

    assert (ahead.stock().set_aside, ahead.stock().awaited, ahead.stock().coming) == (1, 3, 3)


def test_a_desk_holds_no_pieces_that_are_recalled(ahead):
    ahead.must(came("A", 40), Role.WAREHOUSE)
    desk = msgspec.structs.replace(actor(), desk="d1")
    ahead.must(LeaseStock(items=(Ask("SZ", "LN-220", 3),)), desk)
    assert ahead.stock().leased == 3

    ahead.must(recall("A"), Role.LEAD)

    assert (ahead.stock().leased, ahead.stock().reserved) == (0, 0)


@pytest.mark.parametrize("verb", ["adjust", "count", "transfer", "back"])
def test_a_recalled_lot_is_nobodys_promise_whichever_way_it_reaches_a_shelf(ahead, verb):
    ahead.must(came("A", 4, warehouse="WH"), Role.WAREHOUSE)
    ahead.must(
        SendTransfer(doc="t", warehouse="WH", target="SZ", sku="LN-220", qty=4, lot="A"), Role.WAREHOUSE
    )
    ahead.must(recall("A"), Role.LEAD)
    buy(ahead, "o1", qty=1)
    new = {"warehouse": "SZ", "sku": "LN-220", "lot": "A", "best_before": FRESH}

    ahead.must(
        {
            "adjust": AdjustStock(delta=4, reason="found", **new),
            "count": CountBin(doc="c", counted=4, base=0, **new),
            "transfer": ReceiveTransfer(doc="t", target="SZ", sku="LN-220", arrived=4),
            "back": WithdrawStockDoc(doc="t", warehouse="WH", sku="LN-220"),
        }[verb],
        Role.WAREHOUSE,
    )

    shelf = ahead.stock("WH" if verb == "back" else "SZ")
    assert ([lot.barred for lot in shelf.lots], shelf.available) == ([RECALLED], 0)
    ahead.must(Recheck(order="o1"), Role.WORKER)
    assert ahead.order().reserved == ()
    assert ahead.refused(AgeLots(sku="LN-220"), Role.WORKER) == "unchanged"


def test_fresh_pieces_that_are_promised_are_not_sent_away_beside_barred_ones(ahead):
    ahead.must(came("A", 3), Role.WAREHOUSE)
    ahead.must(came("B", 5), Role.WAREHOUSE)
    ahead.must(recall("A"), Role.LEAD)
    order = ahead.receive("o1", lines=(line(qty=5),))
    assert order.status is Status.RELEASED
    fresh = {"warehouse": "SZ", "sku": "LN-220", "lot": "B", "qty": 1}
    barred = fresh | {"lot": "A", "qty": 3}

    assert ahead.refused(SendTransfer(doc="t1", target="WH", **fresh), Role.WAREHOUSE) == "not_free"
    assert ahead.refused(Quarantine(doc="q1", reason="wet", **fresh), Role.WAREHOUSE) == "not_free"
    ahead.must(Quarantine(doc="q2", reason="glass", **barred), Role.WAREHOUSE)
    assert (ahead.stock().on_hand, ahead.stock().reserved) == (5, 5)


def test_what_comes_back_of_a_recalled_lot_is_sold_to_nobody(ahead):
    ahead.must(came("A", 2), Role.WAREHOUSE)
    ahead.receive("o1", lines=(line(qty=2),))
    ship_it(ahead)
    shipped = ahead.order()
    assert (shipped.lines[0].lots[0].no, ahead.stock().lots) == ("A", ())
    ahead.must(recall("A"), Role.LEAD)
    asked = (Asked(shipped.lines[0].id, 2),)
    ahead.must(OpenReturn(order="o1", case="c1", kind=ReturnKind.RETURN, asked=asked, reason="damaged"))
    ahead.must(AcceptReturn(order="o1", case="c1"), Role.LEAD)
    good = (Graded(shipped.lines[0].id, Grade.SELLABLE, 2),)
    ahead.must(GradeReturn(order="o1", case="c1", warehouse="SZ", grades=good), Role.WAREHOUSE)

    assert (ahead.stock().on_hand, ahead.stock().available) == (2, 0)
