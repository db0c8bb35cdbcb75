"""The order sheet: lines, stock, gates, what happened, and the keys that help."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from app.domain.order import LEFT, OPEN
from app.ports import Changes
from app.presenters.order import OrderSheet, State, StockLine
from app.text import N_
from widgets import theme
from widgets.action_bar import ActionBar
from widgets.aio import Tasks
from widgets.cells import Cell, Column
from widgets.controls import Button, Label, Pane, scroll
from widgets.empty import EmptyState
from widgets.evidence import Evidence, EvidenceSection, Lines, Paragraph
from widgets.fields import TextField
from widgets.keys import Key
from widgets.order_sheet import Sheet
from widgets.panes import Panes
from widgets.phrases import actions
from widgets.prose import META, NOTE, Prose, Span
from widgets.screen_page import Go, ScreenPage
from widgets.stock_sums import sum_of, sums_of
from widgets.words import count, tr, trn

_NEXT: Final = N_("Next order")
_UNMET: Final = N_("First unmet gate")
_FIRST_REPAIR: Final = N_("First repair")
_KIN: Final = N_("Open related order")
_BESIDE: Final = N_("Also from the channel")
_FETCH: Final = N_("Fetch again")
_SHOW: Final = N_("Show")
_REVEAL: Final = N_("Show the receiver in full")
_PRINT: Final = N_("Print label or slip")
_WHY: Final = N_("Why this number")
REVEAL: Final = "reveal"
_REASONS: Final = {"cancel": N_("Why cancel it?"), REVEAL: N_("What do you need it for?")}


class OrderPage(ScreenPage[State]):
    """One order on one sheet; the sum of its stock at the right."""

    code = "order"
    help_topic = "order"

    def __init__(self, presenter: OrderSheet, tasks: Tasks, go: Go) -> None:
        super().__init__(presenter, tasks, go)
        self.presenter = presenter
        self._state = presenter.state
        self._among: tuple[str, ...] = ()
        self._asks = ""  # the code of the act that waits for its reason
        self.trail = Prose("", META, wraps=False)
        self.sheet = Sheet()
        self.sheet.gates.reached.connect(presenter.stand)
        self.sheet.gates.opened.connect(self._stand)
        self.sheet.to_gate.clicked.connect(self._to_gate)
        self.sheet.beside.turn.clicked.connect(self._turn_beside)
        self.sheet.lines.picked.connect(lambda _key: self._show_evidence())
        self.evidence = Evidence("")
        self.evidence.setObjectName("order/evidence")
        self.reason = _Reason()
        self.reason.field.returnPressed.connect(self._give_reason)
        self.reason.give.clicked.connect(self._give_reason)
        self.empty = EmptyState("orders")
        self.bar = ActionBar(self.code)
        detail = Pane("base")
        self.foot = QVBoxLayout(detail)
        self.foot.setContentsMargins(0, 0, 0, 0)
        self.foot.setSpacing(0)
        self.area = scroll(self.sheet)
        for part, stretch in (
            (self.area, 1),
            (self.empty, 1),
            (self.notice, 0),
            (self.reason, 0),
            (self.bar, 0),
        ):
            self.foot.addWidget(part, stretch)
        fill = QVBoxLayout(self)
        fill.setContentsMargins(0, 0, 0, 0)
        fill.addWidget(
            Panes(
                None,
                detail,
                self.evidence,
                under_title=self.sheet.under_lines,
                evidence_px=theme.current().px("evidence.order.w"),
            )
        )
        self.begin()

    # what the shell asks

    @override
    def title(self) -> str:
        return tr("Order")

    @override
    def header(self) -> QWidget:
        return self.trail

    @override
    def keys(self) -> Sequence[Key]:
        keys = list(self.bar.keys())
        if self.sheet.gates.first_unmet():
            keys.insert(0, Key("G", tr(_UNMET), self._to_gate))
        if len(self._among) > 1:
            keys += [Key("J", tr(_NEXT), lambda: self._turn(1)), Key("K", tr(_NEXT), lambda: self._turn(-1))]
        if self._state.may_reveal and not self._state.is_revealed:
            keys.append(Key("F2", tr(_REVEAL), lambda: self._ask(REVEAL), quiet=True))
        if self._state.may_fetch:
            keys.append(Key("F4", tr(_FETCH), self._fetch, quiet=True))
        if self._state.kin:
            keys.append(Key("O", tr(_KIN), self._to_kin))
        if self._state.order is not None:
            keys.append(Key("P", tr(_PRINT), self._print))
        if self._state.beside:
            keys.append(Key("F7", tr(_BESIDE), self._turn_beside, quiet=True))
        if self._state.stock:
            keys.append(Key("F3", tr(_WHY), self._to_shelf))
        return keys

    @override
    def alt_needed(self, needed: bool) -> None:
        self.bar.set_alt(needed)
        self.sheet.to_gate.set_alt(needed)
        self.sheet.beside.turn.set_alt(needed)

    @override
    def opened(self, args: object) -> None:
        asked = args if isinstance(args, Mapping) else {}
        order = str(asked.get("id", "")) or self._state.id
        if "among" in asked:
            self._among = tuple(part for part in str(asked["among"]).split("\n") if part)
        self._ask("")
        if order != self._state.id:
            self._show(order)
        else:
            super().opened(args)

    @override
    def back(self) -> bool:
        if self._asks:
            self._ask("")
            return True
        return super().back()

    # what happens here

    @override
    async def look(self, changes: Changes | None) -> None:
        await self.presenter.refresh(changes)

    @override
    def say(self) -> None:
        self.sheet.say()
        self.evidence.setAccessibleName(tr("Where it comes from"))
        if self._asks:
            self.reason.say(tr(_REASONS[self._asks]), self._label(self._asks))

    @override
    def draw(self, state: State) -> None:
        self._state = state
        is_there = state.order is not None
        self.bar.setVisible(is_there)
        self.area.setVisible(is_there)
        self.empty.setVisible(not is_there)
        self.evidence.setVisible(is_there)
        if state.order is None:
            self.trail.show_words("")
            if state.is_missing:
                self.empty.show_words(
                    "search",
                    tr("This order is not on this desk"),
                    tr("Esc goes back. It may come with the next news."),
                )
            else:
                self.empty.show_words("clock", tr("Reading the order"))
            return
        trail = (tr("Orders"), state.shop_title, state.order.ext_id)
        self.trail.show_words(" › ".join(part for part in trail if part))
        self.sheet.draw(state)
        self._show_evidence()
        self.bar.show_actions(actions(state.acts, self._act, tr(_FIRST_REPAIR)))
        self.offer(state.undo, self.presenter.undo)

    def _show_evidence(self) -> None:
        self.evidence.show_sections(_evidence(self._state, self.sheet.lines.current_key()))

    def _label(self, code: str) -> str:
        if code == REVEAL:
            return tr(_SHOW)
        return next((tr(act.label) for act in self._state.acts if act.code == code), "")

    def _act(self, code: str) -> None:
        order = self._state.order
        if order is None:
            return
        form = next((act.form for act in self._state.acts if act.code == code), "")
        if form:
            self.go("guide", form=form, order=order.id)
        elif code in _REASONS:
            self._ask(code)
        else:
            self.once("act", lambda: self.presenter.act(code))

    def _ask(self, code: str) -> None:
        """Ask for the reason of an act in a line over the bar, or close that line."""
        self._asks = code
        self.reason.setVisible(bool(code))
        if code:
            self.reason.say(tr(_REASONS[code]), self._label(code))
            self.reason.field.clear()
            self.reason.field.setFocus()
        else:
            self.setFocus()

    def _give_reason(self) -> None:
        code, reason = self._asks, self.reason.field.text().strip()
        if code and reason:
            self._ask("")
            reveal = self.presenter.reveal
            self.once("act", lambda: reveal(reason) if code == REVEAL else self.presenter.act(code, reason))

    def _stand(self, gate: str) -> None:
        self.sheet.gates.go_to(gate)

    def _to_gate(self) -> None:
        if self.sheet.gates.go_to_first_unmet():
            self.area.ensureWidgetVisible(self.sheet.gates)
            self.presenter.stand(self.sheet.gates.here())

    def _to_shelf(self) -> None:
        """Go to where the free pieces of the chosen article are explained."""
        row = _shelf(self._state, self.sheet.lines.current_key())
        self.go("stock", warehouse=row.warehouse, sku=row.sku)

    def _fetch(self) -> None:
        self.once("fetch", self.presenter.fetch)

    def _turn_beside(self) -> None:
        self.once("beside", self.presenter.turn_beside)

    def _print(self) -> None:
        if self._state.order is not None:
            self.go("paper", order=self._state.order.id)

    def _to_kin(self) -> None:
        """To the order that goes on in its place, or the first it was made from."""
        self.go("order", id=self._state.kin[0].id)

    def _turn(self, by: int) -> None:
        """The next order of the list one came from."""
        if self._state.id in self._among:
            at = self._among.index(self._state.id) + by
            if 0 <= at < len(self._among):
                self._show(self._among[at])

    def _show(self, order: str) -> None:
        self._ask("")
        self.latest("open", lambda: self.presenter.open(order))


class _Reason(Pane):
    """One line that asks why; Enter gives it, Esc closes it."""

    def __init__(self) -> None:
        super().__init__("sel", "top")
        px = theme.current().px
        self.label, self.field = Label("", bold=True), TextField()
        self.field.setObjectName("order/reason")
        self.give = Button("", "Enter")
        self.give.setObjectName("order/give_reason")
        self.say("", "")
        row = QHBoxLayout(self)
        row.setContentsMargins(px("space.4"), px("space.2"), px("space.4"), px("space.2"))
        row.setSpacing(px("space.3"))
        row.addWidget(self.label)
        row.addWidget(self.field, 1)
        row.addWidget(self.give)
        self.hide()

    def say(self, question: str, verb: str) -> None:
        """Ask this, and name the button."""
        self.label.setText(question)
        self.field.setAccessibleName(question)
        self.field.setPlaceholderText(tr("So that the next person knows; Esc leaves it"))
        self.give.setText(verb)
        self.give.setAccessibleName(verb)


def _evidence(state: State, line: str) -> tuple[EvidenceSection, ...]:
    """Warehouses with what they can give, and the sum behind the figure of the chosen article."""
    if state.order is None:
        return ()
    beside = _beside(state)
    if state.order.status in LEFT:
        words = tr("Nothing is sent for this order.")
        return beside or (EvidenceSection(tr("Where it comes from"), (Paragraph(words, NOTE),)),)
    if state.order.status not in OPEN:
        chosen = next((row.title for row in state.stock if row.is_chosen), "")
        sent = tr("Sent from {warehouse}", warehouse=chosen) if chosen else tr("Where it comes from")
        words = tr("It has left; what is free elsewhere changes nothing.")
        return (*beside, EvidenceSection(sent, (Paragraph(words, NOTE),)))
    if not state.stock:
        words = tr("Stock is counted as soon as the articles are matched.")
        return (*beside, EvidenceSection(tr("Where it comes from"), (Paragraph(words, NOTE),)))
    best = _shelf(state, line)
    sku = best.sku
    rows = list({row.warehouse: row for row in state.stock if row.sku == sku}.values())
    return (
        *beside,
        EvidenceSection(_choice(state), (_warehouses(state),)),
        EvidenceSection(
            tr("How the free pieces of {sku} are counted", sku=sku),
            (Paragraph(sum_of(best)), Paragraph("", NOTE), sums_of(rows)),
        ),
    )


def _shelf(state: State, line: str) -> StockLine:
    """Return the warehouse that serves the chosen article, or has most of it."""
    sku = next((each.sku for each in state.lines if each.id == line and each.sku), state.stock[0].sku)
    rows = (row for row in state.stock if row.sku == sku)
    return max(rows, key=lambda row: (row.is_chosen, row.available))


def _beside(state: State) -> tuple[EvidenceSection, ...]:
    """The orders it belongs together with, and the terms of the business that buys."""
    kin = tuple(Paragraph((Span(one.number, bold=True), "  ", trn(one.text))) for one in state.kin)
    terms = tuple(Paragraph((Span(tr(head), role="text3"), "  ", trn(text))) for head, text in state.terms)
    named = ((tr("Merged or split"), kin), (tr("Customer and invoice"), terms))
    return tuple(EvidenceSection(heading, items) for heading, items in named if items)


def _choice(state: State) -> str:
    chosen = next((row.title for row in state.stock if row.is_chosen), "")
    return tr("It ships from {warehouse}", warehouse=chosen) if chosen else tr("No warehouse chosen yet")


def _warehouses(state: State) -> Lines:
    px = theme.current().px
    columns = (
        Column("warehouse", "", px("line.number.w"), kind="strong"),
        Column("has", ""),
        Column("verdict", "", px("history.who.w"), "right"),
    )
    rows = []
    for code in dict.fromkeys(row.warehouse for row in state.stock):
        mine = [row for row in state.stock if row.warehouse == code]
        whole = sum(1 for row in mine if row.is_chosen or row.available >= row.wanted)
        is_chosen, is_full = mine[0].is_chosen, whole == len(mine)
        mark = "met" if is_chosen or is_full else "waits" if whole else "stops"
        has = tr("{count} of {all} articles complete", count=whole, all=len(mine))
        if len(mine) == 1:
            has = tr(
                "{free} free, {wanted} wanted", free=count(mine[0].available), wanted=count(mine[0].wanted)
            )
        verdict = tr("chosen") if is_chosen else tr("could send") if is_full else tr("short")
        rows.append((Cell(mine[0].title, mark, bold=True), has, Cell(verdict, bold=is_chosen)))
    return Lines(columns, tuple(rows))
