"""Receipts, counts and transfers: what each books, refuses and takes back."""

from __future__ import annotations

import pytest

from app import engine
from app.command import Command
from app.commands.count_bin import CountBin
from app.commands.receive_stock import ReceiveStock
from app.commands.receive_transfer import ReceiveTransfer
from app.commands.send_transfer import SendTransfer
from app.commands.withdraw_stock_doc import WithdrawStockDoc
from app.domain.goods import DocState, StockDoc
from app.domain.order import Status
from app.domain.values import Role, stock_doc_key
from tests.builders import Company, actor, line, ship_it

FLOOR = actor(Role.WAREHOUSE, "floor")
OTHER = actor(Role.WAREHOUSE, "other")


@pytest.fixture
def company() -> Company:
    return Company()


def receipt(**changes: object) -> ReceiveStock:
    known = {"doc": "d1", "warehouse": "SZ", "sku": "LN-220", "qty": 5, "reference": "DN-7"}
    return ReceiveStock(**(known | changes))


def count(**changes: object) -> CountBin:
    known = {"doc": "d1", "warehouse": "SZ", "sku": "LN-220", "counted": 12, "base": 10}
    return CountBin(**(known | changes))


def sending(**changes: object) -> SendTransfer:
    known = {"doc": "d1", "warehouse": "SZ", "target": "WH", "sku": "LN-220", "qty": 4}
    return SendTransfer(**(known | changes))


def arrival(**changes: object) -> ReceiveTransfer:
    known = {"doc": "d1", "target": "WH", "sku": "LN-220", "arrived": 4}
    return ReceiveTransfer(**(known | changes))


def doc(company: Company, id: str = "d1") -> StockDoc:
    row: StockDoc = company.rows[stock_doc_key(id)]
    return row


def undo(company: Company, command: Command, by: object = FLOOR) -> None:
    """Give a command and take it back."""
    back = engine.inverse_of(command, company.facts(command, by))
    company.must(command, by)
    assert back is not None
    company.must(back, by)


# --- receipts ---------------------------------------------------------------------------------------


def test_received_goods_are_on_hand_under_the_number_of_their_paper(company):
    company.must(receipt(bin="A-03"), FLOOR)

    assert (company.stock().on_hand, company.stock().bin) == (15, "A-03")
    assert (doc(company).reference, doc(company).by, doc(company).qty) == ("DN-7", "floor", 5)


def test_received_goods_wake_who_waits_for_them(company):
    company.set_stock(0)
    company.receive(lines=(line(qty=3),))
    assert company.order().snag("short_stock").waits_for == ("shop:TM1", "stock:LN-220")

    events = company.must(receipt(), FLOOR)

    assert [wakes for event in events for wakes in event.wakes()] == ["stock:LN-220"]


def test_the_first_receipt_of_an_article_makes_its_place(company):
    del company.rows["stock", "WH/CT-180"]

    company.must(receipt(warehouse="WH", sku="CT-180", bin="B-1"), FLOOR)

    assert (company.stock("WH", "CT-180").on_hand, company.stock("WH", "CT-180").bin) == (5, "B-1")


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"warehouse": "XX"}, "unknown_warehouse"),
        ({"sku": "XX"}, "unknown_sku"),
        ({"qty": 0}, "no_quantity"),
        ({"reference": " "}, "no_reference"),
    ],
)
def test_a_receipt_needs_a_place_an_article_pieces_and_a_number(company, wrong, code):
    assert company.refused(receipt(**wrong), FLOOR) == code


def test_a_receipt_is_booked_once(company):
    company.must(receipt(), FLOOR)

    assert company.refused(receipt(), FLOOR) == "unchanged"
    assert company.stock().on_hand == 15


def test_a_receipt_is_taken_back(company):
    undo(company, receipt())

    assert company.stock().on_hand == 10
    assert (doc(company).state, doc(company).closed_by) == (DocState.WITHDRAWN, "floor")


def test_what_was_promised_from_a_receipt_stays(company):
    company.set_stock(0)
    company.must(receipt(qty=2), FLOOR)
    company.receive(lines=(line(qty=2),))
    assert company.order().status is Status.RELEASED

    back = WithdrawStockDoc(doc="d1", warehouse="SZ", sku="LN-220")

    assert company.refused(back, FLOOR) == "promised"


# --- counts -----------------------------------------------------------------------------------------


def test_a_count_books_its_difference(company):
    company.must(count(), FLOOR)

    assert company.stock().on_hand == 12
    assert (doc(company).difference, doc(company).state) == (2, DocState.DONE)


def test_a_count_that_agrees_is_a_document_too(company):
    company.must(count(counted=10), FLOOR)

    assert company.stock().on_hand == 10
    assert doc(company).state is DocState.DONE


def test_what_moves_while_somebody_counts_is_no_difference(company):
    company.receive(lines=(line(qty=3),))
    ship_it(company)
    assert company.stock().on_hand == 7

    company.must(count(counted=9, base=10), FLOOR)

    assert company.stock().on_hand == 6


def test_a_large_difference_asks_for_a_second_count(company):
    company.must(count(counted=40), FLOOR)

    assert company.stock().on_hand == 10
    assert (doc(company).state, company.stock().counting) == (DocState.ASKS, "d1")


def test_the_second_person_decides(company):
    company.must(count(counted=40), FLOOR)

    assert company.refused(count(counted=40), FLOOR) == "same_counter"
    company.must(count(counted=40), OTHER)

    assert (company.stock().on_hand, company.stock().counting) == (40, "")
    assert (doc(company).by, doc(company).closed_by) == ("floor", "other")


def test_a_second_count_that_differs_asks_again(company):
    company.must(count(counted=40), FLOOR)
    company.must(count(counted=44), OTHER)

    assert (company.stock().on_hand, doc(company).state, doc(company).by) == (10, DocState.ASKS, "other")
    company.must(count(counted=44), FLOOR)

    assert company.stock().on_hand == 44


def test_a_second_count_close_to_the_screen_is_believed(company):
    company.must(count(counted=40), FLOOR)

    company.must(count(counted=11), OTHER)

    assert (company.stock().on_hand, company.stock().counting) == (11, "")


def test_two_counts_of_one_bin_do_not_wait_side_by_side(company):
    company.must(count(counted=40), FLOOR)

    assert company.refused(count(doc="d2"), OTHER) == "count_open"


def test_the_difference_that_asks_again_is_a_rule(company):
    company.set_rules(recount_above_pieces=1)

    company.must(count(), FLOOR)

    assert doc(company).state is DocState.ASKS


def test_a_count_does_not_take_promised_goods_away(company):
    company.receive(lines=(line(qty=3),))

    assert company.refused(count(counted=2), FLOOR) == "promised"
    assert company.refused(count(counted=-1), FLOOR) == "bad_count"


def test_a_count_is_taken_back(company):
    undo(company, count())

    assert company.stock().on_hand == 10


def test_a_count_that_waits_is_taken_back(company):
    undo(company, count(counted=40))

    assert (company.stock().on_hand, company.stock().counting) == (10, "")
    company.must(count(doc="d2"), OTHER)


# --- transfers --------------------------------------------------------------------------------------


def test_goods_in_transit_are_nobodys_promise(company):
    company.must(sending(), FLOOR)

    assert (company.stock("SZ").on_hand, company.stock("WH").on_hand) == (6, 10)
    assert (doc(company).state, doc(company).in_transit) == (DocState.TRANSIT, 4)


def test_a_transfer_arrives(company):
    company.must(sending(), FLOOR)

    events = company.must(arrival(), OTHER)

    assert (company.stock("SZ").on_hand, company.stock("WH").on_hand) == (6, 14)
    assert (doc(company).in_transit, doc(company).difference, doc(company).closed_by) == (0, 0, "other")
    assert events[0].wakes() == ("stock:LN-220",)


def test_a_difference_on_the_way_has_a_reason_and_closes_the_transfer(company):
    company.must(sending(), FLOOR)

    assert company.refused(arrival(arrived=3), OTHER) == "no_reason"
    company.must(arrival(arrived=3, reason="one box crushed"), OTHER)

    assert (company.stock("WH").on_hand, doc(company).difference, doc(company).in_transit) == (13, -1, 0)


def test_nothing_at_all_may_arrive(company):
    company.must(sending(), FLOOR)

    company.must(arrival(arrived=0, reason="lost"), OTHER)

    assert (company.stock("WH").on_hand, doc(company).difference) == (10, -4)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"target": "SZ"}, "same_warehouse"),
        ({"target": "XX"}, "unknown_warehouse"),
        ({"warehouse": "XX"}, "unknown_warehouse"),
        ({"sku": "XX"}, "unknown_sku"),
        ({"qty": 0}, "no_quantity"),
        ({"qty": 11}, "not_free"),
    ],
)
def test_a_transfer_needs_two_places_and_free_pieces(company, wrong, code):
    assert company.refused(sending(**wrong), FLOOR) == code


def test_promised_goods_are_not_sent_away(company):
    company.receive(lines=(line(qty=8),))

    assert company.refused(sending(qty=3), FLOOR) == "not_free"
    company.must(sending(qty=2), FLOOR)


def test_a_transfer_arrives_once_and_where_it_was_sent(company):
    company.must(sending(), FLOOR)

    assert company.refused(arrival(target="SZ"), OTHER) == "no_doc"
    assert company.refused(arrival(arrived=-1), OTHER) == "bad_count"
    company.must(arrival(), OTHER)
    assert company.refused(arrival(), OTHER) == "unchanged"


def test_an_arrival_and_then_the_sending_are_taken_back(company):
    company.must(sending(), FLOOR)
    undo(company, arrival(), OTHER)
    assert (company.stock("WH").on_hand, doc(company).state) == (10, DocState.TRANSIT)

    assert company.refused(WithdrawStockDoc(doc="d1", warehouse="WH", sku="LN-220"), FLOOR) == "no_doc"
    company.must(WithdrawStockDoc(doc="d1", warehouse="SZ", sku="LN-220"), FLOOR)

    assert (company.stock("SZ").on_hand, doc(company).state) == (10, DocState.WITHDRAWN)


def test_what_is_not_there_cannot_be_taken_back(company):
    back = WithdrawStockDoc(doc="d1", warehouse="SZ", sku="LN-220")

    assert company.refused(back, FLOOR) == "no_doc"
    company.must(receipt(), FLOOR)
    company.must(back, FLOOR)
    assert company.refused(back, FLOOR) == "unchanged"


def test_clerks_do_not_move_stock(company):
    for command in (receipt(), count(), sending()):
        assert company.refused(command, Role.CLERK) == "not_allowed"
