"""A part of the money is here, and the balance is not."""

from __future__ import annotations

from datetime import timedelta

from app.commands.receive_payment import ReceivePayment
from app.commands.recheck import Recheck
from app.domain.order import Status
from app.domain.values import Role
from app.engine import inverse_of, wake_at
from app.snags.part_paid import KIND
from tests.builders import NOW, Company, actor, line

AGAIN, PART, CANCEL = KIND.repairs


def half_paid() -> Company:
    company = Company()
    company.receive(paid_minor=12_000, ordered_at=NOW)
    return company


def asked() -> Company:
    company = half_paid()
    company.now = NOW + timedelta(minutes=30)
    company.must(Recheck(order="o1"), Role.WORKER)
    return company


def test_the_balance_is_waited_for_before_anybody_is_asked():
    company = half_paid()

    assert company.order().snags == ()
    facts = company.facts(Recheck(order="o1"), actor())
    assert wake_at(company.order(), facts) == NOW + timedelta(minutes=30)


def test_it_says_what_is_here_and_what_is_due():
    snag = asked().order().snag("part_paid")

    assert snag.text.params == {"paid": "¥120.00", "payable": "¥320.00"}


def test_the_balance_closes_it_and_lets_the_order_go():
    company = asked()

    company.must(ReceivePayment(order="o1", amount_minor=20_000))

    assert (company.order().snags, company.order().status) == ((), Status.RELEASED)


def test_it_is_called_off_and_comes_back():
    company = asked()
    cancel = CANCEL.build(company.order(), company.facts(Recheck(order="o1"), actor()))
    undo = inverse_of(cancel, company.facts(cancel, actor()))

    company.must(cancel)
    assert company.order().status is Status.CANCELLED
    company.must(undo)

    assert company.order().snag("part_paid") is not None


def test_what_is_paid_goes_and_the_rest_waits_for_its_money():
    company = Company()
    company.receive(paid_minor=70_000, ordered_at=NOW, lines=(line(qty=3),))
    company.now = NOW + timedelta(minutes=30)
    company.must(Recheck(order="o1"), Role.WORKER)
    part = PART.build(company.order(), company.facts(Recheck(order="o1"), actor()))
    undo = inverse_of(part, company.facts(part, actor()))

    company.must(part)

    paid, rest = (company.order(made) for made in company.order().replaced_by)
    assert (paid.lines[0].qty, paid.status, paid.received_money_minor) == (2, Status.RELEASED, 64_000)
    assert (rest.lines[0].qty, rest.is_paid, rest.received_money_minor) == (1, False, 6_000)
    company.must(undo)
    assert company.order().snag("part_paid") is not None


def test_money_that_pays_for_no_article_splits_nothing():
    company = asked()

    assert PART.build(company.order(), company.facts(Recheck(order="o1"), actor())) is None
