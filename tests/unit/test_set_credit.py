"""Credit and terms of a business are changed with a reason, over what somebody saw, and one key back."""

from __future__ import annotations

import msgspec
import pytest
from settings_world import revisions, same, settled, taken_back

from app.commands.set_credit import SetCredit
from app.commands.set_customer import SetCustomer
from app.domain.company import Customer
from app.domain.revision import what
from app.domain.terms import kept_elsewhere
from app.domain.values import Role

LH = Customer(code="LH", title="临湖酒店用品", credit_minor=100_000, terms_days=30, rev=1)
RAISED = SetCredit(order="o1", customer="LH", rev=1, credit_minor=200_000, terms_days=45, reason="Wu agreed")


@pytest.fixture
def company():
    company = settled()
    company.receive()
    company.rows["customer", "LH"] = LH
    company.rows["customer", "OLD"] = msgspec.structs.replace(LH, code="OLD", active=False)
    return company


def test_a_lead_changes_both_and_the_history_says_why(company):
    event, *_ = company.must(RAISED, Role.LEAD)

    assert company.refs.customers["LH"] == msgspec.structs.replace(
        LH, credit_minor=200_000, terms_days=45, rev=2
    )
    (revision,) = revisions(company)
    assert what(revision).params["reason"] == "Wu agreed"
    assert "customer:LH" in event.wakes()


def test_a_clerk_needs_the_right_for_it(company):
    assert company.refused(RAISED, Role.CLERK) == "not_allowed"
    assert revisions(company) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"order": "o9"}, "no_order"),
        ({"customer": "XX"}, "no_customer"),
        ({"customer": "OLD"}, "no_customer"),
        ({"reason": " "}, "no_reason"),
        ({"reason": "x" * 201}, "no_reason"),
        ({"reason": "a\0b"}, "no_reason"),
        ({"credit_minor": -1}, "bad_credit"),
        ({"credit_minor": 10**13}, "bad_credit"),
        ({"terms_days": 366}, "bad_terms"),
        ({"rev": 0}, "stale_content"),
        ({"credit_minor": 100_000, "terms_days": 30}, "unchanged"),
    ],
)
def test_what_makes_no_sense_is_refused(company, changes, code):
    assert company.refused(msgspec.structs.replace(RAISED, **changes), Role.LEAD) == code
    assert revisions(company) == []


def test_it_is_taken_back_to_the_terms_of_before(company):
    taken_back(company, RAISED, "wu")

    assert same(company.refs.customers["LH"], LH)
    assert company.refs.customers["LH"].rev == 3


def test_credit_that_another_system_keeps_is_changed_there_alone(company):
    company.must(SetCustomer(customer=msgspec.structs.replace(LH, kept_by="erp")), Role.LEAD)
    raised = msgspec.structs.replace(RAISED, rev=2)
    kept = msgspec.structs.replace(company.refs.customers["LH"], credit_minor=5)

    assert company.refused(raised, Role.LEAD) == "kept_elsewhere"
    assert company.refused(SetCustomer(customer=kept), Role.LEAD) == "kept_elsewhere"
    assert kept_elsewhere(company.refs.customers["LH"], kept, "key:erp") is None
    assert kept_elsewhere(company.refs.customers["LH"], kept, "key:crm") == "erp"

    title = msgspec.structs.replace(company.refs.customers["LH"], title="Lakeside")
    company.must(SetCustomer(customer=title), Role.LEAD)
    free = msgspec.structs.replace(company.refs.customers["LH"], kept_by="", credit_minor=5)
    company.must(SetCustomer(customer=free), Role.LEAD)
    assert company.refs.customers["LH"].credit_minor == 5
