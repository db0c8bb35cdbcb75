"""Lanes of all carriers, and whether each runs."""

from __future__ import annotations

from app.text import N_
from widgets.editor import EditorPage


class SettingsLanesPage(EditorPage):
    """Rows of lanes, and the one box of one."""

    code = "settings_lanes"
    help_topic = "carriers"
    name = N_("Lanes")
    title_title = N_("Way")
    empty_icon = "truck"
    empty_words = N_("No lane is set up yet; carriers go straight to the buyer")
    empty_line = N_("Lanes are written down with their carriers.")
