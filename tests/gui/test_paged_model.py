"""A million rows by pages: what is asked for, and what a newer question leaves of an older one."""

from __future__ import annotations

import time
from collections import deque

import pytest
from PySide6.QtCore import Qt

from widgets.cells import WAITING, Column, TableRow
from widgets.paged_model import PAGE_ROWS, PagedModel, Rows
from widgets.table import Table

COLUMNS = (Column("number", "订单号", 140), Column("who", "客户"), Column("sum", "金额", 120, kind="money"))


def made(at, note=""):
    return TableRow(f"k{at}", (f"DK-{at}", f"客户{at}{note}", "¥1.00"))


class Lane:
    """Runs coroutines a step at a time, as a lane answers: nothing before `run`."""

    def __init__(self):
        self.waiting = deque()

    def spawn(self, coro):
        self.waiting.append(coro)

    def run(self):
        while self.waiting:
            coro = self.waiting.popleft()
            try:
                coro.send(None)
            except StopIteration:
                continue
            self.waiting.append(coro)

    def close(self):
        for coro in self.waiting:
            coro.close()


class Pause:
    """One turn of the lane."""

    def __await__(self):
        yield


class Orders:
    """A provider of `count` rows that writes down which pages it was asked for."""

    def __init__(self, count, note=""):
        self.rows = count
        self.note = note
        self.asked = []
        self.made = []
        self.counted = 0

    async def count(self):
        self.counted += 1
        await Pause()
        return self.rows

    async def page(self, start, limit):
        self.asked.append(start // PAGE_ROWS)
        await Pause()
        end, note = min(start + limit, self.rows), self.note
        return Rows([f"k{at}" for at in range(start, end)], lambda n: self._make(start + n, note))

    def _make(self, at, note):
        self.made.append(at)
        return made(at, note)


@pytest.fixture
def lane():
    lane = Lane()
    yield lane
    lane.close()


@pytest.fixture
def paged(qtbot, lane):
    """A million rows in a table of 900 x 600."""
    model = PagedModel(COLUMNS, lane.spawn)
    table = Table("订单", model)
    qtbot.addWidget(table)
    table.resize(900, 600)
    table.show()
    qtbot.waitExposed(table)
    orders = Orders(1_000_000)
    model.show(orders)
    lane.run()
    table.grab()
    lane.run()
    return table, model, orders


def words(table, at, column=0):
    return table.model().data(table.model().index(at, column))


def test_a_million_rows_open_with_one_page(paged):
    table, model, orders = paged
    assert model.rowCount() == 1_000_000
    assert orders.asked == [0]
    assert words(table, 0) == "DK-0"


def test_only_the_pages_on_screen_are_asked_for(paged, lane):
    table, _, orders = paged
    orders.asked.clear()
    table.scrollTo(table.model().index(500_010, 0), Table.ScrollHint.PositionAtTop)
    table.grab()
    lane.run()
    table.grab()
    lane.run()
    assert orders.asked == [2500]
    assert words(table, 500_010) == "DK-500010"


def test_pages_only_passed_by_are_not_asked_for(paged, lane):
    table, _, orders = paged
    orders.asked.clear()
    for at in range(100_000, 900_000, 50_000):  # the thumb is dragged, nothing answers meanwhile
        table.scrollTo(table.model().index(at, 0), Table.ScrollHint.PositionAtTop)
        table.grab()
    lane.run()
    assert orders.asked == [100_000 // PAGE_ROWS, 850_000 // PAGE_ROWS]


def test_a_row_on_its_way_shows_that_it_waits(paged):
    table, _, _ = paged
    assert words(table, 700_000) == WAITING
    table.pick_first()
    table.step(700_000)
    assert table.current_key() == ""


def test_the_latest_search_wins(paged, lane):
    table, model, _ = paged
    slow, quick = Orders(5_000, " 旧"), Orders(300, " 新")
    model.show(slow)
    model.show(quick)
    lane.run()
    assert model.rowCount() == 300
    assert words(table, 0, 1) == "客户0 新"


def test_an_old_page_that_answers_late_is_dropped(paged, lane):
    table, model, _ = paged
    table.pick_first()
    table.step(400_000)
    table.grab()  # asks for page 2000 of the old search
    model.show(Orders(900_000, " 新"))
    lane.run()
    table.pick_first()
    table.step(400_000)
    table.grab()
    lane.run()
    assert words(table, 400_000, 1) == "客户400000 新"


def test_a_reload_keeps_the_screen_until_the_answer_is_there(paged, lane):
    table, model, orders = paged
    orders.note = " 改"
    model.reload()
    assert words(table, 0, 1) == "客户0"
    lane.run()
    assert words(table, 0, 1) == "客户0 改"


def test_a_reload_takes_rows_off_the_end(paged, lane):
    _, model, orders = paged
    orders.rows = 999_000
    model.reload()
    lane.run()
    assert model.rowCount() == 999_000


def test_two_pages_on_screen_come_in_one_picture(paged, lane):
    table, model, orders = paged
    orders.asked.clear()
    told = []
    table.scrollTo(model.index(500_190, 0), Table.ScrollHint.PositionAtTop)
    table.grab()
    model.dataChanged.connect(lambda first, last: told.append((first.row(), last.row())))
    lane.run()
    assert sorted(orders.asked) == [2500, 2501]
    assert told == [table.visible_rows()]
    assert (words(table, 500_190), words(table, 500_200)) == ("DK-500190", "DK-500200")


def test_only_rows_that_are_looked_at_are_made(paged, lane):
    table, model, orders = paged
    orders.made.clear()
    table.scrollTo(model.index(700_000, 0), Table.ScrollHint.PositionAtTop)
    table.grab()
    lane.run()
    table.grab()
    assert set(orders.made) == set(range(700_000, table.visible_rows()[1] + 1))


def test_other_columns_come_with_the_rows_of_a_new_search(paged, lane):
    table, model, _ = paged
    moved = []
    model.columnsInserted.connect(lambda *_: moved.append("columns"))
    model.rowsInserted.connect(lambda *_: moved.append("rows"))
    more = (COLUMNS[0], Column("found", "找到于", 120), *COLUMNS[1:])
    model.show(Orders(120), more)
    assert model.columnCount() == 3  # what is on screen keeps its own until then
    lane.run()
    assert (model.columns, model.rowCount(), moved) == (more, 120, [])
    assert [table.columnWidth(at) for at in (0, 1, 3)] == [140, 120, 120]


def test_a_reload_in_the_middle_of_a_new_search_neither_loses_its_rows_nor_its_columns(paged, lane):
    table, model, _ = paged
    told = []
    model.loaded.connect(lambda: told.append(model.rowCount()))
    more = (*COLUMNS, Column("found", "找到于", 120))
    model.show(Orders(300, " 新"), more)
    model.reload()
    lane.run()
    assert (model.columns, model.rowCount(), told) == (more, 300, [PAGE_ROWS])
    assert words(table, 0, 1) == "客户0 新"


def test_columns_chosen_in_the_middle_of_a_new_search_stay(paged, lane):
    _, model, _ = paged
    model.show(Orders(300), (*COLUMNS, Column("found", "找到于", 120)))
    model.set_columns(COLUMNS[:2])
    model.reload()
    lane.run()
    assert (model.columns, model.rowCount()) == (COLUMNS[:2], 300)


def test_a_reload_says_when_no_row_is_left(paged, lane):
    _, model, orders = paged
    told = []
    model.loaded.connect(lambda: told.append(model.rowCount()))
    orders.rows = 0
    model.reload()
    lane.run()
    assert told == [0]


def test_a_search_is_counted_when_it_has_rested(paged, lane, qtbot):
    _, model, _ = paged
    orders = Orders(5_000)
    model.show(orders, rest_ms=1)
    lane.run()
    assert (model.rowCount(), orders.counted) == (PAGE_ROWS, 0)
    qtbot.waitUntil(lambda: bool(lane.waiting))
    lane.run()
    assert (model.rowCount(), orders.counted) == (5_000, 1)


def test_a_newer_search_spares_the_count_of_the_one_before(paged, lane, qtbot):
    _, model, _ = paged
    hurried, last = Orders(5_000), Orders(4_000)
    model.show(hurried, rest_ms=1)
    lane.run()
    model.show(last, rest_ms=1)
    lane.run()
    qtbot.waitUntil(lambda: bool(lane.waiting))
    lane.run()
    assert (hurried.counted, last.counted, model.rowCount()) == (0, 1, 4_000)


def test_selecting_a_million_rows_is_quick(paged, qtbot):
    table, _, _ = paged
    table.setFocus()
    start = time.thread_time()
    qtbot.keyClick(table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    table.grab()
    assert time.thread_time() - start < 0.5
    assert table.chosen_ranges() == ((0, 999_999),)


def test_old_pages_are_let_go(paged, lane):
    table, model, orders = paged
    for page in range(1, 80):
        model.row(page * PAGE_ROWS)
        model.watch((page * PAGE_ROWS, page * PAGE_ROWS + 30))
        model.row(page * PAGE_ROWS)
        lane.run()
    orders.asked.clear()
    model.watch((0, 30))
    assert words(table, 0) == WAITING
    lane.run()
    assert orders.asked == [0]
