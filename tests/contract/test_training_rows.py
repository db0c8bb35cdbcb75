"""What somebody has learnt follows them to another PC and to nobody else; hints reach every desk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from scope_world import ScopeWorld, Seat

from app.commands.note_attempt import NoteAttempt
from app.commands.note_habit import NoteHabit
from app.commands.set_hint import SetHint
from app.domain.attempt import attempt_key
from app.domain.habit import Habit
from app.domain.hint import HintText
from app.domain.values import Role, habit_key
from app.ports import Views

STEP, HINT = "hold/reason", HintText(code="hold/reason/reason", zh="写给下一个人看。", en="For the next one.")


@pytest.fixture
def world(make_hub, tmp_path: Path) -> Iterator[ScopeWorld]:
    made = ScopeWorld(make_hub(), tmp_path)
    yield made
    made.close()


def at(world: ScopeWorld, user: str, name: str = "pc") -> Seat:
    seat = world.seat(name)
    seat.sit(user)
    seat.level()
    return seat


def habit(seat: Seat, user: str) -> Habit | None:
    key = habit_key(user)
    views: Views = seat.views
    found = views.known(frozenset({key}), seat.login()).rows[key]
    assert found is None or isinstance(found, Habit)
    return found


def test_what_one_has_learnt_is_known_at_another_pc_and_to_nobody_else(world: ScopeWorld) -> None:
    asker = world.hub.desk(Role.CLERK)
    at(world, "clerk", "old")
    asker.must(NoteHabit(user="clerk", right=(STEP,), tours=("inbox",)))

    old, new = at(world, "clerk", "old"), at(world, "clerk", "new")

    assert (
        habit(old, "clerk") == habit(new, "clerk") == Habit(user="clerk", steps={STEP: 1}, tours=("inbox",))
    )
    other = at(world, "trainer", "new")
    assert habit(other, "clerk") is None
    assert habit(at(world, "clerk", "new"), "clerk") is not None, "back at the desk, it is known again"


def test_an_attempt_at_a_lesson_is_read_by_whoever_practised_and_at_no_other_desk(world: ScopeWorld) -> None:
    tried = NoteAttempt(
        id="a1", user="clerk", lesson="hold", lesson_version=1, mode="exam", passed=True, seconds=9
    )
    world.hub.desk(Role.CLERK).must(tried)
    key = attempt_key("clerk", "a1")

    assert at(world, "clerk", "new").views.known(frozenset({key}), world.seat("new").login()).rows[key].passed
    other = at(world, "trainer", "old")
    assert other.views.known(frozenset({key}), other.login()).rows[key] is None
    assert world.hub.verify().findings == ()


def test_nobody_counts_for_another(world: ScopeWorld) -> None:
    asker = world.hub.desk(Role.CLERK)

    (answer,) = asker.send(asker.wish(NoteHabit(user="trainer", right=(STEP,))))

    assert answer.status == "refused"
    assert answer.refusal is not None
    assert answer.refusal.code == "not_yours"


def test_a_hint_of_a_trainer_reaches_every_desk_and_a_clerk_writes_none(world: ScopeWorld) -> None:
    clerk, trainer = world.hub.desk(Role.CLERK), world.hub.desk(Role.TRAINER)
    seats = [at(world, user, user) for user in ("clerk", "warehouse", "reviewer")]

    (refused,) = clerk.send(clerk.wish(SetHint(hint=HINT)))
    trainer.must(SetHint(hint=HINT))
    for seat in seats:
        seat.level()

    assert refused.refusal is not None
    assert refused.refusal.code == "not_allowed"
    assert [seat.views.refs().hints[HINT.code].zh for seat in seats] == [HINT.zh] * 3
    newcomer = at(world, "trainer", "new")
    assert newcomer.views.refs().hints[HINT.code].rev == 1
    assert [one.code for one in newcomer.views.revisions()] == [HINT.code], "its history, and no other"


def test_rows_of_training_add_up(world: ScopeWorld) -> None:
    world.hub.desk(Role.CLERK).must(NoteHabit(user="clerk", right=(STEP,)))
    world.hub.desk(Role.TRAINER).must(SetHint(hint=HINT))

    assert world.hub.verify().findings == ()
