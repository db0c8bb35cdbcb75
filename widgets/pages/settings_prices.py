"""Price lists, one form for each."""

from __future__ import annotations

from app.text import N_
from widgets.editor import EditorPage


class SettingsPricesPage(EditorPage):
    """Rows of price lists, and the prices of one."""

    code = "settings_prices"
    help_topic = "customers"
    name = N_("Price lists")
    new_title = N_("New price list")
    empty_icon = "money"
    empty_words = N_("Everybody pays the list price")
