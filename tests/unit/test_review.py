"""Two different people, neither of them the maker, on exactly this content."""

from __future__ import annotations

import msgspec
import pytest

from app import engine
from app.commands.amend import Amend
from app.commands.match_sku import MatchSku
from app.commands.recheck import Recheck
from app.commands.reject_review import RejectReview
from app.commands.sign_off import SignOff
from app.domain import review
from app.domain.order import Status
from app.domain.rules import Rules
from app.domain.values import Role, ballot_key
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


def say_no(company: Company, reason: str = "price?") -> RejectReview:
    return RejectReview(order="o1", content_hash=company.order().content_hash, reason=reason)


def test_nothing_tells_a_yes_from_a_no_before_the_second_one_has_looked():
    passed, stopped = at_night(), at_night()

    said_yes = passed.must(sign(passed), ANNA)
    said_no = stopped.must(say_no(stopped), ANNA)

    assert passed.order() == stopped.order()
    assert [event.says() for event in said_yes] == [event.says() for event in said_no]
    assert {engine.SPECS[name].told_as or name for name in ("sign_off", "reject_review")} == {"sign_off"}


def test_two_who_say_no_send_it_back_and_void_every_name():
    company = at_night()

    company.must(say_no(company, "price?"), ANNA)
    after_one = company.order().rejection
    company.must(say_no(company, "street?"), BERT)

    held = company.order().holds[0]
    assert after_one is None
    assert (held.gate, held.state, held.text.params) == ("review", "stops", {"reason": "price? / street?"})
    assert company.order().signatures == ()


@pytest.mark.parametrize(("third", "leaves"), [("sign", True), ("say_no", False)])
def test_where_two_differ_a_third_one_decides(third, leaves):
    company = at_night()
    company.must(sign(company), ANNA)
    company.must(say_no(company), BERT)
    between = (company.order().status, company.order().signatures, company.order().rejection)

    company.must({"sign": sign, "say_no": say_no}[third](company), CARL)

    assert between == (Status.GATED, (), None)
    assert (company.order().status is Status.RELEASED) == leaves
    assert {one.user for one in company.order().signatures} == ({"anna", "carl"} if leaves else set())
    assert (company.order().rejection is None) == leaves


def test_who_said_something_of_this_content_is_asked_nothing_more():
    company = at_night()
    company.must(sign(company), ANNA)
    company.must(say_no(company), BERT)

    assert [company.refused(sign(company), who) for who in (ANNA, BERT)] == ["signed_already"] * 2


def test_a_change_and_its_undo_void_what_was_said_for_good():
    company = at_night()
    seen = company.order()
    company.must(sign(company), ANNA)
    company.must(Amend(order="o1", lines=(line(qty=5),)))
    company.must(Amend(order="o1", lines=BIG))
    late = SignOff(order="o1", content_hash=seen.content_hash, revision=seen.reviewed.revision)

    assert company.order().content_hash == seen.content_hash
    assert company.order().reviewed.people == ()
    assert company.refused(late, BERT) == "stale_content"
    company.must(sign(company), BERT)
    assert company.order().status is Status.GATED


def test_a_yes_within_two_seconds_is_written_down_and_does_not_count():
    company = at_night()
    fast = msgspec.structs.replace(sign(company), read_ms=1_900)

    company.must(fast, ANNA)
    company.must(fast, ANNA)
    unread = company.order().reviewed.people
    company.must(msgspec.structs.replace(fast, read_ms=2_000), ANNA)

    assert unread == ()
    assert company.order().reviewed.people == ("anna",)
    assert [vote.unread for vote in company.rows[ballot_key("o1")].votes] == [1, 2, 0]


def test_a_desk_says_that_somebody_looked_and_nothing_else():
    company = at_night()
    desk = company.twin()
    desk.at_hub = False

    desk.must(sign(desk), ANNA)

    assert (desk.order().reviewed.people, desk.order().signatures) == (("anna",), ())
    assert ballot_key("o1") not in desk.rows


def test_changed_content_answers_a_rejection():
    company = at_night()
    for person in (ANNA, BERT):
        company.must(say_no(company), person)

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
