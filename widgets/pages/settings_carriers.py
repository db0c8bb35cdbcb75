"""Carriers of the company, one form for each."""

from __future__ import annotations

from app.text import N_
from widgets.editor import EditorPage


class SettingsCarriersPage(EditorPage):
    """Rows of carriers, and the form of one."""

    code = "settings_carriers"
    help_topic = "carriers"
    name = N_("Carriers")
    new_title = N_("New carrier")
    empty_icon = "truck"
    empty_words = N_("No carrier is set up yet; orders are sent with whom the packer names")
