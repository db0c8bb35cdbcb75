"""An attempt at a lesson: one's own, once, and nothing that cannot be one."""

from __future__ import annotations

import msgspec
import pytest

from app.commands.note_attempt import NoteAttempt
from app.domain.attempt import FAULTS_MOST, Attempt, attempt_key
from app.domain.values import Role
from tests.builders import NOW, Company, actor

ANN = actor(Role.CLERK, "ann")
TRIED = NoteAttempt(
    id="a1", user="ann", lesson="address_wrong", lesson_version=1, mode="exam", passed=True, seconds=90
)


def but(**changes: object) -> NoteAttempt:
    return msgspec.structs.replace(TRIED, **changes)


def test_an_attempt_stands_under_whoever_practised():
    company = Company()

    company.must(but(passed=False, faults=("stock_kept",), helps=2), ANN)

    assert company.rows[attempt_key("ann", "a1")] == Attempt(
        id="a1", user="ann", lesson="address_wrong", lesson_version=1, mode="exam", passed=False, seconds=90,
        faults=("stock_kept",), helps=2, at=NOW,
    )  # fmt: skip


def test_an_attempt_that_is_sent_twice_stands_once_and_as_it_was():
    company = Company()
    company.must(TRIED, ANN)

    assert company.refused(but(passed=False), ANN) == "unchanged"
    assert company.rows[attempt_key("ann", "a1")].passed


def test_nobody_practises_for_another():
    assert Company().refused(but(user="ben"), ANN) == "not_yours"
    assert Company().refused(TRIED, actor(Role.TRAINER, "tina")) == "not_yours"


@pytest.mark.parametrize(
    "changes",
    [
        {"mode": "sleep"},
        {"language": "tlh"},
        {"seconds": -1},
        {"seconds": 100_000},
        {"helps": -1},
        {"lesson": "../address"},
        {"lesson": "Address"},
        {"lesson_version": -1},
        {"faults": ("ok", "季小雨 13800000000")},
        {"faults": ("late",) * (FAULTS_MOST + 1)},
    ],
)
def test_what_no_lesson_ends_with_is_refused(changes: dict[str, object]):
    assert Company().refused(but(**changes), ANN) == "bad_attempt"
