"""News to systems: where news is sent by itself, and what became of it there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from typing_extensions import override

from app.domain.news import KINDS
from app.domain.systems import Delivery
from app.editor import State
from app.presenters.settings_hooks import STATES, SettingsHooks
from app.text import N_
from widgets import theme
from widgets.aio import Tasks
from widgets.controls import Button
from widgets.hub_editor import HubEditorPage
from widgets.keys import Key
from widgets.prose import NOTE, Prose
from widgets.screen_page import Go
from widgets.section import heading
from widgets.table import Column, ListModel, Table, TableRow
from widgets.words import tr

ROWS_SHOWN: Final = 10
_AGAIN_KEY: Final = "A"
_AGAIN: Final = N_("Send again")


class SettingsHooksPage(HubEditorPage):
    """Rows of addresses, what one of them is told, and below it what it got."""

    code = "settings_hooks"
    help_topic = "systems"
    name = N_("News to systems")
    title_title = N_("Address")
    new_title = N_("New address")
    make_title = N_("Send news there")
    end_title = N_("End")
    empty_icon = "list"
    empty_words = N_("No system is told anything yet")
    secret_words = N_("Its messages are signed with: {secret}  It is told this once.")

    def __init__(self, presenter: SettingsHooks, tasks: Tasks, go: Go) -> None:
        self.hooks = presenter
        self.sent_heading, self.none_sent = heading(), Prose(style=NOTE)
        self.sent_model = ListModel(())
        self.sent = Table("", self.sent_model)
        self.again = Button("", _AGAIN_KEY)
        super().__init__(presenter, tasks, go)

    @override
    def lay_out_more(self) -> None:
        super().lay_out_more()
        self.sent.setObjectName(f"{self.code}/sent")
        self.again.setObjectName(f"{self.code}/again")
        self.again.clicked.connect(self._again)
        self.keys_row.insertWidget(3, self.again)
        self.column.setStretch(self.column.count() - 1, 0)
        self.add_part(self.sent, self.none_sent, heading=self.sent_heading)
        self.column.addStretch(1)

    @override
    def keys(self) -> Sequence[Key]:
        again = (Key(_AGAIN_KEY, tr(_AGAIN), self._again),) if self._told(self._state) else ()
        return (*super().keys(), *again)

    @override
    def alt_needed(self, needed: bool) -> None:
        super().alt_needed(needed)
        self.again.set_alt(needed)

    @override
    def say(self) -> None:
        super().say()
        px = theme.current().px
        self.sent_heading.show_words(tr("What became of the news"))
        self.sent.setAccessibleName(tr("What became of the news"))
        self.none_sent.show_words(tr("Nothing was sent yet. The next piece of news goes there by itself."))
        self.again.setText(tr(_AGAIN))
        self.again.setAccessibleName(tr(_AGAIN))
        self.sent_model = ListModel(
            (
                Column("kind", tr("News")),
                Column("subject", tr("About"), px("detail.min.w") // 2),
                Column("state", tr("State"), px("line.number.w")),
                Column("said", tr("Answered"), px("line.number.w"), kind="meta"),
                Column("at", tr("When"), px("line.number.w"), kind="meta"),
            )
        )
        self.sent.show_model(self.sent_model)

    @override
    def draw(self, state: State) -> None:
        super().draw(state)
        told = self._told(state)
        self.sent_model.show_rows([self._row(one) for one in told])
        px = theme.current().px
        self.sent.setFixedHeight(px("row.head") + min(len(told), ROWS_SHOWN) * px("row.table"))
        self.sent.setVisible(bool(told))
        is_shown = not state.is_new and bool(state.items)
        self.sent_heading.setVisible(is_shown)
        self.none_sent.setVisible(is_shown and not told)
        self.again.setVisible(bool(told))

    def _told(self, state: State) -> Sequence[Delivery]:
        return () if state.is_new else self.hooks.deliveries

    def _row(self, one: Delivery) -> TableRow:
        kind = tr(KINDS[one.kind]) if one.kind in KINDS else one.kind
        said = one.said or (f"HTTP {one.status}" if one.status else "")
        return TableRow(one.id, (kind, one.subject, tr(STATES[one.state]), said, self.hooks.at(one.at)))

    def _again(self) -> None:
        news = self.sent.current_key()
        if news:
            self.once("again", lambda: self.hooks.send_again(news))
