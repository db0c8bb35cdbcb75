"""The exception inbox: what waits at the left, one card with its repair in the middle, why at the right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from app.ports import Changes
from app.presenters.inbox import Card, Inbox, State
from app.presenters.inbox import Row as Item
from app.text import N_
from widgets import theme
from widgets.action_bar import QUIET, Action, ActionBar
from widgets.aio import Tasks
from widgets.cells import Column
from widgets.controls import Pane, Tag, scroll
from widgets.empty import EmptyState
from widgets.evidence import Evidence, EvidenceSection, Limit, Lines, MarkedLine, Paragraph, Quote
from widgets.filter_field import FilterField
from widgets.keys import Key
from widgets.panes import Panes
from widgets.phrases import MARKS, actions, flagged, is_pressing, limit_mark, limit_words
from widgets.prose import Rich, width_px
from widgets.rows import Row, RowList
from widgets.screen_page import Go, ScreenPage
from widgets.snag_card import SnagCard
from widgets.splits import Split, Splits
from widgets.words import count, money, tr, trn

_UP_DOWN: Final = N_("Up and down")
_NEXT_SPLIT: Final = N_("Next split")
_FIRST_REPAIR: Final = N_("First repair")
_SPLITS: Final = {
    "all": N_("All"),
    "urgent": N_("Nearly late"),
    "returns": N_("After-sales"),
    "mine": N_("Not at the hub yet"),
}


class InboxPage(ScreenPage[State]):
    """List, card, evidence; keys repair, `Z` takes back."""

    code = "inbox"
    help_topic = "inbox"

    def __init__(self, presenter: Inbox, tasks: Tasks, go: Go) -> None:
        super().__init__(presenter, tasks, go)
        self.presenter = presenter
        self._state = presenter.state
        self._wanted = ""  # the card a hand asked for and that is on its way
        self.fact = Tag("")
        self.splits = Splits(self.code)
        self.splits.chosen.connect(self._turn)
        self.filter = FilterField("inbox/filter")
        self.filter.textChanged.connect(self._narrow)
        self.filter.done.connect(self.focus_first)
        self.rows = RowList("")
        self.rows.setObjectName("inbox/rows")
        self.rows.picked.connect(self._pick)
        self.rows.opened.connect(self._open)
        self.no_rows = EmptyState("inbox")
        self.card = SnagCard()
        self.evidence = Evidence("")
        self.evidence.setObjectName("inbox/evidence")
        self.bar = ActionBar(self.code)
        detail = Pane("base")
        self.foot = QVBoxLayout(detail)
        self.foot.setContentsMargins(0, 0, 0, 0)
        self.foot.setSpacing(0)
        self.foot.addWidget(scroll(self.card), 1)
        self.foot.addWidget(self.notice)
        self.foot.addWidget(self.bar)
        self.panes = Panes(self._list(), detail, self.evidence, under_title=self.card.under_title)
        fill = QVBoxLayout(self)
        fill.setContentsMargins(0, 0, 0, 0)
        fill.addWidget(self.panes)
        self.begin()

    def _list(self) -> QWidget:
        px = theme.current().px
        pane = Pane("base")
        column = QVBoxLayout(pane)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.splits)
        head = QVBoxLayout()
        head.setContentsMargins(px("space.3"), px("space.2"), px("space.3"), px("space.2"))
        head.addWidget(self.filter)
        column.addLayout(head)
        column.addWidget(self.rows, 1)
        column.addWidget(self.no_rows, 1)
        return pane

    # what the shell asks

    @override
    def title(self) -> str:
        return tr("Inbox")

    @override
    def header(self) -> QWidget:
        return self.fact

    @override
    def keys(self) -> Sequence[Key]:
        return (
            Key("J", tr(_UP_DOWN), lambda: self.rows.step(1), repeats=True),
            Key("K", tr(_UP_DOWN), lambda: self.rows.step(-1), repeats=True),
            *self.bar.keys(),
            Key("Tab", tr(_NEXT_SPLIT), self.splits.step, when=self.rows.hasFocus),
            Key("Ctrl+Tab", tr(_NEXT_SPLIT), self.splits.step, quiet=True),
        )

    @override
    def focus_first(self) -> None:
        self.rows.setFocus()

    @override
    def has_filter(self) -> bool:
        return True

    @override
    def focus_filter(self) -> None:
        self.filter.take_focus()

    @override
    def back(self) -> bool:
        if self.filter.text():
            self.filter.clear()
            return True
        return super().back()

    @override
    def alt_needed(self, needed: bool) -> None:
        self.bar.set_alt(needed)

    @override
    def opened(self, args: object) -> None:
        asked = args if isinstance(args, Mapping) else {}
        self.latest("look", lambda: self._arrive(str(asked.get("key", "")), str(asked.get("split", ""))))

    # what happens here

    @override
    async def look(self, changes: Changes | None) -> None:
        await self.presenter.refresh(changes)

    async def _arrive(self, key: str, split: str) -> None:
        if (key and self._state.split != "all") or (split and split != self._state.split):
            await self.presenter.turn(split or "all")
        await self.presenter.refresh()
        if key:
            self._wanted = ""
            await self.presenter.choose(key)

    @override
    def say(self) -> None:
        self.filter.say(tr("Filter: type, shop, buyer, number"), tr("Filter the exceptions"))
        self.rows.setAccessibleName(tr("Exceptions"))
        self.evidence.setAccessibleName(tr("Why one may believe it"))
        self.card.say()

    @override
    def draw(self, state: State) -> None:
        self._state = state
        self.fact.show_text(
            tr(
                "Fixed today {fixed}, open {open}",
                fixed=count(state.repaired_today),
                open=count(state.waiting),
            )
        )
        counts = dict(state.counts)
        self.splits.show_splits(
            [Split(code, tr(label), count(counts.get(code, 0))) for code, label in _SPLITS.items()],
            state.split,
        )
        self.rows.show_rows([_row(row) for row in state.rows])
        self._follow(state)
        self._show_or_hide_rows(state)
        self._say_empty(state)
        self.card.draw(state, state.card)
        self.evidence.show_sections(_evidence(state.card) if state.card is not None else ())
        self.evidence.setVisible(state.card is not None or self.panes.is_wide)
        self._show_actions(state.card)
        self.offer(state.undo, self.presenter.undo)

    def _follow(self, state: State) -> None:
        """Stand on the row of the card, unless the hand is ahead of it."""
        keys = {row.key for row in state.rows}
        here = state.card.row.key if state.card is not None else ""
        if self._wanted == here or self._wanted not in keys:
            self._wanted = ""
        if here and not self._wanted and self.rows.current_key() != here and not self.rows.pick(here):
            self.rows.show_held()  # what was taken back came in above
            self.rows.pick(here)

    def _show_or_hide_rows(self, state: State) -> None:
        """A list that goes away would hand the focus on to whatever comes next; the page keeps it for it."""
        if self.rows.hasFocus() and not state.rows:
            self.setFocus()
        self.rows.setVisible(bool(state.rows))
        self.no_rows.setVisible(not state.rows)
        if self.hasFocus() and self.rows.isVisible():
            self.rows.setFocus()

    def _say_empty(self, state: State) -> None:
        if not state.is_loaded:
            self.no_rows.show_words("clock", tr("Reading the exceptions"))
        elif state.text:
            self.no_rows.show_words("search", tr("Nothing for {text}", text=state.text), tr("Esc clears it."))
        elif state.split != "all":
            self.no_rows.show_words("check", tr("Nothing in this split"), tr("Tab goes on to the next one."))
        else:
            self.no_rows.show_words("check", tr("No exceptions"), tr("New ones come in by themselves."))

    def _show_actions(self, card: Card | None) -> None:
        if card is None:
            self.bar.hide()
            return
        shown = [each for each in actions(card.acts, self._act, tr(_FIRST_REPAIR)) if each.code != "guide"]
        if card.form:
            label = next((act.label for act in card.acts if act.code == "guide"), "")
            shown.append(Action("guide", tr(label), "Enter", "plain", self._enter))
        if card.order or card.row.snag.subject == "order":
            key = "O" if card.form else "Enter"
            shown.append(Action("order", tr("Open order"), key, QUIET, self._open_order))
        self.bar.show_actions(shown)
        self.bar.show()

    def _pick(self, key: str) -> None:
        here = self._state.card.row.key if self._state.card is not None else ""
        if key and key != here:
            self._wanted = key
            self.latest("choose", lambda: self.presenter.choose(key))

    def _act(self, code: str) -> None:
        """Repair the exception under the keys, never one that is only still on screen."""
        card = self._state.card
        if card is not None and not self._wanted:
            self.once("repair", lambda: self.presenter.repair(card.row.key, code))

    def _open(self, _key: str) -> None:
        self._enter()

    def _enter(self) -> None:
        """Enter: the card where it is hidden, else the guide, else the order itself."""
        card = self._state.card
        if self.panes.is_narrow and self.rows.isVisible():
            self.panes.show_detail()
            self.setFocus()
        elif card is not None and card.form:
            case = {"case": card.row.snag.id} if card.order else {}
            self.go("guide", form=card.form, order=card.order or card.row.snag.id, **case)
        else:
            self._open_order()

    def _open_order(self) -> None:
        card = self._state.card
        if card is not None and card.order:
            self.go("order", id=card.order)
        elif card is not None and card.row.snag.subject == "order":
            ids = dict.fromkeys(row.snag.id for row in self._state.rows if row.snag.subject == "order")
            self.go("order", id=card.row.snag.id, among="\n".join(ids))

    def _narrow(self) -> None:
        self.latest("filter", self._filter)

    async def _filter(self) -> None:
        await self.presenter.filter(self.filter.text())
        self._let_in()

    def _turn(self, split: str) -> None:
        self.latest("turn", lambda: self._show_split(split))

    async def _show_split(self, split: str) -> None:
        await self.presenter.turn(split)
        self._let_in()

    def _let_in(self) -> None:
        """Rows that a hand asked for are no news: they do not wait above."""
        if self.rows.held_count():
            self.rows.show_held()
            self.rows.scrollTo(self.rows.currentIndex())


def _row(item: Item) -> Row:
    row = item.snag
    return Row(
        item.key,
        MARKS[row.severity],
        tr(item.title),
        row.number,
        limit_mark(item.limit),
        limit_words(item.limit),
        is_pressing(item.limit),
        trn(row.text),
        row.channel,
        " · ".join(part for part in (row.shop_title, row.buyer) if part),
        money(row.payable_minor, row.currency) if row.payable_minor else "",
        row.pending,
    )


def _evidence(card: Card) -> tuple[EvidenceSection, ...]:
    sections = []
    if card.original:
        quote = Quote(flagged(card.original, card.offending), tr("Kept as it came, whatever is repaired"))
        sections.append(EvidenceSection(tr("In the buyer's own words"), (quote,)))
    if card.evidence:
        lines = tuple(MarkedLine(mark, trn(text)) for mark, text in card.evidence)
        sections.append(EvidenceSection(tr("What speaks for it"), lines))
    if card.why:
        safe = tuple(Paragraph(tr(why)) for why in dict.fromkeys(card.why))
        sections.append(EvidenceSection(tr("Why it is safe"), safe))
    if card.lines:
        sections.append(EvidenceSection(tr("On this order"), (_articles(card),)))
    limit = card.row.limit
    used: Rich = tr("{percent} % of the time used", percent=limit.used_pct)
    sections.append(EvidenceSection(tr("Time limit"), (Limit(limit_mark(limit), limit_words(limit), used),)))
    return tuple(sections)


def _articles(card: Card) -> Lines:
    """The title takes what the figures leave: they are never cut."""
    currency = card.row.snag.currency
    rows = tuple((title, f"×{count(qty)}", money(price, currency)) for title, qty, price in card.lines)
    gap = theme.current().px("space.3")
    wide = [max(width_px(row[at]) for row in rows) + gap for at in (1, 2)]
    columns = (
        Column("article", ""),
        Column("qty", "", wide[0], kind="number"),
        Column("price", "", wide[1], kind="money"),
    )
    return Lines(columns, rows)
