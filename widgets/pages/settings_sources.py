"""Policies of sourcing, one form for each."""

from __future__ import annotations

from app.text import N_
from widgets.editor import EditorPage


class SettingsSourcesPage(EditorPage):
    """Rows of policies, and the weights of one."""

    code = "settings_sources"
    help_topic = "sources"
    name = N_("Choice of warehouse")
    new_title = N_("New policy")
    empty_icon = "warehouse"
    empty_words = N_("The cheapest warehouse sends it, nothing is split")
