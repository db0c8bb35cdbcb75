"""Plan together by keys: what moves and why, one key for all, what became of each, and taking it back."""

from __future__ import annotations

import msgspec
import pytest
from desk_fake import FakeDesk, Here
from page_audit import unnamed
from page_scene import Scene
from PySide6.QtCore import Qt

from app.ports import Changes, OutboxRow, Submitted
from app.presenters.wave import Wave
from app.text import Text
from tests.unit.test_planned_together import crowded
from widgets import words
from widgets.cells import words_of
from widgets.pages.wave import WavePage

pytest.importorskip("highspy")
Key = Qt.Key


@pytest.fixture
def fake():
    words.set_language("en")
    return FakeDesk(crowded())


@pytest.fixture
def scene(qtbot, aio, fake):
    return Scene(qtbot, aio, lambda tasks, go: WavePage(Wave(fake.desk, Here()), tasks, go), "wave")


def rows(scene):
    model = scene.page.model
    return [[words_of(cell) for cell in model.row(at).cells] for at in range(model.rowCount())]


def acts(scene):
    return [(act.code, act.is_ready) for act in scene.page.presenter.state.acts]


def test_one_key_moves_what_the_plan_says_and_undo_sends_it_from_where_it_was(scene, fake):
    assert [row[:3] for row in rows(scene)] == [
        ["DK-early", "武汉仓", "苏州仓"],
        ["DK-late", "苏州仓", "武汉仓"],
    ]
    assert [row[3:] for row in rows(scene)] == [
        ["¥3.00 more, 13 h earlier", "Leaves its pieces to DK-late", "Planned"],
        ["¥6.00 less, 18 h earlier", "Costs less from there", "Planned"],
    ]
    assert scene.page.fact.words().endswith("· 2 to move · ¥3.00 saved · 2 arrive earlier")
    assert unnamed(scene.page) == []

    scene.press(Key.Key_1)
    assert [row[-1] for row in rows(scene)] == ["Moved", "Moved"]
    assert {one.reason for one in fake.given} == {"Planned together"}
    assert [fake.company.order(name).warehouse for name in ("early", "late")] == ["SZ", "WH"]

    scene.press(Key.Key_Z)
    assert [row[-1] for row in rows(scene)] == ["Taken back", "Taken back"]
    assert [fake.company.order(name).warehouse for name in ("early", "late")] == ["WH", "SZ"]


def test_what_has_changed_since_is_left_out_and_says_so_and_what_needed_it_is_refused(scene, fake):
    early = fake.company.order("early")
    fake.company.rows["order", "early"] = msgspec.structs.replace(early, ver=early.ver + 1)

    scene.press(Key.Key_1)

    assert [row[4:] for row in rows(scene)] == [
        ["It has changed since. Plan again.", "Left out"],
        ["Not everything is free there. Choose another one, or split the order.", "Left out"],
    ]
    assert fake.given == []
    scene.press(Key.Key_R)
    assert [row[-1] for row in rows(scene)] == ["Planned", "Planned"]


def test_who_may_not_and_a_desk_without_its_hub_read_the_plan_and_why_the_key_is_off(scene, fake):
    assert acts(scene) == [("confirm", True), ("plan", True), ("open", True)]
    fake.link_state = "offline"
    scene.press(Key.Key_R)
    assert acts(scene)[0] == ("confirm", False)

    fake.link_state = "online"
    fake.sit("gu")
    scene.press(Key.Key_R)
    scene.press(Key.Key_1)
    assert acts(scene)[0] == ("confirm", False)
    assert fake.given == []


def test_what_the_hub_refuses_says_why_on_its_line(scene, fake):
    numbers = iter((1, 2))
    fake.submit = lambda *_asked: Submitted(n=next(numbers))
    scene.press(Key.Key_1)
    assert [row[-1] for row in rows(scene)] == ["Asked the hub", "Asked the hub"]

    common = {"name": "change_warehouse", "subject": "", "who": "lin", "saved_at": fake.now()}
    fake.waiting = [
        OutboxRow(n=1, state="accepted", **common),
        OutboxRow(n=2, state="refused", error=Text("It is being picked."), **common),
    ]
    scene.do(lambda: scene.page.changed(Changes(sync=True)))

    assert [row[-2:] for row in rows(scene)] == [
        ["Leaves its pieces to DK-late", "Moved"],
        ["It is being picked.", "Left out"],
    ]
