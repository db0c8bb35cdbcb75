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
AGAIN, FIT, HOLD = KIND.repairs


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


def repair(company: Company, which, id: str = "o1"):
    return which.build(company.order(id), company.facts(Recheck(order=id), actor()))


def test_what_fits_the_credit_goes_now_and_the_rest_when_that_is_paid():
    company = dearer()  # three at 400.00, credit 1,000.00
    before = company.order()
    command = repair(company, FIT)

    company.must(command)

    first, rest = (company.order(part.id) for part in command.parts)
    assert [sum(ln.qty for ln in part.lines) for part in (first, rest)] == [2, 1]
    assert (first.status, first.payable_minor) == (Status.RELEASED, 80_000)
    assert rest.snag("credit_hold").text.params == {"owed": "¥1,200.00", "credit": "¥1,000.00"}
    assert first.payable_minor + rest.payable_minor == before.payable_minor
    events = company.must(ReceivePayment(order=first.id, amount_minor=80_000))
    woken = {word for event in events for word in event.wakes()}
    assert woken & set(rest.snag("credit_hold").waits_for)
    company.must(Recheck(order=rest.id), Role.WORKER)
    assert company.order(rest.id).status is Status.RELEASED


def test_the_split_is_taken_back():
    company = dearer()
    command = repair(company, FIT)
    undo = inverse_of(command, company.facts(command, actor()))

    company.must(command)
    company.must(undo)

    assert company.order().snag("credit_hold") is not None


def test_where_not_one_piece_fits_nothing_is_split():
    company = on_account()
    company.must(CorrectPrice(order="o1", line="1", unit_price_minor=150_000, reason="agreed"))

    assert company.order().snag("credit_hold") is not None
    assert repair(company, FIT) is None


def test_the_rest_does_not_offer_a_split_that_its_sister_has_used_up():
    company = dearer()
    command = repair(company, FIT)
    company.must(command)

    assert repair(company, FIT, command.parts[1].id) is None
