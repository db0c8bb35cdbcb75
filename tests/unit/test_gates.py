"""What keeps an order back says what clears it, and what it says fits the cause."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from builders import RECEIVER, REGION, SHOPS, Company, facts, line, order, stock

from app.commands.new_order import NewOrder
from app.commands.receive_payment import ReceivePayment
from app.commands.recheck import Recheck
from app.commands.set_customer import SetCustomer
from app.commands.settle import Settle
from app.commands.watch_buyer import WatchBuyer
from app.domain.company import Customer
from app.domain.order import ChannelState, Status
from app.domain.values import Role
from app.engine import GATES
from app.gate import State

UNPAID = {"paid_minor": 0}
SHOP = msgspec.structs.replace(SHOPS["TM1"], merge_wait_min=10)


def measured(gate, known, *rows, **world):
    return GATES[gate].measure(known, facts(known, *rows, **world))


@pytest.mark.parametrize(
    ("known", "rows", "text", "clears"),
    [
        (
            order(),
            (stock(on_hand=10),),
            "Available, to be confirmed by the hub",
            "when the hub answers",
        ),
        (order(), (stock(on_hand=0),), "{short} of {pieces} short", "as soon as stock is free"),
        (order(**UNPAID), (stock(on_hand=10),), "Payment first", "when the money is here"),
    ],
)
def test_stock_says_what_it_waits_for_and_not_always_stock(known, rows, text, clears):
    measure = measured("stock", known, *rows)

    assert measure.state is not State.MET
    assert measure.text.message == text
    assert clears in measure.clears


def test_money_that_is_awaited_comes_by_itself_and_what_the_channel_stopped_does_not():
    waits = measured("payment", order(**UNPAID))
    stopped = measured("payment", order(channel_state=ChannelState.UNKNOWN))

    assert waits.clears == "It goes on by itself when the money is here."
    assert stopped.clears == "Look the order up there, then cancel it here or wait for the next news."


def held(company: Company, order: str = "o1") -> dict[str, str]:
    return {hold.gate: hold.text.message for hold in company.order(order).holds}


def test_a_listed_buyer_stops_at_a_gate_of_their_own_until_a_lead_lets_the_order_go():
    company = Company()
    company.receive()
    company.must(WatchBuyer(order="o1", what="refused", reason="three parcels"), Role.LEAD)
    company.receive("o2", ext_id="e2")

    assert "risk" in held(company, "o2")
    assert GATES["risk"].owner is Role.LEAD
    snag = company.order("o2").snag("fraud_risk")
    company.must(Settle(order="o2", kind="fraud_risk", digest=snag.digest), Role.LEAD)
    assert "risk" not in held(company, "o2")


def test_an_order_that_waits_for_another_one_says_until_when():
    company = Company(shops={**SHOPS, "TM1": SHOP})
    company.receive(paid_minor=0)
    company.receive("o2", ext_id="e2", lines=(line(qty=2),))

    assert held(company, "o2") == {"window": "Waits for another order until {time}"}
    company.now += timedelta(minutes=10)
    company.must(Recheck(order="o2"), Role.WORKER)
    assert (held(company, "o2"), company.order("o2").status) == ({}, Status.RELEASED)


def owing(**changes) -> Company:
    """A business with room for an order on account."""
    company = Company()
    known = Customer(code="LH", title="Hotel", credit_minor=10_000_000, terms_days=30)
    company.rows["customer", "LH"] = msgspec.structs.replace(known, **changes)
    return company


def sell(company: Company, order: str) -> None:
    typed = NewOrder(
        order=order, shop="TM1", receiver=RECEIVER, region=REGION, lines=(line(sku="LN-220", ext_sku=""),),
        customer="LH", is_on_account=True,
    )  # fmt: skip
    company.must(typed)


def test_who_was_reminded_too_often_gets_nothing_more_on_account_and_keeps_what_was_agreed():
    company = owing(dunning=2)
    sell(company, "o1")
    assert company.order("o1").status is Status.RELEASED
    customer = company.refs.customers["LH"]
    company.must(SetCustomer(customer=msgspec.structs.replace(customer, dunning=3)), Role.LEAD)
    company.must(Recheck(order="o1"), Role.WORKER)
    sell(company, "o2")

    assert company.order("o1").status is Status.RELEASED
    assert held(company, "o2")["credit"] == "Reminded {level} times, nothing more on account"
    assert company.order("o2").snag("credit_hold") is not None

    customer = company.refs.customers["LH"]
    company.must(SetCustomer(customer=msgspec.structs.replace(customer, dunning=1)), Role.LEAD)
    company.must(Recheck(order="o2"), Role.WORKER)
    assert "credit" not in held(company, "o2")


def test_what_is_paid_needs_no_credit_however_often_the_customer_was_reminded():
    company = owing(dunning=9)
    sell(company, "o1")
    payable = company.order("o1").payable_minor

    company.must(ReceivePayment(order="o1", amount_minor=payable))

    assert "credit" not in held(company)
