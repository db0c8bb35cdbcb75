"""Channels: the shops the hub talks to and how each does; what to do stands under the table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from PySide6.QtWidgets import QHBoxLayout
from typing_extensions import override

from app.domain.channels import ShopHealth
from app.ports import Changes
from app.presenters.settings_channels import (
    LISTS,
    SettingsChannels,
    State,
    how,
    lag_of,
    read_to,
    standing,
    wrong,
)
from app.text import N_
from widgets import theme
from widgets.aio import Tasks
from widgets.controls import Button, MarkLabel, Pane
from widgets.empty import EmptyState
from widgets.facts import Fact, Facts
from widgets.keys import Key
from widgets.prose import NOTE, Prose, Span
from widgets.screen_page import Go
from widgets.section import SectionPage, heading
from widgets.table import Cell, Column, ListModel, Table, TableRow
from widgets.words import count, day_there, moment, named, span, tr, trn

ROWS_SHOWN: Final = 10
_READ_KEY: Final = "R"
_TURN_KEY: Final = "X"
_READ: Final = N_("Read again")
_REST: Final = N_("Let rest")
_GO_ON: Final = N_("Go on")
_CONNECT_KEY: Final = "C"
_CONNECT: Final = N_("Connect")
_NEW_KEYS: Final = N_("Give new keys")
_MEND_KEY: Final = "M"
_MEND: Final = N_("How it is read")


class SettingsChannelsPage(SectionPage[State]):
    """Shops in a table, those that need somebody first; the one in front in full."""

    code = "settings_channels"
    help_topic = "channels"

    def __init__(self, presenter: SettingsChannels, tasks: Tasks, go: Go) -> None:
        super().__init__(presenter, tasks, go)
        self.presenter = presenter
        self._state = presenter.state
        px = theme.current().px
        self.heading, self.shop_heading = heading(), heading()
        self.model = ListModel(())
        self.table = Table("", self.model)
        self.table.setObjectName(f"{self.code}/shops")
        self.table.picked.connect(self._pick)
        self.empty = EmptyState("list")
        self.wrong = MarkLabel("", "", size="body", role="text")
        self.how, self.about = Prose(), Prose(style=NOTE)
        self.facts = Facts("", ruled=True)
        self.add_part(self.table, self.empty, heading=self.heading)
        self._line = self.add_part(self.wrong, self.how, self.facts, self.about, heading=self.shop_heading)
        self.column.addStretch(1)
        self.again = Button("", _READ_KEY, "primary")
        self.again.setObjectName(f"{self.code}/again")
        self.again.clicked.connect(self._again)
        self.turn = Button("", _TURN_KEY)
        self.turn.setObjectName(f"{self.code}/turn")
        self.turn.clicked.connect(self._turn)
        self.connect_shop = Button("", _CONNECT_KEY)
        self.connect_shop.setObjectName(f"{self.code}/connect")
        self.connect_shop.clicked.connect(self._connect)
        self.mend = Button("", _MEND_KEY)
        self.mend.setObjectName(f"{self.code}/mend")
        self.mend.clicked.connect(self._mend)
        self.bar = Pane("alt", "top")
        row = QHBoxLayout(self.bar)
        row.setContentsMargins(px("space.5"), 0, px("space.5"), 0)
        row.setSpacing(px("space.2"))
        self.bar.setFixedHeight(px("action.h"))
        row.addWidget(self.again)
        row.addWidget(self.turn)
        row.addWidget(self.connect_shop)
        row.addWidget(self.mend)
        self.why_off = Prose(style=NOTE, wraps=False)
        row.addWidget(self.why_off)
        row.addStretch(1)
        self.add_bar(self.bar)
        self.begin()

    @override
    def title(self) -> str:
        return tr("Channels")

    @override
    def keys(self) -> Sequence[Key]:
        one = self._state.shop()
        if one is None:
            return ()
        mend = Key(_MEND_KEY, tr(_MEND), self._mend)
        return (
            Key(_READ_KEY, tr(_READ), self._again),
            Key(_TURN_KEY, self._turn_word(), self._turn),
            Key(_CONNECT_KEY, self._connect_word(), self._connect),
            *((mend,) if one.state in ("on", "off") else ()),
        )

    @override
    def alt_needed(self, needed: bool) -> None:
        self.again.set_alt(needed)
        self.turn.set_alt(needed)
        self.connect_shop.set_alt(needed)
        self.mend.set_alt(needed)

    @override
    def focus_first(self) -> None:
        (self.table if self._state.shops else self).setFocus()

    @override
    def step(self, by: int) -> None:
        if self.table.hasFocus():
            self.table.step(by)
        else:
            super().step(by)

    @override
    async def look(self, changes: Changes | None) -> None:
        await self.presenter.refresh(changes)

    @override
    def say(self) -> None:
        px = theme.current().px
        self.heading.show_words(tr("Channels"))
        self.table.setAccessibleName(tr("Channels"))
        self.facts.setAccessibleName(tr("How this shop does"))
        self.empty.show_words(
            "list", tr("No shop is set up yet"), tr("Make one under Shops; then it is listed here.")
        )
        self.again.setText(tr(_READ))
        self.again.setAccessibleName(tr(_READ))
        self.again.updateGeometry()
        self.model = ListModel(
            (
                Column("code", tr("Code"), px("line.number.w") // 2, kind="strong"),
                Column("shop", tr("Shop")),
                Column("state", tr("State"), px("line.number.w") * 5 // 4, kind="mark"),
                Column("newest", tr("Last order"), px("line.number.w"), kind="meta"),
                Column("lag", tr("Read behind"), px("line.number.w"), kind="meta"),
                Column("waiting", tr("To decide"), px("line.number.w") * 3 // 4, kind="number"),
            )
        )
        self.table.show_model(self.model)

    @override
    def draw(self, state: State) -> None:
        self._state = state
        self.model.show_rows([self._row(one, state) for one in state.shops])
        px = theme.current().px
        rows = min(len(state.shops), ROWS_SHOWN)
        self.table.setFixedHeight(px("row.head") + rows * px("row.table"))
        self.table.setVisible(bool(state.shops))
        self.empty.setVisible(state.as_of is not None and not state.shops)
        if state.here and self.table.current_key() != state.here:
            self.table.pick(state.here)
        one = state.shop()
        for part in (self.shop_heading, self.wrong, self.how, self.facts, self.about, self.bar):
            part.setVisible(one is not None)
        if self._line is not None:
            self._line.setVisible(one is not None)
        if one is not None and state.as_of is not None:
            self._draw_shop(one, state, state.as_of)

    def _draw_shop(self, one: ShopHealth, state: State, now: datetime) -> None:
        title = named(state.titles.get(one.shop, one.shop))
        self.shop_heading.show_words((f"{title}  ", Span(named(one.title), role="text3")))
        mark, _word = standing(one, now)
        said = " ".join(trn(text) for text in wrong(one, now))
        self.wrong.show_mark(mark if mark != "met" else "now", said)
        self.wrong.setVisible(bool(said))
        is_missing = one.state == "none"
        self.how.show_words("\n".join(trn(text) for text in how(one)) if is_missing else "")
        self.how.setVisible(is_missing)
        self.facts.show_facts(self._facts(one, state, now))
        self.facts.setVisible(not is_missing)
        self.about.show_words(named(one.about))
        word = self._turn_word()
        self.turn.setText(word)
        self.turn.setAccessibleName(word)
        self.turn.updateGeometry()
        is_new = one.state == "none"
        self.mend.setText(tr(_MEND))
        self.mend.setAccessibleName(tr(_MEND))
        self.mend.setVisible(one.state in ("on", "off"))
        self.mend.set_off("" if state.may else tr("Who sets up shops connects them."))
        words = self._connect_word()
        self.connect_shop.setText(words)
        self.connect_shop.setAccessibleName(words)
        self.connect_shop.set_kind("primary" if is_new and state.may else "plain")
        self.again.set_kind("plain" if is_new else "primary")
        self.connect_shop.set_off("" if state.may else tr("Who sets up shops connects them."))
        no_read, no_turn = self.presenter.why_not_read(), self.presenter.why_not()
        self.again.set_off(trn(no_read) if no_read else "")
        self.turn.set_off(trn(no_turn) if no_turn else "")
        why_off = no_turn or no_read
        self.why_off.show_words(trn(why_off) if why_off else "")

    def _facts(self, one: ShopHealth, state: State, now: datetime) -> list[Fact]:
        def at(when: datetime | None) -> str:
            return moment(when, state.zone, day_there(now, state.zone)) if when is not None else "–"

        lists = [
            Fact(tr("Read: {list}", list=tr(LISTS.get(each.name, each.name))), at(each.read_to))
            for each in one.lists
            if each.read_to is not None
        ]
        again = max((each.again_at for each in one.lists if each.tries and each.again_at), default=None)
        return [
            Fact(tr("Last order"), at(one.newest_at)),
            *lists,
            Fact(tr("Asked again"), at(again)) if again else Fact(tr("All well at"), at(_well(one))),
            Fact(tr("Taken today"), count(one.taken)),
            Fact(tr("Not decided yet"), count(one.waiting)),
            Fact(tr("To be fetched"), count(one.wanted)),
            Fact(tr("Key runs out"), at(one.ends_at) if one.ends_at else tr("not known")),
            Fact(tr("Read since"), at(one.since)),
        ]

    def _row(self, one: ShopHealth, state: State) -> TableRow:
        now = state.as_of
        if now is None:
            return TableRow(one.shop, (one.shop, "", "", "", "", ""))
        mark, word = standing(one, now)
        today, lag = day_there(now, state.zone), lag_of(one, now)
        newest = moment(one.newest_at, state.zone, today) if one.newest_at else "–"
        behind = span(lag.total_seconds()) if lag is not None and read_to(one) else "–"
        waiting = count(one.waiting) if one.state != "none" else "–"
        title = named(state.titles.get(one.shop, one.shop))
        return TableRow(one.shop, (one.shop, title, Cell(tr(word), mark), newest, behind, waiting))

    def _connect_word(self) -> str:
        one = self._state.shop()
        return tr(_NEW_KEYS if one is not None and one.state in ("on", "off") else _CONNECT)

    def _connect(self) -> None:
        one = self._state.shop()
        if one is not None and self._state.may:
            self.go("connect_shop", shop=one.shop)

    def _mend(self) -> None:
        one = self._state.shop()
        if one is not None and self._state.may and one.state in ("on", "off"):
            self.go("mend_channel", shop=one.shop)

    def _turn_word(self) -> str:
        one = self._state.shop()
        return tr(_GO_ON if one is not None and one.state == "off" else _REST)

    def _pick(self, key: str) -> None:
        if key and not self.is_drawing:
            self.presenter.choose(key)

    def _again(self) -> None:
        self.once("again", self.presenter.read_again)

    def _turn(self) -> None:
        self.once("turn", self.presenter.turn)


def _well(one: ShopHealth) -> datetime | None:
    return max((each.well_at for each in one.lists if each.well_at is not None), default=None)
