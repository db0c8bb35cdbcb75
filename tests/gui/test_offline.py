"""What cannot be done without the hub says so before anybody tries, and comes back by itself."""

from __future__ import annotations

import dataclasses

import pytest
from builders import line
from desk_fake import FakeDesk
from page_scene import CTRL, InboxStub, Scene
from PySide6.QtCore import Qt

from app.command import Authority
from app.engine import SPECS
from app.ports import Changes
from app.presenters.guide import Guide
from app.presenters.order import OrderSheet
from app.presenters.palette import Palette
from widgets import words
from widgets.pages.guide import GuidePage
from widgets.pages.order import OrderPage
from widgets.palette import PaletteRow

REASON = "Needs the hub, offline now"
HAPPENED = {
    "adjust_stock", "count_bin", "count_sheet", "grade_return", "quarantine", "receive_stock",
    "receive_transfer", "send_transfer", "ship", "undo_grading", "withdraw_stock_doc",
}  # fmt: skip
"""Goods moved: that is true without the hub, and its undo too."""


@pytest.fixture
def fake():
    words.set_language("en")
    return FakeDesk(user="wu")


def turn(scene, fake, state):
    """The line goes, or comes back."""
    fake.link_state = state
    scene.do(lambda: scene.page.changed(Changes(sync=True, line=True)))


def test_what_works_offline_is_data_of_each_verb():
    hub = {code for code, spec in SPECS.items() if spec.authority is Authority.HUB}
    desk = SPECS.keys() - hub

    assert {code for code in hub if SPECS[code].works_offline} == HAPPENED
    assert {code for code in desk if not SPECS[code].works_offline} == {"export_orders"}


def test_offline_a_command_of_the_hub_is_refused_before_it_is_kept(fake, aio):
    from app.commands.receive_payment import ReceivePayment
    from app.commands.ship import Ship

    fake.company.receive("o1", paid_minor=0)
    fake.link_state = "offline"
    done = aio(fake.desk.submit(ReceivePayment(order="o1", amount_minor=100)))
    assert (done.refusal.code, done.refusal.text.message) == ("offline", REASON)
    assert fake.given == []

    fake.sit("qiao")
    assert aio(fake.desk.submit(Ship(order="o1", carrier="SF", tracking_no="SF1"))).refusal is None


@pytest.fixture
def sheet(qtbot, aio, fake, monkeypatch):
    """An order whose cancelling only the hub decides."""
    monkeypatch.setattr(
        "app.desk.SPECS", {**SPECS, "cancel": dataclasses.replace(SPECS["cancel"], offline=False)}
    )
    fake.company.receive("o1")
    presenter = OrderSheet(fake.desk)
    return Scene(qtbot, aio, lambda tasks, go: OrderPage(presenter, tasks, go), "order", {"id": "o1"})


def offs(scene):
    return {act.code: act.reason.message for act in scene.page.presenter.state.acts if not act.is_ready}


def test_keys_of_an_order_go_off_with_the_line_and_come_back_with_it(sheet, fake):
    was_ready = {act.code for act in sheet.page.presenter.state.acts if act.is_ready}
    turn(sheet, fake, "offline")
    off = offs(sheet)
    assert off == {"cancel": REASON, "guide/change_warehouse": REASON, "guide/watch_buyer": REASON}

    turn(sheet, fake, "online")
    assert {act.code for act in sheet.page.presenter.state.acts if act.is_ready} == was_ready


def test_the_key_of_what_is_off_does_nothing(sheet, fake):
    turn(sheet, fake, "offline")
    code, key = next((act.code, act.key) for act in sheet.page.presenter.state.acts if not act.is_ready)
    table = sheet.page.bar.keys()
    found = next(each for each in table if each.key == key)
    assert found.off == REASON, code
    sheet.do(found.call)
    assert fake.given == []


@pytest.fixture
def guide(qtbot, aio, fake):
    """Paying a buyer back: the hub's alone."""
    fake.company.receive("o1", lines=(line(qty=2),))
    return Scene(
        qtbot,
        aio,
        lambda tasks, go: GuidePage(Guide(fake.desk), tasks, go),
        "guide",
        {"form": "refund_return", "order": "o1"},
    )


def test_a_guide_says_it_on_its_first_step(guide, fake):
    assert guide.page.notice.words() == ""
    turn(guide, fake, "offline")
    assert guide.page.notice.words() == REASON
    turn(guide, fake, "online")
    assert guide.page.notice.words() == ""


def test_the_palette_says_it_and_begins_nothing(qtbot, aio, fake):
    async def search(_text):
        return [PaletteRow("new", "Publish rules", lambda: fake.given.append("rules"), off=REASON)]

    scene = Scene(qtbot, aio, lambda _tasks, _go: InboxStub(), "inbox")
    scene.shell.use_search(scene.tasks, search)
    scene.press(Qt.Key.Key_K, CTRL)
    palette = scene.shell.palette_
    spoken = palette.rows.model().index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    scene.press(Qt.Key.Key_Return)

    assert spoken == f"Publish rules {REASON}"
    assert palette.isVisible()
    assert fake.given == []


def test_guides_that_need_the_hub_are_marked_in_the_palette(fake, monkeypatch):
    entries = Palette(fake.desk).guides()
    assert {entry.off for entry in entries} == {None}
    spec = dataclasses.replace(SPECS["new_order"], offline=False)
    monkeypatch.setattr("app.desk.SPECS", {**SPECS, "new_order": spec})
    fake.link_state = "offline"
    off = {entry.code: entry.off for entry in Palette(fake.desk).guides()}
    assert off["new_order"].message == REASON
    assert off["receive_stock"] is None if "receive_stock" in off else True
