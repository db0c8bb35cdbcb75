"""Tours: they point at the real control, wait for the real deed, follow it, and are put away for good."""

from __future__ import annotations

import asyncio
import itertools

import pytest
from audit_stage import ARGS, Stage
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

from app.boot.coaching import NONE, Coaching
from app.commands.note_habit import NoteHabit
from app.commands.note_help import NoteHelp
from app.domain.values import habit_key
from app.training.tours import TOURS, Mark, Tour, tour_of
from widgets import theme, words
from widgets.coach import Coach


@pytest.fixture
def stage(qtbot, aio):
    made = Stage(lambda coro: aio(coro, 60))
    qtbot.addWidget(made.shell)
    with qtbot.waitActive(made.shell):
        made.shell.show()
        made.shell.activateWindow()
    yield made
    made.shell.hide()  # what still waits there begins nothing in the tests that follow


def visit(stage, tour):
    stage.do(lambda: stage.shell.go(tour.page, {"form": tour.form} if tour.form else ARGS.get(tour.page)))


def begun(stage, tour):
    coach = Coach(stage.shell, stage.shell.router)
    stage.do(lambda: coach.begin(tour))
    return coach


def press(stage, key, modifier=Qt.KeyboardModifier.NoModifier):
    stage.do(lambda: QTest.keyClick(QApplication.focusWidget() or stage.shell, key, modifier))


def seen(stage, name):
    """Where a control lies in the window."""
    control = next(one for one in stage.shell.findChildren(QWidget, name) if one.isVisible())
    return QRect(control.mapTo(stage.shell, control.rect().topLeft()), control.size())


def test_every_mark_has_its_control_on_its_page_and_its_keys_there(stage):
    lost = []
    for tour in TOURS.values():
        visit(stage, tour)
        keys = {key.key for key in (*stage.shell.router.page_keys, *stage.shell.router.shared_keys)}
        for mark in tour.marks:
            found = [one for one in stage.shell.page.findChildren(QWidget, mark.control) if one.isVisible()]
            if len(found) != 1 or not (mark.keys == () or keys & set(mark.keys)):
                lost.append((tour.code, mark.control, len(found)))

    assert lost == []


def test_it_waits_for_the_real_deed_and_goes_on(stage):
    tour = TOURS["inbox"]
    visit(stage, tour)
    coach = begun(stage, tour)
    at_first = coach.mark
    row = stage.shell.page.rows.currentIndex().row()
    press(stage, Qt.Key.Key_J)

    assert at_first is tour.marks[0]
    assert stage.shell.page.rows.currentIndex().row() == row + 1, "the deed itself was done"
    assert coach.mark is tour.marks[1]
    press(stage, Qt.Key.Key_X)
    assert coach.mark is tour.marks[1], "another deed is none"


def test_it_follows_its_control_through_sizes_and_looks(stage, qapp):
    tour = TOURS["inbox"]
    visit(stage, tour)
    coach = begun(stage, tour)
    roomy = theme.current().px("coach.hole")
    for change in (
        lambda: stage.shell.resize(1100, 640),
        lambda: theme.apply(qapp, "contrast", "compact"),
        lambda: words.set_language("en"),
        lambda: stage.shell.resize(1500, 900),
    ):
        stage.do(change)
        stage.do(lambda: None)
        whole = seen(stage, "inbox/rows").adjusted(-roomy, -roomy, roomy, roomy) & stage.shell.rect()
        assert coach.hole == whole
        assert not coach.mask().contains(coach.hole.center()), "the mouse reaches what lies below"
        assert stage.shell.rect().contains(coach.bubble.geometry())
        assert not coach.bubble.geometry().intersects(coach.hole) or coach.hole.height() > 400
    assert coach.bubble.accessibleName().startswith("1 of 4. Press J for the next exception.")


def test_escape_puts_it_away_for_good_and_another_page_only_for_now(stage):
    coach = Coaching(stage.shell, stage.fake.desk, stage.tasks, settle_ms=0).coach
    tour = TOURS["inbox"]
    visit(stage, tour)
    stage.run(_until(lambda: coach.mark is not None))
    visit(stage, TOURS["stock"])
    left = coach.mark
    visit(stage, tour)
    stage.run(_until(lambda: coach.mark is not None))
    press(stage, Qt.Key.Key_Escape)

    assert left is None or left in TOURS["stock"].marks
    assert stage.fake.noted == [NoteHabit(user="fang", tours=("inbox",))]
    assert stage.shell.page.code == "inbox", "Esc was for the tour"
    visit(stage, tour)
    stage.run(_pause())
    assert coach.mark is None


def test_who_wants_no_tours_gets_none_but_by_asking(stage):
    coach = Coaching(stage.shell, stage.fake.desk, stage.tasks, settle_ms=0).coach
    visit(stage, TOURS["outbox"])
    stage.run(_until(lambda: coach.mark is not None))
    press(stage, Qt.Key.Key_9, Qt.KeyboardModifier.AltModifier)
    visit(stage, TOURS["stock"])
    stage.run(_pause())

    assert coach.mark is None
    assert stage.fake.company.rows[habit_key("fang")].tours == (NONE,)
    press(stage, Qt.Key.Key_F1)
    press(stage, Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)
    assert coach.mark is TOURS["stock"].marks[0]
    press(stage, Qt.Key.Key_Slash)
    press(stage, Qt.Key.Key_L)
    assert coach.mark is TOURS["stock"].marks[1]


def test_a_deed_that_leads_to_another_page_ends_the_tour_all_the_same(stage):
    coach = Coaching(stage.shell, stage.fake.desk, stage.tasks, settle_ms=0).coach
    tour = TOURS["orders"]
    visit(stage, tour)
    stage.run(_until(lambda: coach.mark is not None))
    stage.do(coach.go_on)
    stage.do(stage.shell.page.table.setFocus)
    press(stage, Qt.Key.Key_Return)
    stage.run(_pause())

    assert stage.shell.page.code == "order", "the deed itself was done"
    assert stage.fake.noted[0] == NoteHabit(user="fang", tours=("orders",))


def test_a_tour_that_was_left_half_way_goes_on_where_it_was(stage):
    tour = TOURS["inbox"]
    visit(stage, tour)
    coach = begun(stage, tour)
    stage.shell.went.connect(coach.leave)
    press(stage, Qt.Key.Key_J)
    visit(stage, TOURS["stock"])
    visit(stage, tour)
    stage.do(lambda: coach.begin(tour))

    assert coach.mark is tour.marks[1]


def test_it_follows_a_control_that_scrolls_and_keeps_no_key_from_the_page(stage):
    stage.do(lambda: stage.shell.resize(960, 540))
    tour = Tour("place", "guide", (Mark("guide/city/field", "Choose the city.", "It sorts.", ("Tab",)),))
    stage.do(lambda: stage.shell.go("guide", ARGS["guide"]))
    coach = begun(stage, tour)
    area = next(
        one for one in stage.shell.page.findChildren(QScrollArea) if one.verticalScrollBar().maximum()
    )
    before, top = QRect(coach.hole), area.verticalScrollBar()
    stage.do(lambda: top.setValue(top.value() + 40))
    stage.do(lambda: None)
    moved = QRect(coach.hole)
    press(stage, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    over = stage.shell.palette_.isVisible()
    press(stage, Qt.Key.Key_Escape)

    assert before.bottom() - moved.bottom() == 40
    assert (over, stage.shell.palette_.isVisible()) == (True, False), "Esc was for what lies on top"
    assert coach.mark is tour.marks[0]


def test_a_scan_is_the_deed_too(stage):
    tour = TOURS["warehouse"]
    visit(stage, tour)
    coach = begun(stage, tour)
    stage.do(lambda: stage.shell.router.scanned.emit("6901234500417"))

    assert coach.mark is not tour.marks[0]


def test_a_guide_without_a_tour_of_its_own_has_the_one_of_all_guides():
    assert tour_of("guide", "new_order") is TOURS["new_order"]
    assert tour_of("guide", "split") is TOURS["guide"]
    assert tour_of("paper") is None


async def _pause():
    for _ in range(300):
        await asyncio.sleep(0)


async def _until(is_so):
    for _ in itertools.takewhile(lambda _: not is_so(), itertools.count()):
        await asyncio.sleep(0)


def test_help_opened_with_an_order_before_its_reader_is_noted_with_that_order(stage):
    Coaching(stage.shell, stage.fake.desk, stage.tasks, settle_ms=10_000)
    stage.do(lambda: stage.shell.go("today"))
    press(stage, Qt.Key.Key_F1)
    press(stage, Qt.Key.Key_Escape)
    stage.do(lambda: stage.shell.go("order", ARGS["order"]))
    press(stage, Qt.Key.Key_F1)

    noted = [one for one in stage.fake.noted if isinstance(one, NoteHelp)]
    assert noted == [NoteHelp(order=ARGS["order"]["id"], topic="order")]


def test_what_it_says_is_seen_where_its_control_fills_the_page(stage):
    visit(stage, TOURS["inbox"])
    coach = begun(stage, Tour("whole", "inbox", (Mark("inbox", "Look here", "It is all of it"),)))

    assert coach.hole.intersects(coach.bubble.geometry())
    assert coach.mask().contains(coach.bubble.geometry().center())
    assert coach.rect().contains(coach.bubble.geometry())
    assert not coach.mask().contains(coach.hole.topLeft() + QPoint(9, 9)), "the rest is open"


def test_a_window_that_was_closed_begins_no_tour(stage, qtbot):
    coaching = Coaching(stage.shell, stage.fake.desk, stage.tasks, settle_ms=10_000)
    stage.shell.hide()

    with qtbot.capture_exceptions() as faults:
        coaching._settle.timeout.emit()

    assert faults == []
