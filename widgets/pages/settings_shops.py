"""Shops of the company, one form for each."""

from __future__ import annotations

from app.text import N_
from widgets.editor import EditorPage


class SettingsShopsPage(EditorPage):
    """Rows of shops, and the form of one."""

    code = "settings_shops"
    help_topic = "company"
    name = N_("Shops")
    new_title = N_("New shop")
    empty_icon = "shop"
    empty_words = N_("No shop is set up yet")
