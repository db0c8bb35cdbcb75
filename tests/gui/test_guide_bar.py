"""The bar every guide meets: a rail, hints, reasons, back and a crash without loss, nothing by itself."""

from __future__ import annotations

import asyncio

import pytest
from desk_fake import FakeDesk

from app import engine
from app.commands.hold_cart import HoldCart
from app.domain.company import User
from app.form import About
from app.guides import FORMS
from app.presenters.guide import Guide
from tests.contract.test_forms import blocks, gazetteer, situations, walk

__all__ = ["gazetteer"]


def opened(fake, form, at):
    guide = Guide(fake.desk)
    about = {About.ORDER: "o1", About.STOCK: "/".join(at.shelf), About.NOTHING: ""}[form.about]
    asyncio.run(guide.open(form.code, about))
    return guide


def seat(at):
    """A desk in this company, with whoever opens the guide before it."""
    fake = FakeDesk(at.company)
    person = User(code=at.by.user, title=at.by.user, role=at.by.role)
    login = fake.desk._login
    fake.desk._login = type(login)(login_id="l", user=person, grants=at.by.grants)
    return fake


def is_taken(form, at, answers):
    """Whether these answers come to something: what is so already is refused."""
    subject, facts = at.look(form)
    command = form.build(subject, answers, at.learn(form, answers, subject, facts))
    return isinstance(engine.apply(command, at.company.facts(command, at.by)), list)


def values(guide):
    return {field.field.name: field.value for field in guide.state.fields}


def lasting(fake):
    """What was given, without what is held for a while and ends by itself."""
    return [one for one in fake.given if not isinstance(one, HoldCart)]


@pytest.mark.parametrize("code", FORMS)
def test_a_guide_meets_the_bar(code, gazetteer):
    form = FORMS[code]
    at = situations(gazetteer)[code][0]
    subject, facts = at.look(form)
    end = next(way for way in walk(form, at, subject, facts) if is_taken(form, at, way))
    fake = seat(at)
    guide = opened(fake, form, at)
    typed = {}
    for n, step in enumerate(form.steps):
        state = guide.state
        assert (state.at, len(state.steps)) == (n, len(form.steps)), "progress is shown"
        assert [one.state for one in state.steps] == ["done"] * n + ["now"] + ["later"] * (
            len(form.steps) - n - 1
        )
        assert state.question == step.question
        assert all(field.field.hint for field in state.fields), "a hint stands beside each field"
        if state.advice is not None:
            assert state.advice.reason.message, "a suggestion says why"
            asyncio.run(guide.take_advice())
        for name in [one.name for one in step.fields]:
            asyncio.run(guide.fill(name, end.get(name, "")))
        assert guide.state.problems == 0, values(guide)
        typed[n] = values(guide)
        asyncio.run(guide.back())
        if n:
            assert values(guide) == typed[n - 1], "back loses nothing"
            asyncio.run(guide.next())
        again = opened(fake, form, at)  # the process was killed: nothing but the store is left
        for _ in range(n):
            asyncio.run(again.next())
        assert values(again) == typed[n], "a crash loses nothing"
        assert lasting(fake) == [], "nothing that stays is given before the last step"
        if n < len(form.steps) - 1:
            asyncio.run(guide.next())
    asyncio.run(guide.next())

    assert guide.state.is_done
    assert len(lasting(fake)) == 1


@pytest.mark.parametrize("code", FORMS)
def test_what_cannot_be_taken_back_is_never_confirmed_beforehand(code, gazetteer):
    """Ctrl+Enter alone, from the first step to the last, gives nothing that has no way back."""
    form = FORMS[code]
    for at in situations(gazetteer)[code]:
        subject, facts = at.look(form)
        fresh = {name: f"new-{name}" for name in form.fresh}
        untouched = {**form.start(subject, facts), **fresh}
        known = at.learn(form, untouched, subject, facts)
        if any(blocks(field, untouched, subject, known) for step in form.steps for field in step.fields):
            continue
        command = form.build(subject, untouched, known)
        needed = at.company.facts(command, at.by)
        inverse = engine.inverse_of(command, needed)
        done = engine.apply(command, needed)
        assert inverse is not None or not isinstance(done, list), code
