"""Settings: a choice holds at once and is remembered; outbox, rules and versions are told."""

from __future__ import annotations

from datetime import timedelta

import builders
import pytest
from desk_fake import FakeDesk
from page_scene import Scene
from PySide6.QtCore import Qt

from app.ports import OutboxRow
from app.presenters.settings import Settings
from app.text import Text
from widgets import motion, theme, words
from widgets.pages.settings import SettingsPage


@pytest.fixture
def fake():
    fake = FakeDesk(user="wu")
    fake.kept["language"] = "en"
    return fake


@pytest.fixture
def scene(qtbot, aio, fake):
    words.set_language("en")
    yield Scene(qtbot, aio, lambda tasks, go: SettingsPage(Settings(fake.desk, ""), tasks, go), "settings")
    motion.motion().is_reduced = False


def click(scene, key, code):
    scene.do(scene.page.chips[key].chip(code).click)


def test_a_look_holds_at_once_and_is_remembered(scene, fake):
    click(scene, "theme", "dark")
    click(scene, "density", "compact")

    assert theme.current() == theme.Theme("dark", "compact")
    assert fake.kept["theme"] == "dark"
    assert scene.page.chips["theme"].chip("dark").isChecked()


def test_a_language_is_spoken_at_once(scene, fake):
    click(scene, "language", "zh_CN")

    assert words.language() == "zh_CN"
    assert fake.kept["language"] == "zh_CN"


def test_arrows_choose_too(scene, fake):
    scene.do(scene.page.chips["motion"].focus_chosen)
    scene.press(Qt.Key.Key_Right)

    assert fake.kept["motion"] == "reduced"
    assert motion.motion().is_reduced


def test_without_single_keys_every_key_wants_alt(scene):
    click(scene, "single_keys", "off")
    off = scene.shell.router.needs_alt
    click(scene, "single_keys", "on")

    assert (off, scene.shell.router.needs_alt) == (True, False)


def test_the_outbox_shows_state_age_and_what_the_hub_said(qtbot, aio, fake):
    words.set_language("en")
    error = Text("The warehouse has begun. Put the goods back first.")
    saved_at = builders.NOW - timedelta(minutes=41)
    fake.waiting = [
        OutboxRow(
            n=2, name="ship", subject="DK-1", who="wu", saved_at=saved_at, state="conflict", error=error
        )
    ]
    scene = Scene(qtbot, aio, lambda tasks, go: SettingsPage(Settings(fake.desk, ""), tasks, go), "settings")
    row = scene.page.outbox.row(0)

    assert [getattr(cell, "text", cell) for cell in row.cells] == [
        "Conflict", "Ship", "DK-1", "41 min", "The warehouse has begun. Put the goods back first.",
    ]  # fmt: skip
    assert not scene.page.empty.isVisible()


def test_an_empty_outbox_says_that_nothing_waits(scene):
    assert scene.page.empty.isVisible()
    assert scene.page.empty.accessibleName() == "Nothing waits here, Everything you did has reached the hub."


def test_rules_stand_with_their_units(scene):
    facts = {fact.label: fact.value for fact in scene.page.rules._groups[0].facts}

    assert facts["Night review"] == "21:00–07:00"
    assert facts["Reviewed above"] == "¥1,000.00"
    assert facts["Unpaid after"] == "30 min"
