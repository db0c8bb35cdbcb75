"""Every lesson of the course is whole, fits the program as it is, and is not solved before it begins."""

from __future__ import annotations

import pytest
from lesson_world import Ground

from app.boot.words import console
from app.domain.company import GRANTS
from app.engine import SPECS
from app.guides import FORMS
from app.kinds import KINDS
from app.text import Text
from app.training.course import LESSONS, ORDER, course

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
def test_a_lesson_teaches_what_the_program_has_to_whom_may_do_it(lesson):
    assert lesson.teaches
    assert set(lesson.teaches) <= {*SPECS, *KINDS, *FORMS}
    assert set(lesson.teaches) & set(SPECS) <= GRANTS[lesson.role]


@every
def test_a_deck_is_not_solved_when_it_is_laid_and_nothing_is_broken(lesson):
    missed = Ground(lesson).missed()

    assert {goal.code for goal in lesson.goals if goal.keeps} & missed == set()
    assert missed, "somebody has to do something"
