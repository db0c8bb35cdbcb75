"""The basic controls: their pixels, keys, sizes and names, in every theme."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from gallery import cut_texts, gallery
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QVBoxLayout, QWidget

from widgets import icons, marks, theme
from widgets.button import Button
from widgets.controls import Badge, MarkLabel, Pane, Tag, body, scroll, title
from widgets.fields import TextField

ROOT = Path(__file__).parents[2]


def picture(widget):
    return widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def at(widget, x, y):
    return picture(widget).pixelColor(x, y).name()


def color(role):
    return theme.current().color(role).name()


# --- gallery --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", theme.THEMES)
@pytest.mark.parametrize("chinese", [True, False])
def test_the_gallery_shows_every_word_in_full(shown, qapp, tmp_path, name, chinese):
    theme.apply(qapp, name)
    page = gallery(chinese)
    shown(page)
    assert page.grab().save(str(tmp_path / f"{name}.png"))
    assert cut_texts(page) == []
    assert at(page, 2, 2) == color("window")


@pytest.mark.parametrize("factor", ["1.5", "2"])
def test_no_word_is_cut_on_a_scaled_screen(factor):
    code = (
        "from PySide6.QtWidgets import QApplication; app = QApplication([])\n"
        "from widgets import fonts, theme; fonts.install(app); theme.apply(app, 'light')\n"
        "from gallery import gallery, cut_texts\n"
        "for chinese in (True, False):\n"
        "    page = gallery(chinese); page.show(); app.processEvents()\n"
        "    print(page.devicePixelRatio(), cut_texts(page))\n"
    )
    environ = os.environ | {
        "QT_SCALE_FACTOR": factor,
        "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "tests/gui"))),
    }
    done = subprocess.run(
        [sys.executable, "-c", code], env=environ, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == [f"{float(factor)} []"] * 2


def test_everything_pressable_is_large_enough(shown):
    page = gallery()
    shown(page)
    px = theme.current().px
    small = [
        (type(part).__name__, part.width(), part.height())
        for part in page.findChildren(QWidget)
        if part.isVisible()
        and part.focusPolicy() & Qt.FocusPolicy.TabFocus
        and (part.height() < px("target.min.h") or part.width() < px("target.min.w"))
    ]
    assert small == []
    assert page.floor.height() == px("target.floor") == 56


def test_everything_pressable_is_reached_with_tab_and_has_a_name(shown):
    page = gallery()
    window = shown(page)
    reached, first = [], page.primary
    first.setFocus()
    while (focused := window.focusWidget()) not in reached:
        reached.append(focused)
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    wanted = {page.primary, page.plain, page.quiet, page.floor, page.inverse, page.suggestion.button}
    wanted |= {page.at_rest, page.wrong, page.combo, page.number, page.day, page.check}
    wanted |= {page.phone.control, page.note.control, page.cards.cards()[0]}
    assert wanted <= set(reached)
    assert page.off not in reached
    buttons = [part for part in reached if isinstance(part, QAbstractButton)]
    assert all(button.accessibleName() or button.text() for button in buttons)


# --- theme ----------------------------------------------------------------------------------------------


def test_a_label_follows_the_theme(qtbot, qapp):
    label = body("已到账")
    label.set_role("ok", bold=True)
    qtbot.addWidget(label)
    theme.apply(qapp, "dark")
    assert label.palette().windowText().color().name() == theme.Theme("dark").color("ok").name()
    assert label.font().bold()


def test_compact_makes_controls_and_rows_lower(qtbot, qapp):
    button, field = Button("采用建议", "1"), TextField()
    qtbot.addWidget(button)
    qtbot.addWidget(field)
    theme.apply(qapp, "light", "compact")
    assert (button.sizeHint().height(), field.height()) == (28, 28)
    assert [theme.current().px(token) for token in ("row.list", "row.table", "row.floor")] == [40, 28, 56]


def test_a_widget_that_is_gone_hears_of_no_theme(qtbot, qapp):
    label, button = title("区县已撤并"), Button("x", "1")
    label.deleteLater()
    button.deleteLater()
    qapp.processEvents()
    del label, button
    theme.apply(qapp, "dark")
    assert theme.current().name == "dark"


def test_a_theme_that_does_not_exist_is_refused(qapp):
    with pytest.raises(ValueError, match="no theme sepia"):
        theme.apply(qapp, "sepia")
    assert theme.current().name == "light"


@pytest.mark.parametrize("name", theme.THEMES)
def test_a_field_shows_rest_focus_and_error_by_its_edge(shown, qapp, name):
    from widgets.inputs import set_state

    theme.apply(qapp, name)
    field, other = TextField(), TextField()
    shown(field, other)
    other.setFocus()
    assert [at(field, x, 16) for x in (0, 1)] == [color("border"), color("base")]
    field.setFocus()
    assert [at(field, x, 16) for x in (0, 1, 2)] == [color("accent"), color("accent"), color("base")]
    other.setFocus()
    set_state(field, "error")
    assert [at(field, x, 16) for x in (0, 1, 2)] == [color("bad"), color("bad"), color("base")]
    set_state(field, "")
    assert at(field, 0, 16) == color("border")


def test_the_text_of_a_field_stays_where_it_is_when_the_ring_grows(shown):
    field, other = TextField(), TextField()
    shown(field, other)
    other.setFocus()
    at_rest = field.cursorRect().topLeft()
    field.setFocus()
    assert field.cursorRect().topLeft() == at_rest


# --- panes, tags, marks, icons --------------------------------------------------------------------------


def test_a_pane_draws_only_the_edges_it_was_asked_for(qtbot):
    pane = Pane("alt", "top", "right")
    pane.resize(40, 30)
    qtbot.addWidget(pane)
    assert [at(pane, *spot) for spot in ((20, 0), (39, 15))] == [color("line")] * 2
    assert [at(pane, *spot) for spot in ((0, 15), (20, 29), (20, 15))] == [color("alt")] * 3


def test_a_tag_has_an_outline_where_tints_cannot_be_seen(shown, qapp):
    tag = Tag("未过", "bad", "stops")
    shown(tag)
    middle = tag.width() // 2
    assert at(tag, middle, 0) == color("badbg")
    theme.apply(qapp, "contrast")
    assert at(tag, middle, 0) == color("line")


def test_a_badge_is_24_by_16():
    assert (Badge("TM").sizeHint().width(), Badge("TM").sizeHint().height()) == (24, 16)


@pytest.mark.parametrize(
    ("used", "mark", "role", "bold"),
    [
        (0, "pie:0", "text3", False),
        (74, "pie:74", "text3", False),
        (75, "pie:75", "warn", True),
        (100, "stops", "bad", True),
    ],
)
def test_a_limit_turns_amber_at_three_quarters_and_stops_at_its_end(qtbot, used, mark, role, bold):
    limit = MarkLabel("not_yet", "")
    qtbot.addWidget(limit)
    limit.show_limit(used, "剩 4 分")
    assert (marks.for_limit(used), marks.ink(mark)) == (mark, role)
    assert (limit._mark, limit._style.role, limit._style.bold) == (mark, role, bold)


def silhouette(mark):
    """Where a mark lets the ground through: its shape without its colour."""
    image = marks.pixmap(mark, 28).toImage()
    knot = theme.current().color("base")
    return tuple(
        image.pixelColor(x, y).alpha() > 127 and image.pixelColor(x, y) != knot
        for x in range(image.width())
        for y in range(image.height())
    )


def test_marks_differ_in_shape_and_not_only_in_colour(qapp):
    shapes = [
        silhouette(mark)
        for mark in ("met", "waits", "stops", "not_yet", "now", "saved", "protected", "pie:40", "pie:82")
    ]
    assert len(set(shapes)) == len(shapes)


@pytest.mark.parametrize("name", theme.THEMES)
def test_marks_take_the_colour_of_the_theme(qapp, name):
    theme.apply(qapp, name)
    corner = {
        mark: marks.pixmap(mark, 14).toImage().pixelColor(3, 10).name() for mark in ("met", "waits", "stops")
    }
    assert corner == {"met": color("ok"), "waits": color("warn"), "stops": color("bad")}


def test_a_mark_is_drawn_once(qapp):
    assert marks.pixmap("met").cacheKey() == marks.pixmap("met").cacheKey()
    assert marks.pixmap("met").cacheKey() != marks.pixmap("met", role="off").cacheKey()


def test_every_icon_draws_something_in_its_colour(qapp):
    assert len(icons.names()) >= 60
    for name in icons.names():
        image = icons.icon(name, "accent", 40).toImage()
        inked = {
            image.pixelColor(x, y).name()
            for x in range(40)
            for y in range(40)
            if image.pixelColor(x, y).alpha() == 255
        }
        assert color("accent") in inked, name


def test_a_column_that_scrolls_keeps_the_focus_for_its_fields(shown):
    inside = QWidget()
    column = QVBoxLayout(inside)
    fields = [QLineEdit() for _ in range(30)]
    for field in fields:
        column.addWidget(field)
    area = scroll(inside)
    area.setMaximumHeight(200)
    shown(area)
    fields[0].setFocus()
    for _ in range(29):
        QTest.keyClick(inside.window().focusWidget(), Qt.Key.Key_Tab)
    assert fields[-1].hasFocus()
    assert area.viewport().rect().contains(fields[-1].mapTo(area.viewport(), QPoint(1, 1)))


@pytest.mark.parametrize("name", theme.THEMES)
def test_the_handle_of_a_scroll_bar_is_seen_in_every_theme(shown, qapp, name):
    theme.apply(qapp, name)
    tall = QWidget()
    tall.setMinimumHeight(900)
    area = scroll(tall)
    area.setMaximumHeight(300)
    shown(area)
    bar = area.verticalScrollBar()
    assert bar.width() == theme.current().px("scroll.w")
    assert at(bar, bar.width() // 2, 20) == color("border")
