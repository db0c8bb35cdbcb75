"""The outbox: what this desk did at the left, how safe one thing is and what became of it at the right."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from app.ports import Changes, OutboxRow
from app.presenters.outbox import ADVICE, SPLITS, Outbox, State
from app.text import N_
from widgets import folders, theme
from widgets.action_bar import ActionBar
from widgets.aio import Tasks
from widgets.controls import Pane, scroll
from widgets.empty import EmptyState
from widgets.keys import Key
from widgets.outbox_side import OutboxSide
from widgets.panes import Panes
from widgets.phrases import OUTBOX_STATES, actions
from widgets.prose import META, Prose
from widgets.screen_page import Go, ScreenPage
from widgets.splits import Split, Splits
from widgets.table import Cell, Column, ListModel, Table, TableRow
from widgets.words import count, moment, span, tr, trn

_UP_DOWN: Final = N_("Up and down")
_NEXT_SPLIT: Final = N_("Next split")
_SPLITS: Final = {
    "all": N_("All"),
    "waiting": N_("Not at the hub yet"),
    "asks": N_("Asks you"),
    "changed": N_("Hub changed it"),
}
_NOTHING: Final = {
    "all": (N_("Nothing done here lately"), N_("Whatever you do is listed here, with how safe it is.")),
    "waiting": (N_("Nothing waits here"), N_("Everything you did has reached the hub.")),
    "asks": (N_("Nothing asks you"), N_("The hub has taken everything as you did it.")),
    "changed": (N_("The hub changed nothing"), N_("What this desk showed is what the hub made of it.")),
}


class OutboxPage(ScreenPage[State]):
    """A table in four splits, the command one looks at beside it."""

    code = "outbox"
    help_topic = "offline"

    def __init__(self, presenter: Outbox, tasks: Tasks, go: Go) -> None:
        super().__init__(presenter, tasks, go)
        self.presenter = presenter
        self._state = presenter.state
        px = theme.current().px
        self.fact = Prose("", META, wraps=False)
        self.splits = Splits(self.code)
        self.splits.chosen.connect(self._turn)
        self.model = ListModel(())
        self.table = Table("", self.model, edge="space.4")
        self.table.setObjectName("outbox/table")
        self.table.picked.connect(self._pick)
        self.table.opened.connect(lambda _key: self._enter())
        self.empty = EmptyState("outbox")
        self.side = OutboxSide()
        self.bar = ActionBar(self.code)
        sheet = Pane("base")
        self.foot = QVBoxLayout(sheet)
        self.foot.setContentsMargins(0, 0, 0, 0)
        self.foot.setSpacing(0)
        self.foot.addWidget(self.splits)
        for part in (self.table, self.empty):
            self.foot.addWidget(part, 1)
        self.foot.addWidget(self.notice)
        self.foot.addWidget(self.bar)
        fill = QVBoxLayout(self)
        fill.setContentsMargins(0, 0, 0, 0)
        fill.addWidget(Panes(None, sheet, scroll(self.side), evidence_px=px("list.min.w")))
        self.begin()

    # what the shell asks

    @override
    def title(self) -> str:
        return tr("Outbox")

    @override
    def header(self) -> QWidget:
        return self.fact

    @override
    def keys(self) -> Sequence[Key]:
        return (
            Key("J", tr(_UP_DOWN), lambda: self.table.step(1), repeats=True),
            Key("K", tr(_UP_DOWN), lambda: self.table.step(-1), repeats=True),
            *self.bar.keys(),
            Key("Tab", tr(_NEXT_SPLIT), self.splits.step, when=self.table.hasFocus),
            Key("Ctrl+Tab", tr(_NEXT_SPLIT), self.splits.step, quiet=True),
        )

    @override
    def alt_needed(self, needed: bool) -> None:
        self.bar.set_alt(needed)

    @override
    def focus_first(self) -> None:
        (self.table if self._state.rows else self).setFocus()

    # what happens here

    @override
    async def look(self, changes: Changes | None) -> None:
        await self.presenter.refresh(changes)

    @override
    def say(self) -> None:
        px = theme.current().px
        self.table.setAccessibleName(tr("Outbox"))
        self.model = ListModel(
            (
                Column("state", tr("State"), px("line.number.w"), kind="mark"),
                Column("said", tr("What")),
                Column("subject", tr("For"), px("line.number.w"), kind="strong"),
                Column("who", tr("Who"), px("history.who.w")),
                Column("age", tr("Age"), px("history.delivery.w"), align="right", kind="meta"),
            )
        )
        self.table.show_model(self.model)
        self.side.say()

    @override
    def draw(self, state: State) -> None:
        self._state = state
        self.fact.show_words(_fact(state))
        counts = dict(state.counts)
        shown = [Split(code, tr(_SPLITS[code]), count(counts.get(code, 0))) for code in SPLITS]
        self.splits.show_splits(shown, state.split)
        names = dict(state.names)
        self.model.show_rows([_row(row, state.now, names) for row in state.rows])
        if state.row is not None and self.table.current_key() != str(state.row.n):
            self.table.pick(str(state.row.n))
        self.table.setVisible(bool(state.rows))
        if state.rows and self.hasFocus():
            self.table.setFocus()
        self.empty.setVisible(not state.rows)
        title, hint = _NOTHING[state.split]
        if state.is_loaded:
            self.empty.show_words("outbox", tr(title), tr(hint))
        else:
            self.empty.show_words("clock", tr("Reading the outbox"))
        self.side.draw(state.row, _advice(state.row), _when(state), names)
        self.bar.show_actions(actions(state.acts, self._act))
        self.bar.setVisible(bool(state.acts))
        if state.written is not None and state.notice is None:
            path, number = state.written
            self.notice.show_notice(tr("{count} written to {path}", count=number, path=path), "saved")

    def _turn(self, split: str) -> None:
        self.latest("turn", lambda: self.presenter.turn(split))

    def _pick(self, key: str) -> None:
        if key and not self.is_drawing:
            self.presenter.choose(int(key))

    def _enter(self) -> None:
        """Enter: decide where something asks, else open the order."""
        first = next((act for act in self._state.acts if act.key == "Enter"), None)
        if first is not None:
            self._act(first.code)

    def _act(self, code: str) -> None:
        row = self._state.row
        if code == "try":
            self.once("try", self.presenter.try_now)
        elif code == "write":
            self.once("write", self._write)
        elif code == "decide" and row is not None:
            self.go("inbox", key=f"{row.case}:refused_command")
        elif code == "order" and row is not None:
            self.go("order", id=row.order)

    async def _write(self) -> None:
        state = self._state
        now = state.now or datetime.now(ZoneInfo(state.zone))
        folders.ready(state.exports)
        name = f"docket-unsent-{now.astimezone(ZoneInfo(state.zone)):%Y%m%d-%H%M}.json"
        await self.presenter.write(str(folders.chosen(state.exports) / name))


def _fact(state: State) -> str:
    link = state.link
    if link is None:
        return ""
    if not link.waiting:
        return tr("Nothing waits")
    return tr("{count} waiting, the oldest {time}", count=link.waiting, time=span(link.oldest_s))


def _row(row: OutboxRow, now: datetime | None, names: dict[str, str]) -> TableRow:
    mark, words = OUTBOX_STATES[row.state]
    said = trn(row.said) if row.said is not None else row.name
    age = span((now - row.saved_at).total_seconds()) if now else ""
    cells = (Cell(tr(words), mark), said, row.subject, names.get(row.who, row.who), age)
    return TableRow(str(row.n), cells, faded=row.state == "closed")


def _advice(row: OutboxRow | None) -> str:
    return tr(ADVICE[row.state]) if row is not None else ""


def _when(state: State) -> str:
    if state.row is None or state.now is None:
        return ""
    return moment(state.row.saved_at, state.zone, state.now.astimezone(ZoneInfo(state.zone)).date())
