"""Stock policies, one form for each."""

from __future__ import annotations

from app.text import N_
from widgets.editor import EditorPage


class SettingsStockPage(EditorPage):
    """Rows of policies, and what one keeps back."""

    code = "settings_stock"
    help_topic = "stock"
    name = N_("Stock for shops")
    new_title = N_("New stock policy")
    empty_icon = "stock"
    empty_words = N_("Every shop is offered all that is available")
