"""Every guide can be walked on every path, and ends in a command its verb accepts."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from app import engine, kinds
from app.command import Facts, Refusal
from app.commands.note_guide import NoteGuide
from app.domain.gazetteer import Gazetteer
from app.domain.habit import Habit
from app.domain.values import Region
from app.form import Answers, Field, Form, Row, Step, Subject, Verdict, rows_text, said
from app.guides import FORMS
from app.insight.guide_use import by_step
from app.training.practice import Practice
from tests.builders import RECEIVER, REGION, Company, line
from tests.form_situations import Situation, goods_situations, order_situations

WIDGETS = {
    "text", "lines", "choice", "combo", "number", "money", "date", "file", "article", "order", "amounts",
    "basket",
}  # fmt: skip
TRIED = 3
"""Choices tried of each field: the first ones."""


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.from_bytes(Path("resources/geo/regions.json.gz").read_bytes())


def situations(gazetteer: Gazetteer) -> dict[str, list[Situation]]:
    """What each guide is opened on."""
    written = msgspec.structs.replace(RECEIVER, street="", raw="浙江杭州下城区文晖路88号水岸嘉园3幢1单元502")
    half = msgspec.structs.replace(REGION, district="", postcode="", verdict="confirm")
    abroad = Region(country="IN", province="Kerala", city="Kochi", postcode="682001", verdict="fix")
    addresses = [(written, Region(verdict="fix")), (RECEIVER, half), (RECEIVER, abroad)]
    lines = [
        (line(ext_sku="new", title="雾蓝沙发套"),),
        (line(ext_sku="new", title="?"), line("2", "other", title="窗帘"), line("3", "A-1")),
    ]
    return {
        "fix_address": [Situation(_at_work(gazetteer, receiver=r, region=g)) for r, g in addresses],
        "match_sku": [Situation(_at_work(gazetteer, lines=ordered)) for ordered in lines],
        **goods_situations(),
        **order_situations(),
    }


def _at_work(gazetteer: Gazetteer, **changes: object) -> Company:
    company = Company(gazetteer=gazetteer)
    company.receive(**changes)
    return company


def blocks(field: Field, answers: Answers, subject: Subject, facts: Facts) -> bool:
    if not field.is_asked(answers):
        return False
    value = answers.get(field.name, "")
    verdict: Verdict | None = field.check(value, answers, subject, facts)
    is_optional = field.is_optional and not field.is_needed(answers)
    return (not value.strip() and not is_optional) or (verdict is not None and verdict.is_error)


def paths(step: Step, answers: Answers, subject: Subject, facts: Facts) -> Iterator[dict[str, str]]:
    """Every way through a step: its advice, and the first choices of each field."""
    advice = step.advice(answers, subject, facts)
    if advice is not None:
        yield {**answers, **advice.answers}
    offered = [_offered(field, answers, subject, facts) for field in step.fields]
    for values in itertools.product(*offered):
        yield {**answers, **dict(zip((field.name for field in step.fields), values, strict=True))}


def _offered(field: Field, answers: Answers, subject: Subject, facts: Facts) -> list[str]:
    choices = field.choices(answers, subject, facts)[:TRIED]
    if field.widget in ("amounts", "basket"):
        return [rows_text([Row(choice.value, 1)]) for choice in choices] or [answers.get(field.name, "")]
    return [choice.value for choice in choices] or [_typed(field, answers, subject, facts)]


def _typed(field: Field, answers: Answers, subject: Subject, facts: Facts) -> str:
    value = answers.get(field.name, "")
    verdict = field.check(value, answers, subject, facts)
    return (verdict.correction if verdict is not None and verdict.is_error else "") or value


def walk(form: Form, at: Situation, subject: Subject, facts: Facts) -> Iterator[dict[str, str]]:
    ways = [at.start(form, subject, facts)]
    for step in form.steps:
        further = []
        for answers in ways[:40]:
            for path in paths(step, answers, subject, at.learn(form, answers, subject, facts)):
                known = at.learn(form, path, subject, facts)
                if not any(blocks(field, path, subject, known) for field in step.fields):
                    further.append(path)
        ways = further
    yield from ways


@pytest.mark.parametrize("code", FORMS)
def test_every_path_ends_in_a_command_that_is_accepted(code, gazetteer):
    form = FORMS[code]
    for at in situations(gazetteer)[code]:
        subject, facts = at.look(form)
        ends = list(walk(form, at, subject, facts))
        assert ends, f"no way through {code}"
        for answers in ends:
            known = at.learn(form, answers, subject, facts)
            form.notes(answers, subject, known)
            command = form.build(subject, answers, known)
            done = engine.apply(command, at.company.facts(command, at.by))
            assert not isinstance(done, Refusal) or done.code == "unchanged", (answers, done)


@pytest.mark.parametrize("form", FORMS.values(), ids=lambda form: form.code)
def test_a_guide_has_words_and_one_decision_a_step(form):
    assert form.title
    assert 2 <= len(form.steps) <= 6
    names = [field.name for step in form.steps for field in step.fields]
    assert len(set(names)) == len(names)
    for step in form.steps:
        assert step.question.endswith("?")
        assert step.reason.endswith(".")
        assert 1 <= len(step.title.split()) <= 3
        for field in step.fields:
            assert field.widget in WIDGETS
            assert field.hint.endswith(".")
            assert field.label


@pytest.mark.parametrize("form", FORMS.values(), ids=lambda form: form.code)
def test_the_rail_tells_answers_of_the_step_itself(form):
    for step in form.steps:
        assert set(step.told) <= {field.name for field in step.fields}


@pytest.mark.parametrize("form", FORMS.values(), ids=lambda form: form.code)
def test_the_rail_tells_names_and_never_ids(form, gazetteer):
    """Whatever is chosen from a list is told in the words of the list."""
    at = situations(gazetteer)[form.code][0]
    subject, facts = at.look(form)
    answers = next(walk(form, at, subject, facts))
    known = at.learn(form, answers, subject, facts)

    for step in form.steps:
        for field in step.fields:
            labels = {c.value: c.label for c in field.choices(answers, subject, known)}
            value = answers.get(field.name, "")
            if field.widget in ("choice", "combo") and value in labels:
                assert said(field, value, answers, subject, known) == labels[value]
    assert form.called(subject, answers, known)


@pytest.mark.parametrize("code", FORMS)
def test_a_guide_opens_without_a_gazetteer_and_without_articles(code, gazetteer):
    form, at = FORMS[code], situations(gazetteer)[code][0]
    at.company.gazetteer = None
    subject, facts = at.look(form)
    facts.refs = type(facts.refs)(facts.refs.shops, facts.refs.warehouses, facts.refs.rules)

    answers = form.start(subject, facts)

    for step in form.steps:
        step.advice(answers, subject, facts)
        for field in step.fields:
            field.choices(answers, subject, facts)
            field.check(answers.get(field.name, ""), answers, subject, facts)


def test_every_guide_is_reached_from_somewhere():
    asked = {kind.form for kind in kinds.KINDS.values()} - {""}
    listed = {form.code for form in FORMS.values() if form.label}

    assert asked <= set(FORMS)
    assert set(FORMS) - asked - listed == {"receive_transfer"}, "the stock page opens this one on a transfer"


def test_rates_of_suggestions_are_what_was_done_in_every_guide(gazetteer):
    """Source: capabilities 11.7. Each guide is walked with its suggestions, and without where it can be."""
    notes, done = list[NoteGuide](), Counter[tuple[str, str, str]]()
    for code, ways in situations(gazetteer).items():
        form = FORMS[code]
        for at, takes in itertools.product(ways[:1], (True, False)):
            practice, (subject, facts) = Practice(code, Habit(user="ann")), at.look(form)
            answers = at.start(form, subject, facts)
            for step in form.steps:
                known = at.learn(form, answers, subject, facts)
                advice = step.advice(answers, subject, known)
                practice.saw(step.name, advice, is_folded=False)
                answers = _answered(form, step, answers, takes, at, subject, facts)
                done[code, step.name, _became(advice, answers)] += 1
            notes.append(practice.told((step.name for step in form.steps), answers))

    told = {(one.form, one.step): one for one in by_step(notes)}
    assert told.keys() == {(form.code, step.name) for form in FORMS.values() for step in form.steps}
    for (code, step), one in told.items():
        counted = [done[code, step, how] for how in ("used", "overridden", "none")]
        assert [one.used, one.overridden, one.n - one.advised] == counted, (code, step)
    assert {how for _, _, how in done} == {"used", "overridden", "none"}


def _answered(form, step, answers, takes, at, subject, facts):
    """Answer a step: as it suggests, or otherwise if there is another way on."""
    known = at.learn(form, answers, subject, facts)
    advice = step.advice(answers, subject, known)
    fits = []
    for path in itertools.islice(paths(step, answers, subject, known), 12):
        later = at.learn(form, path, subject, facts)
        if not any(blocks(field, path, subject, later) for field in step.fields):
            fits.append(path)
    wanted = (path for path in fits if (_became(advice, path) == "used") == takes)
    return next(wanted, fits[0] if fits else answers)


def _became(advice, answers):
    if advice is None:
        return "none"
    return "used" if {**answers, **advice.answers} == answers else "overridden"
