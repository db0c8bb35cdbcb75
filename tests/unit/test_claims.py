"""Who has claimed an exception keeps others from it; deliveries and refused commands are claimed alike."""

from __future__ import annotations

from datetime import timedelta

import pytest
from builders import NOW, Company, actor, line

from app import engine
from app.commands.amend import Amend
from app.commands.cancel import Cancel
from app.commands.claim import Claim
from app.commands.escalate import Escalate
from app.commands.let_go import LetGo
from app.commands.open_case import OpenCase
from app.commands.recheck import Recheck
from app.commands.snooze import Snooze
from app.domain.scopes import scope_of
from app.domain.values import Role
from app.duties import next_of_case
from app.engine import inverse_of
from app.text import Text

LIN, SHEN = actor(user="lin"), actor(Role.TRAINER, "shen")
ZHOU = actor(Role.LEAD, "zhou")
SHORT = {"order": "o1", "kind": "short_stock"}
MINUTE = timedelta(minutes=1)


@pytest.fixture
def company():
    company = Company()
    company.set_stock(1)
    company.receive(lines=(line(qty=3),))
    return company


def snag(company):
    return company.order().snag("short_stock")


# --- who has it keeps others from it ------------------------------------------------------------------


def test_work_on_what_somebody_has_is_refused_and_says_who(company):
    company.must(Claim(**SHORT), LIN)

    refused = company.do(fewer(1), SHEN)

    assert (refused.code, refused.text.params) == ("taken", {"who": "lin"})
    assert company.order().lines[0].qty == 3
    company.must(fewer(1), LIN)
    assert snag(company) is None


def test_what_is_given_for_it_is_refused_although_it_would_not_end_it(company):
    company.must(Claim(**SHORT), LIN)

    facts = company.facts(fewer(4), SHEN)
    facts.because = "short_stock"
    assert engine.apply(fewer(4), facts).code == "taken"
    assert facts.changed == {}


def test_a_buyer_may_cancel_whoever_works_on_it(company):
    company.must(Claim(**SHORT), LIN)

    company.must(Cancel(order="o1", reason="the buyer called"), SHEN)

    assert company.order().snags == ()


def test_the_world_ends_it_whoever_has_it(company):
    company.must(Claim(**SHORT), LIN)
    company.set_stock(9)

    company.must(Recheck(order="o1"), Role.WORKER)

    assert snag(company) is None


def test_a_claim_lapses_and_then_others_may_work_on_it(company):
    company.must(Claim(**SHORT), LIN)
    company.now += timedelta(hours=4) - timedelta(seconds=1)
    assert company.refused(Claim(**SHORT), SHEN) == "claimed"
    assert company.refused(fewer(1), SHEN) == "taken"

    company.now += timedelta(seconds=1)

    company.must(Claim(**SHORT), SHEN)
    assert company.refused(fewer(1), LIN) == "taken"


def test_a_lead_works_on_what_stands_before_the_lead(company):
    company.must(Claim(**SHORT), LIN)
    assert company.refused(fewer(1), ZHOU) == "taken"
    company.now += 28 * MINUTE
    company.must(Recheck(order="o1"), Role.WORKER)

    company.must(fewer(1), ZHOU)

    assert snag(company) is None


def test_what_somebody_has_is_not_put_off_by_others(company):
    company.must(Claim(**SHORT), LIN)

    assert company.refused(Snooze(**SHORT, until=NOW + timedelta(hours=1)), SHEN) == "claimed"


def fewer(qty):
    """Sell so many pieces instead."""
    return Amend(order="o1", lines=(line(qty=qty),))


# --- deliveries and commands --------------------------------------------------------------------------


RAW = {"case": "TM1/7", "kind": "unreadable_order"}
MINE = {"case": "pc-1/3", "kind": "refused_command"}


@pytest.fixture
def cases(company):
    company.must(
        OpenCase(case="TM1/7", kind="unreadable_order", subject_id="r7", text=Text("no amount")), Role.WORKER
    )
    company.must(
        OpenCase(case="pc-1/3", kind="refused_command", subject_id="c3", text=Text("no"), owner="lin"),
        Role.WORKER,
    )
    return company


def case(company, id="TM1/7"):
    return company.rows["snag", id]


def test_a_delivery_is_claimed_by_one_and_set_aside_by_nobody_else(cases):
    cases.must(Claim(**RAW), LIN)

    assert (case(cases).snag.owner, case(cases).snag.claimed_at) == ("lin", NOW)
    assert cases.refused(Claim(**RAW), SHEN) == "claimed"
    assert cases.refused(LetGo(case="TM1/7"), SHEN) == "taken"
    cases.must(LetGo(case="TM1/7"), LIN)
    assert cases.refused(Claim(**RAW), SHEN) == "no_snag"


def test_what_is_done_to_a_case_is_taken_back_exactly(cases):
    for command in (
        Claim(**RAW),
        Snooze(**RAW, until=NOW + timedelta(hours=1)),
        Escalate(**RAW, reason="the columns moved"),
    ):
        before = case(cases)
        back = inverse_of(command, cases.facts(command, LIN))
        cases.must(command, LIN)
        assert case(cases) != before
        cases.must(back, LIN)
        assert case(cases) == before


def test_a_case_sleeps_until_its_time(cases):
    until = NOW + timedelta(minutes=5)
    cases.must(Snooze(**RAW, until=until), LIN)
    assert next_of_case(case(cases), NOW) == until

    cases.now = until
    cases.must(Recheck(case="TM1/7"), Role.WORKER)

    assert case(cases).snag.snooze is None
    assert next_of_case(case(cases), cases.now) == NOW + 28 * MINUTE


def test_a_delivery_nobody_saw_to_goes_before_the_lead_but_not_what_is_ones_own(cases):
    cases.now += 28 * MINUTE

    cases.must(Recheck(case="TM1/7"), Role.WORKER)
    cases.must(Recheck(case="pc-1/3"), Role.WORKER)

    assert case(cases).snag.escalation.why == "late"
    assert case(cases, "pc-1/3").snag.escalation is None
    assert next_of_case(case(cases, "pc-1/3"), NOW) is None


def test_a_refused_change_goes_to_the_lead_who_then_may_see_it(cases):
    assert scope_of("snag", case(cases, "pc-1/3")) == "user:lin"

    cases.must(Escalate(**MINE, reason="I do not understand it"), LIN)

    assert scope_of("snag", case(cases, "pc-1/3")) == "office"
    cases.must(Claim(**MINE), ZHOU)
    assert cases.refused(LetGo(case="pc-1/3"), LIN) == "taken"
