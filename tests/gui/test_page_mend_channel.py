"""How a channel is read is changed in a form or by a drag: seen at once, kept as a version, taken back."""

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

NOTE = "map/order/buyer_note"
ALT = Qt.KeyboardModifier.AltModifier


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


def rows(table):
    model = table.model_in_use()
    found = [model.row(at).cells for at in range(model.rowCount())]
    return [tuple(getattr(cell, "text", cell) for cell in cells) for cells in found]


def made(scene):
    return rows(scene.page.side.made)


def off(scene):
    return {each.code: each.reason for each in scene.page.bar._actions}


def table(scene, key):
    return scene.page.form.tables[key]


def go(scene, key):
    """Open rows down to a place, as Enter does."""
    scene.do(lambda: scene.page.form.entered.emit(key))


def patch(scene):
    return state(scene).patch


def test_a_field_is_put_into_a_row_by_one_key_and_its_order_shows_it_at_once(scene, fake):
    page = scene.page
    assert (state(scene).bit, made(scene)) == ("order_sn", [("Note of the buyer", "soon")])
    assert off(scene)["keep"] == "Nothing was changed. Change a value first."
    assert unnamed(page) == []

    scene.do(lambda: table(scene, "map/order").table.pick(NOTE))
    scene.press(Qt.Key.Key_P)
    assert made(scene) == [("Note of the buyer", "N7")]
    assert rows(page.side.changes) == [("Note of the buyer › Comes from", "buyer_memo", "order_sn")]
    scene.press(Qt.Key.Key_Return, CTRL)
    (_keep, shop, asked) = fake.given[-1]
    assert (shop, asked.n) == ("TM1", 0)
    assert json.loads(asked.patch) == {"map": {"order": {"buyer_note": {"path": "order_sn"}}}}
    assert page.notice.words().startswith("Version 1 is in use.")
    assert page.side.changes.isHidden()

    scene.press(Qt.Key.Key_T)
    assert page.notice.words() == "It answers: 3 orders read as a sample, 0 unreadable."
    scene.do(lambda: table(scene, "map/order").table.pick(NOTE))
    scene.press(Qt.Key.Key_R)
    assert (made(scene), patch(scene)) == ([("Note of the buyer", "soon")], {})
    scene.press(Qt.Key.Key_D)
    assert made(scene) == [("Note of the buyer", "N7")]
    scene.do(lambda: page.side.versions.pick("0"))
    scene.press(Qt.Key.Key_B)
    assert (state(scene).mending.n, fake.patch_at_hub) == (2, {})


def test_a_field_is_dragged_onto_a_field_and_of_a_line_from_its_line_on(scene):
    page = scene.page
    go(scene, NOTE)
    room, over = page.sample.viewport(), page.form.fields[f"{NOTE}/path"].control
    there = room.mapFromGlobal(over.mapToGlobal(over.rect().center()))
    here = page.sample.visualRect(page.sample_model.index(0, 0)).center()
    left = Qt.MouseButton.LeftButton
    QTest.mousePress(room, left, Qt.KeyboardModifier.NoModifier, here)
    scene.do(lambda: QTest.mouseMove(room, here + QPoint(40, 0)))
    scene.do(lambda: QTest.mouseMove(room, there))
    scene.do(lambda: QTest.mouseRelease(room, left, Qt.KeyboardModifier.NoModifier, there))
    assert (made(scene), over.answer()) == ([("Note of the buyer", "N7")], "order_sn")

    scene.press(Qt.Key.Key_Left, ALT)
    assert state(scene).place == "map"
    scene.do(lambda: page._with(lambda: page.presenter.drop("map/line/qty", "items[].qty")))
    scene.do(lambda: page._with(lambda: page.presenter.drop("map/order/receivable", "order_sn")))
    assert patch(scene)["map"]["line"] == {"qty": {"path": "qty"}}
    assert patch(scene)["map"]["order"]["receivable"] == {"expr": None, "path": "order_sn"}


def test_a_field_put_on_a_condition_asks_for_it_and_elsewhere_is_no_path(scene):
    page = scene.page
    go(scene, "map/status/0")
    scene.do(lambda: page.presenter.choose("map/status/0/then"))
    assert off(scene)["put"] == "No field of the record fits here."
    scene.do(lambda: page.presenter.choose("map/status/0/when"))
    scene.do(page.sample.setFocus)
    scene.press(Qt.Key.Key_P)
    assert state(scene).place == "map/status/0/when/order_sn"
    assert state(scene).tree["map"]["status"][0]["when"] == {"confirm_status": 2, "order_sn": ""}
    scene.do(lambda: page._with(lambda: page.presenter.drop("map/status/0/when/confirm_status", "order_sn")))
    assert state(scene).tree["map"]["status"][0]["when"]["confirm_status"] == 2


def test_what_is_typed_is_tried_after_a_rest_and_a_choice_at_once(scene):
    page = scene.page
    go(scene, NOTE)
    path = page.form.fields[f"{NOTE}/path"].control
    scene.do(path.setFocus)
    path.clear()
    scene.type("order_sn")
    assert made(scene) == [("Note of the buyer", "soon")]
    scene.until(lambda: made(scene) == [("Note of the buyer", "N7")])
    assert (path.answer(), path.hasFocus()) == ("order_sn", True)

    unit = page.form.fields[f"{NOTE}/type"].control
    scene.do(unit.setFocus)
    scene.press(Qt.Key.Key_Down)
    assert patch(scene)["map"]["order"]["buyer_note"]["type"] == unit.answer() != ""
    switch = page.form.fields[f"{NOTE}/required"].control
    scene.do(switch.setFocus)
    scene.press(Qt.Key.Key_Space)
    assert patch(scene)["map"]["order"]["buyer_note"]["required"] is True
    scene.press(Qt.Key.Key_Space)
    assert "required" not in patch(scene)["map"]["order"]["buyer_note"]
    assert unnamed(page) == []


def test_rules_go_up_and_down_come_and_go_by_keys(scene):
    status = table(scene, "map/status")
    first, second = rows(status.table)[0][0], rows(status.table)[1][0]
    scene.do(lambda: status.table.pick("map/status/1"))
    scene.do(status.table.setFocus)
    scene.press(Qt.Key.Key_Up, CTRL)
    assert [one[0] for one in rows(status.table)[:2]] == [second, first]
    assert status.table.current_key() == "map/status/0"
    scene.press(Qt.Key.Key_Down, CTRL)
    assert patch(scene) == {}

    many = len(rows(status.table))
    scene.do(status.buttons["add"].click)
    assert state(scene).place == f"map/status/{many}"
    then = scene.page.form.fields[f"map/status/{many}/then"].control
    assert (then.answer(), then.accessibleName()) == ("awaiting_payment", "Our state (required)")
    when = table(scene, f"map/status/{many}/when")
    when.name.setText("order_status")
    scene.do(when.buttons["add"].click)
    values = scene.page.form.fields[f"map/status/{many}/when/order_status"].control
    scene.do(lambda: values.setPlainText("4\n5"))
    scene.do(scene.page.form.flush)
    begun = {"when": {"order_status": [4, 5]}, "then": "awaiting_payment"}
    assert state(scene).tree["map"]["status"][-1] == begun
    scene.press(Qt.Key.Key_Left, ALT, times=2)
    scene.do(lambda: table(scene, "map/status").table.pick(f"map/status/{many}"))
    scene.do(table(scene, "map/status").table.setFocus)
    scene.press(Qt.Key.Key_Delete)
    assert (patch(scene), len(rows(table(scene, "map/status").table))) == ({}, many)


def test_a_target_comes_from_a_list_and_a_missing_part_is_switched_on(scene):
    order = table(scene, "map/order")
    order.known.set_answer("ship_by")
    assert order.known.answer() == ""  # it is there already
    order.known.set_answer("currency")
    scene.do(order.buttons["add"].click)
    assert state(scene).place == "map/order/currency"
    scene.do(lambda: scene.page._with(lambda: scene.page.presenter.go_to("file")))
    part = scene.page.form.fields["file"].control
    scene.do(part.setFocus)
    scene.press(Qt.Key.Key_Space)
    assert scene.page.form.fields.keys() == {"file"} or scene.page.form.tables.keys() == {"file/group_by"}
    assert off(scene)["keep"] != ""
    scene.press(Qt.Key.Key_D, ALT)
    assert patch(scene) == {}


def test_what_is_wrong_is_said_at_its_field_and_cannot_be_kept(scene):
    page = scene.page
    scene.do(lambda: page._with(lambda: page.presenter.go_to("streams")))
    go(scene, "streams/orders")
    field = page.form.fields["streams/orders/records"]
    scene.do(field.control.setFocus)
    field.control.clear()
    field.control.answered.emit("")
    scene.press(Qt.Key.Key_Return)

    assert (field.state(), field.message()) == ("error", "This must be filled in.")
    assert off(scene)["keep"] == "Lists › Orders › Records stand at: This must be filled in."
    lag = page.form.fields["streams/orders/window/lag"].control
    assert (lag.answer(), lag.count.answer(), lag.unit.answer()) == ("PT3M", "3", "M")
    assert lag.unit.accessibleName() == "Behind now (required): unit"
    scene.do(lambda: page._with(lambda: page.presenter.go_to("transport")))
    assert page.where.words() == "This comes with the program."
    assert not any(one.control.isEnabled() for one in page.form.fields.values())
    assert not table(scene, "transport/errors").buttons["add"].isVisible()


def test_experts_see_and_change_the_place_as_json(scene):
    page = scene.page
    go(scene, NOTE)
    scene.press(Qt.Key.Key_X, ALT)
    assert json.loads(page.text.answer()) == {"path": "buyer_memo"}
    scene.do(lambda: page.text.setPlainText('{"path": '))
    assert page.where.words() == "This is no JSON yet. Look at commas, quotes and brackets."
    scene.do(lambda: page.text.setPlainText('{"path": "order_sn"}'))
    assert made(scene) == [("Note of the buyer", "N7")]
    scene.press(Qt.Key.Key_X, ALT)
    assert page.form.fields[f"{NOTE}/path"].control.answer() == "order_sn"


def test_a_change_leads_to_its_field_and_words_change_with_the_language(scene):
    page = scene.page
    scene.do(lambda: page._with(lambda: page.presenter.drop(NOTE, "order_sn")))
    scene.do(lambda: page._with(lambda: page.presenter.go_to("streams")))
    scene.do(lambda: page.side.changes.opened.emit(f"{NOTE}/path"))
    assert (state(scene).place, page.form.fields[f"{NOTE}/path"].control.hasFocus()) == (NOTE, True)
    scene.do(lambda: words.set_language("zh_CN"))
    assert page.form.fields[f"{NOTE}/path"].control.accessibleName() == "取自字段"
    assert unnamed(page) == []


def test_a_field_that_is_gone_is_red_in_its_row_until_it_comes_from_elsewhere(qtbot, aio, fake):
    fake.gone_at_hub = ("buyer_memo",)
    scene = Scene(
        qtbot, aio, lambda tasks, go: MendChannelPage(MendChannel(fake.desk), tasks, go), "mend_channel",
        {"shop": "TM1"},
    )  # fmt: skip
    order = table(scene, "map/order").table
    assert [one[0] for one in rows(order) if one[-1] == "Look here"] == ["Note of the buyer"]
    go(scene, NOTE)
    field = scene.page.form.fields[f"{NOTE}/path"]
    assert field.message() == "This is not what the channel always sent. Say where it stands now."

    scene.press(Qt.Key.Key_P, ALT)
    assert (field.message(), off(scene)["keep"]) == ("Yours", "")
