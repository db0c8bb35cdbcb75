"""The same buyer, the same goods, a moment later."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from app.commands.fix_address import FixAddress
from app.commands.recheck import Recheck
from app.domain.events import StatusChanged
from app.domain.order import Status
from app.domain.values import Role
from app.snags.duplicate_suspect import KIND
from tests.builders import NOW, RECEIVER, REGION, Company, actor, line

KEEP, CANCEL, MERGE = KIND.repairs


def twice(**changes: object) -> Company:
    company = Company()
    company.receive("o1", ordered_at=NOW - timedelta(minutes=8))
    company.receive("o2", **{"ordered_at": NOW - timedelta(minutes=5), **changes})
    return company


def facts(company: Company):
    return company.facts(Recheck(order="o2"), None)


def test_only_the_later_one_is_suspected():
    company = twice()

    snag = company.order("o2").snag("duplicate_suspect")

    assert snag.text.params == {"number": "DK-o1", "gap": 3, "score": 100}
    assert (company.order("o1").status, company.order("o2").status) == (Status.RELEASED, Status.GATED)
    assert company.order("o1").snags == ()


@pytest.mark.parametrize(
    ("changes", "is_suspected"),
    [
        ({"shop": "DY1"}, True),
        ({"receiver": msgspec.structs.replace(RECEIVER, phone="138****0000")}, True),
        ({"receiver": msgspec.structs.replace(RECEIVER, street="解放路1号")}, True),
        ({"receiver": msgspec.structs.replace(RECEIVER, phone="13911112222", street="解放路1号")}, False),
        ({"lines": (line(ext_sku="A-2", unit_price_minor=19_900),)}, False),
        ({"ordered_at": NOW - timedelta(minutes=8) + timedelta(hours=72)}, True),
        ({"ordered_at": NOW - timedelta(minutes=7) + timedelta(hours=72)}, False),
        ({"ordered_at": NOW - timedelta(hours=1)}, True),
    ],
    ids=["shop", "phone", "street", "buyer", "goods", "72h", "later", "before"],
)
def test_buyer_goods_and_time_decide(changes, is_suspected):
    assert (twice(**changes).order("o2").snag("duplicate_suspect") is not None) is is_suspected


def test_keeping_both_is_remembered_over_a_new_version():
    company = twice()

    company.must(KEEP.build(company.order("o2"), facts(company)))
    kept = company.order("o2").status
    order = company.receive("o2", ext_version="2", refunded_minor=0, total_minor=1)

    assert (kept, order.snag("duplicate_suspect")) == (Status.RELEASED, None)


def test_cancelling_the_other_one_clears_the_suspicion():
    company = twice()
    from app.commands.cancel import Cancel

    events = company.must(Cancel(order="o1", reason="twice"))
    woken = {key for event in events if isinstance(event, StatusChanged) for key in event.wakes()}
    assert woken == set(company.order("o2").snag("duplicate_suspect").waits_for)
    company.must(Recheck(order="o2"), Role.WORKER)

    assert company.order("o2").status is Status.RELEASED


def test_this_one_can_be_cancelled_with_one_key():
    company = twice()

    company.must(CANCEL.build(company.order("o2"), facts(company)))

    assert company.order("o2").status is Status.CANCELLED


def test_a_corrected_address_leaves_the_old_key():
    company = Company()
    masked = msgspec.structs.replace(RECEIVER, phone="138****0000")
    company.receive("o1", receiver=masked)
    elsewhere = msgspec.structs.replace(masked, street="解放路1号")
    company.must(FixAddress(order="o1", receiver=elsewhere, region=REGION))

    assert company.receive("o2", receiver=masked).snag("duplicate_suspect") is None
    assert company.receive("o3", receiver=elsewhere).snag("duplicate_suspect").digest == "o1"


def test_a_desk_leaves_it_as_the_hub_said():
    company = twice()
    company.at_hub = False

    company.must(Recheck(order="o2"))

    assert company.order("o2").snag("duplicate_suspect") is not None


def test_two_that_may_go_out_as_one_are_merged_by_one_key():
    company = Company()
    company.receive("o1")
    company.receive("o2")
    facts = company.facts(Recheck(order="o2"), actor())
    command = MERGE.build(company.order("o2"), facts)

    company.must(command)

    made = company.order(command.into)
    assert command.orders == ("o1", "o2")
    assert (made.status, made.payable_minor, made.snags) == ("released", 64_000, ())


def test_what_may_not_be_merged_is_not_offered():
    company = Company()
    company.receive("o1")
    company.receive("o2", shop="DY1")
    facts = company.facts(Recheck(order="o2"), actor())

    assert company.order("o2").snag("duplicate_suspect")
    assert MERGE.build(company.order("o2"), facts) is None
