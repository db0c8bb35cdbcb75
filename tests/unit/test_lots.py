"""Lots: what keeps longest goes last, what is too old is nobody's promise, what is recalled stays."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from builders import NOW, Company, actor, line, ship_it
from hypothesis import given, settings
from hypothesis import strategies as st

from app.commands.adjust_stock import AdjustStock
from app.commands.age_lots import AgeLots
from app.commands.cancel import Cancel
from app.commands.count_bin import CountBin
from app.commands.keep_lots import KeepLots
from app.commands.pack import Pack
from app.commands.pick import Pick
from app.commands.quarantine import Quarantine
from app.commands.recall_lot import RecallLot
from app.commands.receive_stock import ReceiveStock
from app.commands.receive_transfer import ReceiveTransfer
from app.commands.recheck import Recheck
from app.commands.refuse_order import RefuseOrder
from app.commands.send_transfer import SendTransfer
from app.commands.set_stock import SetStock
from app.commands.ship import Ship
from app.commands.withdraw_stock_doc import WithdrawStockDoc
from app.domain.lot import OLD, RECALLED, FromLot, InLots
from app.domain.order import Status
from app.domain.values import Role
from app.engine import inverse_of

FLOOR = actor(Role.WAREHOUSE, "floor")
TODAY = NOW.date()
SOON, LATER = TODAY + timedelta(days=20), TODAY + timedelta(days=200)


def came(no: str, qty: int = 5, keeps: date | None = LATER, **changes: object) -> ReceiveStock:
    known = {
        "doc": f"d-{no}-{qty}", "warehouse": "SZ", "sku": "LN-220", "qty": qty, "reference": "DN-7",
        "lot": no, "best_before": keeps,
    }  # fmt: skip
    return ReceiveStock(**(known | changes))


@pytest.fixture
def company() -> Company:
    made = Company()
    made.set_stock(0)
    made.must(KeepLots(sku="LN-220", in_lots=InLots(min_days=10)), Role.CLERK)
    made.must(came("B", 5, LATER), FLOOR)
    made.must(came("A", 3, SOON), FLOOR)
    return made


def lots(company: Company, warehouse: str = "SZ") -> dict[str, tuple[int, int]]:
    return {lot.no: (lot.qty, lot.picked) for lot in company.stock(warehouse).lots}


def test_what_comes_in_names_its_lot_and_the_day_it_keeps_until(company):
    assert lots(company) == {"A": (3, 0), "B": (5, 0)}
    assert company.refused(came("", 1), FLOOR) == "name_lot"
    assert company.refused(came("C", 1, None), FLOOR) == "name_day"
    assert company.refused(came("A", 1, LATER), FLOOR) == "other_day"
    assert company.refused(came("no good", 1), FLOOR) == "bad_lot"
    company.must(came("A", 1, None), FLOOR)
    assert lots(company)["A"] == (4, 0)


def test_an_article_that_is_not_kept_in_lots_takes_none():
    company = Company()

    assert company.refused(came("A"), FLOOR) == "no_lots"


def test_pieces_that_lay_there_before_are_of_no_lot_until_somebody_counts_them_into_one():
    company = Company()
    company.must(KeepLots(sku="LN-220", in_lots=InLots()), Role.CLERK)
    company.must(came("A", 5), FLOOR)
    assert lots(company) == {"A": (5, 0), "": (10, 0)}
    was = company.stock().on_hand

    company.must(AdjustStock(warehouse="SZ", sku="LN-220", delta=-4, reason="into a lot"), FLOOR)
    company.must(AdjustStock(warehouse="SZ", sku="LN-220", delta=4, reason="into a lot", lot="A"), FLOOR)

    assert lots(company) == {"A": (9, 0), "": (6, 0)}
    assert company.stock().on_hand == was


def test_the_lot_that_expires_first_is_picked_first_and_leaves_with_the_order(company):
    company.receive(lines=(line(qty=4),))

    ship_it(company)

    assert lots(company) == {"B": (4, 0)}
    assert company.order().lines[0].lots == (FromLot("SZ", "A", 3, SOON), FromLot("SZ", "B", 1, LATER))


def test_a_scan_of_another_lot_is_refused_with_the_one_to_take(company):
    company.receive(lines=(line(qty=2),))
    refusal = company.do(Pick(order="o1", line="1", lot="B"), FLOOR)

    assert refusal.code == "other_lot"
    assert refusal.text.params["take"].params == {"lot": "A", "day": SOON.isoformat()}
    assert company.refused(Pick(order="o1", line="1", lot="Z"), FLOOR) == "no_lot"


def test_another_lot_goes_with_a_reason_unless_the_article_forbids_it(company):
    company.receive(lines=(line(qty=2),))

    events = company.must(Pick(order="o1", line="1", lot="B", why="customer wants it fresh"), FLOOR)
    said = [event.says() for event in events if type(event).__name__ == "LotsTaken"]
    company.must(KeepLots(sku="LN-220", in_lots=InLots(min_days=10, is_strict=True)), Role.CLERK)

    assert said[0].params["why"] == "customer wants it fresh"
    assert company.refused(Pick(order="o1", line="1", lot="B", why="again"), FLOOR) == "other_lot"


def test_two_pickers_are_not_sent_to_the_same_pieces(company):
    company.receive(lines=(line(qty=3),))
    company.receive("o2", lines=(line(qty=1),))
    company.must(Pick(order="o1", line="1", qty=3), FLOOR)

    company.must(Pick(order="o2", line="1"), FLOOR)

    assert company.order("o2").lines[0].lots == (FromLot("SZ", "B", 1, LATER),)
    assert lots(company) == {"A": (3, 3), "B": (5, 1)}


def test_what_is_put_back_or_refused_lies_in_its_lot_again(company):
    untouched = lots(company)
    company.receive(lines=(line(qty=4),))
    pick = Pick(order="o1", line="1", qty=4)
    back = inverse_of(pick, company.facts(pick, FLOOR))
    company.must(pick, FLOOR)
    company.must(back, FLOOR)
    assert lots(company) == untouched

    company.must(pick, FLOOR)
    company.must(RefuseOrder(order="o1", why="missing"), FLOOR)
    assert lots(company) == untouched
    assert company.order().lines[0].lots == ()


def test_what_keeps_too_short_is_nobodys_promise_from_its_day_on(company):
    assert company.stock().available == 8
    assert company.refused(AgeLots(sku="LN-220"), Role.WORKER) == "unchanged"

    company.now = NOW + timedelta(days=11)
    company.must(AgeLots(sku="LN-220"), Role.WORKER)

    assert (company.stock().on_hand, company.stock().available, company.stock().held) == (8, 5, 3)
    assert [lot.barred for lot in company.stock().lots] == [OLD, ""]
    company.receive(lines=(line(qty=6),))
    assert company.order().warehouse != "SZ"


def test_a_shorter_life_frees_lots_again_and_wakes_who_waits(company):
    company.must(KeepLots(sku="LN-220", in_lots=InLots(min_days=30)), Role.CLERK)
    assert company.stock().available == 5

    events = company.must(KeepLots(sku="LN-220", in_lots=InLots(min_days=5)), Role.CLERK)

    assert company.stock().available == 8
    assert "stock:LN-220" in events[-1].wakes()


def test_an_old_lot_is_not_picked_even_before_anybody_barred_it(company):
    company.receive(lines=(line(qty=1),))
    company.now = NOW + timedelta(days=11)

    assert company.refused(Pick(order="o1", line="1", lot="A"), FLOOR) == "lot_barred"
    company.must(Pick(order="o1", line="1"), FLOOR)

    assert company.order().lines[0].lots == (FromLot("SZ", "B", 1, LATER),)


def test_a_picker_without_a_fresh_piece_is_told_to_say_no(company):
    company.receive(lines=(line(qty=8),))
    company.now = NOW + timedelta(days=11)
    company.must(Pick(order="o1", line="1", qty=5), FLOOR)

    assert company.refused(Pick(order="o1", line="1"), FLOOR) == "no_fresh"


def test_a_recalled_lot_stays_wherever_it_lies_and_what_is_packed_does_not_leave(company):
    company.receive(lines=(line(qty=2),))
    company.must(Pick(order="o1", line="1", qty=2), FLOOR)
    company.must(Pack(order="o1"), FLOOR)
    recall = RecallLot(sku="LN-220", lot="A", reason="glass")
    back = inverse_of(recall, company.facts(recall, actor(Role.LEAD)))
    assert company.refused(RecallLot(sku="LN-220", lot="A"), Role.LEAD) == "no_reason"
    events = company.must(recall, Role.LEAD)
    woken = {key for event in events for key in event.wakes()}
    company.must(Recheck(order="o1"), Role.WORKER)

    assert woken == {"lot:LN-220/A"}
    assert company.order().snag("lot_recalled") is not None
    assert company.refused(Ship(order="o1", carrier="SF", tracking_no="SF1"), FLOOR) == "recalled"
    assert company.stock().lots[0].barred == RECALLED
    assert company.stock().available == 5
    assert company.refused(recall, Role.LEAD) == "unchanged"

    company.must(back, Role.LEAD)
    company.must(Recheck(order="o1"), Role.WORKER)
    company.must(Ship(order="o1", carrier="SF", tracking_no="SF1"), FLOOR)

    assert company.order().snag("lot_recalled") is None
    assert lots(company) == {"A": (1, 0), "B": (5, 0)}


def test_a_packed_parcel_is_opened_for_a_recalled_lot_and_gets_pieces_of_another(company):
    company.receive(lines=(line(qty=2),))
    company.must(Pick(order="o1", line="1", qty=2), FLOOR)
    company.must(Pack(order="o1"), FLOOR)
    back = Pick(order="o1", line="1", qty=-2, lot="A")
    assert company.refused(back, FLOOR) == "not_picking"
    company.must(RecallLot(sku="LN-220", lot="A", reason="glass"), Role.LEAD)

    company.must(back, FLOOR)
    assert company.order().status is Status.RELEASED
    ship_it(company)

    assert company.order().lines[0].lots == (FromLot("SZ", "B", 2, LATER),)
    assert lots(company) == {"A": (3, 0), "B": (3, 0)}


def test_a_lot_that_comes_in_recalled_or_too_old_is_promised_to_nobody(company):
    company.must(RecallLot(sku="LN-220", lot="C", reason="glass"), Role.LEAD)
    company.must(came("C", 4), FLOOR)
    company.must(came("D", 2, TODAY + timedelta(days=9)), FLOOR)

    assert (company.stock().available, company.stock().held) == (8, 6)
    assert company.refused(AgeLots(sku="LN-220"), Role.WORKER) == "unchanged"


def test_a_transfer_takes_its_lot_along_and_back(company):
    assert company.refused(moving(lot=""), FLOOR) == "name_lot"
    assert company.refused(moving(lot="A", qty=4), FLOOR) == "lot_short"
    company.must(moving(lot="A", qty=2), FLOOR)
    assert lots(company) == {"A": (1, 0), "B": (5, 0)}
    company.must(ReceiveTransfer(doc="t1", target="WH", sku="LN-220", arrived=2), FLOOR)
    assert [(lot.no, lot.qty, lot.best_before) for lot in company.stock("WH").lots] == [("A", 2, SOON)]

    company.must(WithdrawStockDoc(doc="t1", warehouse="WH", sku="LN-220"), FLOOR)
    company.must(WithdrawStockDoc(doc="t1", warehouse="SZ", sku="LN-220"), FLOOR)

    assert (lots(company), lots(company, "WH")) == ({"A": (3, 0), "B": (5, 0)}, {})


def moving(**changes: object) -> SendTransfer:
    known = {"doc": "t1", "warehouse": "SZ", "target": "WH", "sku": "LN-220", "qty": 2, "reference": "T"}
    return SendTransfer(**(known | changes))


def test_a_lot_is_held_back_and_counted_by_itself(company):
    held = Quarantine(doc="q1", warehouse="SZ", sku="LN-220", qty=2, reason="wet", lot="B")
    company.must(held, FLOOR)
    counted = CountBin(doc="c1", warehouse="SZ", sku="LN-220", counted=2, base=3, lot="A")
    company.must(counted, FLOOR)

    assert lots(company) == {"A": (2, 0), "B": (3, 0)}
    assert company.refused(counted, FLOOR) == "unchanged"
    new = CountBin(doc="c2", warehouse="SZ", sku="LN-220", counted=2, base=0, lot="C")
    assert company.refused(new, FLOOR) == "name_day"
    whole = SetStock(warehouse="SZ", sku="LN-220", on_hand=9, reason="x")
    assert company.refused(whole, Role.LEAD) == "name_lot"


def test_pieces_in_hand_are_not_counted_away(company):
    company.receive(lines=(line(qty=3),))
    company.must(Pick(order="o1", line="1", qty=3), FLOOR)

    short = CountBin(doc="c1", warehouse="SZ", sku="LN-220", counted=2, base=3, lot="A")

    assert company.refused(short, FLOOR) == "lot_short"


def test_what_was_picked_before_lots_were_kept_leaves_from_the_one_that_expires_first():
    company = Company()
    company.receive(lines=(line(qty=2),))
    company.must(Pick(order="o1", line="1", qty=2), FLOOR)
    company.must(KeepLots(sku="LN-220", in_lots=InLots()), Role.CLERK)
    company.must(came("A", 1, SOON), FLOOR)
    company.must(Pack(order="o1"), FLOOR)

    company.must(Ship(order="o1", carrier="SF", tracking_no="SF1"), FLOOR)

    assert company.order().status is Status.SHIPPED
    assert company.order().lines[0].lots == (FromLot("SZ", "A", 1, SOON), FromLot("SZ", "", 1))
    assert lots(company) == {"": (9, 0)}


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["in", "sell", "pick", "back", "ship", "cancel", "move", "count", "recall", "day"]),
        st.integers(1, 4),
        st.sampled_from(["A", "B", "C", ""]),
    ),
    max_size=14,
)


@settings(max_examples=60, deadline=None)
@given(STEPS)
def test_whatever_happens_lots_are_what_lies_there_and_no_barred_piece_is_picked(steps):
    company = Company()
    company.must(KeepLots(sku="LN-220", in_lots=InLots(min_days=10)), Role.CLERK)
    sold = 0
    for n, (what, qty, lot) in enumerate(steps):
        one = f"o{max(sold - qty, 0)}"
        before = company.order(one).lines[0].lots if ("order", one) in company.rows else ()
        if what == "sell":
            company.receive(f"o{sold}", lines=(line(qty=qty),))
            sold += 1
        elif what == "day":
            company.now += timedelta(days=9)
        else:
            company.do(asked(what, n, qty, lot, one), Role.ADMIN if what != "day" else Role.WORKER)
        if what == "pick" and ("order", one) in company.rows:
            fresh = {taken.no for taken in company.order(one).lines[0].lots} - {taken.no for taken in before}
            recalled = {recall.lot for recall in company.rows["sku", "LN-220"].recalls}
            assert not fresh & recalled
        for warehouse in ("SZ", "WH"):
            stock = company.stock(warehouse)
            assert not stock.lots or sum(found.qty for found in stock.lots) == stock.on_hand
            assert all(0 <= found.picked <= found.qty for found in stock.lots)
            held = [
                (taken.no, taken.qty)
                for key, row in company.rows.items() if key[0] == "order" and row.status in HOLDS
                for taken in row.lines[0].lots if taken.warehouse == warehouse
            ]  # fmt: skip
            for found in stock.lots:
                assert found.picked == sum(pieces for no, pieces in held if no == found.no)


HOLDS = (Status.PICKING, Status.PACKED)


def asked(what: str, n: int, qty: int, lot: str, one: str):
    keeps = {"A": SOON, "B": LATER, "C": TODAY + timedelta(days=40)}.get(lot)
    shelf = {"warehouse": "SZ", "sku": "LN-220"}
    match what:
        case "in":
            return came(lot, qty, keeps, doc=f"d{n}")
        case "pick" | "back":
            return Pick(order=one, line="1", qty=qty if what == "pick" else -qty, lot=lot, why="asked")
        case "ship":
            return Pack(order=one) if n % 2 else Ship(order=one, carrier="SF", tracking_no=f"T{one}")
        case "cancel":
            return Cancel(order=one, reason="buyer")
        case "move":
            return moving(doc=f"t{n}", qty=qty, lot=lot)
        case "count":
            return CountBin(doc=f"c{n}", counted=qty, base=qty - 1, lot=lot, best_before=keeps, **shelf)
    return RecallLot(sku="LN-220", lot=lot, reason="glass", is_over=bool(n % 2))
