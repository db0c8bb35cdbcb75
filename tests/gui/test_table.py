"""Tables: small ones in memory, and a million rows by pages."""

from __future__ import annotations

import time
from collections import deque

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage, QPainter

from widgets.cells import WAITING, Cell, Column, TableRow
from widgets.paged_model import PAGE_ROWS, PagedModel
from widgets.table import ListModel, Table

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

    async def count(self):
        await Pause()
        return self.rows

    async def anchors(self, step):
        await Pause()
        return range(0, self.rows, step)

    async def page(self, anchor, limit):
        start = anchor or 0
        self.asked.append(start // PAGE_ROWS)
        await Pause()
        return [made(at, self.note) for at in range(start, min(start + limit, self.rows))]


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


def test_a_patch_repaints_rows_on_screen_only(paged):
    table, model, _ = paged
    told = []
    model.dataChanged.connect(lambda first, last: told.append((first.row(), last.row())))
    model.patch([made(3, " 付"), made(150, " 付"), made(700_000, " 付")])
    assert told == [(3, 3)]
    assert words(table, 3, 1) == "客户3 付"
    assert words(table, 150, 1) == "客户150 付"


def test_a_storm_of_patches_is_told_once_a_beat(paged, qtbot):
    _, model, _ = paged
    told = []
    model.dataChanged.connect(lambda first, last: told.append((first.row(), last.row())))
    for turn in range(1_000):
        model.patch([made(turn % 10, f" {turn}")])
    assert told == [(0, 0)]
    qtbot.waitUntil(lambda: len(told) == 2)
    assert told[1] == (0, 9)


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


# Small tables


@pytest.fixture
def small(qtbot):
    model = ListModel(COLUMNS, [made(at) for at in range(4)])
    table = Table("商品", model, whole=True)
    qtbot.addWidget(table)
    table.resize(700, 200)
    table.show()
    qtbot.waitExposed(table)
    return table, model


def test_a_whole_table_is_as_high_as_its_rows(small):
    table, model = small
    assert table.height() == 28 + 4 * 32
    model.show_rows([made(at) for at in range(6)])
    assert table.height() == 28 + 6 * 32


def test_enter_opens_and_the_keys_stay_through_a_reset(small, qtbot):
    table, model = small
    table.pick("k2")
    with qtbot.waitSignal(table.opened) as opened:
        qtbot.keyClick(table, Qt.Key.Key_Return)
    assert opened.args == ["k2"]
    model.show_rows([made(9), made(2), made(1)])
    assert table.current_key() == "k2"
    assert table.currentIndex().row() == 1


def test_only_changed_rows_are_painted_again(small):
    _, model = small
    told = []
    model.dataChanged.connect(lambda first, last: told.append((first.row(), last.row())))
    model.show_rows([made(0), made(1, " 改"), made(2), made(3)])
    assert told == [(1, 1)]


def test_stepping_moves_by_rows_and_stops_at_the_ends(small):
    table, _ = small
    table.pick_first()
    told = []
    table.picked.connect(told.append)
    table.step(1)
    table.step(9)
    table.step(9)
    table.step(-9)
    assert told == ["k1", "k3", "k0"]


def test_a_total_spans_its_words_over_empty_cells(qtbot):
    model = ListModel(COLUMNS, [made(0), TableRow("total", ("运费由我方承担", "", "¥9.00"), total=True)])
    table = Table("商品", model)
    qtbot.addWidget(table)
    assert table.columnSpan(1, 0) == 2
    assert table.columnSpan(0, 0) == 1


def test_the_head_is_one_band_also_right_of_the_last_column(qtbot):
    table = Table("", ListModel((Column("number", "订单号", 140),)))
    qtbot.addWidget(table)
    table.resize(600, 200)
    table.show()
    image = table.horizontalHeader().viewport().grab().toImage()
    middle = image.height() // 2
    assert image.pixelColor(image.width() - 20, middle) == image.pixelColor(4, middle)


def test_figures_stand_at_the_right(small):
    table, model = small
    align = model.headerData(2, Qt.Orientation.Horizontal, Qt.ItemDataRole.TextAlignmentRole)
    assert align == Qt.AlignmentFlag.AlignRight
    image = _painted(table.inside(QRect(0, 0, 120, 32), 2), COLUMNS[2], "1")
    inked = [x for x in range(120) if image.pixelColor(x, 16).lightness() < 200]
    assert min(inked) > 90


def _painted(rect, column, cell):
    from widgets import cells

    image = QImage(120, 32, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    cells.paint_cell(painter, rect, column, cell, lit=False, faded=False)
    painter.end()
    return image


def test_a_cell_with_a_mark_says_its_words(small):
    _, model = small
    model.show_rows([TableRow("k", ("DK-1", Cell("8/28", "waits"), "¥1.00"))])
    assert model.data(model.index(0, 1)) == "8/28"
