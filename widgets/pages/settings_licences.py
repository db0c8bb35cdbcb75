"""Lessons before rights, one form for each right."""

from __future__ import annotations

from app.text import N_
from widgets.editor import EditorPage


class SettingsLicencesPage(EditorPage):
    """Rows of rights, and which lessons come first."""

    code = "settings_licences"
    help_topic = "training"
    name = N_("Lessons before rights")
    new_title = N_("Another right")
    empty_icon = "people"
    empty_words = N_("No right asks for a lesson")
    words_of_ours = True
