"""The credit guide: what is owed, what may be, why it stops; the suggestion is the least that lets it go."""

from __future__ import annotations

import msgspec
import pytest

from app.commands.receive_payment import ReceivePayment
from app.commands.recheck import Recheck
from app.commands.set_credit import SetCredit
from app.domain.values import Role
from app.form import Answers
from app.forms.credit import FORM
from app.guides import offered
from app.preview import preview
from app.snags.credit_hold import KIND
from tests.builders import Company, actor
from tests.form_situations import order_situations

CREDIT, TERMS, REASON = FORM.steps
LEAD = actor(Role.LEAD)


@pytest.fixture
def company() -> Company:
    """An order of ¥960.00 on account, of a business that may owe ¥500.00."""
    return order_situations()["credit"][0].company


def look(company: Company):
    return company.order(), company.facts(Recheck(order="o1"), LEAD)


def said(company: Company, answers: Answers) -> dict[str, tuple[str, str]]:
    order, facts = look(company)
    return {note.title: (note.text.message, note.mark) for note in FORM.notes(answers, order, facts)}


def test_the_exception_opens_it_and_the_sheet_for_whoever_has_the_right(company):
    order, facts = look(company)

    assert order.snag(KIND.code) is not None
    assert KIND.form == FORM.code
    assert FORM in offered(order, facts, lambda code: code in LEAD.grants)
    assert FORM not in offered(order, facts, lambda code: code in actor(Role.CLERK).grants)


def test_it_is_not_offered_for_an_order_of_no_business():
    company = Company()
    company.receive()
    order, facts = look(company)

    assert FORM not in offered(order, facts, lambda _code: True)


def test_it_begins_with_what_is_agreed(company):
    order, facts = look(company)

    assert FORM.start(order, facts) == {"credit": "50000", "terms": "30", "reason": ""}


def test_it_suggests_round_figures_that_let_the_order_go_and_fills_nothing_in(company):
    order, facts = look(company)
    answers = FORM.start(order, facts)
    advice = CREDIT.advice(answers, order, facts)

    assert advice is not None
    assert advice.answers == {"credit": "100000"}
    assert CREDIT.advice({**answers, **advice.answers}, order, facts) is None


def test_it_says_what_is_owed_and_what_the_figure_comes_to(company):
    order, facts = look(company)
    now = FORM.start(order, facts)

    assert said(company, now)["With this"] == ("It stays: the credit is too small.", "stops")
    assert said(company, {**now, "credit": "96000"})["With this"] == ("It may go.", "met")
    short = CREDIT.fields[0].check("50000", now, order, facts)
    assert short is not None
    assert (short.is_error, short.is_doubtful, short.text.params) == (False, True, {"amount": "¥460.00"})


def test_what_is_paid_already_needs_no_credit(company):
    company.must(ReceivePayment(order="o1", amount_minor=96_000))
    order, facts = look(company)

    assert CREDIT.advice(FORM.start(order, facts), order, facts) is None
    assert "With this" not in said(company, FORM.start(order, facts))


@pytest.mark.parametrize(
    ("field", "value", "is_error"),
    [
        (CREDIT.fields[0], "many", True),
        (CREDIT.fields[0], "9999999999999", True),
        (TERMS.fields[0], "31", True),
        (TERMS.fields[0], "0", False),
        (REASON.fields[0], " ", True),
        (REASON.fields[0], "x" * 201, True),
    ],
)
def test_each_answer_is_looked_at_as_it_is_typed(company, field, value, is_error):
    order, facts = look(company)
    verdict = field.check(value, FORM.start(order, facts), order, facts)

    assert verdict is not None
    assert verdict.is_error is is_error


def test_a_reason_alone_changes_nothing(company):
    order, facts = look(company)
    verdict = REASON.fields[0].check("agreed", FORM.start(order, facts), order, facts)

    assert verdict is not None
    assert verdict.is_error


def test_terms_that_are_not_usual_stay_on_the_list(company):
    customer = company.rows["customer", "LH"]
    company.rows["customer", "LH"] = msgspec.structs.replace(customer, terms_days=20)
    order, facts = look(company)

    assert [choice.value for choice in TERMS.fields[0].choices({}, order, facts)] == [
        "0", "7", "15", "20", "30", "45", "60", "90",
    ]  # fmt: skip


def test_the_preview_shows_credit_and_terms_before_and_after(company):
    order, _ = look(company)
    command = SetCredit(
        order="o1", customer="LH", rev=0, credit_minor=100_000, terms_days=45, reason="agreed"
    )
    shown = preview(command, order, company.facts(command, LEAD))

    assert [(row.label, row.before, row.after) for row in shown.rows] == [
        ("Credit", "¥500.00", "¥1,000.00"),
        ("Days to pay", "30", "45"),
    ]
    assert shown.cures == ("credit_hold",)
    assert shown.changed == 2


def test_once_it_is_published_the_order_goes_on_at_once(company):
    order, facts = look(company)
    answers = {**FORM.start(order, facts), "credit": "100000", "reason": "agreed"}
    company.must(FORM.build(order, answers, facts), LEAD)

    assert company.order().snag("credit_hold") is None
