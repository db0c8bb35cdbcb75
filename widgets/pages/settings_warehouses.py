"""Warehouses of the company, one form for each."""

from __future__ import annotations

from app.text import N_
from widgets.editor import EditorPage


class SettingsWarehousesPage(EditorPage):
    """Rows of warehouses, and the form of one."""

    code = "settings_warehouses"
    help_topic = "company"
    name = N_("Warehouses")
    new_title = N_("New warehouse")
    empty_icon = "warehouse"
    empty_words = N_("No warehouse is set up yet")
