"""Reviewers disagree about an order."""

from __future__ import annotations

import msgspec
import pytest

from app.commands.correct_price import CorrectPrice
from app.commands.recheck import Recheck
from app.commands.reject_review import RejectReview
from app.commands.sign_off import SignOff
from app.domain.order import Status
from app.domain.values import Role
from app.engine import inverse_of
from app.snags.review_split import KIND
from tests.builders import NIGHT, Company, actor

OTHERS, HOLD = KIND.repairs


def sent_back() -> Company:
    company = Company(now=NIGHT)
    company.set_rules(review_above_minor=10_000)
    order = company.receive()
    first = SignOff(order="o1", content_hash=order.content_hash)
    company.must(first, actor(Role.REVIEWER, "gu"))
    company.must(
        RejectReview(order="o1", content_hash=order.content_hash, reason="too many for one bed"),
        actor(Role.REVIEWER, "an"),
    )
    return company


def repair(company: Company, which):
    return which.build(company.order(), company.facts(Recheck(order="o1"), actor()))


@pytest.mark.parametrize("names", [("an",), ("an", "gu")])
def test_those_who_agree_leave_no_disagreement(names):
    company = Company(now=NIGHT)
    company.set_rules(review_above_minor=10_000)
    order = company.receive()

    for name in names:
        no = RejectReview(order="o1", content_hash=order.content_hash, reason="price?")
        company.must(no, actor(Role.REVIEWER, name))

    assert company.order().snag("review_split") is None


def test_an_order_nobody_sent_back_has_none():
    company = Company(now=NIGHT)
    company.set_rules(review_above_minor=10_000)

    assert company.receive().snag("review_split") is None


def test_it_names_neither_who_nor_why_before_a_third_one_has_looked():
    company = sent_back()

    assert company.order().snag("review_split").text.params == {"count": 2}
    assert "too many" not in str(msgspec.to_builtins(company.order()))


def test_new_content_ends_it():
    company = sent_back()

    company.must(CorrectPrice(order="o1", line="1", unit_price_minor=31_000, reason="agreed"))

    assert company.order().snag("review_split") is None


def test_letting_others_sign_closes_it_and_releases_nothing_by_itself():
    company = sent_back()
    answer = repair(company, OTHERS)
    undo = inverse_of(answer, company.facts(answer, actor()))

    company.must(answer)
    assert (company.order().snag("review_split"), company.order().status) == (None, Status.GATED)
    company.must(undo)

    assert company.order().snag("review_split") is not None


def test_a_third_person_who_signs_lets_it_go():
    company = sent_back()
    sign = SignOff(order="o1", content_hash=company.order().content_hash)

    company.must(sign, actor(Role.REVIEWER, "bo"))

    assert (company.order().snags, company.order().status) == ((), Status.RELEASED)


def test_it_is_held_and_let_go_again():
    company = sent_back()
    hold = repair(company, HOLD)
    undo = inverse_of(hold, company.facts(hold, actor()))

    company.must(hold)
    assert repair(company, HOLD) is None
    company.must(undo)

    assert company.order().pause is None
