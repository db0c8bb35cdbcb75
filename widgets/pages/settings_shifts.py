"""Working hours, one form for each shift."""

from __future__ import annotations

from app.text import N_
from widgets.editor import EditorPage


class SettingsShiftsPage(EditorPage):
    """Rows of shifts, and the form of one."""

    code = "settings_shifts"
    help_topic = "company"
    name = N_("Shifts")
    new_title = N_("New shift")
    empty_icon = "clock"
    empty_words = N_("No working hours are set yet: every hour counts")
