"""The rules: one form of thresholds, each with its unit, its range and what it does."""

from __future__ import annotations

from app.text import N_
from widgets.editor import EditorPage


class SettingsRulesPage(EditorPage):
    """No rows: there is one set of rules."""

    code = "settings_rules"
    help_topic = "company"
    name = N_("Rules in force")
    is_listed = False
