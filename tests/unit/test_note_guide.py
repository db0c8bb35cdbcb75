"""What became of the suggestions of a guide: used, overridden, or none; and how its hints stood."""

from __future__ import annotations

import msgspec
import pytest

from app import engine
from app.commands.note_guide import STEPS_MOST, NoteGuide
from app.domain.habit import KNOWN_AFTER, Habit
from app.domain.step_use import Advised, Hinted, StepUse
from app.domain.values import Role
from app.figures import StepFigures
from app.form import Advice
from app.insight.guide_use import by_step
from app.text import Text
from app.training.practice import Practice
from tests.builders import Company, actor

NAME, PHONE = "季小雨", "13800000000"


def advice(**answers: str) -> Advice:
    return Advice(Text("Take it"), Text("It was so last time."), answers)


def practice(**steps: int) -> Practice:
    return Practice("hold", Habit(user="ann", steps={f"hold/{step}": n for step, n in steps.items()}))


def uses(practice: Practice, **answers: str) -> list[tuple[Advised, Hinted]]:
    told = practice.told(["reason"], answers)
    return [(use.advised, use.hinted) for use in told.steps]


def test_what_the_guide_ended_with_says_whether_its_suggestion_was_used():
    mine = practice()
    mine.saw("reason", advice(name=NAME, phone=PHONE), is_folded=False)
    mine.saw("reason", None, is_folded=False)  # taken, it is offered no more

    assert uses(mine, name=NAME, phone=PHONE, note="more") == [(Advised.USED, Hinted.SHOWN)]
    assert uses(mine, name=NAME) == [(Advised.OVERRIDDEN, Hinted.SHOWN)]


def test_the_newest_suggestion_is_the_one_that_counts():
    mine = practice()
    mine.saw("reason", advice(name="old"), is_folded=False)
    mine.saw("reason", advice(name=NAME), is_folded=False)

    assert uses(mine, name="old") == [(Advised.OVERRIDDEN, Hinted.SHOWN)]
    assert uses(mine, name=NAME) == [(Advised.USED, Hinted.SHOWN)]


def test_without_a_suggestion_nothing_was_used_or_overridden():
    mine = practice()
    mine.saw("reason", None, is_folded=False)

    assert uses(mine, name=NAME) == [(Advised.NONE, Hinted.SHOWN)]


def test_hints_that_rest_that_were_asked_for_and_that_came_back_are_told_apart():
    known = practice(reason=KNOWN_AFTER)
    known.saw("reason", None, is_folded=True)
    rested = uses(known)
    known.saw("reason", None, is_folded=False)
    asked = uses(known)
    known.held_up("reason")
    known.saw("reason", None, is_folded=False)

    hints = [rested, asked, uses(known)]
    assert [hint for [(_, hint)] in hints] == [Hinted.FADED, Hinted.UNFOLDED, Hinted.SHOWN]


def test_what_is_told_holds_no_value_and_nobody():
    mine = practice()
    mine.saw("reason", advice(name=NAME, phone=PHONE), is_folded=False)

    said = msgspec.json.encode(mine.told(["reason"], {"name": NAME, "phone": PHONE})).decode()

    assert not [word for word in (NAME, PHONE, "ann") if word in said]


def test_it_is_written_down_and_changes_nothing():
    company = Company()
    before = dict(company.rows)
    note = NoteGuide(form="hold", steps=(StepUse(step="reason"),))

    assert company.must(note, Role.CLERK) == []
    assert company.rows == before
    assert engine.inverse_of(note, company.facts(note, actor())) is None


@pytest.mark.parametrize(
    ("form", "steps"),
    [
        ("hold", ()),
        ("hold", ("季小雨",)),
        ("a/b", ("reason",)),
        ("hold", ("reason", "reason")),
        ("hold", tuple("x" * n for n in range(1, STEPS_MOST + 2))),
    ],
)
def test_only_steps_of_guides_are_noted(form: str, steps: tuple[str, ...]):
    note = NoteGuide(form=form, steps=tuple(StepUse(step=step) for step in steps))

    assert Company().refused(note, Role.CLERK) == "bad_step"


def test_the_rates_are_what_was_done():
    until, used, overridden = StepUse(step="until"), Advised.USED, Advised.OVERRIDDEN
    notes = [
        NoteGuide(form="hold", steps=(StepUse(step="reason", advised=used), until)),
        NoteGuide(form="hold", steps=(StepUse(step="reason", advised=used, hinted=Hinted.FADED), until)),
        NoteGuide(form="split", steps=(StepUse(step="lines", advised=overridden),)),
        NoteGuide(form="hold", steps=(StepUse(step="reason", advised=overridden), until)),
    ]

    reason, rest, lines = by_step(notes)

    assert reason == StepFigures(
        form="hold", step="reason", n=3, used=2, overridden=1, shown=2, faded=1, unfolded=0
    )
    assert (rest.n, rest.advised, rest.shown) == (3, 0, 3)
    assert (lines.form, lines.n, lines.overridden) == ("split", 1, 1)
