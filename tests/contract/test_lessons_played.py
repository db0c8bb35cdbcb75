"""Every lesson is played to its end: move by move, in another way, wrongly, and by a novice after hints."""

from __future__ import annotations

import pytest
from lesson_ways import MOVES, OTHER_WAYS, WRONG
from lesson_world import Ground

from app.boot.words import console
from app.training.course import LESSONS, course
from app.training.lesson import next_hint

every = pytest.mark.parametrize("lesson", course(), ids=lambda lesson: lesson.code)


@every
def test_it_is_played_to_its_end(lesson):
    ground = Ground(lesson)
    for move in MOVES[lesson.code].values():
        move(ground)
        ground.wait(seconds=3)

    done = ground.score()
    assert done.passed, done.faults
    assert done.in_par
    assert done.seconds == 3 * len(MOVES[lesson.code])


@pytest.mark.parametrize("code", OTHER_WAYS)
def test_another_right_way_passes_too(code):
    ground = Ground(LESSONS[code])
    OTHER_WAYS[code](ground)

    assert ground.missed() == set()


@every
def test_a_wrong_way_fails_and_names_what_is_missed(lesson):
    ground = Ground(lesson)
    wrong, missed = WRONG[lesson.code]
    wrong(ground)

    score = ground.score()
    assert not score.passed
    assert set(score.faults) == missed
    assert all(console(goal.says, language) for goal in score.missed for language in ("en", "zh_CN"))


@every
@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_a_novice_begins_wrong_and_follows_the_hints_to_the_end(lesson, language):
    ground, shown, read = Ground(lesson), {}, []
    WRONG[lesson.code][0](ground)
    assert next_hint(lesson, ground.floor, ground.refusals) is not None
    ground = Ground(lesson)  # what cannot be mended is laid out afresh
    moves = MOVES[lesson.code]
    while not ground.score().passed:
        hint = next_hint(lesson, ground.floor, ground.refusals, sum(shown.values()))
        assert hint is not None
        said = console(hint.mark.text, language)
        assert said
        read.append(said)
        shown[hint.goal] = shown.get(hint.goal, 0) + 1
        assert len(read) <= 3 * len(lesson.hints), read
        if shown[hint.goal] == sum(1 for each in lesson.hints if each.goal == hint.goal):
            moves[hint.goal](ground)
            shown.clear()
    assert next_hint(lesson, ground.floor) is None
