"""Presenters are made when somebody first goes to their screen, once, and every one of them can be."""

from __future__ import annotations

from importlib.util import find_spec

import pytest
from desk_fake import FakeDesk
from files_fake import Here

from app.boot.screens import SCREENS, Screens
from app.presenters.settings import SECTIONS


@pytest.fixture
def screens():
    lane = Here()
    return Screens(FakeDesk().desk, None, "", files=lane, exports=lane, left=lambda: None)


def test_every_screen_has_its_presenter_made_once_and_its_page(screens):
    made = {code: screens[code] for code in SCREENS}

    assert all(screens[code] is presenter for code, presenter in made.items())
    assert [code for code in SCREENS if find_spec(f"widgets.pages.{code}") is None] == []


def test_the_settings_and_their_sections_are_screens_too(screens):
    assert set(screens) == {*SCREENS, "settings", *(section.code for section in SECTIONS)}
    assert len(screens) == len(set(screens))
    assert screens["settings"] is screens["settings"]
    with pytest.raises(KeyError):
        screens["nowhere"]
