"""Noting a payment: what is refused, what the history says, and what the guide shows beforehand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app import engine
from app.command import Refusal
from app.commands.receive_payment import ReceivePayment
from app.domain.events import PaymentReceived
from app.domain.order import Status
from app.forms.receive_payment import FORM
from app.preview import preview
from tests.builders import NOW, Company, actor
from tests.form_situations import Situation, order_situations

DAY = date(2026, 6, 12)


@pytest.fixture
def company() -> Company:
    company = Company()
    company.receive(paid_minor=0)
    return company


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"amount_minor": 0}, "no_amount"),
        ({"amount_minor": -1}, "too_much"),
        ({"method": "shells"}, "no_method"),
        ({"paid_on": (NOW + timedelta(days=2)).date()}, "not_yet"),
    ],
)
def test_what_cannot_be_noted_is_refused(company: Company, changes, code):
    refused = company.do(ReceivePayment(**{"order": "o1", "amount_minor": 100, **changes}))

    assert isinstance(refused, Refusal)
    assert refused.code == code


def test_an_order_goes_on_with_its_money_and_undo_takes_it_back(company: Company):
    command = ReceivePayment(
        order="o1", amount_minor=company.order().payable_minor, method="cash", paid_on=DAY
    )
    undo = engine.inverse_of(command, company.facts(command, actor()))

    events = company.must(command)

    (noted,) = (event for event in events if isinstance(event, PaymentReceived))
    said = repr(noted.says())
    assert all(word in said for word in ("noted as paid", "Jun", "Cash"))
    assert company.order().status is Status.RELEASED

    (back, *_) = company.must(undo)
    assert "taken back" in repr(back.says())
    assert (company.order().paid_minor, company.order().status) == (0, Status.GATED)


def gates(situation: Situation, amount: int) -> str:
    order, facts = situation.look(FORM)
    effects = preview(ReceivePayment(order=order.id, amount_minor=amount), order, facts).effects
    return next(repr(effect.text) for effect in effects if effect.label == "Gates")


def test_it_shows_which_gates_open():
    for situation, gate in zip(order_situations()["receive_payment"], ("Payment", "Credit"), strict=True):
        whole = situation.company.order().payable_minor

        assert "opens" not in gates(situation, whole - 1)
        assert "opens" in gates(situation, whole)
        assert gate in gates(situation, whole)


def test_what_is_owed_is_suggested_once():
    unpaid, _ = order_situations()["receive_payment"]
    order, facts = unpaid.look(FORM)
    advice = FORM.steps[0].advice({}, order, facts)

    assert advice.answers == {"amount": str(order.payable_minor)}
    assert FORM.steps[0].advice(advice.answers, order, facts) is None
