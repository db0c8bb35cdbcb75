"""A right that asks for a pass: closed before it, open after it, closed again when the pass is over.

Source: capabilities 11.4.
"""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from settings_world import acting, revisions, settled, taken_back

from app.command import Refusal
from app.commands.ask_lessons import AskLessons
from app.commands.end_skill import EndSkill
from app.commands.give_skill import GiveSkill
from app.commands.hold import Hold
from app.commands.note_attempt import NoteAttempt
from app.commands.set_licence import SetLicence
from app.domain.company import LICENSED, User
from app.domain.skill import SUGGESTED, TASKS_MOST, WARNED_DAYS, Licence, Proof, Skills, endings, late
from app.domain.values import Role
from app.training.course import LESSONS
from app.training.proofs import title_of
from tests.builders import NOW

LESSON = Proof(code="hold_order", title="Hold an order")
POLICY = Licence(code="hold", lessons=(LESSON,), holds_days=30, is_on=True)
HOLD = Hold(order="o1", reason="ask")
GIVEN = GiveSkill(user="lin", right="hold", reason="passed at another house")


@pytest.fixture
def company():
    made = settled()
    made.rows["user", "tina"] = User(code="tina", title="Tina", role=Role.TRAINER)
    made.receive()
    return made


def by(company, code="lin"):
    return acting(company, code)


def attempt(id="a1", **changes):
    tried = NoteAttempt(
        id=id, user="lin", lesson=LESSON.code, lesson_version=1, mode="exam", passed=True, seconds=60
    )
    return msgspec.structs.replace(tried, **changes)


def closed(company, policy=POLICY):
    company.must(SetLicence(licence=policy), by(company, "wu"))


def record(company) -> Skills:
    return company.refs.skills["lin"]


def test_nothing_asks_for_a_pass_before_somebody_says_so(company):
    company.must(SetLicence(licence=msgspec.structs.replace(POLICY, is_on=False)), by(company, "wu"))

    company.must(HOLD, by(company))


def test_what_is_refused_before_a_pass_names_the_lesson_and_the_key(company):
    closed(company)

    done = company.do(HOLD, by(company))

    assert isinstance(done, Refusal)
    assert done.code == "not_proved"
    assert done.text.params["lesson"].message == "Hold an order"
    assert "F12" in done.text.message


@pytest.mark.parametrize("changes", [{"passed": False}, {"mode": "practise"}, {"lesson": "another"}])
def test_only_a_passed_exam_of_the_lesson_opens_it(company, changes):
    closed(company)

    company.must(attempt(**changes), by(company))

    assert company.refused(HOLD, by(company)) == "not_proved"


def test_a_pass_opens_it_until_it_is_over(company):
    closed(company)
    company.must(attempt(), by(company))
    company.now = NOW + timedelta(days=30) - timedelta(seconds=1)
    company.must(HOLD, by(company))

    company.now = NOW + timedelta(days=30)
    again = Hold(order="o1", reason="still")
    done = company.do(again, by(company))

    assert isinstance(done, Refusal)
    assert done.text.message.startswith("Your pass of")
    company.must(attempt("a2"), by(company))
    assert company.do(again, by(company)) != done


def test_a_pass_of_before_the_policy_counts(company):
    company.must(attempt(), by(company))
    closed(company)

    company.must(HOLD, by(company))


def test_all_lessons_are_asked_and_other_roles_are_not(company):
    closed(company, msgspec.structs.replace(POLICY, lessons=(LESSON, Proof(code="two", title="Two"))))
    company.must(attempt(), by(company))

    assert company.refused(HOLD, by(company)) == "not_proved"
    company.must(HOLD, by(company, "wu"))


def test_a_trainer_opens_it_by_hand_until_a_day_and_the_history_says_who_and_why(company):
    closed(company)
    until = NOW.date() + timedelta(days=2)
    company.must(msgspec.structs.replace(GIVEN, until=until), by(company, "tina"))
    company.must(HOLD, by(company))

    company.now = NOW + timedelta(days=3)
    assert company.refused(Hold(order="o1", reason="still"), by(company)) == "not_proved"
    last = revisions(company)[-1]
    assert (last.kind, last.code, last.by, last.reason) == ("skill", "lin", "tina", GIVEN.reason)


def test_what_was_opened_is_closed_again_by_hand_with_passes_of_before(company):
    closed(company)
    company.must(attempt(), by(company))
    rev = record(company).rev
    company.must(EndSkill(user="lin", right="hold", reason="three errors", rev=rev), by(company, "tina"))

    assert company.refused(HOLD, by(company)) == "not_proved"
    company.now = NOW + timedelta(hours=1)
    company.must(attempt("a2"), by(company))
    company.must(HOLD, by(company))


@pytest.mark.parametrize(
    ("command", "who", "code"),
    [
        (GIVEN, "lin", "not_allowed"),
        (msgspec.structs.replace(GIVEN, user="tina"), "tina", "own"),
        (msgspec.structs.replace(GIVEN, user="nobody"), "tina", "no_user"),
        (msgspec.structs.replace(GIVEN, right="set_user"), "tina", "no_right"),
        (msgspec.structs.replace(GIVEN, reason=""), "tina", "no_reason"),
        (msgspec.structs.replace(GIVEN, until=NOW.date() - timedelta(days=1)), "tina", "past"),
        (msgspec.structs.replace(GIVEN, rev=3), "tina", "stale_content"),
        (EndSkill(user="lin", right="hold", reason=" "), "tina", "no_reason"),
        (EndSkill(user="tina", right="hold", reason="me"), "tina", "own"),
        (SetLicence(licence=POLICY), "tina", "not_allowed"),
        (SetLicence(licence=msgspec.structs.replace(POLICY, code="recheck")), "wu", "no_right"),
        (SetLicence(licence=msgspec.structs.replace(POLICY, lessons=())), "wu", "no_lesson"),
        (SetLicence(licence=msgspec.structs.replace(POLICY, lessons=(LESSON, LESSON))), "wu", "no_lesson"),
        (SetLicence(licence=msgspec.structs.replace(POLICY, roles=(Role.WORKER,))), "wu", "no_role"),
        (SetLicence(licence=msgspec.structs.replace(POLICY, holds_days=0)), "wu", "bad_days"),
        (AskLessons(user="lin", lessons=(LESSON,), due_on=NOW.date() - timedelta(days=1)), "tina", "past"),
        (AskLessons(user="lin", lessons=(Proof(code="../x", title="x"),), due_on=NOW.date()), "tina",
         "no_lesson"),
    ],
)  # fmt: skip
def test_what_is_refused(company, command, who, code):
    assert company.refused(command, by(company, who)) == code


def test_nothing_that_opens_rights_or_keeps_a_desk_running_can_be_closed():
    keep = {"note_attempt", "give_skill", "set_licence", "recheck", "lease_stock", "set_grants"}
    assert not LICENSED & keep
    assert {"sign_off", "refund_return"} <= LICENSED


def test_a_policy_that_is_taken_back_is_out_of_use(company):
    undo = taken_back(company, SetLicence(licence=POLICY), "wu")

    assert undo is not None
    assert not company.refs.licences["hold"].is_on


def test_who_was_asked_is_late_until_they_pass(company):
    due = NOW.date() + timedelta(days=1)
    company.must(AskLessons(user="lin", lessons=(LESSON,), due_on=due), by(company, "tina"))
    people = [record(company)]

    assert late(people, due) == ()
    assert [(who, task.lesson) for who, task in late(people, due + timedelta(days=1))] == [
        ("lin", LESSON.code)
    ]
    company.must(attempt(), by(company))
    assert record(company).tasks == ()


def test_a_task_can_be_taken_off_and_nobody_gets_more_than_some(company):
    many = tuple(Proof(code=f"l{n}", title="L") for n in range(TASKS_MOST))
    company.must(AskLessons(user="lin", lessons=many, due_on=NOW.date()), by(company, "tina"))

    more = AskLessons(user="lin", lessons=(LESSON,), due_on=NOW.date(), rev=1)
    assert company.refused(more, by(company, "tina")) == "too_many"
    company.must(AskLessons(user="lin", lessons=many, rev=1), by(company, "tina"))
    assert record(company).tasks == ()


def test_a_person_hears_before_a_pass_is_over(company):
    closed(company)
    company.must(attempt(), by(company))
    early, soon = NOW + timedelta(days=30 - WARNED_DAYS - 1), NOW + timedelta(days=29)

    def said(at):
        return endings(Role.CLERK, record(company), company.refs.licences, at)

    assert said(early) == ()
    assert [(one.right, one.on) for one in said(soon)] == [("hold", (NOW + timedelta(days=30)).date())]
    assert said(NOW + timedelta(days=31)) == (), "it is over: the lock says so itself"


def test_what_is_suggested_names_lessons_of_the_course():
    assert all(lesson in LESSONS for lessons in SUGGESTED.values() for lesson in lessons)
    assert set(SUGGESTED) <= LICENSED


def test_a_lesson_is_called_by_its_title_wherever_it_comes_from():
    assert title_of("find_order") == LESSONS["find_order"].title
    own = title_of("own/2026_05")
    assert (own.message, own.params) == ("Our exceptions of {month}", {"month": "2026-05"})
    assert title_of("from_another_program").message == "from_another_program"
