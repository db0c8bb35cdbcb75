"""The order from its number down to its history, as one column."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from app.domain.effect import called
from app.domain.order import EDITABLE, Order
from app.domain.refund import refunded_minor
from app.labelling import outcomes_said
from app.presenters.order import GateCell, LineRow, State
from widgets import theme
from widgets.aftersales import Aftersales
from widgets.beside_block import BesideBlock
from widgets.card_head import TagRow
from widgets.cells import Cell, Column, TableRow
from widgets.controls import Badge, Button, TagKind
from widgets.facts import Fact, FactGroup, Facts
from widgets.gate_strip import Gate, GateStrip
from widgets.history import History
from widgets.life_line import LifeLine, Phase
from widgets.life_line import Place as Stage
from widgets.phrases import MARKS, TAGS, deeds, pieces_words, status_words
from widgets.prose import HEADING, NOTE, QUIET, TITLE, Prose, Rich, Span, plain
from widgets.sources import Sources
from widgets.table import ListModel, Table
from widgets.words import count, day_there, moment, money, named, span, tr, trn

_FULL_STOP: Final = "。"
_NEW_S: Final = 60
"""Younger holds say no age."""
_PLACES: Final[dict[str, Stage]] = {"done": "done", "now": "now", "later": "ahead"}


class Sheet(QWidget):
    """The order from its number down to its history."""

    def __init__(self) -> None:
        super().__init__()
        self._badge = QHBoxLayout()
        self._channel: Badge | None = None
        self.number, self.shop = Prose(style=TITLE, wraps=False), Prose(style=QUIET, wraps=False)
        self.amount = Prose(style=TITLE, wraps=False)
        self.tags = TagRow()
        self.life = LifeLine("")
        self._gates_head, self.gates_note = Prose(style=HEADING, wraps=False), Prose(style=NOTE, wraps=False)
        self.to_gate = Button("", "G", "quiet")
        self.to_gate.setObjectName("order/to_gate")
        self.gates = GateStrip("")
        self.other_gates = Prose(style=NOTE)
        self.other_gates.setObjectName("order/other_gates")
        self.gates.reached.connect(lambda _code: self._say_others())
        self._lines_head = Prose(style=HEADING)
        self.model = ListModel(())
        self.lines = Table("", self.model, whole=True)
        self.lines.setObjectName("order/lines")
        self.under_lines = QVBoxLayout()
        self.aftersales, self.sources = Aftersales(), Sources()
        self.facts = Facts("")
        self.beside = BesideBlock()
        self._record = Prose(style=HEADING)
        self.history = History("")
        self._lay_out()

    def _lay_out(self) -> None:
        px = theme.current().px
        column = QVBoxLayout(self)
        column.setContentsMargins(px("page.edge"), px("space.4"), px("page.edge"), px("space.4"))
        column.setSpacing(px("space.1"))
        title = QHBoxLayout()
        title.setSpacing(px("space.2"))
        title.addLayout(self._badge)
        for part in (self.number, self.shop):
            title.addWidget(part)
        title.addWidget(self.tags, 1)
        title.addWidget(self.amount)
        column.addLayout(title)
        column.addSpacing(px("space.2"))
        column.addWidget(self.life)
        column.addSpacing(px("space.3"))
        head = QHBoxLayout()
        head.setSpacing(px("space.2"))
        head.addWidget(self._gates_head)
        head.addWidget(self.gates_note)
        head.addStretch(1)
        head.addWidget(self.to_gate)
        column.addLayout(head)
        column.addWidget(self.gates)
        column.addWidget(self.other_gates)
        column.addSpacing(px("space.3"))
        column.addWidget(self._lines_head)
        column.addWidget(self.lines)
        column.addLayout(self.under_lines)
        column.addSpacing(px("space.3"))
        column.addWidget(self.sources)
        column.addWidget(self.aftersales)
        column.addWidget(self.facts)
        column.addWidget(self.beside)
        column.addSpacing(px("space.3"))
        column.addWidget(self._record)
        column.addWidget(self.history)
        column.addStretch(1)

    @override
    def minimumSizeHint(self) -> QSize:
        # The scroll area asks for the height at the real width; the sum of the least widths would be taller.
        return QSize(theme.current().px("list.min.w"), 0)

    def say(self) -> None:
        """Take the fixed words in the language on screen."""
        self.life.setAccessibleName(tr("Where the order is"))
        self.gates.setAccessibleName(tr("Gates"))
        self.to_gate.setText(tr("To the unmet gate"))
        self.to_gate.setAccessibleName(tr("To the unmet gate"))
        self.lines.setAccessibleName(tr("Articles"))
        self.facts.setAccessibleName(tr("Receiver, dates and money"))
        self.aftersales.say()
        self.sources.say()
        self.beside.say()
        self._record.show_words(tr("History"))
        self.history.setAccessibleName(tr("History"))
        px = theme.current().px
        self.model = ListModel(
            (
                Column("sku", tr("SKU"), px("history.delivery.w"), kind="muted"),
                Column("title", tr("Article")),
                Column("qty", tr("Quantity"), px("line.amount.w"), "right", "strong"),
                Column("price", tr("Price"), px("line.amount.w"), kind="money"),
                Column("amount", tr("Amount"), px("row.limit.w"), kind="money"),
                Column("stock", tr("Stock"), px("line.number.w") + px("space.3")),
                Column("from", tr("From"), px("facts.label.w")),
            )
        )
        self.lines.show_model(self.model)

    def draw(self, state: State) -> None:
        """Show this order."""
        order = state.order
        if order is None:
            return
        self._show_channel(state.channel)
        self.number.show_words(order.number)
        self.shop.show_words(" · ".join(part for part in (state.buyer, state.shop_title) if part))
        self.amount.show_words(money(order.payable_minor, order.currency))
        held = [(tr("On hold"), TAGS["warn"], MARKS["warn"])] if order.pause is not None else []
        self.tags.show_tags(
            [
                *_word(state.word),
                *held,
                *((tr(title), TAGS[sev], MARKS[sev]) for _, sev, title, _ in state.snags),
            ]
        )
        self.life.show_phases(
            [Phase(status, status_words(status), _PLACES[place]) for status, place in state.life]
        )
        met = sum(1 for gate in state.gates if gate.state == "met")
        self._gates_head.show_words(tr("Gates {met}/{all}", met=met, all=len(state.gates)))
        self.gates_note.show_words(
            tr("All green, then it is picked") if order.pause is None else tr("On hold, nothing is picked")
        )
        self.gates.show_gates([_gate(gate, state.now) for gate in state.gates])
        self._say_others()
        self._gates_head.setVisible(bool(state.gates))
        self.gates.setVisible(bool(state.gates))
        self.gates_note.setVisible(order.status in EDITABLE)
        self.to_gate.setVisible(bool(self.gates.first_unmet()))
        pieces = sum(line.qty for line in state.lines)
        self._lines_head.show_words(
            tr("Articles {lines}, {pieces}", lines=count(len(state.lines)), pieces=pieces_words(pieces))
            if state.lines
            else tr("No articles yet. They come with the next delivery of the shop, or by amending.")
        )
        rows = [_line(line, order.currency) for line in state.lines]
        if rows:
            rows.append(_total(state))
        self.model.show_rows(rows)
        self.lines.setVisible(bool(rows))
        self.aftersales.show_cases(order, dict(state.owners))
        if state.now is not None:
            self.sources.show_why(state.why, state.zone, day_there(state.now, state.zone))
        self.facts.show_groups(_facts(state))
        self.beside.draw(state)
        record = deeds(state.history, state.now, state.zone)
        self.history.show_deeds(record)
        for part in (self._record, self.history):
            part.setVisible(bool(record))

    def _say_others(self) -> None:
        """Say of every other unmet gate what the sentence says of the one you are on."""
        said: list[str | Span] = []
        for gate in self.gates.gates():
            if gate.is_unmet() and gate.code != self.gates.speaking():
                said += ["\n"] if said else []
                said += [Span(gate.name, bold=True), "  ", plain(gate.sentence)]
        self.other_gates.show_words(tuple(said))
        self.other_gates.setVisible(bool(said))

    def _show_channel(self, letters: str) -> None:
        if self._channel is not None:
            if self._channel.accessibleName() == letters:
                return
            self._badge.removeWidget(self._channel)
            self._channel.hide()
            self._channel.deleteLater()
        self._channel = Badge(letters) if letters else None
        if self._channel is not None:
            self._badge.addWidget(self._channel)


def _word(word: str) -> list[tuple[str, TagKind, str]]:
    """What may be said to the buyer before the hub has answered."""
    if word == "by_lease":
        return [(tr("Confirmed by lease"), "ok", "met")]
    return [(tr("To be confirmed"), TAGS["warn"], MARKS["warn"])] if word else []


def _gate(gate: GateCell, now: datetime | None) -> Gate:
    missing = trn(gate.missing) if gate.missing is not None else trn(gate.text)
    clears, whose = tr(gate.clears), _whose(gate, now)
    rest = ("  ", clears) if gate.clears else ()
    if whose and not clears.endswith(_FULL_STOP):
        whose = f"  {whose}"
    sentence: Rich = "" if gate.state == "met" else (Span(missing, bold=True), *rest, whose)
    return Gate(gate.code, gate.state, tr(gate.title), trn(gate.text), sentence)


def _whose(gate: GateCell, now: datetime | None) -> str:
    if gate.owner is None:
        return ""
    seconds = (now - gate.since).total_seconds() if now is not None and gate.since is not None else 0
    if seconds < _NEW_S:
        return tr("With {whose}", whose=trn(gate.owner))
    return tr("With {whose} for {time}", whose=trn(gate.owner), time=span(seconds))


def _line(line: LineRow, currency: str) -> TableRow:
    if line.held:
        stock = tr("held: {reason}", reason=named(line.held))
    elif line.is_leased:
        stock = tr("{count} by lease", count=count(line.qty))
    elif line.is_reserved:
        stock = tr("{count} promised", count=count(line.qty))
    elif line.sku:
        stock = tr("{free} free of {wanted}", free=count(line.free), wanted=count(line.qty))
    else:
        stock = tr("not matched")
    return TableRow(
        line.id,
        (
            line.sku or "–",
            line.title,
            count(line.qty),
            money(line.unit_price_minor, currency),
            money(line.amount_minor, currency),
            Cell(stock, line.mark),
            line.warehouse if line.is_reserved else "",
        ),
    )


def _total(state: State) -> TableRow:
    """The sum of the lines, and what the buyer pays where that is another amount."""
    order = state.order
    if order is None:
        return TableRow("total", ())
    total = sum(line.amount_minor for line in state.lines)
    said = tr("Sum of the articles")
    if total != order.payable_minor:
        said = tr(
            "Sum of the articles; the buyer pays {amount}", amount=money(order.payable_minor, order.currency)
        )
    return TableRow(
        "total", (said, "", "", "", Cell(money(total, order.currency), bold=True), "", ""), total=True
    )


def _parcel_facts(order: Order) -> list[Fact]:
    """Say what it was sent with, and which system keeps that number where it is not ours to change."""
    facts = [Fact(tr("Sent with"), f"{order.carrier} {order.tracking_no}")] if order.tracking_no else []
    if order.told_by:
        facts.append(Fact(tr("Number kept by"), tr("{system}: correct it there", system=order.told_by)))
    return facts


def _facts(state: State) -> tuple[FactGroup, ...]:
    order = state.order
    if order is None or state.now is None:
        return ()
    today_on = day_there(state.now, state.zone)
    due = moment(order.ship_by_at, state.zone, today_on) if order.ship_by_at else tr("no promise")
    receiver = [
        Fact(tr("Receiver"), f"{state.buyer} {state.phone}".strip() or "–"),
        Fact(tr("Address"), state.address or "–"),
    ]
    written = ((tr("Note"), order.receiver.note), (tr("Memo"), order.receiver.memo))
    receiver += [Fact(head, text) for head, text in written if text]
    dates = [
        Fact(tr("Ordered"), moment(order.ordered_at, state.zone, today_on)),
        Fact(tr("Ship by"), due),
    ]
    if order.pause is not None:
        if state.held is not None:
            dates += [Fact(tr("On hold"), trn(state.held[0])), Fact(tr("Held by"), state.held[1])]
        if order.pause.until is not None:
            dates.append(Fact(tr("Goes on at"), moment(order.pause.until, state.zone, today_on)))
    if order.classed is not None:
        dates.append(Fact(tr("Class"), f"{tr(order.classed.title)} · {trn(order.classed.said)}"))
    dates += [Fact(tr(head), trn(text)) for head, text in state.carriage]
    dates += _parcel_facts(order)
    dates += [Fact(tr(called(one.kind)), trn(one.text)) for one in outcomes_said(order)]
    if order.makes_good is not None:
        dates.append(Fact(tr("Replaces goods of"), order.makes_good.number))
    sums = [Fact(tr("To pay"), money(order.payable_minor, order.currency))]
    sums.append(Fact(tr("Paid"), money(order.paid_minor, order.currency)))
    if back := order.refunded_minor + refunded_minor(order):
        sums.append(Fact(tr("Refunded"), money(back, order.currency)))
    if (over := order.paid_minor - back - order.payable_minor) > 0:
        sums.append(Fact(tr("Paid too much"), money(over, order.currency)))
    return (
        FactGroup(tr("Receiver"), tuple(receiver)),
        FactGroup(tr("Dates"), tuple(dates)),
        FactGroup(tr("Money"), tuple(sums)),
    )
