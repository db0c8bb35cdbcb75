"""The last step of the import wizard: a run, its account, rejected rows, and a file taken back."""

from __future__ import annotations

import msgspec
import pytest
from desk_fake import FakeDesk
from import_scene import BODY, ahead, at_columns, bar, state, to_the_run, watch, with_file, wizard
from imports_fake import FakeImports
from page_scene import ALT
from PySide6.QtCore import Qt

from app.imports import FileAccount
from app.ports import Changes
from widgets import theme, words
from widgets.import_account import AccountView
from widgets.table import TableRow


@pytest.fixture
def fake():
    return FakeDesk(user="lin")


@pytest.fixture
def hub():
    return FakeImports()


@pytest.fixture
def file(tmp_path):
    file = tmp_path / "orders.csv"
    file.write_text(BODY, encoding="utf-8")
    return file


@pytest.fixture
def chosen(qtbot, aio, fake, hub, file):
    words.set_language("en")
    return with_file(wizard(qtbot, aio, fake, hub), file)


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_where_the_rows_stand_is_not_cut_away_in_a_narrow_window(qtbot, language):
    words.set_language(language)
    view = AccountView("import/rejected")
    qtbot.addWidget(view)
    view.say()
    view.resize(theme.current().px("list.min.w") + theme.current().px("space.4") * 2, 300)
    with qtbot.waitExposed(view):
        view.show()
    view.model.show_rows([TableRow("1", ("3", "No amount", "2, 5, 9"))])
    table = view.table

    assert 0 < sum(map(table.columnWidth, range(len(table.columns())))) <= table.viewport().width()


def test_rows_nobody_could_read_stand_beside_the_columns_that_are_mended(chosen, hub, file):
    scene = chosen
    scene.do(lambda: scene.shell.go("import_file", {"case": "file:TM1:0a1b"}))

    body = scene.page.columns
    assert (state(scene).at, state(scene).shop, ("retake", "file:TM1:0a1b") in hub.asked) == (
        "columns",
        "TM1",
        True,
    )
    assert body.came_table.isVisibleTo(scene.page)
    assert [[*body.came.row(at).cells] for at in range(2)] == [
        ["7", "05/06/2026", "128.50", "Ji"], ["8", "06/06/2026", "99.00", "Lin"],
    ]  # fmt: skip


def test_a_long_trial_shows_how_far_it_is_and_can_be_stopped(chosen, hub):
    part = type(hub.account)(read=500, new=500, orders=400)
    hub.trial = hub.done("running", account=part, rate=250, left_s=6)
    at_columns(chosen)
    ahead(chosen, 2)
    asked = chosen.page.frame.question(), chosen.page.frame.reason()
    offered = set(bar(chosen))
    watched = chosen.page._watch.isActive()
    chosen.press(Qt.Key.Key_C)
    hub.runs["trial"] = hub.done("stopped", id="trial", account=part)
    watch(chosen)

    assert asked == ("Trying orders.csv: 500 of 2,000 rows", "250 rows a second, 6 s left")
    assert offered == {"stop", "back"}
    assert watched
    assert bar(chosen)["next"] == "Not every row was tried. Step back and try again."


def test_a_trial_one_turns_away_from_is_stopped(chosen, hub):
    hub.trial = hub.done("running")
    at_columns(chosen)
    ahead(chosen, 2)
    chosen.press(Qt.Key.Key_Left, ALT)

    assert ("stop", "trial") in hub.asked
    assert state(chosen).at == "preview"


def test_a_run_shows_rows_speed_and_what_stays_and_goes_on_when_one_leaves(chosen, hub):
    part = type(hub.account)(read=500, new=500, orders=400)
    hub.steps = [hub.done("running", account=part, rate=250, left_s=6), hub.done()]
    to_the_run(chosen)
    assert chosen.page.frame.question() == "Taking orders.csv: 500 of 2,000 rows"
    assert chosen.page.frame.reason() == "250 rows a second, 6 s left"
    assert chosen.page._watch.isActive()

    page = chosen.page
    chosen.press(Qt.Key.Key_Escape)
    assert (chosen.page.code, page._watch.isActive()) == ("inbox", False)
    chosen.do(lambda: chosen.shell.go("import_file"))
    watch(chosen)

    assert chosen.page.frame.question() == "1,310 orders from orders.csv"
    assert not chosen.page._watch.isActive()


def test_the_account_adds_up_to_the_last_row(chosen, hub):
    hub.steps = [hub.done()]
    to_the_run(chosen)

    assert chosen.page.run.account.sum.words() == (
        "2,000 rows read = 1,962 new + 12 changed + 6 unchanged + 20 rejected"
    )
    assert set(bar(chosen)) == {"orders", "save", "plan", "another"}


def test_each_of_several_files_has_its_own_sum(chosen, hub):
    parts = (
        FileAccount(name="orders.csv", read=1_400, new=1_400),
        FileAccount(name="items.csv", read=600, new=562, changed=12, unchanged=6, rejected=20),
    )
    hub.account = msgspec.structs.replace(hub.account, files=parts)
    hub.steps = [hub.done()]
    to_the_run(chosen)

    assert chosen.page.run.account.sum.words().splitlines()[1:] == [
        "orders.csv: 1,400 rows read = 1,400 new + 0 changed + 0 unchanged + 0 rejected",
        "items.csv: 600 rows read = 562 new + 12 changed + 6 unchanged + 20 rejected",
    ]


def test_a_hub_that_falls_silent_is_said_and_asked_again(chosen, hub):
    to_the_run(chosen)
    hub.is_down = True
    watch(chosen)
    assert chosen.page.notice.words() == "The hub does not answer just now. The import goes on there."

    hub.is_down, hub.steps = False, [hub.done()]
    watch(chosen)
    assert state(chosen).run.state == "done"
    assert chosen.page.notice.words() == ""


def test_stopping_says_what_stays(chosen, hub):
    to_the_run(chosen)
    chosen.press(Qt.Key.Key_C)

    assert state(chosen).run.state == "stopping"
    assert "What is in stays in" in chosen.page.run.stays.accessibleName()


def test_rejected_rows_go_to_the_folder_for_exports_over_nothing_that_is_there(chosen, hub, fake, tmp_path):
    fake.kept["folder/exports"] = str(tmp_path / "out")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "orders.rejected.csv").write_text("of yesterday")
    hub.steps = [hub.done()]
    chosen.do(lambda: chosen.page.changed(Changes(sync=True)))
    to_the_run(chosen)
    chosen.press(Qt.Key.Key_S)

    place = str(tmp_path / "out" / "orders.rejected-2.csv")
    assert hub.asked[-1] == ("save_rejected", place)
    assert chosen.page.run.saved.accessibleName() == (
        f"20 rows saved in {place}. Correct them and import that file."
    )
    assert state(chosen).folder == str(tmp_path / "out")


def test_rows_of_several_files_come_as_one_that_is_unpacked(chosen, hub, fake, tmp_path):
    fake.kept["folder/exports"] = str(tmp_path)
    hub.steps = [hub.done()]
    chosen.do(lambda: chosen.page.changed(Changes(sync=True)))
    to_the_run(chosen)
    shown = state(chosen)
    two = msgspec.structs.replace(shown.run, files=("orders.csv", "items.csv"))
    chosen.do(lambda: chosen.page.presenter.show(msgspec.structs.replace(shown, run=two)))
    chosen.press(Qt.Key.Key_S)

    assert hub.asked[-1] == ("save_rejected", str(tmp_path / "orders.rejected.zip"))
    assert "Unpack" in chosen.page.run.saved.accessibleName()


def test_an_undo_lists_what_goes_and_what_stays_before_it_happens(chosen, hub):
    hub.steps = [hub.done()]
    to_the_run(chosen)
    chosen.press(Qt.Key.Key_U)
    plan = chosen.page.run.plan
    stays = [plan.model.row(n).cells for n in range(2)]
    figures = plan.figures.accessibleName()
    chosen.press(Qt.Key.Key_Left, ALT)
    kept = state(chosen).run.state
    chosen.press(Qt.Key.Key_U)
    ahead(chosen)

    assert figures == "orders would be cancelled 1,308, orders would stay 2"
    assert stays == [("DK-118204", "Shipped at 14:10"), ("DK-118207", "Changed by Lin")]
    assert kept == "done"
    assert state(chosen).run.state == "undone"
    assert chosen.page.frame.question() == "orders.csv was taken back"
    assert "plan" not in bar(chosen)


def test_past_imports_are_listed_and_open_with_enter(chosen, hub):
    hub.steps = [hub.done()]
    to_the_run(chosen)
    chosen.press(Qt.Key.Key_N)
    row = chosen.page.files.past.row(0).cells
    chosen.press(Qt.Key.Key_Return)

    assert (row[0].text, row[1].text if hasattr(row[1], "text") else row[1]) == ("Done", "orders.csv")
    assert chosen.page.frame.question() == "1,310 orders from orders.csv"
