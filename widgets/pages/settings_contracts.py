"""Texts of contracts, one form for each."""

from __future__ import annotations

from app.text import N_
from widgets.editor import EditorPage


class SettingsContractsPage(EditorPage):
    """Rows of texts, and the words of one."""

    code = "settings_contracts"
    help_topic = "send_contract"
    name = N_("Contract texts")
    new_title = N_("New text")
    empty_icon = "receipt"
    empty_words = N_("The program has a text of its own; write yours here")
