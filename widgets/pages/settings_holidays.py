"""Calendars of holidays, one form for each."""

from __future__ import annotations

from app.text import N_
from widgets.editor import EditorPage


class SettingsHolidaysPage(EditorPage):
    """Rows of holidays, and the form of one."""

    code = "settings_holidays"
    help_topic = "company"
    name = N_("Holidays")
    new_title = N_("New calendar")
    empty_icon = "calendar"
    empty_words = N_("No holidays are set yet")
