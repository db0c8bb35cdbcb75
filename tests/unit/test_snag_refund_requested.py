"""The buyer wants the money back while the goods are still here."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from app.bulk import locked_by
from app.commands.call_back import CallBack
from app.commands.hear import Hear, Means
from app.commands.recheck import Recheck
from app.commands.record_scan import RecordScan
from app.delivery import WAY_AT_MOST
from app.domain.order import ChannelState, Line, Order, Status
from app.domain.scan import AskedFor, Scan, ScanKind
from app.domain.told import CaseKind, CaseState, ChannelCase
from app.domain.values import Role
from app.engine import inverse_of
from app.snags.refund_requested import KIND
from tests.builders import NOW, Company, actor, line, pick_all, ship_it

CANCEL, INTERCEPT, STOP = KIND.repairs


def refunded() -> Company:
    company = Company()
    company.receive()
    company.receive(ext_version="2", refunded_minor=20_000)
    return company


def repair(company: Company, which):
    return which.build(company.order(), company.facts(Recheck(order="o1"), actor()))


def test_an_order_nobody_paid_back_has_none():
    company = Company()

    assert company.receive().snag("refund_requested") is None


def test_too_little_money_left_stops_the_order_and_says_how_much():
    order = refunded().order()

    assert order.snag("refund_requested").text.params == {"paid": "¥120.00", "payable": "¥320.00"}
    assert order.status is not Status.RELEASED


def test_it_closes_when_the_channel_takes_the_refund_back():
    company = refunded()

    company.receive(ext_version="3", refunded_minor=0)

    assert company.order().snag("refund_requested") is None


def test_work_on_many_leaves_such_an_order_alone():
    company = refunded()

    assert locked_by(company.order(), "note_request") is not None


def test_the_stock_is_free_again_once_it_is_called_off_and_comes_back_when_undone():
    company = refunded()
    cancel = repair(company, CANCEL)
    undo = inverse_of(cancel, company.facts(cancel, actor()))

    company.must(cancel)
    assert (company.order().status, company.stock().reserved) == (Status.CANCELLED, 0)
    company.must(undo)

    assert company.order().snag("refund_requested") is not None


@pytest.mark.parametrize("state", [ChannelState.CANCELLED, ChannelState.CLOSED_REFUNDED])
def test_what_is_being_picked_is_stopped_instead(state):
    company = Company()
    company.receive()
    pick_all(company)
    company.receive(ext_version="2", channel_state=state)

    assert company.order().snag("refund_requested") is not None
    assert repair(company, CANCEL) is None
    stop = repair(company, STOP)
    undo = inverse_of(stop, company.facts(stop, actor()))
    company.must(stop)
    assert company.order().pause is not None
    company.must(undo)
    assert company.order().pause is None


def called_off(*scans: ScanKind, later: timedelta = timedelta()) -> Company:
    """The channel calls an order off whose parcel has left, after these scans."""
    company = Company()
    company.receive()
    ship_it(company)
    for kind in scans:
        company.must(RecordScan(order="o1", scan=Scan(kind=kind, at=NOW)))
    company.now += later
    company.receive(ext_version="2", channel_state=ChannelState.CANCELLED)
    return company


def asked(order: Order) -> list[tuple[str, str, str]]:
    return [(case.kind, case.reason, case.state) for case in order.returns]


@pytest.mark.parametrize("scans", [(), (ScanKind.IN_TRANSIT,), (ScanKind.OUT,)])
def test_a_parcel_on_its_way_is_intercepted_and_a_return_opens(scans):
    company = called_off(*scans)
    snag = company.order().snag("refund_requested")
    assert snag.text.params == {"carrier": company.order().carrier}
    assert (repair(company, CANCEL), repair(company, STOP)) == (None, None)

    company.must(repair(company, INTERCEPT))

    order = company.order()
    assert (order.errand.what, asked(order)) == (
        AskedFor.CALL_BACK, [("return", "called_off", "requested")],
    )  # fmt: skip
    assert order.snag("refund_requested") is None


def test_intercepting_twice_is_done_once():
    company = called_off()
    company.must(repair(company, INTERCEPT))

    assert repair(company, INTERCEPT) is None
    assert company.refused(CallBack(order="o1", case="c9")) == "not_failed"


@pytest.mark.parametrize("last", [ScanKind.DELIVERED, ScanKind.RETURNED])
def test_what_has_arrived_or_come_back_is_not_intercepted(last):
    company = called_off(ScanKind.OUT, last)

    assert company.order().snag("refund_requested") is None
    assert company.refused(CallBack(order="o1", case="c9")) == "not_failed"


def test_of_what_nobody_scans_it_is_asked_while_it_may_be_on_its_way():
    assert called_off(later=WAY_AT_MOST).order().snag("refund_requested") is not None
    assert called_off(later=WAY_AT_MOST + timedelta(minutes=1)).order().snag("refund_requested") is None


def test_what_was_asked_in_time_stands_until_somebody_answers():
    company = called_off()

    company.now += 2 * WAY_AT_MOST
    company.must(Recheck(order="o1"))

    assert company.order().snag("refund_requested") is not None


def test_a_person_may_note_that_it_has_arrived():
    company = called_off()

    company.must(RecordScan(order="o1", scan=Scan(kind=ScanKind.DELIVERED, at=NOW)))

    assert company.order().snag("refund_requested") is None
    assert asked(company.order()) == []


def test_what_is_still_here_has_no_parcel_to_intercept():
    assert repair(refunded(), INTERCEPT) is None


def paid_back(*cases: ChannelCase, lines: tuple[Line, ...] = (line(qty=2), line("2"))) -> Company:
    """An order on its way whose lines its channel says were paid back."""
    company = Company()
    company.receive(lines=lines)
    ship_it(company)
    for case in cases:
        company.must(Hear(order="o1", means=Means.CASE, case=case), Role.CHANNEL)
    return company


def one(id: str, of: str, qty: int = 0, amount_minor: int = 0, **more: Any) -> ChannelCase:
    known = {"kind": CaseKind.REFUND_ONLY, "state": CaseState.REFUNDED} | more
    return ChannelCase(id=id, line=of, qty=qty, amount_minor=amount_minor, **known)


def test_a_parcel_whose_every_line_is_paid_back_is_intercepted():
    company = paid_back(one("a", "1", 1), one("b", "1", 1), one("c", "2", amount_minor=32_000))

    assert company.order().snag("refund_requested").text.message.startswith("Paid back")
    company.must(repair(company, INTERCEPT))
    assert asked(company.order()) == [("return", "called_off", "requested")]


@pytest.mark.parametrize(
    "cases",
    [
        (one("a", "1", 2),),
        (one("a", "1", 1), one("b", "2", 1)),
        (one("a", "1", 2), one("b", "2", amount_minor=31_999)),
        (one("a", "1", 2), one("b", "2", 1, state=CaseState.FAILED)),
        (one("a", "1", 2), one("b", "2", 1, kind=CaseKind.RETURN_REFUND)),
        (one("a", "", amount_minor=5),),
    ],
    ids=["one line", "some pieces", "less money", "not paid", "sent back", "a sum"],
)
def test_of_a_parcel_only_paid_back_in_part_nobody_is_asked(cases):
    assert paid_back(*cases).order().snag("refund_requested") is None


def test_what_was_paid_back_after_it_arrived_is_not_intercepted():
    company = paid_back()
    company.must(RecordScan(order="o1", scan=Scan(kind=ScanKind.DELIVERED, at=NOW)))
    for case in (one("a", "1", 2), one("b", "2", 1)):
        company.must(Hear(order="o1", means=Means.CASE, case=case), Role.CHANNEL)

    assert company.order().snag("refund_requested") is None
