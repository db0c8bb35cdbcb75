"""Own addresses for notices: typed once, masked from then on, tried and removed with one key each."""

from __future__ import annotations

import pytest
from desk_fake import FakeDesk
from PySide6.QtCore import Qt
from settings_scene import settings_scene

from app.domain.own_address import NewAddress
from widgets import words

CTRL = Qt.KeyboardModifier.ControlModifier
HEX_32 = "0123456789abcdef0123456789abcdef"
ROBOT = f"https://oapi.dingtalk.com/robot/send?access_token={HEX_32}"


@pytest.fixture
def fake():
    words.set_language("en")
    return FakeDesk(user="fang")


@pytest.fixture
def scene(qtbot, aio, fake):
    return settings_scene(qtbot, aio, fake, "settings_notices")


def add(scene, value: str) -> None:
    scene.press(Qt.Key.Key_N)
    control = scene.page.section()._fields["value"].control
    scene.do(control.setFocus)
    scene.type(value)
    scene.press(Qt.Key.Key_Return, CTRL)


def shown(scene) -> list[str]:
    model = scene.page.section().model
    return [" ".join(map(str, model.row(at).cells)) for at in range(model.rowCount())]


def test_an_address_is_kept_masked_tried_and_removed_by_keys(scene, fake):
    add(scene, ROBOT)

    assert fake.given == [NewAddress(way="dingtalk", value=ROBOT)]
    (row,) = shown(scene)
    assert "oapi.dingtalk.com …cdef" in row
    assert HEX_32 not in row + str(scene.page.section()._state)
    scene.press(Qt.Key.Key_T)
    scene.press(Qt.Key.Key_X)

    assert fake.given[1:] == [("try", "a1"), ("end", "a1")]
    assert shown(scene) == []


def test_what_is_no_address_is_said_and_nothing_is_kept(scene, fake):
    add(scene, "https://oapi.dingtalk.com.evil.example/robot/send?access_token=" + HEX_32)

    assert fake.given == []
    assert scene.page.section()._state.notice is not None
