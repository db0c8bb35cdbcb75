"""Exception types of the company's own, one form for each."""

from __future__ import annotations

from app.text import N_
from widgets.editor import EditorPage


class SettingsTypesPage(EditorPage):
    """Rows of types, and the condition of one."""

    code = "settings_types"
    help_topic = "company"
    name = N_("Exception types")
    new_title = N_("New type")
    empty_icon = "rule"
    empty_words = N_("The program finds what it knows; add what only your company asks")
