"""Hub and outbox: the line, what waits, what the hub said."""

from __future__ import annotations

from datetime import timedelta

import builders
import pytest
from desk_fake import FakeDesk
from settings_scene import settings_scene

from app.ports import Changes, OutboxRow
from app.text import Text
from widgets import words


@pytest.fixture
def fake():
    words.set_language("en")
    return FakeDesk(user="lin")


def test_the_outbox_shows_state_age_and_what_the_hub_said(qtbot, aio, fake):
    error = Text("The warehouse has begun. Put the goods back first.")
    saved_at = builders.NOW - timedelta(minutes=41)
    fake.waiting = [
        OutboxRow(
            n=2, name="ship", subject="DK-1", who="wu", saved_at=saved_at, state="conflict", error=error
        )
    ]
    section = settings_scene(qtbot, aio, fake, "settings_hub").page.section()

    assert [getattr(cell, "text", cell) for cell in section.outbox.row(0).cells] == [
        "Conflict", "Ship", "DK-1", "41 min", "The warehouse has begun. Put the goods back first.",
    ]  # fmt: skip
    assert not section.empty.isVisible()


def test_an_empty_outbox_says_that_nothing_waits(qtbot, aio, fake):
    section = settings_scene(qtbot, aio, fake, "settings_hub").page.section()

    assert section.empty.isVisible()
    assert section.empty.accessibleName() == "Nothing waits here, Everything you did has reached the hub."


def test_a_newer_state_of_the_line_is_drawn_while_the_section_is_in_front(qtbot, aio, fake):
    scene = settings_scene(qtbot, aio, fake, "settings_hub")
    fake.link_state = "offline"
    scene.do(lambda: scene.page.changed(Changes(sync=True)))

    assert scene.page.section().link.accessibleName() == "Offline"
