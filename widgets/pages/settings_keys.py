"""Other systems: which may come to the hub with a key of their own."""

from __future__ import annotations

from app.presenters.settings_keys import SettingsKeys
from app.text import N_
from widgets.aio import Tasks
from widgets.hub_editor import HubEditorPage
from widgets.screen_page import Go


class SettingsKeysPage(HubEditorPage):
    """Rows of systems, and what one of them may do."""

    code = "settings_keys"
    help_topic = "systems"
    name = N_("Other systems")
    title_title = N_("Which system")
    new_title = N_("New key")
    make_title = N_("Make key")
    end_title = N_("Take back")
    empty_icon = "list"
    empty_words = N_("No other system comes here yet")
    secret_words = N_("Its key: {secret}  It is told this once. Copy it into the other system now.")

    def __init__(self, presenter: SettingsKeys, tasks: Tasks, go: Go) -> None:
        super().__init__(presenter, tasks, go)
