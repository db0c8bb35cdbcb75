"""The import wizard by keys: files, reading, columns by hand, rows, trial, run, account, and the way back."""

from __future__ import annotations

import asyncio

import pytest
from desk_fake import FakeDesk
from import_scene import BODY, Later, ahead, at_columns, bar, column, drop, state, with_file, wizard
from imports_fake import FakeImports
from page_audit import unnamed
from page_scene import ALT, CTRL
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog

from app.imports import ColumnMatch, Join, Option, Reason, Target
from app.presenters.import_file import FOLDER
from app.text import Text
from widgets import words
from widgets.cells import Cell


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
def scene(qtbot, aio, fake, hub):
    words.set_language("en")
    return wizard(qtbot, aio, fake, hub)


@pytest.fixture
def chosen(scene, file):
    return with_file(scene, file)


def test_without_files_the_page_says_how_to_bring_some(scene):
    assert scene.page.frame.question() == "Which file?"
    assert bar(scene) == {"choose": ""}
    assert "Ctrl+O" in scene.page.files.drop.accessibleName()
    assert unnamed(scene.page) == []


def test_ctrl_o_opens_a_dialog_that_holds_nothing_up_and_starts_where_one_was(scene, fake, file):
    fake.kept[FOLDER] = str(file.parent)
    scene.page.presenter.state = type(state(scene))()
    scene.do(lambda: scene.shell.go("import_file"))
    scene.press(Qt.Key.Key_O, CTRL)
    dialog = scene.page.findChild(QFileDialog)
    start = dialog.directory().absolutePath()
    scene.do(lambda: dialog.filesSelected.emit([str(file)]))
    dialog.close()

    assert not dialog.isModal()
    assert start == str(file.parent)
    assert [each.name for each in state(scene).files] == ["orders.csv"]
    assert fake.kept[FOLDER] == str(file.parent)


def test_files_dropped_anywhere_on_the_window_are_told_once(scene, file):
    told = []
    scene.shell.files_dropped.connect(told.append)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(file)), QUrl("https://example.org/x.csv")])
    at, copy, left = QPointF(400, 300), Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    entered = QDragEnterEvent(at.toPoint(), copy, mime, left, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(scene.shell, entered)
    QApplication.sendEvent(scene.shell, QDropEvent(at, copy, mime, left, Qt.KeyboardModifier.NoModifier))

    assert entered.isAccepted()
    assert told == [[str(file)]]


def test_without_a_shop_one_cannot_go_on_and_is_told_why(scene, file):
    drop(scene, file)

    assert bar(scene)["next"] == "Say whose orders these are."
    ahead(scene)
    assert state(scene).at == "files"


def test_a_file_is_left_out_again(chosen):
    chosen.press(Qt.Key.Key_X)

    assert state(chosen).files == ()
    assert bar(chosen) == {"choose": ""}


def test_every_guess_about_the_file_can_be_changed_and_says_what_was_found(chosen, hub):
    ahead(chosen)
    chosen.do(lambda: chosen.page.reading.read_as.emit("delimiter", ";"))

    assert state(chosen).look.columns == ("order id,date,total,who",)
    assert chosen.page.reading.fields["delimiter"].message() == "Yours; found: Comma ,"
    assert chosen.page.reading.fields["encoding"].message() == "As found"
    assert chosen.page.reading.table.model().rowCount() == 3


def test_the_row_of_headings_is_chosen_by_number(chosen):
    ahead(chosen)
    chosen.do(lambda: chosen.page.reading.read_as.emit("header_row", "2"))

    assert state(chosen).look.columns == ("7", "05/06/2026", "128.50", "Ji")
    assert chosen.page.reading.lines.row(1).chosen
    assert chosen.page.reading.lines.row(0).faded


def test_each_column_shows_values_field_form_and_how_sure_that_is_in_words(chosen):
    at_columns(chosen)
    rows = [chosen.page.columns.model.row(n).cells for n in range(4)]

    assert rows[0][:3] == ("order id", "7 · 8", "Order number (required)")
    assert [(row[4].mark, row[4].text) for row in rows] == [
        ("met", "Sure"), ("waits", "Look here"), ("saved", "Likely"), ("not_yet", "Not used"),
    ]  # fmt: skip


def test_what_is_chosen_by_hand_is_handed_back_with_every_question(chosen, hub):
    at_columns(chosen)
    column(chosen, "who")
    chosen.press(Qt.Key.Key_Return)
    assert chosen.page.columns.side.field.hasFocus()
    chosen.press(Qt.Key.Key_Down, times=4)
    chosen.press(Qt.Key.Key_Escape)
    column(chosen, "total")
    chosen.press(Qt.Key.Key_X)

    manual = hub.asked[-1][1]
    assert manual == {"orders.csv/who": ("buyer", ""), "orders.csv/total": ("", "")}
    assert state(chosen).matching.columns[3].trust == "manual"
    assert chosen.page.columns.table.hasFocus()


def test_a_quick_hand_is_not_overtaken_by_the_hubs_answers(qtbot, aio, fake, hub, file):
    words.set_language("en")
    scene = at_columns(with_file(wizard(qtbot, aio, fake, hub, lane=Later), file))
    column(scene, "who")
    scene.press(Qt.Key.Key_Return)
    field = scene.page.columns.side.field

    async def quick():
        for _ in range(4):
            QTest.keyClick(field, Qt.Key.Key_Down)
            for _ in range(12):  # fewer turns than an answer takes
                await asyncio.sleep(0)
        await scene._rest()

    aio(quick())

    assert field.answer() == "buyer"
    assert hub.asked[-1][1] == {"orders.csv/who": ("buyer", "")}
    assert state(scene).match.field == "buyer"


def test_a_choice_by_hand_survives_a_look_back_at_the_file(chosen):
    at_columns(chosen)
    column(chosen, "who")
    chosen.do(lambda: chosen.page.columns.assigned.emit("buyer"))
    chosen.press(Qt.Key.Key_Left, ALT)
    chosen.do(lambda: chosen.page.reading.read_as.emit("header_row", "1"))
    ahead(chosen)

    assert state(chosen).matching.columns[3].field == "buyer"


def test_a_choice_by_hand_is_taken_back_with_r(chosen):
    at_columns(chosen)
    column(chosen, "total")
    chosen.press(Qt.Key.Key_X)
    assert "guess" in bar(chosen)
    chosen.press(Qt.Key.Key_R)

    assert (state(chosen).match.field, state(chosen).match.trust) == ("payable", "likely")


def test_how_values_are_written_can_be_said(chosen, hub):
    at_columns(chosen)
    column(chosen, "date")
    chosen.do(lambda: chosen.page.columns.written_as.emit("dmy"))

    assert hub.asked[-1][1] == {"orders.csv/date": ("ordered_at", "dmy")}
    assert chosen.page.columns.model.row(1).cells[3] == "13/06/2026"


def test_missing_fields_are_named_in_one_sentence_and_stop(chosen):
    at_columns(chosen)
    for name in ("total", "date"):
        column(chosen, name)
        chosen.press(Qt.Key.Key_X)

    said = "No column fills these yet: Ordered at, Amount to pay. Choose one for each."
    assert chosen.page.columns.missing.accessibleName() == said
    assert bar(chosen)["next"] == said
    ahead(chosen)
    assert state(chosen).at == "columns"


def test_what_only_a_person_knows_stops_and_says_so(chosen, hub):
    hub.more = {"asks": (Text("date: day or month first? Its dates read both ways. Choose the order."),)}
    at_columns(chosen)

    assert bar(chosen)["next"].startswith("date: day or month first?")
    assert chosen.page.columns.missing.accessibleName() == bar(chosen)["next"]


def test_dates_nobody_could_read_for_sure_are_marked_whatever_the_name(chosen, hub):
    hub.more = {
        "targets": (Target(code="number", title="Order number", readings=(("a", "A"),)),),
        "missing": (),
    }
    unsure = ColumnMatch(
        key="orders.csv/order id", file="orders.csv", column="order id", samples=("7",), field="number",
        trust="sure", why=Text("Day or month first?"),
    )  # fmt: skip
    hub.more["columns"] = (unsure,)
    at_columns(chosen)

    assert chosen.page.columns.model.row(0).cells[4].text == "Look here"


def test_a_report_docket_knows_needs_no_choice_and_says_so(chosen, hub):
    hub.more = {"title": "Tmall order report", "missing": ()}
    at_columns(chosen)

    told = "Docket knows this report: Tmall order report. Nothing needs a choice."
    assert chosen.page.columns.missing.accessibleName() == told
    assert chosen.page.columns.model.row(3).cells[4] == Cell("Known", "met")


def test_what_holds_for_the_whole_file_is_asked_beside_the_columns(chosen, hub):
    hub.more = {
        "options": (
            Option(
                code="option/state", title="State", value="to_ship", choices=(("to_ship", "A"), ("held", "B"))
            ),
            Option(code="option/cancels", title="Letter", value="C"),
        )
    }
    at_columns(chosen)
    options = chosen.page.columns.options
    chosen.do(lambda: options.field("option/state").control.answered.emit("held"))
    chosen.do(options.field("option/cancels").control.setFocus)
    chosen.do(options.field("option/cancels").control.selectAll)
    chosen.type("Z")
    chosen.press(Qt.Key.Key_Return)

    assert hub.asked[-1][1] == {"option/state": ("held", ""), "option/cancels": ("Z", "")}


def test_joined_files_say_by_which_keys_and_how_many_stay_alone(chosen, hub):
    hub.joins = (
        Join(
            left="orders",
            right="items",
            keys=("order_id", "order_id"),
            matched=900,
            left_alone=3,
            right_alone=12,
        ),
    )
    at_columns(chosen)

    assert chosen.page.columns.joins.words() == (
        "orders and items go together by order_id: 900 found each other, 3 and 12 rows stay alone"
    )


def test_the_first_rows_are_shown_as_understood_with_the_reason_to_look(chosen):
    at_columns(chosen)
    ahead(chosen)
    table = chosen.page.preview.table
    first = chosen.page.preview.sentences()
    chosen.press(Qt.Key.Key_J)
    doubt = chosen.page.preview.sentences()

    assert table.model().rowCount() == 20
    assert first == ["Understood; nothing to look at."]
    assert doubt == ["Ordered at: Day and month could be the other way round."]
    assert chosen.page.preview.model.row(1).cells[2].mark == "waits"
    assert chosen.page.preview.model.row(6).cells[0].mark == "stops"


def test_a_trial_counts_every_row_and_writes_nothing(chosen, hub):
    at_columns(chosen)
    ahead(chosen, 2)

    assert chosen.page.trial.account.figures.accessibleName() == (
        "new 1,962, changed 12, unchanged 6, rejected 20"
    )
    assert "rehearse" in [what for what, _ in hub.asked]
    assert "begin" not in [what for what, _ in hub.asked]
    assert chosen.page.trial.account.model.row(1).cells == (
        "3",
        "No order id. Fill it in.",
        "rows 8, 9, 1204",
    )


def test_a_reason_that_is_cut_is_said_in_full_below_for_the_row_under_the_keys(chosen, hub):
    long = "The number was shortened by a spreadsheet. Export the file again and do not save it there."
    short = "No id."
    reasons = (Reason(text=Text(long), count=2), Reason(text=Text(short), count=1))
    hub.account = type(hub.account)(read=7, new=4, rejected=3, reasons=reasons)
    at_columns(chosen)
    ahead(chosen, 2)
    account = chosen.page.trial.account
    chosen.do(lambda: chosen.shell.resize(chosen.shell.minimumSize()))
    cut = account.whole.words(), account.whole.isVisible()
    chosen.press(Qt.Key.Key_J)
    fits = account.whole.isVisible()
    chosen.press(Qt.Key.Key_K)
    chosen.do(lambda: chosen.shell.resize(1900, 900))

    assert cut == (long, True)
    assert not fits
    assert not account.whole.isVisible()


def test_a_file_with_nothing_new_is_not_taken_again(chosen, hub):
    hub.account = type(hub.account)(read=10, unchanged=10)
    at_columns(chosen)
    ahead(chosen, 2)

    assert bar(chosen)["next"] == "Nothing here is new. There is nothing to take."


@pytest.mark.parametrize(
    ("user", "link", "why"),
    [
        ("lin", "offline", "Offline: a file goes to the hub. Wait until the line is back."),
        ("gu", "online", "You may look. A clerk of orders or a lead imports files."),
    ],
)
def test_where_nothing_can_be_asked_the_verb_is_off_and_says_why(
    qtbot, aio, fake, hub, file, user, link, why
):
    words.set_language("en")
    fake.sit(user)
    fake.link_state = link
    scene = wizard(qtbot, aio, fake, hub)
    drop(scene, file)
    scene.press(Qt.Key.Key_O, CTRL)

    assert bar(scene) == {"choose": why}
    assert scene.page.notice.words() == why
    assert hub.asked == []
    assert scene.page.findChild(QFileDialog) is None


def test_a_file_the_hub_cannot_read_is_said_and_nothing_is_lost(chosen, hub, tmp_path):
    hub.is_down = True
    drop(chosen, tmp_path / "other.csv")

    assert chosen.page.notice.words().startswith("The hub does not answer.")
    assert [each.name for each in state(chosen).files] == ["orders.csv"]
    assert state(chosen).busy is None


@pytest.mark.parametrize("step", ["files", "reading", "columns", "preview", "trial", "run"])
def test_every_control_of_every_step_has_a_name(chosen, hub, step):
    hub.steps = [hub.done()]
    for _ in range(6):
        if state(chosen).at == step:
            break
        ahead(chosen)

    assert state(chosen).at == step
    assert unnamed(chosen.page) == []
