"""Which gates an order meets is published per shop and type; where nobody said so, it stops."""

from __future__ import annotations

import msgspec
import pytest

from app.commands.new_order import NewOrder
from app.commands.recheck import Recheck
from app.commands.set_gate_profile import NAMED_MOST, SetGateProfile
from app.domain.company import Customer
from app.domain.gate_profile import BUSINESS, GateProfile, Limit
from app.domain.order import Status
from app.domain.values import Role
from app.engine import inverse_of, measures
from app.gate import State
from tests.builders import NIGHT, RECEIVER, REGION, Company, actor, line

ALL = GateProfile(code="ALL", title="Everything", gates=("window", "price", "review"))
DEAR = line(unit_price_minor=320_000)
"""Ten times the list price, and above what is reviewed at night."""


def published(profile: GateProfile = ALL, **changes) -> SetGateProfile:
    return SetGateProfile(profile=msgspec.structs.replace(profile, **changes))


def company(*profiles: GateProfile) -> Company:
    made = Company()
    for profile in profiles:
        made.rows["gate_profile", profile.code] = profile
    return made


def gates(made: Company, id: str = "o1") -> dict[str, State]:
    found = measures(made.order(id), made.facts(Recheck(order=id), actor()))
    return {code: measure.state for code, measure in found.items()}


def sell(made: Company, id: str = "b1") -> None:
    made.rows["customer", "LH"] = Customer(code="LH", title="Hotel", credit_minor=10**7, terms_days=30)
    typed = NewOrder(
        order=id, shop="TM1", receiver=RECEIVER, region=REGION, lines=(line(sku="LN-220", ext_sku=""),),
        customer="LH", is_on_account=True,
    )  # fmt: skip
    made.must(typed)


def test_a_company_without_profiles_asks_everything():
    made = company()
    made.receive(lines=(DEAR,))

    assert "profile" not in gates(made)
    assert made.order().snag("price_anomaly") is not None


def test_an_order_no_profile_is_for_stops_and_says_so():
    made = company(msgspec.structs.replace(ALL, shops=("DY1",)))
    made.receive()

    hold = next(hold for hold in made.order().holds if hold.gate == "profile")
    assert (made.order().status, hold.state) == (Status.GATED, "stops")
    assert hold.text.params["shop"] == "TM1"

    made.must(published(code="TM", shops=("TM1",)), Role.LEAD)
    made.must(Recheck(order="o1"), Role.WORKER)
    assert made.order().status is Status.RELEASED


@pytest.mark.parametrize("changes", [{"gates": ("price", "newer")}, {"limits": (Limit("newer_pct", 3),)}])
def test_a_profile_this_program_does_not_understand_stops_its_orders_and_asks_everything(changes):
    made = company(msgspec.structs.replace(ALL, **changes))
    made.receive(lines=(DEAR,))

    found = gates(made)
    assert (found["profile"], found["price"]) == (State.STOPS, State.STOPS)


def test_a_gate_that_is_left_out_neither_stands_in_the_strip_nor_opens_its_exception():
    made = company(msgspec.structs.replace(ALL, gates=("window", "review")))
    made.receive(lines=(DEAR,))

    assert "price" not in gates(made)
    assert made.order().snag("price_anomaly") is None
    assert made.order().status is Status.RELEASED


def test_what_was_held_goes_on_once_a_profile_leaves_its_gate_out_and_back_when_it_is_asked_again():
    made = company(ALL)
    made.receive(lines=(DEAR,))
    assert made.order().status is Status.GATED
    changed = published(rev=0, gates=("window",))
    undo = inverse_of(changed, made.facts(changed, actor(Role.LEAD)))
    (event,) = made.must(changed, Role.LEAD)
    made.must(Recheck(order="o1"), Role.WORKER)

    assert event.wakes() == ("orders",)
    assert (made.order().status, made.order().holds) == (Status.RELEASED, ())
    made.must(undo, Role.LEAD)
    made.must(Recheck(order="o1"), Role.WORKER)
    assert made.order().status is Status.GATED


def test_the_shop_is_more_exact_than_the_type_and_the_type_than_nothing():
    limits = {"ALL": 50, "BIZ": 60, "TM": 70}
    named = {"ALL": {}, "BIZ": {"kind": BUSINESS}, "TM": {"shops": ("TM1",)}}
    made = company(
        *(
            GateProfile(code=code, title=code, limits=(Limit("price_floor_pct", pct),), **named[code])
            for code, pct in limits.items()
        )
    )
    made.receive(lines=(line(unit_price_minor=32_000 * 65 // 100),))
    made.receive("o2", shop="DY1", ext_id="e2", lines=(line(unit_price_minor=32_000 * 55 // 100),))

    assert gates(made)["price"] is State.STOPS  # 65 %, floor of its shop 70
    assert gates(made, "o2")["price"] is State.MET  # 55 %, floor of all 50


def test_a_business_meets_credit_and_invoice_whatever_its_profile_says():
    made = company(msgspec.structs.replace(ALL, gates=()))
    sell(made)

    assert {"credit", "invoice", "payment", "stock", "address", "sku"} <= gates(made, "b1").keys()
    assert {"price", "review", "window"}.isdisjoint(gates(made, "b1"))


def test_consumers_are_asked_for_invoice_data_where_a_profile_says_so():
    made = company(msgspec.structs.replace(ALL, gates=("invoice",)))
    made.receive()

    assert gates(made)["invoice"] is State.STOPS
    assert made.order().snag("invoice_missing") is not None


def test_reminders_stop_a_business_by_the_limit_of_its_profile():
    made = company(msgspec.structs.replace(ALL, limits=(Limit("dunning_stop_level", 1),)))
    made.rows["customer", "LH"] = None
    sell(made)
    customer = made.rows["customer", "LH"]
    made.rows["customer", "LH"] = msgspec.structs.replace(customer, dunning=1)
    typed = NewOrder(
        order="b2", shop="TM1", receiver=RECEIVER, region=REGION, lines=(line(sku="LN-220", ext_sku=""),),
        customer="LH", is_on_account=True,
    )  # fmt: skip
    made.must(typed)

    assert gates(made, "b2")["credit"] is State.STOPS


def test_review_may_be_asked_by_day_from_an_amount_of_its_own():
    limits = (Limit("review_above_minor", 1_000), Limit("review_signatures", 1))
    made = company(msgspec.structs.replace(ALL, limits=limits, all_day=True))
    made.receive()

    assert made.order().signatures_needed == 1
    assert made.order().status is Status.GATED


def test_without_its_gate_nobody_is_asked_to_sign():
    made = company(msgspec.structs.replace(ALL, gates=("window",)))
    made.now = NIGHT
    made.receive(lines=(DEAR,))

    assert (made.order().signatures_needed, made.order().status) == (0, Status.RELEASED)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"code": "a b"}, "bad_code"),
        ({"title": ""}, "bad_title"),
        ({"kind": "gift"}, "bad_kind"),
        ({"gates": ("stock",)}, "bad_gate"),
        ({"gates": ("price", "price")}, "bad_gate"),
        ({"limits": (Limit("claim_h", 3),)}, "bad_limit"),
        ({"limits": (Limit("price_floor_pct", 101),)}, "bad_limit"),
        ({"limits": (Limit("price_floor_pct", 50), Limit("price_floor_pct", 60))}, "bad_limit"),
        ({"shops": ("nowhere",)}, "unknown_shop"),
        ({"shops": ("TM1",) * (NAMED_MOST + 1)}, "too_many"),
        ({"rev": 3}, "stale_content"),
    ],
)
def test_what_no_profile_may_say_is_refused(changes, code):
    assert Company().refused(published(**changes), Role.LEAD) == code


def test_two_profiles_that_say_as_exactly_of_the_same_orders_are_refused():
    made = company(msgspec.structs.replace(ALL, code="ONE", shops=("TM1", "DY1"), kind=BUSINESS))

    assert made.refused(published(code="TWO", shops=("DY1",), kind=BUSINESS), Role.LEAD) == "overlap"
    made.must(published(code="TWO", shops=("DY1",)), Role.LEAD)
    made.must(published(code="OFF", shops=("DY1",), active=False), Role.LEAD)


def test_only_leads_say_which_gates_are_asked():
    assert Company().refused(published()) == "not_allowed"
