"""Who may sign, one form for each policy."""

from __future__ import annotations

from app.text import N_
from widgets.editor import EditorPage


class SettingsSignersPage(EditorPage):
    """Rows of policies, and whom one of them lets sign."""

    code = "settings_signers"
    help_topic = "review"
    name = N_("Who may sign")
    new_title = N_("New policy")
    empty_icon = "review"
    empty_words = N_("Whoever holds the right signs; a policy says who signs what")
