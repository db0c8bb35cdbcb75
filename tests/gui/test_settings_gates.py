"""Gate profiles: what stands in the form is published, and which orders it changes is said before."""

from __future__ import annotations

import pytest
from builders import actor, line
from desk_fake import FakeDesk
from PySide6.QtCore import Qt
from settings_scene import settings_scene

from app.commands.set_gate_profile import SetGateProfile
from app.domain.gate_profile import GateProfile, Limit
from app.domain.values import Role
from widgets import words

CTRL = Qt.KeyboardModifier.ControlModifier
ALL = GateProfile(code="ALL", title="Everything", limits=(Limit("price_floor_pct", 50),))


@pytest.fixture
def scene(qtbot, aio):
    words.set_language("en")
    fake = FakeDesk(user="wu")
    fake.company.must(SetGateProfile(profile=ALL), actor(Role.LEAD, "wu"))
    fake.company.receive("held", ext_id="held", lines=(line(unit_price_minor=320_000),))
    made = settings_scene(qtbot, aio, fake, "settings_gates")
    made.fake = fake
    return made


def write(scene, name, text):
    control = scene.page.section()._fields[name].control
    scene.do(lambda: control.set_answer(text) or control.answered.emit(text))


def told(scene) -> str:
    return " ".join(words.trn(text) for text in scene.page.section().presenter.state.says)


def test_who_goes_on_is_said_before_the_profile_is_published(scene):
    row = scene.page.section().model.row(0).cells
    before = scene.page.section().presenter.state.says
    write(scene, "gates", "window review")
    foreseen = told(scene)
    scene.press(Qt.Key.Key_Return, CTRL)

    assert row[2] == "Orders of every type: Release window, Price, Review"
    assert before == ()
    assert foreseen.endswith("1 would go on: DK-held.")
    published = scene.fake.company.refs.gate_profiles["ALL"]
    assert (published.gates, published.limits, published.rev) == (("window", "review"), ALL.limits, 2)


def test_a_profile_of_one_shop_says_how_many_orders_would_stand_without_one(scene):
    write(scene, "shops", "DY1")

    assert "would have no profile and stop" in told(scene)


def test_a_limit_out_of_its_range_is_said_at_its_field(scene):
    write(scene, "price_floor_pct", "130")
    scene.press(Qt.Key.Key_Return, CTRL)

    assert scene.page.section()._fields["price_floor_pct"].message() == "From 0 to 100. Change it."
    assert scene.fake.company.refs.gate_profiles["ALL"].rev == 1
