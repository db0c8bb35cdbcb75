"""Rights: boxes of everything a person may do."""

from __future__ import annotations

from app.text import N_
from widgets.editor import EditorPage


class SettingsRightsPage(EditorPage):
    """Rows of people, and what one of them may do."""

    code = "settings_rights"
    help_topic = "company"
    name = N_("Rights")
    code_title = N_("Sign-in name")
    title_title = N_("Name")
    empty_icon = "key"
    empty_words = N_("Nobody is here yet")
