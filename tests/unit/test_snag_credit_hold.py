"""An order on account comes to more than its customer may owe for one."""

from __future__ import annotations

import msgspec

from app.commands.correct_price import CorrectPrice
from app.commands.new_order import NewOrder
from app.commands.receive_payment import ReceivePayment
from app.commands.recheck import Recheck
from app.commands.set_customer import SetCustomer
from app.domain.company import Customer
from app.domain.order import Status
from app.domain.values import Role
from app.engine import inverse_of
from app.snags.credit_hold import KIND
from tests.builders import RECEIVER, REGION, Company, actor, line

LH = Customer(code="LH", title="临湖酒店用品", credit_minor=100_000, terms_days=30)
AGAIN, HOLD = KIND.repairs


def on_account(price_minor: int = 32_000) -> Company:
    company = Company()
    company.rows["customer", "LH"] = LH
    typed = NewOrder(
        order="o1",
        shop="TM1",
        receiver=RECEIVER,
        region=REGION,
        lines=(line(sku="LN-220", qty=3, unit_price_minor=price_minor),),
        customer="LH",
        is_on_account=True,
    )
    company.must(typed)
    return company


def dearer() -> Company:
    company = on_account()
    company.must(CorrectPrice(order="o1", line="1", unit_price_minor=40_000, reason="agreed"))
    return company


def test_within_the_credit_nobody_is_asked():
    assert on_account().order().snag("credit_hold") is None


def test_an_order_that_became_dearer_than_its_credit_stops():
    order = dearer().order()

    assert order.snag("credit_hold").text.params == {"owed": "¥1,200.00", "credit": "¥1,000.00"}
    assert order.status is not Status.RELEASED


def test_a_payment_closes_it():
    company = dearer()

    company.must(ReceivePayment(order="o1", amount_minor=20_000))

    assert company.order().snag("credit_hold") is None


def test_a_higher_credit_wakes_it():
    company = dearer()
    snag = company.order().snag("credit_hold")
    higher = msgspec.structs.replace(LH, credit_minor=200_000)
    (event,) = company.must(SetCustomer(customer=higher), Role.LEAD)

    assert set(event.wakes()) & set(snag.waits_for)
    company.must(AGAIN.build(company.order(), company.facts(Recheck(order="o1"), actor())))
    assert company.order().snag("credit_hold") is None


def test_the_price_taken_back_closes_it_and_done_again_opens_it():
    company = on_account()
    command = CorrectPrice(order="o1", line="1", unit_price_minor=40_000, reason="agreed")
    undo = inverse_of(command, company.facts(command, actor()))

    company.must(command)
    company.must(undo)

    assert company.order().snag("credit_hold") is None


def test_it_is_held_and_let_go_again():
    company = dearer()
    hold = HOLD.build(company.order(), company.facts(Recheck(order="o1"), actor()))
    undo = inverse_of(hold, company.facts(hold, actor()))

    company.must(hold)
    assert HOLD.build(company.order(), company.facts(Recheck(order="o1"), actor())) is None
    company.must(undo)

    assert company.order().pause is None
