"""The trainer's desk by keys: who asks for somebody, who is late, lessons, cohorts, a file."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from audit_eye import look_at
from builders import NOW
from desk_fake import FakeDesk
from files_fake import Here
from page_audit import unnamed
from page_scene import Scene
from PySide6.QtCore import Qt

from app.domain.attempt import Attempt, Beat
from app.domain.deck import OwnDeck, Shape
from app.domain.skill import Licence, Passed, Proof, Skills, Task, skill_key
from app.figures import Cohort, Learner, LessonFigures, TrainingReport
from app.presenters.today import Today
from app.presenters.training import Training
from app.training.course import ORDER
from app.training.proofs import goal_of, title_of
from widgets import words
from widgets.cells import words_of
from widgets.pages.today import TodayPage
from widgets.pages.training import TrainingPage
from widgets.prose import plain

Key = Qt.Key
LESSON = ORDER[0]
COHORT = Cohort(
    month="2026-06", people=2, n=40, alone=30, low_pct=59.8, high_pct=85.8, waiting=3, helped=6, led=3,
    corrected=1, ready=1, days=3.5, days_low=3.5, days_high=3.5,
)  # fmt: skip
REPORT = TrainingReport(
    since=NOW - timedelta(days=6), until=NOW + timedelta(days=1), zone="Asia/Shanghai", as_of=NOW,
    learners=(
        Learner(user="shen", heard_at=NOW, beat=Beat(lesson=LESSON, mode="practise", page="inbox", seconds=95,
                                                     errors=2, helps=1, met=2, goals=4, asks=True)),
        Learner(user="lin", heard_at=NOW, beat=Beat(lesson=LESSON, mode="exam", page="guide", seconds=20)),
    ),
    attempts=(Attempt(id="a1", user="lin", lesson=LESSON, lesson_version=1, mode="exam", passed=False,
                      seconds=200, faults=("held",), at=NOW),),
    lessons=(LessonFigures(lesson=LESSON, n=5, passed=3, people=4, first_passed=2, median_s=150.0, helps=3,
                           missed={"held": 2, "others": 1}),),
    cohorts=(COHORT,), seconds={"lin": 200}, seconds_all=200, people=2,
)  # fmt: skip


@pytest.fixture
def fake():
    words.set_language("en")
    made = FakeDesk(user="wu")
    made.school = REPORT
    task = Task(lesson=LESSON, title="A lesson", due_on=NOW.date() - timedelta(days=2), by="wu", at=NOW)
    passed = Passed(lesson="other", version=1, at=NOW - timedelta(days=3))
    made.company.rows[skill_key("lin")] = Skills(user="lin", tasks=(task,), passed=(passed,))
    return made


@pytest.fixture
def scene(qtbot, aio, fake, tmp_path):
    fake.kept["folder/exports"] = str(tmp_path)

    def page(tasks, go):
        return TrainingPage(Training(fake.desk, fake.files, Here()), tasks, go)

    return Scene(qtbot, aio, page, "training")


def rows(scene):
    model = scene.page.model
    return [[words_of(cell) for cell in model.row(at).cells] for at in range(model.rowCount())]


def side(scene):
    return " ".join(plain(text) for section in scene.page.side.sections() for text in _words(section))


def _words(section):
    return [section.heading, *(str(item) for item in section.items)]


def turn(scene, split):
    scene.do(lambda: scene.page.turn(split))


def test_the_wall_says_where_each_is_and_who_asks_for_somebody(scene):
    first, second = rows(scene)

    assert first[0] == "沈知夏"
    assert (first[2], first[3], first[5], first[6], first[7]) == ("Practise", "Inbox", "2 of 4", "2", "1")
    assert first[8] == "Wants somebody to come"
    assert (second[2], second[3], second[8]) == ("Exam", "Guide", "")
    assert unnamed(scene.page) == []


def test_who_is_late_stands_on_top_with_what_they_tried(scene):
    turn(scene, "people")

    assert rows(scene)[0][:4] == ["林小满", "1", "Late since 11 Jun", "1"]
    assert [section.heading for section in scene.page.side.sections()] == [
        "Asked for", "Lessons passed", "Tried last",
    ]  # fmt: skip
    assert unnamed(scene.page) == []


def test_lessons_say_first_exams_and_what_is_missed_most(scene):
    turn(scene, "lessons")

    assert rows(scene) == [
        [words.trn(title_of(LESSON)), "5", "2 of 4", "2.5", "3", f"{words.trn(goal_of(LESSON, 'held'))} (2)"]
    ]


def test_a_cohort_stands_beside_the_reference(scene):
    turn(scene, "cohorts")

    assert rows(scene) == [["2026-06", "2", "40", "75%", "59.8 to 85.8 %", "1 of 2", "3.5", "3.5–3.5"]]
    assert "58 % to 92 %, 3 days" in side(scene)


def test_other_days_are_asked_for_and_a_table_is_saved(scene, fake):
    turn(scene, "cohorts")
    scene.press(Key.Key_3)
    assert fake.asked[-1] == "training 28"
    scene.press(Key.Key_E)

    ((path, (titles, line)),) = fake.files.written.items()
    assert path.endswith(".xlsx")
    assert line[titles.index("Reference after, %")] == 92
    assert line[:4] == ("2026-06", 2, 40, 30)


def test_one_key_makes_a_lesson_of_what_people_dealt_with(scene, fake):
    scene.press(Key.Key_D)
    assert fake.asked[-1] == "own_deck 31"
    assert "can be laid out" in words.trn(scene.page.presenter.state.notice)

    fake.deck = OwnDeck(code="2026_06", shapes=(Shape(kind="note_request"), Shape(kind="short_stock")))
    scene.press(Key.Key_D)

    assert fake.company.rows["deck", "2026_06"].shapes == fake.deck.shapes
    said = words.trn(scene.page.presenter.state.made)
    assert said == "2 exceptions of 2026-06 are a lesson now, with made-up buyers."


def test_few_are_shown_in_sum_where_no_trainer_looks(scene, fake):
    fake.school = TrainingReport(
        since=REPORT.since, until=REPORT.until, zone=REPORT.zone, as_of=NOW, seconds_all=200, people=1,
        is_summed=True,
    )  # fmt: skip
    scene.do(lambda: scene.page.opened(None))
    assert rows(scene) == []
    turn(scene, "people")
    assert {row[5] for row in rows(scene)} == {"in sum only"}


def test_a_clerk_reads_of_themselves_only(scene, fake):
    fake.sit("lin")
    fake.school = msgspec.structs.replace(REPORT, learners=(), cohorts=(), people=1, is_own=True)
    scene.do(lambda: scene.page.opened(None))

    assert [row[0] for row in rows(scene)] == ["林小满"]
    assert scene.page.presenter.state.splits == ("people", "lessons")
    assert [act.code for act in scene.page.presenter.state.acts] == ["write"]


def test_without_the_hub_a_sentence_stands(scene, fake):
    fake.link_state = "offline"
    scene.do(lambda: scene.page.opened(None))
    assert "hub is out of reach" in words.trn(scene.page.presenter.state.notice)


def test_today_says_what_is_due_and_which_right_is_closed_soon(qtbot, aio, fake):
    for right in ("hold", "sign_off"):  # the second one is no clerk's
        other = (Proof(code="other", title="Other"),)
        on = Licence(code=right, lessons=other, holds_days=10, is_on=True)
        fake.company.rows["licence", right] = on
    fake.sit("lin")

    today = Scene(qtbot, aio, lambda tasks, go: TodayPage(Today(fake.desk), tasks, go), "today")

    assert today.page.side.lessons.words() == (
        "“A lesson” was due on 11 Jun: F12 · Hold is closed from 20 Jun without a new pass: F12"
    )


def test_in_the_least_window_the_wall_ends_inside_it(scene, fake):
    scene.do(lambda: scene.shell.resize(960, 540))
    table = scene.page.table
    scene.until(lambda: table.viewport().width() < 960)
    found = [each for each in look_at(scene.shell) if each.kind == "cut" and "training" in each.where]

    assert table.horizontalHeader().length() <= table.viewport().width()
    assert found == []
