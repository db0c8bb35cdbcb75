"""The frame of the settings: sections, the way into them and back, and the search over all of them."""

from __future__ import annotations

import pytest
from desk_fake import FakeDesk
from page_audit import unnamed
from PySide6.QtCore import Qt
from settings_scene import settings_scene

from app.boot.settings import settings_sections
from app.presenters import settings
from app.presenters.settings import SECTIONS
from widgets import words


@pytest.fixture
def fake():
    fake = FakeDesk(user="wu")
    fake.kept["language"] = "en"
    return fake


@pytest.fixture
def scene(qtbot, aio, fake):
    words.set_language("en")
    return settings_scene(qtbot, aio, fake)


def shown(scene):
    return [entry.key for entry in scene.page.list.rows.entries()]


def test_every_section_has_its_presenter_and_its_group(fake):
    assert set(settings_sections(fake.desk, "")) == {section.code for section in SECTIONS}
    assert {section.group for section in SECTIONS} == set(settings.GROUPS)


def test_the_first_section_is_in_front_and_the_keys_are_on_the_list(scene):
    assert scene.page.list.hasFocus()
    assert scene.page.section().code == "settings_look"
    assert shown(scene)[:3] == ["desk", "settings_look", "settings_hub"]


def test_j_goes_to_the_next_section_and_enter_into_it_and_esc_back(scene):
    scene.press(Qt.Key.Key_J)
    scene.press(Qt.Key.Key_K)
    scene.press(Qt.Key.Key_Return)
    inside = scene.page.section().chips["language"].chip("en").hasFocus()
    scene.press(Qt.Key.Key_Escape)

    assert inside
    assert scene.page.list.hasFocus()


def test_the_way_in_is_on_the_line_of_keys_only_outside(scene):
    def told():
        return [hint.label for hint in scene.shell.sync_line._hints]

    outside = told()
    scene.press(Qt.Key.Key_Return)
    inside = told()
    scene.press(Qt.Key.Key_Escape)

    assert "Into the section" in outside
    assert "Into the section" not in inside
    assert told() == outside


def test_coming_back_to_the_page_begins_at_the_list_with_the_section_one_left(scene):
    scene.do(lambda: scene.page.presenter.open("settings_shops"))
    scene.press(Qt.Key.Key_Return)
    scene.press(Qt.Key.Key_Return)
    in_form = scene.page.section()._fields["title"].control.hasFocus()

    scene.do(lambda: scene.shell.go("inbox"))
    scene.do(lambda: scene.shell.go("settings"))

    assert in_form
    assert scene.page.list.hasFocus()
    assert scene.page.section().code == "settings_shops"


def test_in_a_narrow_window_a_section_takes_turns_with_the_list_and_its_keys_with_it(qtbot, aio):
    words.set_language("en")
    scene = settings_scene(qtbot, aio, FakeDesk(user="fang"))
    scene.do(lambda: scene.shell.resize(960, 600))
    scene.do(lambda: scene.page.presenter.open("settings_people"))

    def keys():
        return [key.key for key in scene.shell.router.page_keys if key.key in ("N", "P")]

    before = keys()
    scene.press(Qt.Key.Key_P)
    hidden = scene.page.section().presenter.state.secret
    scene.press(Qt.Key.Key_Return)
    inside = keys()
    scene.press(Qt.Key.Key_Escape)

    assert (before, hidden, inside, keys()) == ([], "", ["N", "P"], [])
    assert scene.page.list.hasFocus()


@pytest.mark.parametrize("size", [(960, 600), (1440, 900)])
def test_esc_leaves_a_section_that_begins_with_a_field(qtbot, aio, size):
    words.set_language("en")
    scene = settings_scene(qtbot, aio, FakeDesk(user="fang"))
    scene.do(lambda: scene.shell.resize(*size))
    scene.do(lambda: scene.page.presenter.open("settings_rules"))
    scene.press(Qt.Key.Key_Return)
    inside = scene.shell.focusWidget().objectName()

    scene.press(Qt.Key.Key_Escape)

    assert inside == "settings_rules/review_from"
    assert scene.page.list.hasFocus()


def test_in_a_narrow_window_a_closed_section_says_why_too(qtbot, aio):
    words.set_language("en")
    clerk = FakeDesk(user="lin")
    clerk.kept["language"] = "en"
    scene = settings_scene(qtbot, aio, clerk)
    scene.do(lambda: scene.shell.resize(960, 600))
    scene.do(lambda: scene.page.presenter.open("settings_people"))
    scene.press(Qt.Key.Key_Return)
    told = scene.page.closed_state.isVisible()
    scene.press(Qt.Key.Key_Escape)

    assert told
    assert scene.page.list.isVisible()


def test_a_password_leaves_the_screen_with_its_section(qtbot, aio):
    words.set_language("en")
    scene = settings_scene(qtbot, aio, FakeDesk(user="fang"), "settings_people")
    people = scene.page.section().presenter
    scene.do(scene.page.section()._give)
    shown_once = people.state.secret
    scene.do(lambda: scene.page.presenter.open("settings_rights"))

    assert (shown_once, people.state.secret) == ("first-fang", "")


def test_a_search_finds_a_setting_in_the_language_on_screen(scene):
    scene.press(Qt.Key.Key_Slash)
    scene.type("price up to")
    found = [code for code in shown(scene) if code.startswith("settings_")]
    scene.press(Qt.Key.Key_Return)

    assert found == ["settings_rules"]
    assert scene.page.section().code == "settings_rules"
    assert scene.page.list.hasFocus()


def test_initials_find_a_section_as_they_do_everywhere(qtbot, aio, fake):
    fake.kept["language"] = "zh_CN"
    words.set_language("zh_CN")
    scene = settings_scene(qtbot, aio, fake)
    scene.press(Qt.Key.Key_Slash)
    scene.type("jr")

    assert "settings_holidays" in shown(scene)


def test_esc_ends_the_search_and_every_section_is_back(scene):
    scene.press(Qt.Key.Key_Slash)
    scene.type("nothing of the kind")
    empty = scene.page.nothing.isVisible()
    scene.press(Qt.Key.Key_Escape, times=2)

    assert empty
    assert [code for code in shown(scene) if code.startswith("settings_")] == [s.code for s in SECTIONS]


@pytest.mark.parametrize(
    ("code", "words_shown"),
    [
        ("settings_people", "Administrators take people in and close accounts., Ask 方其然."),
        ("settings_history", "Leads see what was changed, and take it back., Ask 吴组长, 方其然."),
    ],
)
def test_a_section_closed_to_a_clerk_says_why_and_whom_to_ask(qtbot, aio, code, words_shown):
    words.set_language("en")
    clerk = FakeDesk(user="lin")
    clerk.kept["language"] = "en"
    scene = settings_scene(qtbot, aio, clerk)

    scene.do(lambda: scene.page.presenter.open(code))

    assert scene.page.section() is None
    assert scene.page.closed_state.isVisible()
    assert scene.page.closed_state.accessibleName() == words_shown


def test_what_is_open_to_an_administrator_is_open(qtbot, aio):
    words.set_language("en")
    scene = settings_scene(qtbot, aio, FakeDesk(user="fang"))

    assert scene.page.presenter.state.closed == frozenset()


@pytest.mark.parametrize("section", [section.code for section in SECTIONS])
def test_everything_that_takes_keys_has_a_name(qtbot, aio, section):
    words.set_language("en")
    scene = settings_scene(qtbot, aio, FakeDesk(user="fang"), section)

    assert unnamed(scene.page) == []


def test_f1_opens_the_help_of_the_section_in_front(qtbot, aio):
    scene = settings_scene(qtbot, aio, FakeDesk(user="fang"), "settings_sources")
    scene.press(Qt.Key.Key_F1)
    of_section = scene.shell.help.topic
    scene.press(Qt.Key.Key_Escape)
    scene.do(lambda: scene.page.presenter.open("settings_keys"))
    of_another = scene.page.help_topic

    assert (of_section, of_another) == ("sources", "systems")


def test_f1_opens_the_help_of_the_settings_where_a_section_is_closed(qtbot, aio):
    scene = settings_scene(qtbot, aio, FakeDesk(user="lin"))
    scene.do(lambda: scene.page.presenter.open("settings_stock"))
    before = scene.page.help_topic
    scene.do(lambda: scene.page.presenter.open("settings_keys"))

    assert (before, scene.page.help_topic) == ("stock", "settings")
