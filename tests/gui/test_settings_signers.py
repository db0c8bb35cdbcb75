"""Who may sign: what stands in the form is published, and what cannot be is said at its field."""

from __future__ import annotations

import pytest
from desk_fake import FakeDesk
from PySide6.QtCore import Qt
from settings_scene import settings_scene

from app.commands.set_sign_policy import SetSignPolicy
from app.domain.sign_policy import SignPolicy
from widgets import words

CTRL = Qt.KeyboardModifier.ControlModifier
LARGE = SignPolicy(code="L", title="Large", least_minor=500_000, when="night", roles=("lead",))


@pytest.fixture
def scene(qtbot, aio):
    words.set_language("en")
    fake = FakeDesk(user="wu")
    fake.submit(SetSignPolicy(policy=LARGE), fake.desk.login)
    made = settings_scene(qtbot, aio, fake, "settings_signers")
    made.fake = fake
    return made


def write(scene, name, text):
    control = scene.page.section()._fields[name].control
    scene.do(lambda: control.set_answer(text) or control.answered.emit(text))


def test_a_policy_says_whom_it_lets_sign_and_is_published_anew(scene):
    row = scene.page.section().model.row(0).cells
    write(scene, "below_minor", "9000")
    write(scene, "other_role", "1")
    scene.press(Qt.Key.Key_Return, CTRL)

    assert row[2] == "From ¥5,000.00 on, While the review is on: Lead"
    published = scene.fake.company.refs.sign_policies["L"]
    assert (published.least_minor, published.below_minor) == (500_000, 900_000)
    assert (published.other_role, published.roles, published.rev) == (True, ("lead",), 2)


def test_an_amount_nobody_can_read_is_said_at_its_field(scene):
    write(scene, "below_minor", "much")
    scene.press(Qt.Key.Key_Return, CTRL)

    assert scene.page.section()._fields["below_minor"].message()
    assert scene.fake.company.refs.sign_policies["L"].rev == 1
