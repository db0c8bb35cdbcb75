"""A merge that is undone brings the exceptions of its orders back as they were: whose, and how late."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app import engine
from app.commands.claim import Claim
from app.commands.merge import Merge
from app.commands.put_back import PutBack
from app.commands.snooze import Snooze
from app.domain.clock import Wait
from app.domain.values import Role
from tests.builders import Company, actor, line

MERGE = Merge(orders=("o1", "o2"), into="m")
SHORT = {"order": "o2", "kind": "short_stock"}
LIN = actor(Role.CLERK, "lin")


@pytest.fixture
def company() -> Company:
    """Two paid orders of one buyer; of the second there are far too few pieces."""
    company = Company()
    company.receive("o1")
    company.receive("o2", lines=(line(ext_sku="A-2", qty=900),))
    return company


def test_exceptions_come_back_with_their_owner_and_their_clock(company):
    company.must(Claim(**SHORT), LIN)
    company.must(Snooze(**SHORT, until=company.now + timedelta(hours=3), wait=Wait.STOCK), LIN)
    before = company.order("o2").snag("short_stock")
    undo = engine.inverse_of(MERGE, company.facts(MERGE, LIN))

    company.must(MERGE, LIN)
    assert company.order("o2").snags == ()
    company.now += timedelta(hours=1)
    company.must(undo, LIN)

    assert (before.owner, len(before.stops)) == ("lin", 1)
    assert company.order("o2").snag("short_stock") == before


def test_what_was_cured_meanwhile_does_not_come_back(company):
    company.must(MERGE)
    company.set_stock(2_000, "SF-001")

    company.must(PutBack(order="m"))

    assert company.order("o2").snag("short_stock") is None
