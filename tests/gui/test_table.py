"""Tables: small ones in memory, and a million rows by pages."""

from __future__ import annotations

import time
from collections import deque

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage, QPainter

from widgets.cells import WAITING, Cell, Column, TableRow
from widgets.paged_model import PAGE_ROWS, PagedModel, Rows
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


def test_a_row_is_painted_inside_its_columns(small):
    table, model = small
    model.show_rows([TableRow("k", ("DK-1", "很长的客户名称" * 20, "¥1.00"))])
    table.clearSelection()
    table.setCurrentIndex(table.rootIndex())
    inked = _inked(table.viewport().grab().toImage(), 0)
    first, last = 140, 140 + table.columnWidth(1)
    pad = 8
    assert pad <= min(inked) <= pad + 2
    assert not [x for x in inked if first - pad <= x < first + pad or last - pad <= x < last + pad]
    assert max(inked) >= table.viewport().width() - pad - 2


def test_the_words_of_a_total_run_over_the_empty_cells(qtbot):
    words = "运费由我方承担，买家只付商品的价钱"
    model = ListModel(COLUMNS, [TableRow("total", (words, "", "¥9.00"), total=True)])
    table = Table("商品", model)
    qtbot.addWidget(table)
    table.resize(700, 200)
    inked = _inked(table.viewport().grab().toImage(), 0)
    assert [x for x in inked if 140 <= x < 220]


def _inked(image, row):
    """Where dark words stand across the row."""
    top = row * 32
    return [
        x
        for x in range(image.width())
        if any(image.pixelColor(x, y).lightness() < 120 for y in range(top + 6, top + 26))
    ]


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
