"""Exception types of the company's own: what their form asks and publishes, names in two languages."""

from __future__ import annotations

import pytest
from builders import actor, line
from desk_fake import FakeDesk

from app.commands.set_snag_rule import SetSnagRule
from app.domain.snag_rule import Clause, SnagRule
from app.domain.values import Role
from app.presenters.settings_types import SettingsTypes
from app.text import both
from widgets import words

BIG = SnagRule(code="BIG", title="大额单", title_en="Large", clauses=(Clause("payable", "at_least", "500"),))


@pytest.fixture
def fake():
    fake = FakeDesk(user="wu")
    fake.company.receive("big", lines=(line(qty=2),))
    fake.company.must(SetSnagRule(rule=BIG), actor(Role.LEAD, "wu"))
    return fake


async def filled(fake, **answers: str) -> SettingsTypes:
    section = SettingsTypes(fake.desk)
    await section.refresh()
    for name, value in answers.items():
        await section.answer(name, value)
    return section


def test_a_type_says_before_it_is_published_how_many_orders_it_would_hold(aio, fake):
    section = aio(filled(fake, value1="100"))
    (said,) = section.state.says
    aio(section.save())

    (row,) = section.state.items
    orders = len(fake._orders())
    assert (row.code, row.title) == ("BIG", both("大额单", "Large"))
    assert (said.params["would"], said.params["looked"]) == (orders, orders)
    assert fake.company.refs.snag_rules["BIG"].clauses == (Clause("payable", "at_least", "100"),)


def test_a_second_condition_is_added_and_a_type_goes_out_of_use(aio, fake):
    section = aio(filled(fake, field2="pieces", op2="at_least", value2="2", is_any="1", active=""))

    aio(section.save())

    rule = fake.company.refs.snag_rules["BIG"]
    assert rule.clauses[1] == Clause("pieces", "at_least", "2")
    assert (rule.is_any, rule.active, rule.title_en) == (True, False, "Large")


def test_a_type_may_be_asked_of_each_line_by_itself_and_then_names_one(aio, fake):
    section = aio(filled(fake, on_line="1"))
    aio(section.save())
    assert fake.company.refs.snag_rules["BIG"].on_line is False
    assert section.state.notice is not None

    aio(section.answer("field1", "pieces"))
    aio(section.answer("value1", "2"))
    aio(section.save())

    assert fake.company.refs.snag_rules["BIG"].on_line is True


@pytest.mark.parametrize(
    ("answers", "name"),
    [({"value1": "a lot"}, "value1"), ({"op1": "contains"}, "op1"), ({"field1": ""}, "field1")],
)
def test_a_condition_without_sense_is_said_at_its_field(aio, fake, answers, name):
    section = aio(filled(fake, **answers))

    aio(section.save())

    assert [each.name for each in section.state.inputs if each.error is not None] == [name]
    assert fake.given == []


def test_who_cannot_read_the_only_title_sees_its_code_and_the_editor_says_which_is_lacking(aio, fake):
    section = aio(filled(fake, title_en="", value1="100"))
    lacking = section.state.says[0]
    aio(section.save())
    (row,) = section.state.items
    shown = {}
    for language in words.LANGUAGES:
        words.set_language(language)
        shown[language] = words.named(row.title)

    assert lacking.message.startswith("No English title")
    assert shown == {"zh_CN": "大额单", "en": "大额单 (BIG)"}
    aio(section.answer("title", "Large"))
    assert section.state.says[0].message.startswith("No Chinese title")


def test_a_name_in_both_languages_is_shown_in_the_one_on_screen():
    said = both("大额单", "Large")

    words.set_language("zh_CN")
    assert words.tr(said) == "大额单"
    words.set_language("en")
    assert (words.tr(said), words.tr(both("大额单", ""))) == ("Large", "大额单")
