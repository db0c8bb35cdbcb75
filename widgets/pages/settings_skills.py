"""Skills, one form for each person."""

from __future__ import annotations

from app.text import N_
from widgets.editor import EditorPage


class SettingsSkillsPage(EditorPage):
    """Rows of people, and what they shall pass and may do."""

    code = "settings_skills"
    help_topic = "training"
    name = N_("Skills")
    new_title = N_("Skills")
    empty_icon = "people"
    empty_words = N_("Nobody works here yet")
