"""Look and language: a choice holds at once and is remembered."""

from __future__ import annotations

import pytest
from desk_fake import FakeDesk
from PySide6.QtCore import Qt
from settings_scene import settings_scene

from widgets import motion, theme, words


@pytest.fixture
def fake():
    fake = FakeDesk(user="wu")
    fake.kept["language"] = "en"
    return fake


@pytest.fixture
def scene(qtbot, aio, fake):
    words.set_language("en")
    yield settings_scene(qtbot, aio, fake, "settings_look")
    motion.motion().is_reduced = False


@pytest.fixture
def chips(scene):
    return scene.page.section().chips


def click(scene, chips, key, code):
    scene.do(chips[key].chip(code).click)


def test_a_look_holds_at_once_and_is_remembered(scene, chips, fake):
    click(scene, chips, "theme", "dark")
    click(scene, chips, "density", "compact")

    assert theme.current() == theme.Theme("dark", "compact")
    assert fake.kept["theme"] == "dark"
    assert chips["theme"].chip("dark").isChecked()


def test_a_language_is_spoken_at_once(scene, chips, fake):
    click(scene, chips, "language", "zh_CN")

    assert words.language() == "zh_CN"
    assert fake.kept["language"] == "zh_CN"


def test_arrows_choose_too(scene, chips, fake):
    scene.do(chips["motion"].focus_chosen)
    scene.press(Qt.Key.Key_Right)

    assert fake.kept["motion"] == "reduced"
    assert motion.motion().is_reduced


def test_without_single_keys_every_key_wants_alt(scene, chips):
    click(scene, chips, "single_keys", "off")
    off = scene.shell.router.needs_alt
    click(scene, chips, "single_keys", "on")

    assert (off, scene.shell.router.needs_alt) == (True, False)
