"""Today by keys: the first thing to do, the lines below it, and the day in figures."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from builders import line
from desk_fake import FakeDesk
from page_audit import unnamed
from page_scene import Scene
from PySide6.QtCore import Qt

import resources
from app.command import Actor
from app.commands.claim import Claim
from app.commands.fix_address import FixAddress
from app.commands.snooze import Snooze
from app.domain.company import GRANTS, Shift
from app.domain.gazetteer import Gazetteer
from app.domain.values import Receiver, Region, Role
from app.insight.handling import Handling, Took
from app.ports import Counts
from app.presenters.today import MEDIANS_EVERY, Today
from widgets import theme, words
from widgets.pages.today import MORE, TodayPage
from widgets.prose import plain
from widgets.rows import Section

Key = Qt.Key
STREET = "文晖路88号水岸嘉园3幢1单元502"
OLD = Region(province="浙江省", city="杭州市", district="下城区")
PERSON = Receiver(name="季小雨", phone="13800000000", street=STREET, raw=f"浙江省杭州市下城区{STREET}")


@pytest.fixture(scope="module")
def gazetteer():
    return Gazetteer.from_bytes(resources.read("geo", "regions.json.gz"))


@pytest.fixture
def fake(gazetteer):
    fake = FakeDesk()
    fake.company.gazetteer = gazetteer
    fake.company.set_stock(0, "CT-180")
    fake.company.receive("o1", region=OLD, receiver=PERSON)
    fake.company.receive("o2", lines=(line(ext_sku="A-3", unit_price_minor=12_900),))
    fake.company.receive("o3", region=OLD, receiver=PERSON, lines=(line(qty=2),))
    return fake


def shown(qtbot, aio, fake):
    words.set_language("en")
    return Scene(qtbot, aio, lambda tasks, go: TodayPage(Today(fake.desk), tasks, go), "today")


@pytest.fixture
def scene(qtbot, aio, fake):
    return shown(qtbot, aio, fake)


def heading(scene):
    return plain(scene.page.heading.words())


def keys(scene):
    return [entry.key for entry in scene.page.rows.rows.entries() if not isinstance(entry, Section)]


def test_the_first_thing_is_a_card_and_the_rest_are_lines(scene):
    assert heading(scene) == "3 wait for you, none of them pressing."
    assert keys(scene) == ["o2:short_stock", "o3:address_invalid"]
    assert scene.page.first.button("repair").text() == "Use suggestion"
    assert scene.page.first.button("repair").kind() == "primary"


def test_what_is_nearly_late_stands_in_a_section_of_its_own(qtbot, aio, fake):
    fake.company.now += timedelta(days=2)

    scene = shown(qtbot, aio, fake)

    assert heading(scene) == "3 wait for you, 3 of them nearly late."
    sections = [entry for entry in scene.page.rows.rows.entries() if isinstance(entry, Section)]
    assert [(section.title, section.count) for section in sections] == [("Nearly late", "2")]


def test_1_repairs_the_first_thing_and_z_takes_it_back(scene, fake):
    scene.press(Key.Key_1)
    assert isinstance(fake.given[-1], FixAddress)
    assert heading(scene) == "2 wait for you, none of them pressing."
    assert scene.shell.undo_bar.is_open

    scene.press(Key.Key_Z)
    assert heading(scene) == "3 wait for you, none of them pressing."
    assert fake.company.order("o1").region.district == "下城区"


def test_enter_opens_the_first_thing_in_the_inbox(scene):
    scene.press(Key.Key_Return)

    assert scene.went == [("inbox", {"key": "o1:address_invalid"})]


def test_j_leads_into_the_lines_and_enter_opens_the_one_under_the_keys(scene):
    scene.press(Key.Key_J, times=2)
    assert scene.page.rows.current_key() == "o3:address_invalid"

    scene.press(Key.Key_Return)
    assert scene.went == [("inbox", {"key": "o3:address_invalid"})]


def test_k_over_the_first_line_is_back_on_the_card(scene):
    scene.press(Key.Key_J)
    scene.press(Key.Key_K)
    assert not scene.page.rows.hasFocus()

    scene.press(Key.Key_Return)
    assert scene.went == [("inbox", {"key": "o1:address_invalid"})]


def test_a_long_list_ends_in_a_line_that_opens_the_inbox(qtbot, aio, fake):
    for number in range(4, 16):
        fake.company.receive(f"o{number}", region=OLD, receiver=PERSON, lines=(line(qty=number),))

    scene = shown(qtbot, aio, fake)
    assert keys(scene)[-1] == MORE
    assert scene.page.rows.rows.entries()[-1].text == f"{len(fake.snags()) - 8} more"

    scene.do(lambda: scene.page.rows.opened.emit(MORE))
    assert scene.went == [("inbox", {"split": "group"})]


def test_names_of_the_shares_of_a_busy_day_stand_apart(qtbot, aio, fake, monkeypatch):
    counts = Counts(received=22_014, touchless=20_846, fixed_of_day=1_121, open_of_day=35)
    monkeypatch.setattr(fake, "counts", lambda _login: counts)
    scene = shown(qtbot, aio, fake)

    shares = scene.page.side.shares

    assert len(shares.accessibleDescription().split(", ")) == 4
    assert shares.between >= theme.current().px("space.2")


def test_the_figures_of_the_day_stand_at_the_side(qtbot, aio, fake, monkeypatch):
    counts = Counts(received=2_014, touchless=1_846, fixed_of_day=121, open_of_day=47)
    monkeypatch.setattr(fake, "counts", lambda _login: counts)
    monkeypatch.setattr(fake, "repaired_per_hour", lambda _user: [(19, 18), (20, 9)])

    scene = shown(qtbot, aio, fake)

    side = scene.page.side
    assert side.received.accessibleName() == "Today until 20:30 2,014 orders in  91.7% without a hand"
    assert side.shares.accessibleDescription() == "Touchless 1,846, By hand 121, Open 47"
    assert side.pace.part_names() == ("19:00: 18", "20:00: 9")
    assert plain(scene.page.note.words()) == "27 fixed by you today; at this pace the desk is clear at 20:43."


def test_what_is_put_off_stands_below_with_what_it_waits_for(qtbot, aio, fake):
    tomorrow = fake.company.now + timedelta(days=1)
    fake.company.do(Snooze(order="o3", kind="address_invalid", until=tomorrow, wait="customer"))
    fake.company.do(Snooze(order="o2", kind="short_stock", until=tomorrow))

    scene = shown(qtbot, aio, fake)

    assert heading(scene) == "One waits for you."
    section, *rows = scene.page.rows.rows.entries()
    assert (section.title, section.count) == ("Waits for others", "2")
    assert {(row.key, row.mark, row.limit_text) for row in rows} == {
        ("o2:short_stock", "not_yet", "until 14 Jun 20:30"),
        ("o3:address_invalid", "not_yet", "waits for the buyer"),
    }

    scene.do(lambda: scene.page.rows.opened.emit("o2:short_stock"))
    assert scene.went == [("inbox", {"key": "o2:short_stock", "split": "waiting"})]


def test_what_is_mine_comes_before_what_is_everybodys(qtbot, aio, fake):
    fake.company.do(Claim(order="o3", kind="address_invalid"), Actor("lin", Role.CLERK, GRANTS[Role.CLERK]))

    scene = shown(qtbot, aio, fake)

    assert heading(scene) == "One waits for you."
    assert keys(scene) == []
    scene.press(Key.Key_Return)
    assert scene.went == [("inbox", {"key": "o3:address_invalid"})]


def test_the_shift_and_what_is_left_of_it_stand_under_the_heading(qtbot, aio, fake):
    late = Shift(code="late", title="Late shift", since=time(12), until=time(22))
    fake.company.rows["shift", "late"] = late

    scene = shown(qtbot, aio, fake)

    assert plain(scene.page.note.words()) == (
        "Late shift until 22:00, 1 h 30 min to go. Sorted by what is left of the time limit."
    )


def test_a_clear_desk_says_so_and_what_comes_next(qtbot, aio):
    scene = shown(qtbot, aio, FakeDesk())

    assert heading(scene) == "Nothing waits for you."
    assert not scene.page.first.isVisible()
    assert scene.page.empty.accessibleName().startswith("Nothing waits for you")
    assert [key.key for key in list(scene.page.keys())] == ["F", "H"]


def test_in_a_narrow_window_the_figures_follow_the_lines(scene):
    scene.do(lambda: scene.shell.resize(1024, 700))

    side, rows = scene.page.side, scene.page.rows
    top = side.mapTo(scene.page.column, side.rect().topLeft()).y()
    assert top >= rows.mapTo(scene.page.column, rows.rect().bottomLeft()).y()
    assert side.height() >= side.sizeHint().height()


def test_another_language_is_on_screen_at_once(scene):
    words.set_language("zh_CN")
    try:
        assert scene.page.first.button("open").text() == words.tr("Open")
        assert scene.page.rows.rows.entry(1).title == words.tr("Out of stock") != "Out of stock"
    finally:
        words.set_language("en")


def test_everything_that_takes_keys_has_names(scene):
    assert unnamed(scene.page) == []


def test_a_burst_of_orders_is_seen_before_its_orders_are_here(scene, fake):
    fake.waiting_at_hub = 99
    scene.do(lambda: scene.page.opened(None))
    assert scene.page.notice.words() == ""

    fake.waiting_at_hub = 7_500
    scene.do(lambda: scene.page.opened(None))
    assert scene.page.notice.words() == "Orders that came and are still taken in: 7500. None is lost."

    fake.waiting_at_hub = 0
    scene.do(lambda: scene.page.opened(None))
    assert scene.page.notice.words() == ""


def test_the_medians_of_the_day_stand_beside_their_goals_and_are_asked_seldom(scene, fake):
    told = {name: view.accessibleName() for name, (_, view) in scene.page.side._shown.items()}["medians"]
    assert "goal 28 min" in told
    fake.handled = Handling(
        (Took(kind="short_stock", owner="lin", worked_s=660, rested_s=0, waited={}, hand_s=18),), ()
    )

    scene.do(lambda: scene.page.opened(None))
    assert plain(scene.page.side.medians_note.words()) == "0 ended, 0 claimed · yours · as of 20:30"
    fake.company.now += MEDIANS_EVERY
    scene.do(lambda: scene.page.opened(None))

    told = {name: view.accessibleName() for name, (_, view) in scene.page.side._shown.items()}["medians"]
    assert ("11 min" in told, "18 s" in told, "goal 20 s" in told) == (True, True, True)
    assert plain(scene.page.side.medians_note.words()) == "1 ended, 1 claimed · yours · as of 20:33"
    assert [one for one in fake.asked if one != "backlog"] == ["handling 1", "handling 1"]

    fake.link_state = "offline"
    fake.company.now += MEDIANS_EVERY
    scene.do(lambda: scene.page.opened(None))
    kept = plain(scene.page.side.medians_note.words())

    fake.sit("shen")
    scene.do(lambda: scene.page.opened(None))

    assert kept.endswith("as of 20:33"), "without the hub the last ones stay"
    assert plain(scene.page.side.medians_note.words()) == "The hub has not said yet."

    scene.press(Key.Key_F)

    assert scene.went == [("figures", {})]
