"""Handover by keys: a sentence, a name; somebody else reads and signs; what came since; a page of before."""

from __future__ import annotations

from datetime import timedelta

import pytest
from builders import NOW, line
from desk_fake import FakeDesk, Here
from page_audit import unnamed
from page_scene import Scene
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.commands.claim import Claim
from app.commands.hold import Hold
from app.commands.resume import Resume
from app.domain.handover import LINES_MOST
from app.handing import Since
from app.presenters.handover import HandoverDesk
from widgets import words
from widgets.cells import Cell, words_of
from widgets.handover_rows import about, rows_of_lines
from widgets.pages.handover import HandoverPage

Key = Qt.Key


@pytest.fixture
def fake():
    words.set_language("en")
    fake = FakeDesk(user="lin")
    fake.company.receive("o1", number="DK-1", lines=(line("1", "X-77"),))
    fake.company.receive("o2", number="DK-2")
    login = fake.desk.login
    fake.submit(Claim(order="o1", kind="sku_unmapped"), login)
    fake.submit(Hold(order="o2", reason="the buyer calls back", until=NOW + timedelta(hours=9)), login)
    return fake


@pytest.fixture
def scene(qtbot, aio, fake):
    def page(tasks, go):
        return HandoverPage(HandoverDesk(fake.desk, fake.files, Here()), tasks, go)

    return Scene(qtbot, aio, page, "handover")


def rows(scene):
    model = scene.page.model
    return [[words_of(cell) for cell in model.row(at).cells] for at in range(model.rowCount())]


def page_of(fake):
    return next(row for (table, _), row in fake.company.rows.items() if table == "handover")


def test_a_shift_is_left_with_a_sentence_and_taken_over_by_somebody_else(scene, fake):
    assert [(row[1], row[3]) for row in rows(scene)] == [("DK-1", "林小满"), ("DK-2", "林小满")]
    scene.press(Key.Key_N)
    scene.page.reason.field.setText("The shop answers at nine.")
    scene.press(Key.Key_Return)
    scene.press(Key.Key_P)
    scene.press(Key.Key_S)

    assert [line.remark for line in page_of(fake).lines] == ["The shop answers at nine.", ""]
    assert scene.page.bar._actions[0].reason == "You signed it. Somebody else takes it over."
    assert unnamed(scene.page) == []

    fake.sit("shen")
    fake.company.now += timedelta(minutes=10)
    fake.submit(Resume(order="o2", reason="he called"), fake.desk.login)
    scene.do(lambda: scene.page.opened(None))
    scene.do(lambda: scene.page.turn("page"))
    assert [row[-1] for row in rows(scene)] == ["Unchanged", "Done"]
    scene.press(Key.Key_S)

    assert (page_of(fake).left_by, page_of(fake).taken_by) == ("lin", "shen")
    assert fake.company.order("o1").snags[0].owner == "shen"

    scene.do(lambda: scene.page.turn("earlier"))
    assert rows(scene)[0][1:4] == ["林小满", "沈知夏", "2"]
    scene.press(Key.Key_Return)
    assert scene.page.presenter.state.split == "page"


def test_what_one_page_cannot_hold_is_counted_and_never_called_done(scene, fake):
    login = fake.desk.login
    for n in range(LINES_MOST + 3):
        fake.company.receive(f"h{n:03}", number=f"DK-H{n:03}")
        fake.submit(Hold(order=f"h{n:03}", reason="later"), login)
    scene.do(lambda: scene.page.opened(None))
    assert scene.page.presenter.state.more == 5
    assert scene.page.splits.findChild(QWidget, "handover/split/now").accessibleName() == "Open now 205"
    scene.press(Key.Key_S)

    signed = page_of(fake)
    assert (len(signed.lines), signed.more) == (LINES_MOST, 5)
    became = scene.page.presenter.state.became
    assert set(became.values()) == {Since.SAME}, "what stands on no page is neither done nor new"
    assert "5 more were open, this page does not name them." in str(about(scene.page.presenter.state))


def test_whoever_comes_takes_over_on_the_screen_of_whoever_leaves(scene, fake):
    scene.press(Key.Key_P)
    scene.press(Key.Key_S)
    scene.do(lambda: scene.page.turn("page"))
    scene.press(Key.Key_B)
    who = scene.page.beside.who
    scene.do(lambda: (who.set_answer("shen"), who.answered.emit("shen")))
    scene.type("wrong")
    scene.press(Key.Key_Return)
    wrong, taken = scene.page.notice.words(), page_of(fake).taken_by
    scene.type("nehs")
    scene.press(Key.Key_Return)

    assert (wrong, taken) == ("PIN or badge is wrong. Nothing was signed.", "")
    assert (page_of(fake).left_by, page_of(fake).taken_by) == ("lin", "shen")
    assert fake.company.order("o1").snags[0].owner == "shen"
    assert fake.desk.login.user.code == "lin"
    assert not scene.page.beside.isVisible()


def test_what_is_late_has_a_mark_and_not_only_a_colour(scene):
    def until():
        (one, *_others) = rows_of_lines(scene.page.presenter.state)
        return one.cells[4]

    assert until()
    assert not isinstance(until(), Cell)
    scene.do(lambda: scene.page.presenter.put(now=NOW + timedelta(days=2)))
    assert (until().mark, until().bold, until().role) == ("stops", True, "bad")
