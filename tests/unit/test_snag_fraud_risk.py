"""The buyer is on the list of those the company does not serve without looking."""

from __future__ import annotations

import msgspec
import pytest

from app.commands.clear_buyer import ClearBuyer
from app.commands.recheck import Recheck
from app.commands.settle import Settle
from app.commands.watch_buyer import WatchBuyer
from app.domain.order import Status
from app.domain.values import EVERY_OPEN, Role
from app.engine import inverse_of
from app.snags.fraud_risk import KIND
from app.text import Text
from tests.builders import RECEIVER, Company, actor, line

HOLD, PASS, CLEAR = KIND.repairs
WATCH = WatchBuyer(order="o1", what="refused", reason="refused three parcels")
SAID = {"what": Text("Refuses parcels"), "reason": "refused three parcels"}
OTHER = line(ext_sku="A-3", unit_price_minor=12_900)


def listed() -> Company:
    company = Company()
    company.receive()
    company.must(WATCH, Role.LEAD)
    return company


def again(company: Company, **receiver: str):
    """Another order of the same buyer, of other goods."""
    changed = msgspec.structs.replace(RECEIVER, **receiver)
    return company.receive("o2", ext_id="e2", lines=(OTHER,), receiver=changed)


def repair(company: Company, which, order: str = "o1"):
    return which.build(company.order(order), company.facts(Recheck(order=order), actor(Role.LEAD)))


def test_nobody_is_suspected_before_somebody_is_listed():
    company = Company()

    assert company.receive().snag("fraud_risk") is None


def test_the_order_itself_stops_and_says_why():
    order = listed().order()

    assert order.status is Status.GATED
    assert order.snag("fraud_risk").text.params == SAID
    assert RECEIVER.phone not in msgspec.json.encode(order.snags).decode()


@pytest.mark.parametrize(
    ("receiver", "stops"),
    [
        ({"street": "湖墅南路9号金桂苑2幢301"}, True),
        ({"phone": "13911112222"}, True),
        ({"street": "湖墅南路9号金桂苑2幢301", "phone": "13911112222"}, False),
        ({"street": "文晖路**", "phone": "138****0000"}, False),
    ],
)
def test_a_later_order_stops_by_phone_or_by_address_and_never_by_stars(receiver, stops):
    order = again(listed(), **receiver)

    assert (order.snag("fraud_risk") is not None) is stops


def test_every_open_order_is_looked_at_when_the_list_changes():
    company = Company()
    company.receive()
    (event,) = [one for one in company.must(WATCH, Role.LEAD) if one.wakes()]

    assert event.wakes() == (EVERY_OPEN,)


def test_only_a_lead_says_that_it_was_a_false_alarm_and_for_this_order_only():
    company = listed()
    answer = repair(company, PASS)
    undo = inverse_of(answer, company.facts(answer, actor(Role.LEAD)))

    assert isinstance(answer, Settle)
    assert company.refused(answer, Role.CLERK) == "not_yours"
    company.must(answer, Role.LEAD)
    assert company.order().status is Status.RELEASED
    assert again(company).snag("fraud_risk") is not None
    company.must(undo, Role.LEAD)
    assert company.order().snag("fraud_risk") is not None


def test_off_the_list_nothing_is_stopped_and_that_is_taken_back():
    company = listed()
    clear = repair(company, CLEAR)
    undo = inverse_of(clear, company.facts(clear, actor(Role.LEAD)))

    company.must(clear, Role.LEAD)
    assert company.order().snag("fraud_risk") is None
    assert again(company).snag("fraud_risk") is None
    company.must(undo, Role.LEAD)

    assert company.order().snag("fraud_risk").text.params == SAID


def test_it_is_held_and_let_go_again():
    company = listed()
    hold = repair(company, HOLD)
    undo = inverse_of(hold, company.facts(hold, actor(Role.LEAD)))

    company.must(hold)
    assert repair(company, HOLD) is None
    company.must(undo)

    assert company.order().pause is None


def test_listing_is_taken_back():
    company = Company()
    company.receive()
    undo = inverse_of(WATCH, company.facts(WATCH, actor(Role.LEAD)))

    company.must(WATCH, Role.LEAD)
    company.must(undo, Role.LEAD)

    assert company.order().snag("fraud_risk") is None


def test_duplicates_are_still_found_of_a_listed_buyer():
    company = listed()

    order = company.receive("o2", ext_id="e2")

    assert order.snag("duplicate_suspect") is not None


@pytest.mark.parametrize(
    ("command", "by", "code"),
    [
        (WATCH, Role.LEAD, "unchanged"),
        (msgspec.structs.replace(WATCH, what="looks"), Role.LEAD, "no_what"),
        (msgspec.structs.replace(WATCH, reason=" "), Role.LEAD, "no_reason"),
        (msgspec.structs.replace(WATCH, reason="x" * 121), Role.LEAD, "long_reason"),
        (msgspec.structs.replace(WATCH, order="none"), Role.LEAD, "no_order"),
        (WATCH, Role.CLERK, "not_allowed"),
        (ClearBuyer(order="o1"), Role.CLERK, "not_allowed"),
    ],
)
def test_what_cannot_be_listed_says_why(command, by, code):
    assert listed().refused(command, by) == code


def test_a_hidden_buyer_cannot_be_listed_and_one_who_is_not_cannot_be_cleared():
    company = Company()
    company.receive(receiver=msgspec.structs.replace(RECEIVER, phone="138****0000", street="文晖路**"))

    assert company.refused(WATCH, Role.LEAD) == "hidden"
    assert company.refused(ClearBuyer(order="o1"), Role.LEAD) == "hidden"
    known = Company()
    known.receive()
    assert known.refused(ClearBuyer(order="o1"), Role.LEAD) == "unchanged"


@pytest.mark.parametrize("spelled", ["{} {} {}", "{}-{}-{}", "+86 {}{}{}"])
def test_who_spells_the_same_phone_otherwise_is_known_again(spelled):
    phone = RECEIVER.phone
    spelled = spelled.format(phone[:3], phone[3:7], phone[7:])

    order = again(listed(), street="湖墅南路9号金桂苑2幢301", phone=spelled)

    assert order.snag("fraud_risk") is not None
