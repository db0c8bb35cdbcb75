"""One order in review: asked at the left, shipping at the right, opened by keying the left blind."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from PySide6.QtCore import QRect, Signal
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from app.presenters.review import Blind, Sheet, pieces
from app.text import N_
from widgets import marks, theme
from widgets.controls import Badge, Hairline, MarkLabel, Pane, Tag, scroll
from widgets.evidence import ItemView, Quote
from widgets.facts import Fact, Facts
from widgets.fields import TextField
from widgets.history import Deed, History
from widgets.inputs import set_state
from widgets.prose import HEADING, META, NOTE, STRONG, TITLE, Prose
from widgets.words import day_there, language, moment, money, tr, trn

_REVIEWS: Final = (N_("First review"), N_("Second review"), N_("Third review"))


class BlindField(TextField):
    """A value keyed without seeing the other side; a tick says that both agree."""

    def __init__(self, blind: Blind) -> None:
        super().__init__()
        self.blind = blind
        self.setObjectName(f"review/blind/{blind.code}")

    def show_blind(self, blind: Blind, *, is_typing: bool) -> None:
        """Show what was keyed and whether it is right."""
        self.blind = blind
        if not is_typing and self.text() != blind.value:
            self.set_answer(blind.value)
        self.setAccessibleDescription(tr("agrees") if blind.is_right else "")
        self._judge()
        self.update()

    def _judge(self) -> None:
        """A wrong value is only called wrong when one has left the field."""
        is_wrong = bool(self.text()) and not self.blind.is_right and not self.hasFocus()
        set_state(self, "error" if is_wrong else "")

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._judge()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._judge()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.blind.is_right:
            px, painter = theme.current().px, QPainter(self)
            size = px("mark")
            x = self.width() - px("field.pad") - size
            marks.paint(painter, QRect(x, (self.height() - size) // 2, size, size), "met")
            painter.end()


class ReviewSheet(QWidget):
    """Head, two columns, blind fields, history."""

    keyed = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        px = theme.current().px
        self._sheet: Sheet | None = None
        self._language = ""
        self.setObjectName("review/sheet")
        self.badge = QHBoxLayout()
        self._badge: Badge | None = None
        self.number, self.buyer = Prose(style=TITLE, wraps=False), Prose(style=NOTE, wraps=False)
        self.turn, self.amount = Tag(""), Prose(style=TITLE, wraps=False)
        self.facts, self.seal = Prose(style=META, wraps=False), MarkLabel("protected", "")
        self.asked_title, self.asked_note = Prose(style=STRONG, wraps=False), Prose(style=META, wraps=False)
        self.ships_title, self.ships_note = Prose(style=STRONG, wraps=False), Prose(style=META, wraps=False)
        self.words = QVBoxLayout()
        self.under = QVBoxLayout()
        """Where the checks stand in a narrow window."""
        self._quote: ItemView | None = None
        self.asked, self.ships = Facts("", ruled=True), Facts("", ruled=True)
        self.blind_title, self.history_title = Prose(style=HEADING), Prose(style=HEADING)
        self.blinds = QGridLayout()
        self.blinds.setHorizontalSpacing(px("space.3"))
        self.blinds.setVerticalSpacing(px("space.half"))
        self.fields: dict[str, BlindField] = {}
        self._labels: list[Prose] = []
        self.history = History("")
        for whole in (self.number, self.amount, self.asked_title, self.ships_title):
            whole.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addLayout(self._head())
        box.addWidget(Hairline())
        columns = QHBoxLayout()
        columns.setSpacing(0)
        columns.addWidget(scroll(self._left()), 1)
        columns.addWidget(Hairline(upright=True))
        columns.addWidget(scroll(self._right()), 1)
        box.addLayout(columns, 1)

    def _head(self) -> QVBoxLayout:
        px = theme.current().px
        head = QVBoxLayout()
        head.setContentsMargins(px("space.4"), px("space.4"), px("space.4"), px("space.3"))
        head.setSpacing(px("space.1"))
        first, second = QHBoxLayout(), QHBoxLayout()
        first.setSpacing(px("space.2"))
        first.addLayout(self.badge)
        for part in (self.number, self.buyer, self.turn):
            first.addWidget(part)
        first.addStretch(1)
        first.addWidget(self.amount)
        second.setSpacing(px("space.4"))
        second.addWidget(self.facts, 1)
        second.addWidget(self.seal)
        head.addLayout(first)
        head.addLayout(second)
        return head

    def _left(self) -> QWidget:
        pane, box = _column()
        box.addLayout(_heading(self.asked_title, self.asked_note))
        box.addLayout(self.words)
        box.addWidget(self.asked)
        box.addSpacing(theme.current().px("space.3"))
        box.addLayout(self.under)
        box.addStretch(1)
        return pane

    def _right(self) -> QWidget:
        px = theme.current().px
        pane, box = _column()
        box.addLayout(_heading(self.ships_title, self.ships_note))
        box.addWidget(self.ships)
        box.addSpacing(px("space.3"))
        box.addWidget(self.blind_title)
        box.addLayout(self.blinds)
        box.addSpacing(px("space.4"))
        box.addWidget(self.history_title)
        box.addWidget(self.history)
        box.addStretch(1)
        return pane

    def say(self) -> None:
        """Take the fixed words in the language on screen."""
        self.asked_title.show_words(tr("What the buyer asked"))
        self.asked_note.show_words(tr("order and words"))
        self.ships_title.show_words(tr("What will ship"))
        self.ships_note.show_words(tr("fields in another order"))
        self.blind_title.show_words(tr("Key from the left; what agrees opens the right"))
        self.history_title.show_words(tr("What happened"))
        for part, name in (
            (self.asked, tr("What the buyer asked")),
            (self.ships, tr("What will ship")),
            (self.history, tr("What happened")),
        ):
            part.setAccessibleName(name)

    def draw(self, sheet: Sheet, typing: Mapping[str, str], now: datetime | None = None) -> bool:
        """Show a sheet; say whether it is another order than before."""
        is_new = self._sheet is None or self._sheet.order.id != sheet.order.id
        fresh = is_new or self._language != language()
        codes = [blind.code for blind in sheet.blinds]
        if fresh or codes != list(self.fields):
            self._build_blinds(sheet)
        self._sheet, self._language = sheet, language()
        self._draw_head(sheet)
        self._draw_words(sheet, fresh=fresh)
        self.asked.show_facts([Fact(tr(label), value) for label, value in sheet.asked])
        hidden = tr("opens when keyed")
        self.ships.show_facts(
            [
                Fact(tr(label), hidden, is_hidden=True)
                if is_hidden
                else Fact(tr(label), value, *_agrees(sheet, value))
                for label, value, is_hidden in sheet.ships
            ]
        )
        for blind in sheet.blinds:
            self.fields[blind.code].show_blind(blind, is_typing=blind.code in typing)
        self.blind_title.setVisible(bool(sheet.blinds))
        self.history.show_deeds(_deeds(sheet, now))
        self.history_title.setVisible(bool(sheet.history))
        return is_new

    def focus_open(self) -> None:
        """Go to the first value that is still to be keyed."""
        open_ = next((field for field in self.fields.values() if not field.blind.is_right), None)
        if open_ is not None:
            open_.setFocus()
            open_.selectAll()

    def has_blind_focus(self) -> bool:
        """Whether the cursor is in a blind field."""
        return any(field.hasFocus() for field in self.fields.values())

    def _draw_head(self, sheet: Sheet) -> None:
        row = sheet.row
        if self._badge is None or self._badge.accessibleName() != row.channel:
            if self._badge is not None:
                self._badge.hide()
                self._badge.deleteLater()
            self._badge = Badge(row.channel)
            self.badge.addWidget(self._badge)
        self.number.show_words(row.number)
        self.buyer.show_words(f"{row.shop_title} · {row.buyer}")
        self.turn.show_text(tr(_REVIEWS[min(sheet.slot, len(_REVIEWS)) - 1]))
        self.amount.show_words(money(row.payable_minor, row.currency))
        last = tr("Last change: {who}", who=sheet.maker) if sheet.maker else ""
        blind = tr("the other verdict is hidden") if sheet.slot > 1 else ""
        self.facts.show_words("    ".join(part for part in (last, blind) if part))
        self.seal.show_mark("protected", tr("Content seal {seal}", seal=sheet.seal))

    def _draw_words(self, sheet: Sheet, *, fresh: bool) -> None:
        if not fresh:
            return
        if self._quote is not None:
            self.words.removeWidget(self._quote)
            self._quote.hide()
            self._quote.deleteLater()
        self._quote = ItemView(Quote(sheet.words, tr("Note of the buyer"))) if sheet.words else None
        if self._quote is not None:
            self.words.addWidget(self._quote)

    def _build_blinds(self, sheet: Sheet) -> None:
        for old in (*self.fields.values(), *self._labels):
            self.blinds.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.fields, self._labels = {}, []
        for at, blind in enumerate(sheet.blinds):
            label, field = Prose(trn(blind.label), NOTE), BlindField(blind)
            field.setFixedWidth(theme.current().px("diff.side.min.w"))
            field.setAccessibleName(trn(blind.label))
            field.answered.connect(lambda value, code=blind.code: self.keyed.emit(code, value))
            self.blinds.addWidget(label, at, 0)
            self.blinds.addWidget(field, at, 1)
            self.fields[blind.code] = field
            self._labels.append(label)
            field.show()


def _column() -> tuple[QWidget, QVBoxLayout]:
    px = theme.current().px
    pane = Pane("base")
    box = QVBoxLayout(pane)
    box.setContentsMargins(px("space.4"), px("space.3"), px("space.4"), px("space.4"))
    box.setSpacing(px("space.1"))
    return pane, box


def _heading(title: Prose, note: Prose) -> QHBoxLayout:
    px = theme.current().px
    row = QHBoxLayout()
    row.setContentsMargins(0, 0, 0, px("space.2"))
    row.setSpacing(px("space.2"))
    row.addWidget(title)
    row.addWidget(note)
    row.addStretch(1)
    return row


def _agrees(sheet: Sheet, value: str) -> tuple[str, str]:
    """A mark beside a line whose pieces were keyed right."""
    right = {line.id for line in sheet.order.lines} & {blind.code for blind in sheet.blinds if blind.is_right}
    keyed = [pieces(line.sku, line.qty) for line in sheet.order.lines if line.id in right]
    return ("met", tr("agrees")) if value in keyed else ("", "")


def _deeds(sheet: Sheet, now: datetime | None) -> list[Deed]:
    zone = sheet.zone
    return [
        Deed(moment(row.at, zone, day_there(now or row.at, zone)), trn(row.text), row.who)
        for row in sheet.history
    ]
