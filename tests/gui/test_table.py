"""Small tables in memory: rows, keys, totals, painting."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage, QPainter

from widgets.cells import Cell, Column, TableRow
from widgets.table import ListModel, Table

COLUMNS = (Column("number", "订单号", 140), Column("who", "客户"), Column("sum", "金额", 120, kind="money"))


def made(at, note=""):
    return TableRow(f"k{at}", (f"DK-{at}", f"客户{at}{note}", "¥1.00"))


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
