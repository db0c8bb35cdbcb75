"""What carriers say of a parcel: in any order, each once, in words that name nobody; and taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from builders import NOW, RECEIVER, REGION, Company, actor, line, ship_it

from app.carrying import scans_said
from app.commands.new_order import NewOrder
from app.commands.receive_payment import ReceivePayment
from app.commands.recheck import Recheck
from app.commands.record_scan import RecordScan
from app.commands.snooze import Snooze
from app.domain.clock import Wait
from app.domain.order import Status
from app.domain.scan import SCANS_MOST, Scan, ScanKind
from app.domain.values import Role
from app.engine import inverse_of

MINUTE = timedelta(minutes=1)


def scan(kind: ScanKind, minutes: int = 0, reason: str = "") -> Scan:
    return Scan(kind=kind, at=NOW + minutes * MINUTE, reason=reason)


def noted(company: Company, *scans: Scan, by: Role = Role.WORKER) -> None:
    for one in scans:
        company.must(RecordScan(order="o1", scan=one), by)


@pytest.fixture
def company() -> Company:
    company = Company()
    company.receive()
    ship_it(company)
    return company


@pytest.fixture
def typed() -> Company:
    """An order no channel speaks of."""
    company = Company()
    company.must(
        NewOrder(
            order="o1", shop="TM1", receiver=RECEIVER, region=REGION,
            lines=(line(sku="LN-220", unit_price_minor=32_000),),
        )
    )  # fmt: skip
    company.must(ReceivePayment(order="o1", amount_minor=company.order().payable_minor))
    ship_it(company)
    return company


def test_they_stand_in_the_order_of_their_times_whenever_they_come(company):
    noted(company, scan(ScanKind.OUT, 9), scan(ScanKind.ACCEPTED), scan(ScanKind.IN_TRANSIT, 5))

    assert [one.kind for one in company.order().scans] == ["accepted", "in_transit", "out"]
    ((head, said),) = scans_said(company.order(), company.facts(Recheck(order="o1"), actor()))
    assert (head, said.params["what"].message) == ("Last news", "Out for delivery")


def test_the_same_scan_says_nothing_new_and_only_the_latest_are_kept(company):
    noted(company, *(scan(ScanKind.IN_TRANSIT, n) for n in range(SCANS_MOST + 5)))

    again = RecordScan(order="o1", scan=scan(ScanKind.IN_TRANSIT, SCANS_MOST))
    assert company.refused(again, Role.WORKER) == "unchanged"
    assert len(company.order().scans) == SCANS_MOST
    assert company.order().scans[0].at == NOW + 5 * MINUTE


@pytest.mark.parametrize(
    ("one", "code"),
    [
        (scan(ScanKind.FAILED), "no_reason"),
        (scan(ScanKind.FAILED, reason="季小雨不在"), "no_reason"),
        (scan(ScanKind.OUT, reason="not_home"), "no_reason"),
        (scan(ScanKind.OUT, 2 * 24 * 60), "future"),
    ],
)
def test_what_makes_no_sense_is_refused(company, one, code):
    assert company.refused(RecordScan(order="o1", scan=one)) == code


def test_what_has_not_left_has_no_scans():
    company = Company()
    company.receive()

    assert company.refused(RecordScan(order="o1", scan=scan(ScanKind.OUT))) == "not_shipped"


def test_a_parcel_of_a_channel_is_delivered_and_its_channel_completes_it(company):
    noted(company, scan(ScanKind.DELIVERED))

    assert company.order().status is Status.SHIPPED


def test_an_order_no_channel_speaks_of_is_complete_when_it_is_delivered_and_that_is_taken_back(typed):
    command = RecordScan(order="o1", scan=scan(ScanKind.DELIVERED))
    undo = inverse_of(command, typed.facts(command, actor()))
    typed.must(command)
    assert typed.order().status is Status.COMPLETED

    typed.must(undo)
    assert (typed.order().status, typed.order().scans) == (Status.SHIPPED, ())
    assert typed.refused(undo) == "unchanged"


def test_what_sleeps_until_the_parcel_is_scanned_wakes(company):
    noted(company, scan(ScanKind.FAILED, reason="not_home"))
    until = company.now + timedelta(days=1)
    company.must(Snooze(order="o1", kind="delivery_failed", until=until, wait=Wait.CARRIER))
    assert company.order().snag("delivery_failed").snooze is not None

    noted(company, scan(ScanKind.FAILED, 30, "not_home"))
    assert company.order().snag("delivery_failed").snooze is None
