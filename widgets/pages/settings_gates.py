"""Gate profiles, one form for each."""

from __future__ import annotations

from app.text import N_
from widgets.editor import EditorPage


class SettingsGatesPage(EditorPage):
    """Rows of profiles, and the gates and limits of one."""

    code = "settings_gates"
    help_topic = "gates"
    name = N_("Gate profiles")
    new_title = N_("New profile")
    empty_icon = "rule"
    empty_words = N_("Every order meets every gate; begin with a profile for all orders")
