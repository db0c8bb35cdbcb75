"""Reviewers disagree about an order."""

from __future__ import annotations

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


def test_a_no_that_stands_against_nobody_is_no_disagreement():
    company = Company(now=NIGHT)
    company.set_rules(review_above_minor=10_000)
    order = company.receive()

    company.must(
        RejectReview(order="o1", content_hash=order.content_hash, reason="price?"),
        actor(Role.REVIEWER, "an"),
    )

    assert [snag.kind for snag in company.order().snags] == ["sent_back"]


def test_who_takes_their_own_signature_back_disagrees_with_nobody():
    company = Company(now=NIGHT)
    company.set_rules(review_above_minor=10_000)
    order = company.receive()
    gu = actor(Role.REVIEWER, "gu")
    company.must(SignOff(order="o1", content_hash=order.content_hash), gu)

    company.must(RejectReview(order="o1", content_hash=order.content_hash, reason="price?"), gu)

    assert company.order().snag("review_split") is None


def test_an_order_nobody_sent_back_has_none():
    company = Company(now=NIGHT)
    company.set_rules(review_above_minor=10_000)

    assert company.receive().snag("review_split") is None


def test_it_says_what_the_reviewer_said():
    snag = sent_back().order().snag("review_split")

    assert snag.text.params == {"reason": "too many for one bed"}


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


def test_other_people_who_sign_let_it_go():
    company = sent_back()
    order = company.order()

    for name in ("gu", "bo"):
        sign = SignOff(order="o1", content_hash=order.content_hash)
        company.must(sign, actor(Role.REVIEWER, name))

    assert (company.order().snags, company.order().status) == ((), Status.RELEASED)


def test_it_is_held_and_let_go_again():
    company = sent_back()
    hold = repair(company, HOLD)
    undo = inverse_of(hold, company.facts(hold, actor()))

    company.must(hold)
    assert repair(company, HOLD) is None
    company.must(undo)

    assert company.order().pause is None
