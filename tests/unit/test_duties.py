"""Whose an exception is, how long it sleeps, when it goes before the lead."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import msgspec
import pytest
from builders import NOW, Company, actor, line, receive

from app.commands.amend import Amend
from app.commands.assign import Assign
from app.commands.claim import Claim
from app.commands.escalate import Escalate
from app.commands.give_back import GiveBack
from app.commands.recall import Recall
from app.commands.recheck import Recheck
from app.commands.snooze import Snooze
from app.commands.wake import Wake
from app.domain.clock import Stop
from app.domain.events import SnagEscalated
from app.domain.order import Snag
from app.domain.values import Role
from app.engine import inverse_of, wake_at
from app.snag_card import duty_of
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


def test_an_exception_opens_with_its_times_and_without_an_owner(company):
    found = snag(company)

    assert (found.goal_min, found.warn_at, found.due_at) == (28, NOW + 21 * MINUTE, NOW + 28 * MINUTE)
    assert (found.owner, found.claimed_at, found.may_stop) == ("", None, ("stock",))


# --- claim --------------------------------------------------------------------------------------------


def test_who_claims_first_has_it(company):
    company.must(Claim(**SHORT), LIN)

    assert (snag(company).owner, snag(company).claimed_at) == ("lin", NOW)
    assert company.refused(Claim(**SHORT), SHEN) == "claimed"
    assert company.refused(Claim(**SHORT), LIN) == "unchanged"


def test_what_was_handed_out_may_be_taken_by_another(company):
    company.must(Assign(**SHORT, to="lin"), Role.WORKER)

    company.must(Claim(**SHORT), SHEN)

    assert snag(company).owner == "shen"


def test_what_is_gone_cannot_be_claimed(company):
    assert company.refused(Claim(order="o1", kind="price_anomaly"), LIN) == "no_snag"
    assert company.refused(Claim(order="o9", kind="price_anomaly"), LIN) == "no_order"


def test_a_lead_takes_over_what_stands_before_the_lead(company):
    company.must(Claim(**SHORT), LIN)
    assert company.refused(Claim(**SHORT), ZHOU) == "claimed"
    company.now += 28 * MINUTE
    company.must(Recheck(order="o1"), Role.WORKER)

    company.must(Claim(**SHORT), ZHOU)

    assert snag(company).owner == "zhou"


def test_who_gives_it_back_is_not_asked_again(company):
    company.must(Claim(**SHORT), LIN)
    assert company.refused(GiveBack(**SHORT), SHEN) == "not_yours"

    company.must(GiveBack(**SHORT), LIN)

    assert (snag(company).owner, snag(company).claimed_at, snag(company).declined) == ("", None, ("lin",))


def test_an_owner_keeps_it_when_what_is_wrong_changes(company):
    company.must(Claim(**SHORT), LIN)
    due_at = snag(company).due_at
    company.now += MINUTE
    company.set_stock(2)

    company.must(Recheck(order="o1"), Role.WORKER)

    assert snag(company).text.params["count"] == 1
    assert (snag(company).owner, snag(company).due_at) == ("lin", due_at)


# --- sleep --------------------------------------------------------------------------------------------


def test_the_clock_stands_still_only_for_whom_its_type_may_wait(company):
    until = NOW + timedelta(hours=4)

    company.must(Snooze(**SHORT, until=until, wait="customer"), LIN)
    assert snag(company).stops == ()
    company.must(Wake(**SHORT), LIN)
    company.must(Snooze(**SHORT, until=until, wait="stock"), LIN)

    assert [(stop.wait, stop.since, stop.until) for stop in snag(company).stops] == [("stock", NOW, None)]


def test_it_comes_back_at_its_time_with_as_much_left_as_it_had(company):
    company.now += 10 * MINUTE
    until = company.now + timedelta(hours=4)
    company.must(Snooze(**SHORT, until=until, wait="stock"), LIN)
    assert wake_at(company.order(), company.facts(Recheck(order="o1"), LIN)) == until
    company.now = until

    company.must(Recheck(order="o1"), Role.WORKER)

    back = snag(company)
    assert (back.snooze, back.due_at, back.warn_at) == (None, until + 18 * MINUTE, until + 11 * MINUTE)
    assert [(stop.since, stop.until) for stop in back.stops] == [(NOW + 10 * MINUTE, until)]


def test_a_sleep_for_a_time_alone_lets_the_clock_run(company):
    company.must(Snooze(**SHORT, until=NOW + timedelta(hours=1)), LIN)
    company.now += timedelta(hours=1)

    company.must(Recheck(order="o1"), Role.WORKER)

    assert (snag(company).snooze, snag(company).stops, snag(company).due_at) == (None, (), NOW + 28 * MINUTE)
    assert snag(company).escalation.why == "late"


def test_stock_that_arrives_wakes_it_though_it_is_not_enough(company):
    company.must(Snooze(**SHORT, until=NOW + timedelta(days=2), wait="stock"), LIN)
    company.set_stock(2)

    company.must(Recheck(order="o1"), Role.WORKER)

    assert snag(company).snooze is None


def test_nothing_else_wakes_it(company):
    company.must(Snooze(**SHORT, until=NOW + timedelta(days=2), wait="stock"), LIN)

    company.must(Recheck(order="o1"), Role.WORKER)
    company.must(Amend(order="o1", priority=10), LIN)

    assert snag(company).snooze is not None


def test_news_from_the_channel_are_the_buyers_answer(company):
    company.must(Snooze(**SHORT, until=NOW + timedelta(days=2), wait="customer"), LIN)
    company.must(Amend(order="o1", priority=10), LIN)
    assert snag(company).snooze is not None, "what a colleague does is no answer"

    company.must(
        receive(ext_version="2", lines=(line(qty=3),), ship_by_at=NOW + timedelta(hours=30)), Role.CHANNEL
    )

    assert snag(company).snooze is None


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"until": NOW}, "past"),
        ({"until": NOW + timedelta(days=31)}, "too_long"),
        ({"wait": "weather"}, "no_wait"),
        ({"order": "o9"}, "no_order"),
        ({"kind": "ship_overdue"}, "no_snag"),
    ],
)
def test_a_senseless_sleep_is_refused(company, changes, code):
    command = Snooze(**({"until": NOW + MINUTE, **SHORT} | changes))

    assert company.refused(command, LIN) == code


def test_nobody_waits_for_stock_where_nothing_is_missing():
    company = Company()
    company.receive(receiver=msgspec.structs.replace(receive().receiver, note="蓝色"))

    asked = Snooze(order="o1", kind="note_request", until=NOW + MINUTE, wait="stock")

    assert company.refused(asked, LIN) == "no_wait"


def test_it_sleeps_once(company):
    assert company.refused(Wake(**SHORT), LIN) == "awake"
    company.must(Snooze(**SHORT, until=NOW + MINUTE), LIN)

    assert company.refused(Snooze(**SHORT, until=NOW + MINUTE), LIN) == "asleep"


# --- the lead -----------------------------------------------------------------------------------------


def test_what_is_over_goes_before_the_lead_and_stays_with_its_owner(company):
    company.must(Claim(**SHORT), LIN)
    company.now += 28 * MINUTE - timedelta(seconds=1)
    company.must(Recheck(order="o1"), Role.WORKER)
    assert snag(company).escalation is None
    assert wake_at(company.order(), company.facts(Recheck(order="o1"), LIN)) == NOW + 28 * MINUTE
    company.now = NOW + 28 * MINUTE

    company.must(Recheck(order="o1"), Role.WORKER)
    company.must(Recheck(order="o1"), Role.WORKER)

    assert (snag(company).escalation.why, snag(company).owner) == ("late", "lin")
    assert sum(isinstance(event, SnagEscalated) for event in company.journal) == 1


def test_a_desk_alone_does_not_say_that_time_is_over(company):
    company.now += 28 * MINUTE
    company.at_hub = False

    company.must(Claim(**SHORT), LIN)

    assert snag(company).escalation is None


def test_a_clerk_sends_it_to_the_lead_and_says_why(company):
    company.must(Claim(**SHORT), LIN)

    company.must(Escalate(**SHORT, reason="  the buyer\n calls every hour "), LIN)

    sent = snag(company).escalation
    assert (sent.why, sent.by, sent.reason) == ("asked", "lin", "the buyer calls every hour")
    assert snag(company).owner == ""
    assert company.refused(Escalate(**SHORT, reason="again"), LIN) == "with_lead"
    company.must(Claim(**SHORT), ZHOU)


def test_what_sleeps_wakes_up_for_the_lead(company):
    company.must(Snooze(**SHORT, until=NOW + timedelta(hours=4), wait="stock"), LIN)
    company.now += timedelta(hours=1)

    company.must(Escalate(**SHORT, reason="no"), LIN)

    assert snag(company).snooze is None
    assert snag(company).due_at == NOW + timedelta(hours=1) + 28 * MINUTE


def test_sending_to_the_lead_needs_words_and_ones_own_work(company):
    assert company.refused(Escalate(**SHORT, reason=" \n"), LIN) == "no_reason"
    assert company.refused(Escalate(**SHORT, reason="x" * 201), LIN) == "long_reason"
    company.must(Claim(**SHORT), SHEN)
    assert company.refused(Escalate(**SHORT, reason="no"), LIN) == "claimed"


def test_only_the_lead_or_who_sent_it_takes_it_from_the_lead(company):
    assert company.refused(Recall(**SHORT), LIN) == "not_with_lead"
    company.must(Escalate(**SHORT, reason="no"), LIN)
    assert company.refused(Recall(**SHORT), SHEN) == "not_yours"

    company.must(Recall(**SHORT), ZHOU)

    assert snag(company).escalation is None


# --- hand out -----------------------------------------------------------------------------------------


def test_handing_out_asks_whose_it_was(company):
    company.must(Assign(**SHORT, to="lin"), Role.WORKER)
    assert company.refused(Assign(**SHORT, to="shen"), Role.WORKER) == "moved"
    assert company.refused(Assign(**SHORT, to="lin", was="lin"), Role.WORKER) == "unchanged"

    company.must(Assign(**SHORT, to="shen", was="lin"), Role.WORKER)

    assert snag(company).owner == "shen"


def test_what_is_claimed_is_not_handed_out(company):
    company.must(Claim(**SHORT), LIN)

    assert company.refused(Assign(**SHORT, to="shen", was="lin"), Role.WORKER) == "claimed"


def test_with_nobody_on_shift_it_waits_before_the_lead_for_the_first_who_comes(company):
    company.must(Assign(**SHORT, to=""), Role.WORKER)
    assert snag(company).escalation.why == "nobody"
    assert company.refused(Assign(**SHORT, to=""), Role.WORKER) == "unchanged"

    company.must(Assign(**SHORT, to="lin"), Role.WORKER)

    assert (snag(company).owner, snag(company).escalation) == ("lin", None)


# --- the way back -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "command",
    [
        Claim(**SHORT),
        GiveBack(**SHORT),
        Escalate(**SHORT, reason="no"),
        Snooze(**SHORT, until=NOW + MINUTE, wait="customer"),
    ],
    ids=lambda command: type(command).__name__,
)
@pytest.mark.parametrize("begin", [None, Claim(**SHORT)], ids=["free", "claimed"])
def test_each_is_taken_back_exactly(company, command, begin):
    company.must(Assign(**SHORT, to="lin"), Role.WORKER)
    if begin is not None:
        company.must(begin, LIN)
        if command == begin:
            return
    before = snag(company)
    undo = inverse_of(command, company.facts(command, LIN))

    company.must(command, LIN)
    company.must(undo, LIN)

    kept = {"declined": before.declined}
    if isinstance(command, GiveBack):  # who takes it again has claimed it
        kept |= {"claimed_at": before.claimed_at}
    assert msgspec.structs.replace(snag(company), **kept) == before


def test_on_the_card_the_seconds_add_up_to_the_wall_clock():
    """Each part rounded by itself would lose some. Source: capabilities 5.5."""
    company = Company()
    company.receive()
    facts = company.facts(Recheck(order="o1"), actor())
    part = timedelta(seconds=1, microseconds=600_000)
    opened, parts = facts.now - 4 * part, [facts.now - n * part for n in (3, 2, 1)]
    stops = (Stop(wait="stock", since=parts[0], until=parts[1]), Stop(wait="customer", since=parts[2]))
    snag = Snag(kind="x", text=Text("x"), severity="bad", opened_at=opened, due_at=facts.now, stops=stops)
    row = SimpleNamespace(snag=SimpleNamespace(goal_s=60))

    duty = duty_of(row, snag, "TM1", facts, is_order=True)

    assert duty.worked_s + duty.rested_s + sum(span_s for _, span_s in duty.waited) == 6
