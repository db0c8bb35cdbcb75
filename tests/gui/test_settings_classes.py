"""The class table: rows in the order they are asked, what one would take, and what makes no sense."""

from __future__ import annotations

import pytest
from builders import actor, line
from desk_fake import FakeDesk

from app.commands.set_order_class import SetOrderClass
from app.domain.order_class import OrderClass
from app.domain.snag_rule import Clause
from app.domain.values import Role
from app.presenters.settings_classes import SettingsClasses
from app.text import both

BIG = OrderClass(
    code="BIG", title="大单", title_en="Large", rank=20, clauses=(Clause("payable", "at_least", "500"),)
)
FIRST = OrderClass(code="ZZ", title="加急", title_en="Urgent", rank=1, clauses=(Clause("urgent", "is", ""),))


@pytest.fixture
def fake():
    fake = FakeDesk(user="wu")
    fake.company.receive("big", lines=(line(qty=2),))
    for row in (BIG, FIRST):
        fake.company.must(SetOrderClass(row=row), actor(Role.LEAD, "wu"))
    return fake


async def filled(fake, **answers: str) -> SettingsClasses:
    section = SettingsClasses(fake.desk)
    await section.refresh()
    await section.choose("BIG")
    for name, value in answers.items():
        await section.answer(name, value)
    return section


def test_rows_stand_in_the_order_in_which_they_are_asked(aio, fake):
    section = aio(filled(fake))

    assert [row.title for row in section.state.items] == [both("加急", "Urgent"), both("大单", "Large")]


def test_a_row_says_before_it_is_published_how_many_orders_it_would_take(aio, fake):
    section = aio(filled(fake, value1="100", queue="lead", invoice="none"))
    (said,) = section.state.says
    aio(section.save())

    orders = len(fake._orders())
    assert (said.params["here"], said.params["none"], said.params["looked"]) == (orders, 0, orders)
    row = fake.company.refs.order_classes["BIG"]
    assert (row.clauses, row.queue, row.invoice) == ((Clause("payable", "at_least", "100"),), "lead", "none")


def test_a_condition_that_cannot_be_compared_is_not_published(aio, fake):
    section = aio(filled(fake, value1="many"))
    aio(section.save())

    assert fake.company.refs.order_classes["BIG"].clauses == BIG.clauses
    assert [each.name for each in section.state.inputs if each.error is not None] == ["value1"]
