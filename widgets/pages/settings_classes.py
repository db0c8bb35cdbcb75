"""The class table, one form for each row."""

from __future__ import annotations

from app.text import N_
from widgets.editor import EditorPage


class SettingsClassesPage(EditorPage):
    """Rows in the order in which they are asked, and what one of them decides."""

    code = "settings_classes"
    help_topic = "company"
    name = N_("Classes of orders")
    new_title = N_("New class")
    empty_icon = "list"
    empty_words = N_("Orders have no class; the first row that fits an order would give it one")
