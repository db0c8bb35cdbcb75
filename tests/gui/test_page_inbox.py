"""The inbox by keys: repair, the next card, undo, filter, splits, guide and sheet."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from builders import line
from desk_fake import FakeDesk
from page_audit import unnamed
from page_scene import ALT, Scene
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

import resources
from app.command import Refusal
from app.commands.cancel import Cancel
from app.commands.fix_address import FixAddress
from app.commands.recheck import Recheck
from app.domain.gazetteer import Gazetteer
from app.domain.values import Receiver, Region
from app.ports import Submitted
from app.presenters.inbox import Inbox
from app.text import Text
from widgets import words
from widgets.evidence import Lines
from widgets.pages.inbox import InboxPage
from widgets.prose import width_px

Key = Qt.Key
STREET = "文晖路88号水岸嘉园3幢1单元502"
OLD = Region(province="浙江省", city="杭州市", district="下城区")
PERSON = Receiver(name="季小雨", phone="13800000000", street=STREET, raw=f"浙江省杭州市下城区{STREET}")


@pytest.fixture(scope="module")
def gazetteer():
    return Gazetteer.from_bytes(resources.read("geo", "regions.json.gz"))


@pytest.fixture
def fake(gazetteer):
    """Three orders in trouble: an abolished district, nothing in stock, a second abolished district."""
    fake = FakeDesk()
    fake.company.gazetteer = gazetteer
    fake.company.set_stock(0, "CT-180")
    fake.company.receive("o1", region=OLD, receiver=PERSON)
    fake.company.receive("o2", lines=(line(ext_sku="A-3", unit_price_minor=12_900),))
    fake.company.receive("o3", region=OLD, receiver=PERSON, lines=(line(qty=2),))
    return fake


def shown(qtbot, aio, fake, args=None):
    words.set_language("en")
    return Scene(qtbot, aio, lambda tasks, go: InboxPage(Inbox(fake.desk), tasks, go), "inbox", args)


@pytest.fixture
def scene(qtbot, aio, fake):
    return shown(qtbot, aio, fake)


def here(scene):
    """The exception under the keys; the list and the card agree on it."""
    key = scene.page.rows.current_key()
    assert scene.page._state.card.row.key == key
    return key


def keys(scene):
    return [entry.key for entry in scene.page.rows.rows.entries()]


def test_the_first_exception_is_laid_out_with_its_repair(scene):
    assert keys(scene) == ["o1:address_invalid", "o2:short_stock", "o3:address_invalid"]
    assert here(scene) == "o1:address_invalid"
    changed = [row for row in scene.page.card.diff._rows if row.is_changed]
    assert [(row.before, row.after) for row in changed if row.field == "District"] == [("下城区", "拱墅区")]
    assert scene.page.bar.button("use_suggestion").kind() == "primary"
    assert scene.page.focusWidget() is scene.page.rows


def test_j_and_k_walk_and_the_card_follows(scene):
    scene.press(Key.Key_J)
    assert here(scene) == "o2:short_stock"

    scene.press(Key.Key_J, times=2)
    assert here(scene) == "o3:address_invalid"

    scene.press(Key.Key_K)
    assert here(scene) == "o2:short_stock"


def test_a_hand_faster_than_the_cards_ends_where_it_stopped(scene):
    def hurry():
        for _ in range(2):
            QTest.keyClick(QApplication.focusWidget(), Key.Key_J)

    scene.do(hurry)

    assert here(scene) == "o3:address_invalid"


def test_what_is_looked_at_again_and_stays_says_so(scene, fake):
    scene.press(Key.Key_J)

    scene.press(Key.Key_1)

    assert isinstance(fake.given[-1], Recheck)
    assert scene.page.notice.words() == "DK-o2 stays here until something has changed."


def test_1_repairs_takes_the_next_card_and_offers_undo(scene, fake):
    scene.press(Key.Key_1)

    assert isinstance(fake.given[-1], FixAddress)
    assert fake.company.order("o1").region.district == "拱墅区"
    assert keys(scene) == ["o2:short_stock", "o3:address_invalid"]
    assert here(scene) == "o2:short_stock"
    assert scene.shell.undo_bar.accessibleName() == "DK-o1 Use suggestion"


def test_z_takes_the_repair_back_and_stands_on_it_again(scene, fake):
    scene.press(Key.Key_1)

    scene.press(Key.Key_Z)

    assert fake.company.order("o1").region.district == "下城区"
    assert here(scene) == "o1:address_invalid"
    assert not scene.shell.undo_bar.is_open


def test_a_key_pressed_twice_at_once_repairs_once(scene, fake):
    def twice():
        for _ in range(2):
            QTest.keyClick(QApplication.focusWidget(), Key.Key_1)

    scene.do(twice)

    assert len(fake.given) == 1


def test_a_key_for_the_next_card_waits_for_the_repair_of_the_one_before(scene, fake):
    """The next card stands there before the list is read anew, and a quick hand goes on with it."""
    page, pressed = scene.page, []
    plain = page.presenter._load

    async def load(**given):
        if not pressed:
            pressed.append(page._state.card.row.key)
            QTest.keyClick(QApplication.focusWidget(), Key.Key_1)
        await plain(**given)

    page.presenter._load = load
    scene.press(Key.Key_1)

    assert pressed != ["o1:address_invalid"]
    assert len(fake.given) == 2


def test_a_refusal_stands_over_the_bar_and_writes_nothing(scene, fake):
    fake.company.must(Cancel(order="o1", reason="buyer"))

    scene.press(Key.Key_1)

    assert fake.given == []
    assert scene.page.notice.isVisible()
    assert scene.page.notice.words() != ""


def test_the_next_card_stands_there_before_the_disk_answers(scene, monkeypatch):
    desk, seen = scene.page.presenter.desk, []
    plain = desk.submit

    async def submit(*given):
        seen.append(here(scene))
        return await plain(*given)

    monkeypatch.setattr(desk, "submit", submit)
    scene.press(Key.Key_1)

    assert seen == ["o2:short_stock"]
    assert keys(scene) == ["o2:short_stock", "o3:address_invalid"]


def test_a_card_left_too_early_comes_back_with_the_refusal(scene, monkeypatch):
    desk = scene.page.presenter.desk

    async def submit(*_given):
        return Submitted(refusal=Refusal("full", Text("Not now.")))

    monkeypatch.setattr(desk, "submit", submit)
    scene.press(Key.Key_1)

    assert here(scene) == "o1:address_invalid"
    assert scene.page.notice.words() == "Not now."


def test_z_takes_back_what_is_being_given_and_not_what_came_before_it(scene, fake, monkeypatch):
    scene.press(Key.Key_1)
    presenter, undone = scene.page.presenter, []
    plain = presenter.desk.submit

    async def submit(*given):
        undone.append(asyncio.ensure_future(presenter.undo()))
        return await plain(*given)

    monkeypatch.setattr(presenter.desk, "submit", submit)
    scene.press(Key.Key_J)
    scene.press(Key.Key_1)

    assert fake.company.order("o1").region.district == "拱墅区"
    assert fake.company.order("o3").region.district == "下城区"
    assert [one.done() for one in undone] == [True]


def test_slash_filters_esc_leaves_the_field_and_esc_again_clears(scene):
    scene.press(Key.Key_Slash)
    scene.type("o2")
    assert keys(scene) == ["o2:short_stock"]
    assert here(scene) == "o2:short_stock"

    scene.press(Key.Key_Escape)
    assert scene.page.rows.hasFocus()
    assert keys(scene) == ["o2:short_stock"]

    scene.press(Key.Key_Escape)
    assert len(keys(scene)) == 3


def test_in_the_filter_1_types_and_alt_1_repairs(scene, fake):
    scene.press(Key.Key_Slash)
    assert scene.page.bar.button("use_suggestion").key() == "Alt+1"

    scene.type("o1")
    scene.press(Key.Key_1, ALT)

    assert scene.page.filter.text() == "o1"
    assert [type(command) for command in fake.given] == [FixAddress]


def test_a_filter_without_hits_says_so(scene):
    scene.press(Key.Key_Slash)
    scene.type("zzz")

    assert scene.page.no_rows.accessibleName() == "Nothing for zzz, Esc clears it."
    assert not scene.page.bar.isVisible()


def test_the_last_row_repaired_leaves_the_keys_on_the_page_and_they_come_back_with_a_row(scene):
    scene.press(Key.Key_Slash)
    scene.type("o1")
    scene.press(Key.Key_Escape)
    on_list = scene.page.rows.hasFocus()

    scene.press(Key.Key_1)
    assert on_list
    assert not scene.page.rows.isVisible()
    assert scene.shell.focusWidget() is scene.page

    scene.press(Key.Key_Z)
    assert scene.page.rows.hasFocus()


def test_tab_in_the_list_turns_the_splits(scene, fake):
    scene.press(Key.Key_Tab)
    assert scene.page.splits.here == "soon"
    assert scene.page.no_rows.accessibleName() == "Nothing in this split, Tab goes on to the next one."

    fake.company.now += timedelta(days=2)
    scene.do(lambda: scene.page.opened(None))
    assert len(keys(scene)) == 3


def test_enter_opens_the_guide_where_there_is_one_and_the_order_elsewhere(scene):
    scene.press(Key.Key_Return)
    assert scene.went == [("guide", {"form": "fix_address", "order": "o1"})]

    scene.press(Key.Key_J)
    scene.press(Key.Key_Return)
    assert scene.went[-1] == ("order", {"id": "o2", "among": "o1\no2\no3"})


def test_who_comes_from_today_stands_on_the_exception_asked_for(qtbot, aio, fake):
    scene = shown(qtbot, aio, fake, {"key": "o3:address_invalid"})

    assert here(scene) == "o3:address_invalid"


def test_without_exceptions_the_page_says_what_comes_next(qtbot, aio):
    scene = shown(qtbot, aio, FakeDesk())

    assert scene.page.no_rows.accessibleName() == "No exceptions, New ones come in by themselves."
    assert scene.page.card.empty.isVisible()
    assert not scene.page.bar.isVisible()


def test_the_evidence_marks_the_words_that_offend(scene):
    sections = scene.page.evidence.sections()

    assert sections[0].heading == "In the buyer's own words"
    flagged = [part.text for part in sections[0].items[0].words if not isinstance(part, str)]
    assert "下城区" in flagged


def test_a_narrow_window_shows_the_card_on_enter_and_the_list_on_esc(scene):
    scene.do(lambda: scene.shell.resize(960, 700))
    assert not scene.page.card.isVisible()

    scene.press(Key.Key_Return)
    assert scene.page.card.isVisible()
    assert scene.went == []

    scene.press(Key.Key_Escape)
    assert scene.page.rows.isVisible()


def test_another_language_is_on_screen_at_once(scene):
    words.set_language("zh_CN")
    try:
        assert scene.page.rows.rows.entry(0).title == words.tr("Address unclear") != "Address unclear"
    finally:
        words.set_language("en")


def test_everything_that_takes_keys_has_names(scene):
    assert unnamed(scene.page) == []


def test_the_figures_of_an_order_are_never_cut_beside_a_long_title(scene):
    (lines,) = [
        item
        for section in scene.page.evidence.sections()
        for item in section.items
        if isinstance(item, Lines)
    ]

    for at, column in enumerate(lines.columns[1:], 1):
        assert all(width_px(row[at]) < column.width for row in lines.rows)
