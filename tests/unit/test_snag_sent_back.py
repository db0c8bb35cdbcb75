"""Reviewers sent an order back."""

from __future__ import annotations

from app.commands.correct_price import CorrectPrice
from app.commands.recheck import Recheck
from app.commands.reject_review import RejectReview
from app.commands.sign_off import SignOff
from app.domain.order import Status
from app.domain.values import Role
from app.engine import inverse_of
from app.snags.sent_back import KIND
from tests.builders import NIGHT, Company, actor

OTHERS, HOLD = KIND.repairs


def sent_back() -> Company:
    company = Company(now=NIGHT)
    company.set_rules(review_above_minor=10_000)
    order = company.receive()
    no = RejectReview(order="o1", content_hash=order.content_hash, reason="too many for one bed")
    for name in ("an", "ce"):
        company.must(no, actor(Role.REVIEWER, name))
    return company


def repair(company: Company, which):
    return which.build(company.order(), company.facts(Recheck(order="o1"), actor()))


def test_it_says_what_the_reviewer_said_and_new_content_ends_it():
    company = sent_back()
    assert company.order().snag("sent_back").text.params == {"reason": "too many for one bed"}

    company.must(CorrectPrice(order="o1", line="1", unit_price_minor=31_000, reason="agreed"))

    assert company.order().snag("sent_back") is None


def test_others_may_sign_it_as_it_is_and_that_is_taken_back():
    company = sent_back()
    answer = repair(company, OTHERS)
    undo = inverse_of(answer, company.facts(answer, actor()))

    company.must(answer)
    assert (company.order().snag("sent_back"), company.order().status) == (None, Status.GATED)
    company.must(undo)

    assert company.order().snag("sent_back") is not None


def test_two_others_who_sign_let_it_go():
    company = sent_back()
    order = company.order()

    for name in ("gu", "bo"):
        company.must(SignOff(order="o1", content_hash=order.content_hash), actor(Role.REVIEWER, name))

    assert (company.order().snags, company.order().status) == ((), Status.RELEASED)


def test_it_is_held_and_let_go_again():
    company = sent_back()
    hold = repair(company, HOLD)
    undo = inverse_of(hold, company.facts(hold, actor()))

    company.must(hold)
    assert repair(company, HOLD) is None
    company.must(undo)

    assert company.order().pause is None
