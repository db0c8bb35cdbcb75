"""The businesses that buy from us, one form for each."""

from __future__ import annotations

from app.text import N_
from widgets.editor import EditorPage


class SettingsCustomersPage(EditorPage):
    """Rows of customers, and the terms of one."""

    code = "settings_customers"
    help_topic = "customers"
    name = N_("Customers")
    title_title = N_("Business")
    new_title = N_("New customer")
    empty_icon = "people"
    empty_words = N_("No business buys on terms yet")
