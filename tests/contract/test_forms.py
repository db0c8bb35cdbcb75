"""Every guide can be walked on every path, and ends in a command its verb accepts."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from app import engine
from app.command import Facts, Refusal
from app.commands.recheck import Recheck
from app.domain.gazetteer import Gazetteer
from app.domain.order import Order
from app.domain.values import Region
from app.form import Answers, Field, Form, Step, Verdict
from app.guides import FORMS
from tests.builders import RECEIVER, REGION, Company, actor, line

WIDGETS = {
    "text", "lines", "choice", "combo", "number", "money", "date", "article", "order", "amounts", "basket",
}  # fmt: skip
TRIED = 3
"""Choices tried of each field: the first ones."""


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.from_bytes(Path("resources/geo/regions.json.gz").read_bytes())


def situations(gazetteer: Gazetteer) -> dict[str, list[Company]]:
    """Orders for which a clerk opens each guide."""
    written = msgspec.structs.replace(RECEIVER, street="", raw="浙江杭州下城区文晖路88号水岸嘉园3幢1单元502")
    half = msgspec.structs.replace(REGION, district="", postcode="", verdict="confirm")
    abroad = Region(country="IN", province="Kerala", city="Kochi", postcode="682001", verdict="fix")
    addresses = [(written, Region(verdict="fix")), (RECEIVER, half), (RECEIVER, abroad)]
    lines = [
        (line(ext_sku="new", title="雾蓝沙发套"),),
        (line(ext_sku="new", title="?"), line("2", "other", title="窗帘"), line("3", "A-1")),
    ]
    return {
        "fix_address": [_at_work(gazetteer, receiver=r, region=g) for r, g in addresses],
        "match_sku": [_at_work(gazetteer, lines=ordered) for ordered in lines],
    }


def _at_work(gazetteer: Gazetteer, **changes: object) -> Company:
    company = Company(gazetteer=gazetteer)
    company.receive(**changes)
    return company


def look(company: Company) -> tuple[Order, Facts]:
    return company.order(), company.facts(Recheck(order="o1"), actor())


def blocks(field: Field, answers: Answers, order: Order, facts: Facts) -> bool:
    value = answers.get(field.name, "")
    verdict: Verdict | None = (
        field.check(value, answers, order, facts) if value or not field.is_optional else None
    )
    return (not value and not field.is_optional) or (verdict is not None and verdict.is_error)


def paths(step: Step, answers: Answers, order: Order, facts: Facts) -> Iterator[dict[str, str]]:
    """Every way through a step: its advice, and the first choices of each field."""
    advice = step.advice(answers, order, facts)
    if advice is not None:
        yield {**answers, **advice.answers}
    offered = []
    for field in step.fields:
        choices = field.choices(answers, order, facts)[:TRIED]
        offered.append([choice.value for choice in choices] or [_typed(field, answers, order, facts)])
    for values in itertools.product(*offered):
        yield {**answers, **dict(zip((field.name for field in step.fields), values, strict=True))}


def _typed(field: Field, answers: Answers, order: Order, facts: Facts) -> str:
    value = answers.get(field.name, "")
    verdict = field.check(value, answers, order, facts)
    return verdict.correction or value if verdict is not None else value


def walk(form: Form, order: Order, facts: Facts) -> Iterator[dict[str, str]]:
    ways = [form.start(order, facts)]
    for step in form.steps:
        ways = [
            further
            for answers in ways[:40]
            for further in paths(step, answers, order, facts)
            if not any(blocks(field, further, order, facts) for field in step.fields)
        ]
    yield from ways


@pytest.mark.parametrize("code", FORMS)
def test_every_path_ends_in_a_command_that_is_accepted(code, gazetteer):
    for company in situations(gazetteer)[code]:
        order, facts = look(company)
        ends = list(walk(FORMS[code], order, facts))
        assert ends, f"no way through {code}"
        for answers in ends:
            command = FORMS[code].build(order, answers, facts)
            fresh = company.facts(command, actor())
            done = engine.apply(command, fresh)
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
def test_the_summary_of_a_step_reads_its_own_answers(form, gazetteer):
    order, facts = look(situations(gazetteer)[form.code][0])
    answers = form.start(order, facts)

    for step in form.steps:
        own = {field.name: answers.get(field.name, "") for field in step.fields}
        assert step.summary(own) == step.summary(answers)


@pytest.mark.parametrize("code", FORMS)
def test_a_guide_opens_without_a_gazetteer_and_without_articles(code, gazetteer):
    company = situations(gazetteer)[code][0]
    company.gazetteer = None
    order, facts = look(company)
    facts.refs = type(facts.refs)(facts.refs.shops, facts.refs.warehouses, facts.refs.rules)

    answers = FORMS[code].start(order, facts)

    for step in FORMS[code].steps:
        step.advice(answers, order, facts)
        for field in step.fields:
            field.choices(answers, order, facts)
            field.check(answers.get(field.name, ""), answers, order, facts)


def test_every_exception_type_with_a_guide_has_one():
    assert {kind.form for kind in engine.KINDS.values()} - {""} == set(FORMS)
