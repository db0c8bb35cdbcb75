"""Two different people, neither of them the maker, on exactly this content."""

from __future__ import annotations

import pytest

from app.commands.amend import Amend
from app.commands.match_sku import MatchSku
from app.commands.recheck import Recheck
from app.commands.reject_review import RejectReview
from app.commands.sign_off import SignOff
from app.domain import review
from app.domain.order import Status
from app.domain.rules import Rules
from app.domain.values import Role
from tests.builders import NIGHT, NOW, Company, actor, line, order

ANNA, BERT, CARL = (actor(Role.REVIEWER, name) for name in ("anna", "bert", "carl"))
BIG = (line(qty=4),)


def at_night() -> Company:
    company = Company(now=NIGHT)
    company.receive(lines=BIG)
    return company


def sign(company: Company) -> SignOff:
    return SignOff(order="o1", content_hash=company.order().content_hash)


def test_a_big_order_at_night_waits_for_two_signatures():
    company = at_night()

    assert (company.order().status, company.order().signatures_needed) == (Status.GATED, 2)
    assert [(hold.gate, hold.text.params) for hold in company.order().holds] == [
        ("review", {"signed": 0, "needed": 2})
    ]


def test_two_different_people_release_it():
    company = at_night()

    company.must(sign(company), ANNA)
    after_one = company.order().status
    company.must(sign(company), BERT)

    assert (after_one, company.order().status) == (Status.GATED, Status.RELEASED)


def test_nobody_signs_twice():
    company = at_night()
    company.must(sign(company), ANNA)

    assert company.refused(sign(company), ANNA) == "signed_already"


def test_whoever_changed_it_last_may_not_sign():
    company = at_night()
    lead = actor(Role.LEAD, "lead")
    company.must(Amend(order="o1", lines=(line(qty=5),)), lead)

    assert company.refused(sign(company), lead) == "own_work"
    assert company.refused(
        RejectReview(order="o1", content_hash=company.order().content_hash, reason="no"), lead
    ) == ("own_work")


def test_a_signature_for_other_content_is_refused():
    company = at_night()
    stale = sign(company)
    company.must(Amend(order="o1", lines=(line(qty=5),)))

    assert company.refused(stale, ANNA) == "stale_content"


def test_a_change_after_a_signature_voids_it():
    company = at_night()
    company.must(sign(company), ANNA)

    company.must(Amend(order="o1", lines=(line(qty=5),)))
    company.must(sign(company), ANNA)
    assert company.order().status is Status.GATED
    company.must(sign(company), BERT)

    assert company.order().status is Status.RELEASED


def test_a_third_signature_is_not_asked_for():
    company = at_night()
    for person in (ANNA, BERT):
        company.must(sign(company), person)

    assert company.refused(sign(company), CARL) == "not_asked"


def test_a_rejection_stops_the_order_and_drops_signatures():
    company = at_night()
    company.must(sign(company), ANNA)

    content = company.order().content_hash
    company.must(RejectReview(order="o1", content_hash=content, reason="price?"), BERT)

    held = company.order().holds[0]
    assert (held.gate, held.state, held.text.params) == ("review", "stops", {"reason": "price?"})
    assert company.order().signatures == ()


def test_changed_content_answers_a_rejection():
    company = at_night()
    content = company.order().content_hash
    company.must(RejectReview(order="o1", content_hash=content, reason="price?"), BERT)

    company.must(Amend(order="o1", lines=(line(qty=3, unit_price_minor=36_000),)))

    assert (company.order().rejection, company.order().holds[0].state) == (None, "waits")


def test_whoever_mapped_the_article_made_the_content():
    company = Company(now=NIGHT)
    company.receive(lines=(line(ext_sku="new", qty=4),))
    mapper = actor(Role.LEAD, "mapper")
    company.must(MatchSku(shop="TM1", ext_sku="new", sku="LN-220"), mapper)

    company.must(Recheck(order="o1"), Role.WORKER)

    assert company.order().maker == "mapper"
    assert company.refused(sign(company), mapper) == "own_work"


def test_a_small_order_or_daylight_needs_nobody():
    small, day = Company(now=NIGHT), Company(now=NOW)

    assert small.receive().signatures_needed == 0
    assert day.receive(lines=BIG).signatures_needed == 0


def test_signatures_once_asked_for_stay_asked_for_by_day():
    company = at_night()
    company.now = NOW.replace(day=14, hour=3)

    company.must(Recheck(order="o1"), Role.WORKER)

    assert company.order().signatures_needed == 2


@pytest.mark.parametrize(
    ("hour", "is_night"), [(12, False), (13, True), (22, True), (23, False)]
)  # UTC; the shop is 8 hours ahead
def test_the_night_is_the_shops_own(hour, is_night):
    assert review.is_night(NOW.replace(hour=hour, minute=0), "Asia/Shanghai", Rules()) is is_night


def test_the_kept_hash_is_the_hash_of_the_content():
    assert order().content_hash == review.content_hash(order())
    assert order(priority=9).content_hash == order().content_hash
    assert order(payable_minor=1).content_hash != order().content_hash
