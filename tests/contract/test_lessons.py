"""Every lesson of the course is whole, fits the program as it is, and is not solved before it begins."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lesson_world import Ground

from app.boot.words import console
from app.domain.company import GRANTS
from app.engine import SPECS
from app.form import About
from app.guides import FORMS
from app.kinds import KINDS
from app.text import Text
from app.training.course import LESSONS, ORDER, course
from app.training.tours import TOURS

ROOT = Path(__file__).resolve().parents[2]
BY_HAND = (
    ("repair_address", 3), ("settle_duplicate", 2), ("split_short", 1), ("snooze_stock", 1),
    ("fix_postcodes", 1), ("enter_order", 1), ("take_return", 1), ("find_order", 1), ("sign_review", 2),
    ("ship_parcels", 0.3),
)  # fmt: skip
"""Lessons in the order of the table of keys, and how often each of its tasks comes in them."""

every = pytest.mark.parametrize("lesson", course(), ids=lambda lesson: lesson.code)


def test_the_course_has_every_lesson_once():
    assert sorted(ORDER) == sorted(LESSONS)


@every
def test_a_lesson_says_everything_in_both_languages(lesson):
    marks = [Text(words) for hint in lesson.hints for words in (hint.mark.text, hint.mark.reason)]
    said = [lesson.title, lesson.brief, *(goal.says for goal in lesson.goals), *marks]

    for text in said:
        english, chinese = console(text, "en"), console(text, "zh_CN")
        assert english
        assert chinese
        assert chinese != english, english
    assert len(console(lesson.title, "en")) <= 40


@every
def test_a_lesson_has_goals_hints_and_a_par_time(lesson):
    codes = [goal.code for goal in lesson.goals]

    assert len(codes) == len(set(codes)) >= 1
    assert {hint.goal for hint in lesson.hints} == set(codes), "a hint for each goal"
    assert 10 <= lesson.par_s <= 600
    assert lesson.role.person


@every
def test_hints_point_at_controls_that_the_program_has(lesson):
    pages = {About.ORDER: "order", About.STOCK: "stock", About.NOTHING: "stock"}
    there = {mark.control for tour in TOURS.values() for mark in tour.marks} | {"warehouse/picks"}
    for form in FORMS.values():
        there |= {f"guide/{field.name}/field" for step in form.steps for field in step.fields}
        there |= {f"{pages[form.about]}/guide/{form.code}"} if form.label else set()

    assert {hint.mark.control for hint in lesson.hints} <= there


def test_par_times_leave_time_to_read_beside_the_keys():
    """Source: the table of `bench hands`, what a practised person needs for the keys alone."""
    page = (ROOT / "resources" / "help" / "en" / "hands.md").read_text(encoding="utf-8")
    seconds = [float(found) for found in re.findall(r"\| ([\d.]+) \|$", page, re.MULTILINE)]

    assert len(seconds) == len(BY_HAND)
    for (code, times), each_s in zip(BY_HAND, seconds, strict=True):
        assert 2 * times * each_s <= LESSONS[code].par_s <= 8 * times * each_s + 20, code


@every
def test_a_lesson_teaches_what_the_program_has_to_whom_may_do_it(lesson):
    assert lesson.teaches
    assert set(lesson.teaches) <= {*SPECS, *KINDS, *FORMS}
    assert set(lesson.teaches) & set(SPECS) <= GRANTS[lesson.role]


@every
def test_a_deck_is_not_solved_when_it_is_laid_and_nothing_is_broken(lesson):
    missed = Ground(lesson).missed()

    assert {goal.code for goal in lesson.goals if goal.keeps} & missed == set()
    assert missed, "somebody has to do something"
