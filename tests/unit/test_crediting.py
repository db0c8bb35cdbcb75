"""Orders on account share one credit: who was first takes it, who pays gives it back."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from app.commands.cancel import Cancel
from app.commands.correct_price import CorrectPrice
from app.commands.new_order import NewOrder
from app.commands.receive_payment import ReceivePayment
from app.commands.recheck import Recheck
from app.commands.restore import Restore
from app.commands.set_customer import SetCustomer
from app.commands.waive import Waive
from app.domain.account import Account, Credited
from app.domain.company import Customer
from app.domain.money import rounded
from app.domain.order import Status
from app.domain.values import Role
from app.engine import inverse_of, measures
from app.gate import State
from tests.builders import NOW, RECEIVER, REGION, Company, actor, line, ship_it

LH = Customer(code="LH", title="临湖酒店用品", credit_minor=100_000, terms_days=30)


def company(**changes) -> Company:
    made = Company()
    made.rows["customer", "LH"] = msgspec.structs.replace(LH, **changes)
    return made


def typed(id: str = "o1", minor: int = 60_000, **changes) -> NewOrder:
    known = {
        "order": id,
        "shop": "TM1",
        "receiver": msgspec.structs.replace(
            RECEIVER, phone=f"1390000000{id[-1]}", street=f"文三路{id[-1]}号1室"
        ),
        "region": REGION,
        "lines": (line(sku="LN-220", ext_sku="", unit_price_minor=32_000, qty=1),),
        "freight_minor": minor - 32_000,
        "customer": "LH",
        "is_on_account": True,
    }
    return NewOrder(**(known | changes))


def used(made: Company) -> int:
    return made.rows["account", "LH"].used_minor


def gate(made: Company, id: str = "o1"):
    return measures(made.order(id), made.facts(Recheck(order=id), actor()))["credit"]


def test_of_two_that_fit_only_one_by_one_the_first_goes_and_the_second_holds():
    made = company()
    made.must(typed("o1"))
    made.must(typed("o2"))

    assert (made.order("o1").status, made.order("o2").status) == (Status.RELEASED, Status.GATED)
    assert [hold.gate for hold in made.order("o2").holds] == ["credit"]
    assert made.order("o1").credited == Credited(customer="LH", amount_minor=60_000)
    assert used(made) == 60_000


def test_the_strip_says_what_is_used_of_what_and_what_this_order_takes():
    made = company(credit_minor=100_000_000)
    made.must(typed("o1", minor=96_000_000))
    made.must(typed("o2", minor=8_000_000))

    said = gate(made, "o2")

    assert (said.state, said.text.message) == (State.STOPS, "{used}/{credit}, this order {owed}")
    assert said.text.params == {
        name: rounded(minor, "CNY")
        for name, minor in (("used", 96_000_000), ("credit", 100_000_000), ("owed", 8_000_000))
    }


def test_a_payment_gives_it_back_and_wakes_who_waits_for_it():
    made = company()
    made.must(typed("o1"))
    made.must(typed("o2"))
    events = made.must(ReceivePayment(order="o1", amount_minor=60_000))

    waits = made.order("o2").snag("credit_hold").waits_for
    assert set(waits) & {word for event in events for word in event.wakes()}
    made.must(Recheck(order="o2"), Role.WORKER)
    assert made.order("o2").status is Status.RELEASED
    assert (made.order("o1").credited, used(made)) == (None, 60_000)


def test_what_was_shipped_and_not_paid_still_counts_until_it_is_paid():
    made = company()
    made.must(typed("o1"))
    ship_it(made)
    made.must(typed("o2"))
    assert made.order("o2").status is Status.GATED

    made.must(ReceivePayment(order="o1", amount_minor=60_000))
    made.must(Recheck(order="o2"), Role.WORKER)

    assert made.order("o2").status is Status.RELEASED


def test_an_order_called_off_and_restored_gives_its_part_back_and_takes_it_again():
    made = company()
    made.must(typed("o1"))
    made.must(Cancel(order="o1", reason="buyer"))
    assert used(made) == 0

    made.must(typed("o2"))
    made.must(Restore(order="o1"))

    assert made.order("o1").credited is None  # the other one was first this time
    assert used(made) == 60_000


def test_a_dearer_order_gives_back_what_it_had_when_it_no_longer_fits():
    made = company()
    made.must(typed("o1", minor=90_000))
    command = CorrectPrice(order="o1", line="1", unit_price_minor=43_000, reason="agreed")
    undo = inverse_of(command, made.facts(command, actor()))

    made.must(command)
    assert (made.order().credited, used(made), made.order().status) == (None, 0, Status.GATED)
    made.must(undo)
    assert (used(made), made.order().status) == (90_000, Status.RELEASED)


def test_a_lead_answers_for_it_and_what_they_let_go_counts_all_the_same():
    made = company()
    made.must(typed("o1"))
    made.must(typed("o2"))
    waive = Waive(
        order="o2",
        gate="credit",
        content_hash=made.order("o2").content_hash,
        reason="prepaid tomorrow",
        until=NOW + timedelta(hours=4),
    )
    assert made.refused(waive) == "not_allowed"

    made.must(waive, Role.LEAD)
    assert (made.order("o2").status, used(made)) == (Status.RELEASED, 120_000)

    made.now = NOW + timedelta(hours=5)
    made.must(Recheck(order="o2"), Role.WORKER)
    assert (made.order("o2").status, used(made)) == (Status.GATED, 60_000)


@pytest.mark.parametrize("change", [{"currency": "USD"}, {"active": False}])
def test_without_a_customer_in_use_who_pays_in_this_money_nobody_owes_anything(change):
    made = company()
    made.must(typed("o1"))
    made.rows["customer", "LH"] = msgspec.structs.replace(LH, **change)

    made.must(Recheck(order="o1"), Role.WORKER)

    assert (made.order().status, gate(made).state, used(made)) == (Status.GATED, State.STOPS, 0)


def test_a_credit_that_was_lowered_holds_the_order_that_is_looked_at_first():
    made = company()
    made.must(typed("o1"))
    made.must(SetCustomer(customer=msgspec.structs.replace(LH, credit_minor=50_000)), Role.LEAD)

    made.must(Recheck(order="o1"), Role.WORKER)

    assert made.order().status is Status.GATED


def test_a_desk_says_that_the_hub_decides_and_takes_nothing_itself():
    made = company()
    made.at_hub = False
    made.must(typed("o1"))

    assert gate(made).state is State.WAITS
    assert made.order().credited is None
    assert made.rows.get(("account", "LH")) is None


def test_who_pays_at_once_meets_no_such_gate():
    made = company()
    made.receive()

    assert "credit" not in measures(made.order(), made.facts(Recheck(order="o1"), actor()))


def test_a_gate_an_order_no_longer_meets_leaves_no_hold():
    made = company()
    made.must(typed("o1"))
    made.must(typed("o2"))
    made.rows["order", "o2"] = msgspec.structs.replace(made.order("o2"), terms_days=None, customer="")

    made.must(Recheck(order="o2"), Role.WORKER)

    assert [hold.gate for hold in made.order("o2").holds] == ["payment"]


@pytest.mark.parametrize(
    ("minor", "message", "params"),
    [
        (96_000_000, "{wan}0k", {"wan": 96}),
        (96_400_000, "{wan}{more}k", {"wan": 96, "more": 4}),
        (100_000_000, "{millions}M", {"millions": 1}),
        (96_440_000, "{amount}", {"amount": "¥964,400.00"}),
        (900_000, "{amount}", {"amount": "¥9,000.00"}),
    ],
)
def test_round_figures_are_short_and_others_exact(minor, message, params):
    assert (rounded(minor, "CNY").message, rounded(minor, "CNY").params) == (message, params)


def test_an_account_is_the_sum_of_what_its_orders_take():
    made = company()
    for number, minor in enumerate((40_000, 50_000, 20_000, 10_000)):
        made.must(typed(f"o{number}", minor=max(minor, 32_000)))

    taken = [made.order(f"o{number}").credited for number in range(4)]

    assert made.rows["account", "LH"] == Account(
        customer="LH", used_minor=sum(one.amount_minor for one in taken if one is not None)
    )
