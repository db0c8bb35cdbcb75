"""What somebody's hands know: three right uses, one wrong one, tours put away; each for themselves."""

from __future__ import annotations

import pytest

from app.commands.note_habit import NoteHabit
from app.domain.habit import KNOWN_AFTER, NAMED_MOST, Habit
from app.domain.values import Role, habit_key
from tests.builders import Company, actor

STEP = "hold/reason"
ANN = actor(Role.CLERK, "ann")


def right(company: Company, times: int = 1) -> None:
    for _ in range(times):
        company.must(NoteHabit(user="ann", right=(STEP,)), ANN)


def habit(company: Company) -> Habit:
    return company.rows[habit_key("ann")]


def test_a_step_is_known_after_three_right_uses_and_not_before():
    company = Company()

    right(company, KNOWN_AFTER - 1)
    assert not habit(company).knows(STEP)
    right(company)

    assert habit(company).knows(STEP)
    assert not habit(company).knows("hold/until")


def test_a_wrong_use_begins_anew_and_rules_over_a_right_one_in_the_same_word():
    company = Company()
    right(company, KNOWN_AFTER)

    company.must(NoteHabit(user="ann", right=(STEP,), wrong=(STEP,)), ANN)
    assert not habit(company).knows(STEP)
    right(company, KNOWN_AFTER - 1)

    assert not habit(company).knows(STEP)


def test_what_is_known_already_is_not_written_down_again():
    company = Company()
    right(company, KNOWN_AFTER)

    assert company.refused(NoteHabit(user="ann", right=(STEP,)), ANN) == "unchanged"
    assert company.refused(NoteHabit(user="ann", wrong=("hold/until",)), ANN) == "unchanged"


def test_a_tour_that_was_put_away_stays_away():
    company = Company()

    company.must(NoteHabit(user="ann", tours=("inbox",)), ANN)
    company.must(NoteHabit(user="ann", tours=("stock",)), ANN)

    assert habit(company).tours == ("inbox", "stock")


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (NoteHabit(user="ben", right=(STEP,)), "not_yours"),
        (NoteHabit(user="ann", right=("季小雨",)), "bad_step"),
        (NoteHabit(user="ann", tours=("a/b/c",)), "bad_step"),
        (NoteHabit(user="ann", right=tuple(f"hold/{'x' * n}" for n in range(1, NAMED_MOST + 2))), "bad_step"),
    ],
)
def test_nobody_counts_for_another_and_only_steps_are_counted(command, code):
    company = Company()

    assert company.refused(command, ANN) == code
    assert habit_key("ann") not in company.rows


def test_there_is_an_end_to_how_much_is_counted():
    company = Company()
    names = [
        f"{form * 2}/{step * 2}"
        for form in "abcdefghijklmnopqrstuvwxyz"
        for step in "abcdefghijklmnopqrstuvwxyz"
    ]

    refused = ""
    while names and not refused:
        page, names = tuple(names[:NAMED_MOST]), names[NAMED_MOST:]
        command = NoteHabit(user="ann", right=page)
        done = company.do(command, ANN)
        refused = getattr(done, "code", "")

    assert refused == "too_many"
    assert len(habit(company).steps) == 500
