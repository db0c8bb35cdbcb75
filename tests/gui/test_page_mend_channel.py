"""How a channel is read is changed by keys or by a drag: seen at once, kept as a version, taken back."""

from __future__ import annotations

import json

import pytest
from desk_fake import FakeDesk
from page_audit import unnamed
from page_scene import CTRL, Scene
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from app.presenters.mend_channel import MendChannel
from widgets import words
from widgets.pages.mend_channel import MendChannelPage

NOTE, PAID = "map/order/note/path", "map/order/paid/type"


@pytest.fixture
def fake():
    words.set_language("en")
    return FakeDesk(user="fang")


@pytest.fixture
def scene(qtbot, aio, fake):
    return Scene(
        qtbot, aio, lambda tasks, go: MendChannelPage(MendChannel(fake.desk), tasks, go), "mend_channel",
        {"shop": "TM1"},
    )  # fmt: skip


def state(scene):
    return scene.page.presenter.state


def made(scene):
    page = scene.page
    return [tuple(map(str, page.made_model.row(at).cells)) for at in range(page.made_model.rowCount())]


def off(scene):
    return {each.code: each.reason for each in scene.page.bar._actions}


def test_a_field_is_put_into_a_value_by_one_key_and_its_order_shows_it_at_once(scene, fake):
    page = scene.page
    assert (state(scene).leaf, state(scene).bit, made(scene)) == (
        NOTE,
        "order_sn",
        [("Note of the buyer", "soon")],
    )
    assert off(scene)["keep"] == "Nothing was changed. Change a value first."
    assert unnamed(page) == []

    scene.press(Qt.Key.Key_P)
    assert made(scene) == [("Note of the buyer", "N7")]
    scene.press(Qt.Key.Key_Return, CTRL)
    (_keep, shop, asked) = fake.given[-1]
    assert (shop, asked.n) == ("TM1", 0)
    assert json.loads(asked.patch) == {"map": {"order": {"note": {"path": "order_sn"}}}}
    assert page.notice.words().startswith("Version 1 is in use.")

    scene.press(Qt.Key.Key_T)
    assert page.notice.words() == "It answers: 3 orders read as a sample, 0 unreadable."
    scene.press(Qt.Key.Key_R)
    assert (made(scene), state(scene).patch) == ([("Note of the buyer", "soon")], {})
    scene.do(lambda: page.versions.pick("0"))
    scene.press(Qt.Key.Key_B)
    assert (state(scene).mending.n, fake.patch_at_hub) == (2, {})


def test_a_field_is_dragged_onto_a_value_and_of_a_line_from_its_line_on(scene):
    page = scene.page
    room, over = page.sample.viewport(), page.leaves.viewport()
    there = room.mapFromGlobal(over.mapToGlobal(page.leaves.visualRect(page.leaf_model.index(0, 0)).center()))
    here = page.sample.visualRect(page.sample_model.index(0, 0)).center()
    left = Qt.MouseButton.LeftButton
    QTest.mousePress(room, left, Qt.KeyboardModifier.NoModifier, here)
    scene.do(lambda: QTest.mouseMove(room, here + QPoint(40, 0)))
    scene.do(lambda: QTest.mouseMove(room, there))
    scene.do(lambda: QTest.mouseRelease(room, left, Qt.KeyboardModifier.NoModifier, there))
    assert made(scene) == [("Note of the buyer", "N7")]

    scene.do(lambda: page.once("try", lambda: page.presenter.add("line/qty/path")))
    scene.do(lambda: page.once("try", lambda: page.presenter.drop("map/line/qty/path", "items[].qty")))
    assert state(scene).patch["map"]["line"] == {"qty": {"path": "qty"}}


def test_what_is_wrong_is_said_beside_the_field_and_cannot_be_kept(scene):
    page = scene.page
    scene.do(lambda: page.leaves.pick(PAID))
    scene.do(page.value.setFocus)
    page.value.clear()
    scene.type("gold")
    scene.press(Qt.Key.Key_Return)

    assert page.value_field.message() == "type is not as it must be."
    assert off(scene)["keep"] == "type is not as it must be."
    assert (made(scene), page.odd.accessibleName()) == ([], "type is not as it must be.")
    scene.do(lambda: page.presenter.show_block("transport"))
    scene.do(lambda: page.presenter.choose_leaf("transport/base"))
    assert page.value_field.message() == "This comes with the program."
    assert not page.value.isEnabled()
