"""Whoever has a receiver shown in full is written down, with what for."""

from __future__ import annotations

import pytest

from app.command import Refusal
from app.commands.read_receiver import ReadReceiver
from app.domain.duty import REASON_MOST
from app.domain.events import ReceiverRead
from app.domain.values import Role
from tests.builders import Company


@pytest.fixture
def company() -> Company:
    company = Company()
    company.receive()
    return company


@pytest.mark.parametrize("role", [Role.CLERK, Role.REVIEWER, Role.LEAD])
def test_who_read_it_and_why_is_kept_and_the_order_stays_as_it_is(company, role):
    before = company.order()

    events = company.do(ReadReceiver(order="o1", reason=" to call the buyer "), role)

    assert events == [ReceiverRead(order="o1", reason="to call the buyer", by=events[0].by)]
    assert company.order() == before


def test_the_floor_reads_labels_and_nothing_else(company):
    assert refused(company, ReadReceiver(order="o1", reason="to call"), Role.WAREHOUSE) == "not_allowed"


@pytest.mark.parametrize(
    ("reason", "code"), [("", "no_reason"), ("  ", "no_reason"), ("x" * (REASON_MOST + 1), "long_reason")]
)
def test_without_a_reason_nothing_is_shown(company, reason, code):
    assert refused(company, ReadReceiver(order="o1", reason=reason)) == code


def test_an_order_nobody_knows_has_no_receiver(company):
    assert refused(company, ReadReceiver(order="o9", reason="to call")) == "no_order"


def refused(company: Company, command: ReadReceiver, role: Role = Role.CLERK) -> str:
    refusal = company.do(command, role)
    assert isinstance(refusal, Refusal)
    return refusal.code
