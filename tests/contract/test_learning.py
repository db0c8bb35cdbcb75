"""Who works alone and who practises: the page, the report and a plain count over the journal agree.

Source: capabilities 11.6, 11.8.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from builders import line
from hub_world import FEED, HubWorld, bought
from test_figures import session

from app.boot import report
from app.commands.cancel import Cancel
from app.commands.claim import Claim
from app.commands.escalate import Escalate
from app.commands.note_attempt import NoteAttempt
from app.commands.note_help import NoteHelp
from app.commands.restore import Restore
from app.domain.attempt import Beat
from app.domain.values import Role
from app.figures import TrainingReport
from sync import tables
from sync.hub.figures import Books
from sync.hub.learning import HEARD_FOR

ONE_KIND = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SHORT = "short_stock"
OURS = [f"o{n}" for n in range(9)]
HELPED, LED, UNDONE = OURS[1], OURS[3], OURS[2]


def tried(id: str, user: str = "clerk", **more: object) -> NoteAttempt:
    about = {"lesson": "hold", "lesson_version": 1, "mode": "exam", "passed": True, "seconds": 60}
    return NoteAttempt(id=id, user=user, **{**about, **more})


def work(hub: HubWorld) -> None:
    """Nine orders of a newcomer: one with help, one with a lead, one taken back next day."""
    hub.channel.must(*(bought(order, lines=(line(qty=999),)) for order in OURS))
    clerk, lead = hub.desk(Role.CLERK), hub.desk(Role.LEAD)
    for order in OURS:
        hub.clock.move(seconds=60)
        if order == HELPED:
            clerk.must(NoteHelp(order=order, topic="orders"))
        if order == LED:
            clerk.must(Claim(order=order, kind=SHORT), Escalate(order=order, kind=SHORT, reason="too hard"))
        answer = clerk.ask(Cancel(order=order, reason="nothing comes"), because=SHORT)
        assert answer.status == "applied", answer
    hub.clock.move(seconds=86_400)
    assert lead.ask(Restore(order=UNDONE), because="undo").status == "applied"


def by_hand(hub: HubWorld) -> tuple[int, int]:
    """Count once more, over the rows of the journal and in other words than the product."""
    rows = hub.rows(tables.event)
    ended: dict[str, object] = {}
    spoilt: Counter[str] = Counter()
    for row in rows:
        body = json.loads(row.body)
        if body.get("because") == SHORT and row.by == "clerk" and "Cleared" in row.body:
            ended.setdefault(row.order_id, row.at)
    for row in rows:
        at, body = ended.get(row.order_id), json.loads(row.body)
        late = at is not None and timedelta() < row.at - at <= timedelta(days=7)
        spoilt[row.order_id] += row.command == "escalate" or (late and body.get("because") == "undo")
    for row in hub.rows(tables.command):
        if row.name == "note_help":
            spoilt[json.loads(row.args)["order"]] += 1
    return len(ended), sum(not spoilt[order] for order in ended)


@ONE_KIND
def test_page_report_and_a_plain_count_agree_on_who_works_alone(hub: HubWorld, database_url: str, capsys):
    work(hub)
    books = Books(hub.engine, FEED, hub.clock)

    (young,) = books.training(7, session(Role.TRAINER)).cohorts
    assert (young.n, young.waiting, young.ready) == (0, 9, 0), "nothing is judged within seven days"
    hub.clock.move(seconds=8 * 86_400)
    (cohort,) = (one for one in books.training(7, session(Role.TRAINER)).cohorts if one.n)

    assert (cohort.n, cohort.alone) == by_hand(hub) == (9, 6)
    assert (cohort.helped, cohort.led, cohort.corrected) == (1, 1, 1)
    assert cohort.low_pct < 100 * 6 / 9 < cohort.high_pct
    assert (cohort.ready, cohort.days_low <= cohort.days <= cohort.days_high) == (1, True), "o4 to o8"


def test_the_report_of_the_command_line_says_the_same(tmp_path: Path, capsys):
    hub = HubWorld(f"sqlite:///{tmp_path / 'hub.db'}")
    work(hub)
    hub.clock.move(seconds=8 * 86_400)
    hub.desk(Role.TRAINER).must(tried("a1", user="trainer"))
    page = Books(hub.engine, FEED, hub.clock).training(7, session(Role.TRAINER))
    hub.close()

    assert report.main(["--database", f"sqlite:///{tmp_path / 'hub.db'}", "--json"]) == 0
    (told,) = json.loads(capsys.readouterr().out)["feeds"]

    assert [(one["month"], one["alone"], one["n"], one["days"]) for one in told["cohorts"]] == [
        (one.month, one.alone, one.n, one.days) for one in page.cohorts
    ]


@ONE_KIND
def test_lessons_are_counted_and_few_are_named_to_trainers_only(hub: HubWorld):
    clerk, books = hub.desk(Role.CLERK), Books(hub.engine, FEED, hub.clock)
    clerk.must(tried("a1", passed=False, faults=("stock_kept",), helps=1), tried("a2", seconds=30))

    whole, summed = (books.training(7, session(role)) for role in (Role.TRAINER, Role.LEAD))

    (lesson,) = whole.lessons
    assert (lesson.n, lesson.passed, lesson.people, lesson.first_passed) == (2, 1, 1, 0)
    assert (lesson.median_s, lesson.missed, whole.seconds) == (30.0, {"stock_kept": 1}, {"clerk": 90})
    assert {one.id for one in whole.attempts} == {"a1", "a2"}
    assert summed.is_summed
    assert (summed.attempts, summed.seconds, summed.seconds_all) == ((), {}, 90)
    assert summed.lessons == whole.lessons


@ONE_KIND
def test_who_reads_no_figures_reads_what_they_did_themselves(hub: HubWorld):
    hub.desk(Role.CLERK).must(tried("a1"))
    hub.desk(Role.WAREHOUSE).must(tried("b1", user="warehouse"))
    books = Books(hub.engine, FEED, hub.clock)
    books.practising(Beat(lesson="hold"), session(Role.WAREHOUSE))

    own = books.training(7, session(Role.CLERK))

    assert own.is_own
    assert [one.id for one in own.attempts] == ["a1"]
    assert (own.seconds, own.learners, own.cohorts) == ({"clerk": 60}, (), ())
    assert [one.n for one in own.lessons] == [1]


@ONE_KIND
def test_a_learner_is_on_the_wall_while_something_is_heard_of_them(hub: HubWorld):
    books = Books(hub.engine, FEED, hub.clock)
    books.practising(
        Beat(lesson="hold", mode="practise", page="inbox", seconds=40, errors=2), session(Role.CLERK)
    )
    books.practising(Beat(lesson="hold", seconds=60, errors=2, asks=True), session(Role.CLERK))
    books.practising(Beat(lesson="split", seconds=5), session(Role.ADMIN))

    def wall() -> list[tuple[str, str, int]]:
        seen: TrainingReport = books.training(1, session(Role.TRAINER))
        return [(one.user, one.beat.lesson, one.beat.seconds) for one in seen.learners]

    assert wall() == [("clerk", "hold", 60), ("admin", "split", 5)], "who asks for somebody comes first"
    assert hub.rows(tables.command) == [], "no journal has it"
    hub.clock.move(seconds=int(HEARD_FOR.total_seconds()) + 1)
    assert wall() == []
