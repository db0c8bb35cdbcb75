"""A parcel could not be delivered: to the door again, perhaps another one, or back and the buyer is paid."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from builders import NOW, RECEIVER, REGION, Company, actor, ship_it

from app.commands.accept_return import AcceptReturn
from app.commands.recheck import Recheck
from app.commands.record_scan import RecordScan
from app.commands.redeliver import Redeliver
from app.domain import events as e
from app.domain.gazetteer import Gazetteer
from app.domain.order import Status
from app.domain.scan import Scan, ScanKind
from app.domain.values import Region, Role
from app.engine import inverse_of
from app.snags.delivery_failed import KIND

AGAIN, BACK = KIND.repairs


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.from_bytes(Path("resources/geo/regions.json.gz").read_bytes())


def failed(company: Company, minutes: int = 0, reason: str = "not_home") -> None:
    scan = Scan(kind=ScanKind.FAILED, at=NOW + timedelta(minutes=minutes), reason=reason)
    company.must(RecordScan(order="o1", scan=scan), Role.WORKER)


@pytest.fixture
def company() -> Company:
    company = Company()
    company.receive()
    ship_it(company)
    failed(company)
    return company


def build(company: Company, repair):
    return repair.build(company.order(), company.facts(Recheck(order="o1"), actor()))


def test_it_says_who_could_not_deliver_and_why(company):
    (snag,) = company.order().snags

    assert (snag.kind, snag.text.params["carrier"], snag.goal_min) == ("delivery_failed", "SF", 120)
    assert snag.text.params["what"].params["reason"].message == "nobody was there"
    assert company.order().status is Status.SHIPPED


def test_a_later_scan_closes_it(company):
    delivered = Scan(kind=ScanKind.DELIVERED, at=NOW + timedelta(hours=2))
    company.must(RecordScan(order="o1", scan=delivered), Role.WORKER)

    assert company.order().snags == ()


def test_it_goes_to_the_door_again_and_the_next_failure_is_asked_about_again(company):
    command = build(company, AGAIN)
    company.must(command)

    assert (company.order().snags, company.order().errand.key) == ((), "redeliver:o1:1")
    assert inverse_of(command, company.facts(command, actor())) is None
    assert "cannot be undone" in AGAIN.why
    failed(company, 60, "refused")
    assert company.order().snag("delivery_failed") is not None
    company.now += timedelta(hours=2)
    company.must(build(company, AGAIN))
    assert company.order().errand.key == "redeliver:o1:2"


def test_the_address_is_put_right_on_the_way_and_what_the_buyer_wrote_stays(company):
    there = msgspec.structs.replace(RECEIVER, street="湖墅南路9号", raw="x", note="y")
    company.must(Redeliver(order="o1", receiver=there, region=REGION))

    receiver = company.order().receiver
    assert (receiver.street, receiver.raw, receiver.note) == ("湖墅南路9号", RECEIVER.raw, RECEIVER.note)


def test_an_address_nobody_can_label_is_refused(company):
    nowhere = Redeliver(order="o1", receiver=RECEIVER, region=Region())

    assert company.refused(nowhere) == "incomplete_address"


def test_the_suggestion_of_the_doctor_is_what_is_resubmitted(gazetteer):
    company = Company(gazetteer=gazetteer)
    company.receive(
        receiver=msgspec.structs.replace(RECEIVER, raw="浙江省杭州市拱墅区文晖路88号水岸嘉园3幢1单元502")
    )
    ship_it(company)
    failed(company, reason="bad_address")
    command = build(company, AGAIN)

    assert (command.region.district, command.region.verdict) == ("拱墅区", "accept")
    assert "文晖路88号" in command.receiver.street


def test_it_comes_back_and_a_colleague_accepts_the_return(company):
    command = build(company, BACK)
    company.must(command)

    (case,) = company.order().returns
    assert (case.kind, case.reason, case.state, case.opened_by) == (
        "return", "undelivered", "requested", "clerk",
    )  # fmt: skip
    assert [line.qty for line in case.lines] == [1]
    assert company.order().errand.key == "call_back:o1:1"
    assert company.order().snag("delivery_failed") is None
    assert company.refused(command) == "not_failed"
    assert company.refused(AcceptReturn(order="o1", case=case.id), actor(Role.CLERK)) != ""
    company.must(AcceptReturn(order="o1", case=case.id), actor(Role.CLERK, "ben"))
    assert (BACK.why.endswith("cannot be undone."), inverse_of(command, company.facts(command, actor()))) == (
        True,
        None,
    )


def test_both_are_said_in_the_history(company):
    company.must(build(company, AGAIN))

    said = [event.says().message for event in company.journal if isinstance(event, e.CarrierAsked)]
    assert said == ["The carrier is asked to deliver again"]
