"""Outlets that install, one form for each."""

from __future__ import annotations

from app.text import N_
from widgets.editor import EditorPage


class SettingsOutletsPage(EditorPage):
    """Rows of outlets, and where one comes to."""

    code = "settings_outlets"
    help_topic = "plan_visit"
    name = N_("Outlets")
    new_title = N_("New outlet")
    empty_icon = "pin"
    empty_words = N_("Nobody installs yet; add who does and where")
