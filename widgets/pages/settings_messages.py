"""The words of each message to buyers, one form for each."""

from __future__ import annotations

from app.text import N_
from widgets.editor import EditorPage


class SettingsMessagesPage(EditorPage):
    """Rows of messages, and the words of one."""

    code = "settings_messages"
    help_topic = "messages"
    name = N_("Messages to buyers")
    words_of_ours = True
