"""Words of lessons, one form for each."""

from __future__ import annotations

from app.text import N_
from widgets.editor import EditorPage


class SettingsLessonsPage(EditorPage):
    """Rows of lessons, and what one says before it begins."""

    code = "settings_lessons"
    help_topic = "training"
    name = N_("Words of lessons")
    words_of_ours = True
    code_quarters = 6
