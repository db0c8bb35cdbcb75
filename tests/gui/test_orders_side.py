"""Filters, columns, views and export of the orders page, as a hand meets them."""

from __future__ import annotations

import pytest
from desk_fake import FakeDesk, Here
from many_orders import many_orders
from page_audit import unnamed
from page_scene import ALT, Scene
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from app.domain.order_view import Question, Shown
from app.ports import Changes
from app.presenters.orders import Orders
from widgets import words
from widgets.order_side import TITLES
from widgets.pages.orders import OrdersPage
from widgets.prose import plain

Key = Qt.Key
MANY = 120
HERE = Here()


@pytest.fixture(scope="module")
def busy():
    return many_orders(MANY)


@pytest.fixture
def fake(busy):
    return FakeDesk(busy.twin())


def opened(qtbot, aio, fake):
    if words.language() != "en":  # pages of a window before hear of a change, and nothing runs them here
        words.set_language("en")
    orders = Orders(fake.desk, fake.files, HERE)
    return Scene(qtbot, aio, lambda tasks, go: OrdersPage(orders, tasks, go), "orders")


@pytest.fixture
def scene(qtbot, aio, fake):
    return opened(qtbot, aio, fake)


def fact(scene):
    return plain(scene.page.fact.words())


def codes(scene):
    return [column.code for column in scene.page.model.columns]


def numbers(scene, first=3):
    model = scene.page.model
    return [model.row(at).cells[0] for at in range(first)]


# --- filters --------------------------------------------------------------------------------------------


def test_a_filter_of_the_side_is_a_chip_that_a_key_takes_off(scene):
    scene.press(Key.Key_F)
    filters = scene.page.side.filters
    assert filters.fields["period"].hasFocus()

    scene.do(lambda: filters.fields["most"].answered.emit("640"))
    scene.do(lambda: scene.page.shop.answered.emit("DY1"))
    assert fact(scene) == "1 hit"
    assert scene.page.chips.filters() == (("shop", "青禾生活"), ("most", "At most 640"))

    scene.do(scene.page.table.setFocus)
    scene.press(Key.Key_Backspace)
    scene.press(Key.Key_Left)
    scene.press(Key.Key_Delete)
    assert fact(scene) == "2 hits"
    assert scene.page.shop.answer() == ""
    scene.press(Key.Key_Space)
    assert fact(scene) == "120 orders"
    assert not scene.page.chips.isVisible()


def test_a_period_in_words_and_a_day_take_each_others_place(scene):
    filters = scene.page.side.filters
    scene.do(lambda: filters.fields["period"].answered.emit("7d"))
    assert fact(scene) == "120 hits"
    scene.do(lambda: filters.fields["since_on"].answered.emit("2026-06-14"))
    assert scene.page.presenter.state.view.question == Question(since_on="2026-06-14")
    assert scene.page.chips.filters() == (("since_on", "From 14 Jun"),)
    assert scene.page.empty.accessibleName().startswith("No order like that")


def test_words_and_filters_go_together_and_esc_takes_them_off(scene):
    scene.do(lambda: scene.page.side.filters.fields["least"].answered.emit("3,200.00"))
    scene.press(Key.Key_Slash)
    scene.type("o11")
    assert fact(scene) == "10 hits"
    assert numbers(scene, 1) == ["DK-o110"]

    scene.press(Key.Key_Escape, times=2)
    assert fact(scene) == "120 orders"
    assert scene.page.chips.filters() == ()


# --- columns and sort -----------------------------------------------------------------------------------


def test_columns_are_shown_hidden_moved_and_sized_by_keys(scene, fake):
    scene.press(Key.Key_J)
    scene.press(Key.Key_C)
    lines = scene.page.side.columns.lines
    assert lines["number"].hasFocus()

    scene.do(lines["tracking"].setFocus)
    scene.press(Key.Key_Space)
    assert codes(scene)[-1] == "tracking"
    chosen = scene.page.table.selectionModel()
    assert chosen.isRowSelected(1, scene.page.table.rootIndex())
    scene.press(Key.Key_Up, ALT, times=2)
    assert codes(scene)[-3] == "tracking"
    assert scene.page.side.columns.lines["tracking"].hasFocus()

    before = scene.page.table.columnWidth(codes(scene).index("tracking"))
    scene.press(Key.Key_Plus)
    assert scene.page.table.columnWidth(codes(scene).index("tracking")) == before + 16
    scene.press(Key.Key_Minus, times=2)
    assert scene.page.table.columnWidth(codes(scene).index("tracking")) == before - 16

    scene.press(Key.Key_Space)
    assert "tracking" not in codes(scene)
    assert len(scene.page.model.row(0).cells) == len(codes(scene))


def test_the_last_column_stays(scene):
    scene.press(Key.Key_C)
    scene.do(lambda: scene.page.side.columns.arranged.emit((Shown("number"),)))
    scene.do(scene.page.side.columns.lines["number"].click)
    assert codes(scene) == ["number"]
    assert scene.page.side.columns.lines["number"].isChecked()

    scene.do(scene.page.side.columns.usual.click)
    assert codes(scene)[:3] == ["number", "status", "snag"]


def test_columns_and_sort_are_there_the_next_day_the_question_is_not(qtbot, aio, fake):
    scene = opened(qtbot, aio, fake)
    scene.do(lambda: scene.page.side.columns.arranged.emit((Shown("amount", 200), Shown("number"))))
    scene.do(lambda: scene.page.presenter.ask(Question(shop="DY1")))

    next_day = opened(qtbot, aio, fake)
    assert codes(next_day) == ["amount", "number"]
    assert next_day.page.table.columnWidth(0) == 200
    assert fact(next_day) == "120 orders"

    fake.sit("wu")
    other = opened(qtbot, aio, fake)
    assert codes(other)[0] == "number"


def test_a_click_on_the_head_sorts_and_a_second_turns_it_round(scene):
    head = scene.page.table.horizontalHeader()

    def click(code):
        at = codes(scene).index(code)
        x = head.sectionViewportPosition(at) + head.sectionSize(at) // 2
        spot = QPoint(x, head.height() // 2)
        scene.do(lambda: QTest.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, pos=spot))

    click("amount")
    assert numbers(scene, 2) == ["DK-o119", "DK-o118"]
    assert scene.page.table.sorted_by == ("amount", False)
    click("amount")
    assert numbers(scene, 2) == ["DK-o000", "DK-o001"]
    click("buyer")
    assert scene.page.table.sorted_by == ("amount", True)
    assert scene.page.table.chosen_ranges() in ((), ((0, 0),))


def test_keys_sort_too(scene):
    scene.press(Key.Key_S, times=3)
    assert scene.page.table.sorted_by == ("amount", False)
    scene.press(Key.Key_S, Qt.KeyboardModifier.ShiftModifier)
    assert numbers(scene, 1) == ["DK-o000"]


def test_a_hand_moves_a_column_in_the_head(scene):
    table, head = scene.page.table, scene.page.table.horizontalHeader()

    def moved():
        head.moveSection(0, 2)
        head.arranged.emit()

    scene.do(moved)
    assert codes(scene)[:3] == ["status", "snag", "number"]
    assert [head.visualIndex(at) for at in range(head.count())] == list(range(head.count()))
    assert table.model_in_use().row(0).cells[2] == "DK-o000"


def test_while_one_searches_a_column_says_where_the_words_stand(scene, fake, monkeypatch):
    import msgspec

    page = fake.order_page
    monkeypatch.setattr(
        fake,
        "order_page",
        lambda *asked: [msgspec.structs.replace(row, found=("note", "buyer")) for row in page(*asked)],
    )
    scene.press(Key.Key_Slash)
    scene.type("o001")

    assert codes(scene)[1] == "found"
    row = scene.page.model.row(0)
    assert row.cells[1] == "Note, Buyer"
    assert row.cells[codes(scene).index("buyer")].bold

    scene.press(Key.Key_Escape, times=2)
    assert "found" not in codes(scene)


# --- views ----------------------------------------------------------------------------------------------


def test_a_view_keeps_question_columns_and_sort_under_a_name(scene, fake):
    scene.do(lambda: scene.page.presenter.ask(Question(shop="DY1")))
    scene.do(lambda: scene.page.presenter.sort("amount"))
    scene.press(Key.Key_V)
    assert scene.page.side.views.name.hasFocus()
    scene.type("Dear of DY")
    scene.press(Key.Key_Return)
    assert [view.text() for view in scene.page.side.views.views] == ["Dear of DY"]
    assert "Dear of DY" in fact(scene)

    scene.do(lambda: scene.page.presenter.ask(Question()))
    scene.do(scene.page.side.views.views[0].setFocus)
    scene.press(Key.Key_Return)
    assert scene.page.presenter.state.view.question == Question(shop="DY1")
    assert numbers(scene, 1) == ["DK-o119"]

    scene.do(scene.page.side.views.views[0].setFocus)
    scene.press(Key.Key_Delete)
    assert scene.page.side.views.views == []
    assert fake.kept["orders.views/lin"] == "[]"


def test_a_view_without_a_name_is_asked_for_one(scene):
    scene.press(Key.Key_V)
    scene.press(Key.Key_Return)
    assert scene.page.notice.words() == "Give the view a name."


def test_a_view_that_cannot_be_read_any_more_is_left_out(qtbot, aio, fake):
    fake.kept["orders.views/lin"] = '[{"name": 7}]'
    scene = opened(qtbot, aio, fake)
    assert scene.page.presenter.state.views == ()
    assert fact(scene) == "120 orders"


# --- export ---------------------------------------------------------------------------------------------


def export(scene, path, *, full=False):
    panel = scene.page.side.export
    scene.do(lambda: scene.page.side.open_panel("export"))
    panel.path.set_answer(path)
    if full:
        panel.people.set_answer("full")
    scene.do(panel.button.click)
    return panel


def test_what_is_shown_is_written_masked_and_ids_stay_text(scene, fake):
    scene.do(lambda: scene.page.presenter.ask(Question(shop="DY1")))
    scene.do(
        lambda: scene.page.side.columns.arranged.emit(
            (Shown("number"), Shown("buyer"), Shown("phone"), Shown("amount"))
        )
    )

    panel = export(scene, "/tmp/out.csv")  # noqa: S108 - kept in memory

    head, first, *rest = fake.files.written["/tmp/out.csv"]  # noqa: S108
    assert head == ("Order", "Buyer", "Phone", "Amount", "Currency")
    assert first == ("DK-o001", "季**", "138****0000", 640.0, "CNY")
    assert len(rest) == 59
    assert fake.files.whole == {"/tmp/out.csv"}  # noqa: S108
    assert plain(panel.told.words()) == "60 orders are in out.csv"
    assert fake.given == []


def test_in_full_needs_the_grant_and_is_told_to_the_hub(qtbot, aio, fake):
    clerk = opened(qtbot, aio, fake)
    assert clerk.page.side.export.people.count() == 1

    fake.sit("wu")
    scene = opened(qtbot, aio, fake)
    scene.do(lambda: scene.page.presenter.ask(Question(text="o001", shop="DY1")))
    export(scene, "/tmp/full.xlsx", full=True)  # noqa: S108

    (told,) = fake.given
    assert (told.count, told.format, told.filters, told.has_words) == (1, "xlsx", (("shop", "DY1"),), True)
    head, row = fake.files.written["/tmp/full.xlsx"]  # noqa: S108
    assert head[-2:] == ("Street", "Note")
    assert "季小雨" in row
    assert row[-2] == "文晖路88号水岸嘉园3幢1单元502"


def test_an_export_that_is_stopped_leaves_nothing(scene, fake, monkeypatch):
    written = fake.files.open

    def opening(path, titles):
        sheet = written(path, titles)
        scene.page.presenter.stop_export()
        return sheet

    monkeypatch.setattr(fake.files, "open", opening)
    panel = export(scene, "/tmp/out.xlsx")  # noqa: S108
    assert plain(panel.told.words()) == "Stopped; no file was left"
    assert fake.files.written == {}
    assert panel.button.isEnabled()


def test_a_disk_that_refuses_is_said_and_nothing_hangs(scene, fake):
    panel = export(scene, "/tmp/full disk.csv")  # noqa: S108
    assert scene.page.notice.words() == "Cannot write."
    assert panel.button.isEnabled()
    assert scene.page.presenter.state.export is None


def test_nothing_is_no_file(scene, fake):
    scene.do(lambda: scene.page.presenter.ask(Question(text="nowhere")))
    export(scene, "/tmp/out.csv")  # noqa: S108
    assert scene.page.notice.words() == "There is nothing to export. Change the search."
    assert fake.files.written == {}


def test_the_form_of_the_file_is_its_ending(scene):
    panel = scene.page.side.export
    assert panel.path.text().endswith(".xlsx")
    scene.do(lambda: panel.kind.answered.emit("csv"))
    assert panel.path.text().endswith(".csv")


# --- all four -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", TITLES)
def test_a_panel_opens_with_its_key_has_names_and_esc_closes_it(scene, code):
    scene.press({"filters": Key.Key_F, "columns": Key.Key_C, "views": Key.Key_V, "export": Key.Key_E}[code])
    assert scene.page.side.code() == code
    assert unnamed(scene.page) == []

    scene.do(scene.page.back)
    assert scene.page.side.code() == ""
    assert scene.page.table.hasFocus()


def test_typing_breaks_off_the_list_that_is_being_read(scene, fake):
    before = fake.overtaken
    scene.press(Key.Key_Slash)
    scene.type("o0")
    assert fake.overtaken == before + 2


def test_a_file_that_is_there_is_replaced_only_when_one_presses_again(scene, fake, tmp_path):
    there = tmp_path / "out.csv"
    there.write_text("mine")
    panel = export(scene, str(there))
    told, asked = plain(panel.told.words()), panel.button.text()
    assert fake.files.written == {}

    scene.do(panel.button.click)

    assert (told, asked) == ("out.csv is there already. Press again to replace it.", "Replace file")
    assert set(fake.files.written) == {str(there)}
    assert panel.button.text() == "Write file"


def test_another_name_is_another_question(scene, fake, tmp_path):
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text("mine")
    panel = export(scene, str(tmp_path / "a.csv"))
    panel.path.set_answer(str(tmp_path / "b.csv"))
    again = panel.button.text()
    scene.do(panel.button.click)

    assert again == "Write file"
    assert fake.files.written == {}


def test_the_name_offered_is_one_nobody_took(scene, fake, tmp_path):
    fake.kept["folder/exports"] = str(tmp_path)
    (tmp_path / "docket-orders-20260613.xlsx").write_text("mine")
    scene.do(lambda: scene.page.changed(Changes(frozenset({("shop", "TM1")}))))
    scene.press(Key.Key_E)

    assert scene.page.side.export.path.text() == str(tmp_path / "docket-orders-20260613-2.xlsx")
