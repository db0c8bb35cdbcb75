"""Where people's time went, at the hub: it is what the raw journal says, the report prints the same."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from builders import NOW, line
from hub_world import FEED, Asker, HubWorld, bought
from sqlalchemy import select

from app.boot import report
from app.commands.cancel import Cancel
from app.commands.claim import Claim
from app.commands.note_attempt import NoteAttempt
from app.commands.note_focus import NoteFocus
from app.commands.set_shift import SetShift
from app.domain.company import GRANTS, Shift, User
from app.domain.focus import SPANS_MOST, Span
from app.domain.values import Role
from app.training.course import course
from app.trouble import Trouble
from sync.hub.figures import Books
from sync.hub.tokens import Session
from sync.tables import event

ONE_KIND = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SHORT = "short_stock"
IN_HOUSE = {"Received", "To check", "At the gates", "Released", "Picking", "Packed"}


def session(role: Role) -> Session:
    user = User(code=role.value, title=role.value, role=role)
    return Session("login", user, "pc", "replica", GRANTS[role], NOW + timedelta(days=1))


def raw_seconds(hub: HubWorld, since: datetime, until: datetime) -> float:
    """Add up the lives of orders from the bodies of the journal, by nothing but what stands there."""
    lives = defaultdict(list)
    with hub.engine.connect() as db:
        for row in db.execute(select(event.c.order_id, event.c.body).order_by(event.c.seq, event.c.i)):
            entry = json.loads(row.body)
            at = datetime.fromisoformat(entry["at"])
            moves = [text["params"] for text in entry["texts"] if text["message"].startswith("{before} →")]
            lives[row.order_id] += [(at, None)] + [(at, one["after"]["message"]) for one in moves]
    whole = 0.0
    for life in lives.values():
        begin = life[0][0]
        end = next((at for at, after in life if after is not None and after not in IN_HOUSE), until)
        whole += max(0.0, (min(end, until) - max(begin, since)).total_seconds())
    return whole


def work(hub: HubWorld) -> Asker:
    """Three orders nobody touches, two that are short: claimed, looked at, and called off."""
    orders = ("o1", "o2")
    hub.channel.must(*(bought(f"n{n}") for n in range(3)))
    hub.clock.move(minutes=11)
    hub.channel.must(*(bought(order, lines=(line(qty=999),)) for order in orders))
    hub.clock.move(minutes=30)
    clerk = hub.desk(Role.CLERK)
    for order in orders:
        clerk.must(Claim(order=order, kind=SHORT))
        since = hub.clock()
        hub.clock.move(seconds=100)
        clerk.must(
            NoteFocus(spans=(Span(subject=order, kind=SHORT, since=since, until=hub.clock(), touch_s=80),)),
            Cancel(order=order, reason="nothing comes"),
        )
    return clerk


@ONE_KIND
def test_the_parts_are_what_the_raw_journal_says_and_the_report_prints_them(hub: HubWorld):
    work(hub)
    books = Books(hub.engine, FEED, hub.clock)

    told = books.people_time(7, session(Role.LEAD))

    raw = raw_seconds(hub, told.since, hub.clock())
    flow = [one for one in told.stages if not one.is_repair]
    assert raw > 0
    assert told.logged_s == pytest.approx(raw, rel=0.01)
    assert told.split_s == pytest.approx(raw, rel=0.01)
    assert sum(one.touch_s + one.wait_s + one.rework_s for one in flow) == pytest.approx(raw, rel=0.01)
    (short,) = [one for one in told.stages if one.stage == SHORT]
    assert (short.n, short.touch_s, short.is_repair) == (2, 160, True)
    assert (told.focus_s, told.placed_s) == (160, 160)
    (printed,) = report.read(str(hub.engine.url), None, None, ZoneInfo(told.zone))
    assert (printed.people_time.stages, printed.people_time.shifts) == (told.stages, told.shifts)


@ONE_KIND
def test_a_clerk_reads_themselves_and_few_are_not_named(hub: HubWorld):
    work(hub)
    books = Books(hub.engine, FEED, hub.clock)

    own, lead = (books.people_time(7, session(role)) for role in (Role.CLERK, Role.LEAD))

    assert ({one.of for one in own.persons}, own.is_own, own.shifts) == ({"clerk"}, True, ())
    assert (lead.people, lead.persons, lead.is_own) == (1, (), False)
    assert [one.each_s for one in own.persons if one.stage == SHORT] == [80]
    assert lead.stages == own.stages


def test_what_a_desk_says_twice_counts_once_and_nobody_works_for_another(hub: HubWorld):
    hub.channel.must(bought("o1", lines=(line(qty=999),)))
    since = hub.clock()
    hub.clock.move(seconds=90)
    stay = Span(subject="o1", kind=SHORT, since=since, until=hub.clock(), touch_s=60)
    hub.desk(Role.CLERK).must(NoteFocus(spans=(stay, stay)), NoteFocus(spans=(stay,)))
    hub.desk(Role.TRAINER).must(NoteFocus(spans=(stay,)))

    told = Books(hub.engine, FEED, hub.clock).people_time(7, session(Role.LEAD))

    (short,) = [one for one in told.stages if one.stage == SHORT]
    assert (short.touch_s, told.focus_s) == (90, 120), "of two at once no more than the time there was"
    assert hub.verify().findings == ()


@ONE_KIND
@pytest.mark.parametrize(
    "changes",
    [
        {"subject": ""},
        {"subject": "x" * 200},
        {"kind": "x" * 200},
        {"touch_s": 0},
        {"touch_s": 200},
        {"since": NOW - timedelta(days=1)},
        {"until": NOW + timedelta(hours=1)},
    ],
)
def test_times_that_cannot_be_are_refused(hub: HubWorld, changes: dict[str, object]):
    one = {"subject": "o1", "since": NOW - timedelta(seconds=90), "until": NOW, "touch_s": 60} | changes

    answer = hub.desk(Role.CLERK).ask(NoteFocus(spans=(Span(**one),)))

    assert answer.status == "refused"


@ONE_KIND
def test_no_more_stays_than_one_batch_holds(hub: HubWorld):
    one = Span(subject="o1", since=NOW - timedelta(seconds=90), until=NOW, touch_s=60)
    desk = hub.desk(Role.CLERK)

    assert desk.ask(NoteFocus(spans=())).status == "refused"
    assert desk.ask(NoteFocus(spans=(one,) * (SPANS_MOST + 1))).status == "refused"
    assert desk.ask(NoteFocus(spans=(one,) * SPANS_MOST)).status == "applied"


@ONE_KIND
def test_who_passed_the_lesson_of_a_stage_is_beside_themselves_before_it(hub: HubWorld):
    lesson = next(one for one in course() if SHORT in one.teaches)
    known = {"user": "clerk", "lesson": lesson.code, "lesson_version": lesson.version, "passed": True}
    clerk = work(hub)
    clerk.must(NoteAttempt(id="a1", **known, mode="watch", seconds=9))
    books = Books(hub.engine, FEED, hub.clock)
    watched = books.people_time(7, session(Role.CLERK)).practice
    hub.clock.move(minutes=5)
    passed_at = hub.clock()
    clerk.must(NoteAttempt(id="a2", **known, mode="exam", seconds=90))
    hub.clock.move(minutes=5)
    hub.channel.must(*(bought(order, lines=(line(qty=999),)) for order in ("o3", "o4")))
    for order in ("o3", "o4"):
        clerk.must(Claim(order=order, kind=SHORT))
        hub.clock.move(seconds=20)
        clerk.must(Cancel(order=order, reason="nothing comes"))

    (told,) = books.people_time(7, session(Role.CLERK)).practice

    assert watched == (), "to watch it is not to pass it"
    assert (told.person, told.stage, told.passed_at) == ("clerk", SHORT, passed_at)
    assert (told.n, told.after_n, told.each_s) == (2, 2, 80)
    assert told.after is not None
    assert told.after.times == pytest.approx(0.25, abs=0.02)


@ONE_KIND
def test_a_roster_is_made_of_the_two_weeks_before_today(hub: HubWorld):
    day = Shift(code="day", title="Day", since=time(8), until=time(18))
    hub.desk(Role.LEAD).must(SetShift(shift=day))
    work(hub)
    books = Books(hub.engine, FEED, hub.clock)
    today = books.roster(session(Role.LEAD))
    hub.clock.move(days=1)

    told = books.roster(session(Role.LEAD))

    assert (today.n, told.n) == (0, 2)
    assert told.until - told.since == timedelta(days=14)
    assert sum(one.orders for one in told.demand) == 5 / 2
    assert told.rate == 2 / 5
    assert told.work_s == 80
    assert told.late_new <= told.late_old
    assert told.hours_new <= told.hours_old
    assert books.roster(session(Role.LEAD)) is told
    with pytest.raises(Trouble):
        books.roster(session(Role.CLERK))
