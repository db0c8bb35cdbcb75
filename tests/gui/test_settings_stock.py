"""Stock policies: one form for each, what is wrong is said at its field."""

from __future__ import annotations

import pytest
from builders import actor
from desk_fake import FakeDesk
from PySide6.QtCore import Qt
from settings_scene import settings_scene

from app.commands.set_stock_policy import SetStockPolicy
from app.domain.offering import Mode, StockPolicy
from app.domain.values import Role
from widgets import words

CTRL = Qt.KeyboardModifier.ControlModifier
HOT = StockPolicy(
    code="HOT", title="Hot goods", mode=Mode.BUFFER, amount=3, shops=("TM1",), articles=("LN-*", "SF-001")
)


@pytest.fixture
def scene(qtbot, aio):
    words.set_language("en")
    fake = FakeDesk(user="wu")
    fake.company.must(SetStockPolicy(policy=HOT), actor(Role.LEAD, "wu"))
    made = settings_scene(qtbot, aio, fake, "settings_stock")
    made.fake = fake
    return made


def write(scene, name, text):
    control = scene.page.section()._fields[name].control
    scene.do(lambda: control.set_answer(text) or control.answered.emit(text))


def test_a_policy_says_what_it_does_and_is_published_with_other_articles(scene):
    row = scene.page.section().model.row(0).cells
    write(scene, "articles", "LN-* all of them\n\nLN-220")
    write(scene, "until_on", "2026-07-31")
    scene.press(Qt.Key.Key_Return, CTRL)

    assert row[:3] == ("HOT", "Hot goods", "LN-*, SF-001: 3 pieces kept back, 青禾旗舰店")
    published = scene.fake.company.refs.stock_policies["HOT"]
    assert (published.articles, published.until_on.isoformat()) == (("LN-*", "LN-220"), "2026-07-31")
    assert (published.amount, published.shops, published.rev) == (3, ("TM1",), 2)


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("articles", "XX-1", "No article XX-1."),
        ("articles", "XX-*", "No article XX-*."),
        ("since_on", "soon", "Write the day like 2026-07-01."),
    ],
)
def test_what_cannot_be_read_is_said_at_its_field(scene, name, typed, said):
    write(scene, name, typed)
    scene.press(Qt.Key.Key_Return, CTRL)

    assert scene.page.section()._fields[name].message().startswith(said)
    assert scene.fake.company.refs.stock_policies["HOT"].rev == 1
