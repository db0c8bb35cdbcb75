"""A right that asks for a pass is off on screen, with the lesson and the key, until the pass is there."""

from __future__ import annotations

import pytest
from desk_fake import FakeDesk

from app.commands.hold import Hold
from app.domain.skill import Licence, Passed, Proof, Skills, skill_key
from app.ports import Views
from app.presenters.order import OrderSheet
from tests.builders import NOW
from widgets import words

LESSON = Proof(code="hold_order", title="Hold an order")
SAYS = "Pass the lesson “Hold an order” in an exam first: F12 opens practice."


@pytest.fixture
def fake():
    words.set_language("en")
    made = FakeDesk(user="lin")
    made.company.rows["licence", "hold"] = Licence(code="hold", lessons=(LESSON,), is_on=True)
    made.company.receive("o1")
    return made


def offs(aio, fake) -> dict[str, str]:
    sheet = OrderSheet(fake.desk)
    aio(sheet.open("o1"))
    return {act.code: words.trn(act.reason) for act in sheet.state.acts if act.reason is not None}


def test_the_key_of_an_order_is_off_and_says_which_lesson(fake, aio):
    assert SAYS in offs(aio, fake).values()

    fake.company.rows[skill_key("lin")] = Skills(
        user="lin", passed=(Passed(lesson=LESSON.code, version=1, at=NOW),)
    )
    assert SAYS not in offs(aio, fake).values()


def test_the_desk_refuses_what_is_off_and_keeps_nothing(fake, aio):
    aio(fake.desk.look(Views.refs))

    done = aio(fake.desk.submit(Hold(order="o1", reason="ask")))

    assert done.refusal.code == "not_proved"
    assert fake.given == []
