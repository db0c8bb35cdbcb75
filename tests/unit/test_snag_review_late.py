"""Nobody reviewed an order in time."""

from __future__ import annotations

from datetime import timedelta

from app.commands.recheck import Recheck
from app.commands.sign_off import SignOff
from app.domain.order import Status
from app.domain.values import Role
from app.engine import inverse_of, wake_at
from app.snags.review_late import KIND
from tests.builders import NIGHT, Company, actor

WAIT, HOLD = KIND.repairs


def waiting(limit_min: int = 30) -> Company:
    company = Company(now=NIGHT)
    company.set_rules(review_above_minor=10_000, review_limit_min=limit_min)
    company.receive()
    return company


def left_alone() -> Company:
    company = waiting()
    company.now += timedelta(minutes=30)
    company.must(Recheck(order="o1"), Role.WORKER)
    return company


def repair(company: Company, which):
    return which.build(company.order(), company.facts(Recheck(order="o1"), actor()))


def test_it_is_looked_at_again_when_the_time_is_over_and_not_before():
    company = waiting()
    facts = company.facts(Recheck(order="o1"), actor())

    assert company.order().snag("review_late") is None
    assert wake_at(company.order(), facts) == NIGHT + timedelta(minutes=30)


def test_a_lead_hears_of_it_and_it_goes_nowhere():
    company = left_alone()

    snag = company.order().snag("review_late")
    assert (snag.text.params, KIND.group) == ({"minutes": 30}, "lead")
    assert (company.order().status, company.order().signatures_needed) == (Status.GATED, 2)


def test_without_a_limit_it_waits_in_silence():
    company = waiting(limit_min=0)
    company.now += timedelta(hours=3)

    company.must(Recheck(order="o1"), Role.WORKER)

    assert (company.order().snags, company.order().status) == ((), Status.GATED)


def test_two_who_come_after_all_end_it():
    company = left_alone()
    sign = SignOff(order="o1", content_hash=company.order().content_hash)

    for name in ("gu", "bo"):
        company.must(sign, actor(Role.REVIEWER, name))

    assert (company.order().snags, company.order().status) == ((), Status.RELEASED)


def test_both_answers_are_taken_back():
    for which in (WAIT, HOLD):
        company = left_alone()
        answer = repair(company, which)
        undo = inverse_of(answer, company.facts(answer, actor()))

        company.must(answer)
        changed = company.order()
        company.must(undo)

        assert (changed.snag("review_late") is None, changed.pause is not None) in (
            (True, False),
            (False, True),
        )
        assert (company.order().pause, company.order().snag("review_late") is None) == (None, False)
