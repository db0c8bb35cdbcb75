"""Time at orders is noted from acts in the window, by order and exception, without what was pressed."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from audit_stage import Stage
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.boot.at_orders import AtOrders
from app.commands.note_focus import NoteFocus


@pytest.fixture
def stage(qtbot, aio, monkeypatch):
    made = Stage(lambda coro: aio(coro, 60))
    qtbot.addWidget(made.shell)
    with qtbot.waitActive(made.shell):
        made.shell.show()
        made.shell.activateWindow()
    return made


@pytest.fixture
def clock(stage, monkeypatch):
    made = AtOrders(stage.shell, stage.fake.desk, stage.tasks)
    made._clock.setInterval(3_600_000)
    start = stage.fake.now()
    passed = [0]
    monkeypatch.setattr(stage.fake, "now", lambda: start + timedelta(seconds=passed[0]))

    def go_on(seconds, *, acts=True):
        for _ in range(seconds):
            passed[0] += 1
            if acts:
                window = stage.shell.window().windowHandle()
                QTest.mouseMove(window, stage.shell.rect().center())
                QTest.keyClick(window, Qt.Key.Key_Shift)
            stage.run(made.tick())

    made.go_on = go_on
    return made


def notes(stage):
    return [one for one in stage.fake.noted if isinstance(one, NoteFocus)]


def test_minutes_at_orders_are_sent_in_one_batch_and_say_where_and_how_long(stage, clock):
    stage.do(lambda: stage.shell.go("inbox"))
    row = stage.shell.page.presenter.state.card.row.snag
    clock.go_on(40)
    stage.do(lambda: stage.shell.go("order", {"id": row.id}))
    clock.go_on(20)
    stage.do(lambda: stage.shell.go("today"))
    clock.go_on(300)
    stage.do(lambda: stage.shell.go("inbox"))
    clock.go_on(1)

    (note,) = notes(stage)
    assert [(one.subject, one.kind, one.touch_s) for one in note.spans] == [
        (row.id, row.kind, 40),
        (row.id, "", 20),
    ]
    assert set(msgspec.to_builtins(note.spans[0])) == {"subject", "kind", "since", "until", "touch_s"}


def test_who_rests_costs_nothing_and_what_was_counted_outlives_the_desk(stage, clock):
    stage.do(lambda: stage.shell.go("inbox"))
    clock.go_on(30)
    clock.go_on(100, acts=False)

    kept = stage.fake.kept["focus/fang"]
    assert not clock._clock.isActive()
    assert notes(stage) == []
    (span,) = msgspec.json.decode(kept)
    assert 88 <= span["touch_s"] <= 90
    again = AtOrders(stage.shell, stage.fake.desk, stage.tasks)
    stage.run(again.tick())
    assert msgspec.json.decode(stage.fake.kept["focus/fang"]) == [span]
