"""One exception, laid out from its sentence down to its history."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from app.beside import Beside
from app.inbox_state import State
from app.preview import DiffRow as Field
from app.snag_card import Card
from widgets import theme
from widgets.card_head import CardHead, TagRow
from widgets.diff import DiffRow, DiffTable, DiffTitles, Effect, EffectStrip
from widgets.empty import EmptyState
from widgets.history import History
from widgets.phrases import MARKS, TAGS, deeds, limit_words, pieces_words, sides
from widgets.prose import HEADING, NOTE, TITLE, Prose
from widgets.sides import Side, SidesTable
from widgets.words import money, tr, trn

_VERDICTS: Final = {"kept": "met", "added": "waits", "replaced": "waits", "doubtful": "stops"}


class SnagCard(QWidget):
    """One exception, laid out from its sentence down to its history."""

    def __init__(self) -> None:
        super().__init__()
        px = theme.current().px
        self.head, self.heading, self.note = CardHead(), Prose(style=TITLE), Prose(style=NOTE)
        self.detail = Prose(style=NOTE)
        self.under_title = QVBoxLayout()
        self.diff, self.effects, self.sides = DiffTable(""), EffectStrip(""), SidesTable()
        self.beside = DiffTable("")
        self._moves, self._others, self._record = (Prose(style=HEADING) for _ in range(3))
        self.others, self.history = TagRow(), History("")
        self.empty = EmptyState("check")
        column = QVBoxLayout(self)
        column.setContentsMargins(px("page.edge"), px("space.3"), px("page.edge"), px("space.4"))
        column.setSpacing(px("space.1"))
        for part in (self.head, self.heading, self.note, self.detail):
            column.addWidget(part)
        parts: tuple[tuple[str, QWidget], ...] = (
            ("space.2", self.sides),
            ("space.2", self.beside),
            ("space.2", self.diff),
            ("space.3", self._moves),
            ("", self.effects),
            ("space.3", self._others),
            ("", self.others),
            ("space.3", self._record),
            ("", self.history),
        )
        for gap, each in parts:
            if gap:
                column.addSpacing(px(gap))
            column.addWidget(each)
            if each is self.effects:  # what is to be decided first, what speaks for it below
                column.addLayout(self.under_title)
        column.addWidget(self.empty, 1)
        column.addStretch(1)

    @override
    def minimumSizeHint(self) -> QSize:
        # The scroll area asks for the height at the real width; the sum of the least widths would be taller.
        return QSize(theme.current().px("list.min.w"), 0)

    def say(self) -> None:
        """Take the fixed words in the language on screen."""
        self._moves.show_words(tr("What this changes"))
        self._others.show_words(tr("Also on this order"))
        self._record.show_words(tr("History"))
        self.diff.setAccessibleName(tr("Before and after"))
        self.sides.setAccessibleName(tr("Before, theirs and mine"))
        self.beside.setAccessibleName(tr("Both orders"))
        self.effects.setAccessibleName(tr("What this changes"))
        self.history.setAccessibleName(tr("History"))

    def draw(self, state: State, card: Card | None) -> None:
        """Show a card, or what to do without one."""
        self.empty.setVisible(card is None)
        for part in (self.head, self.heading, self.note):
            part.setVisible(card is not None)
        said = trn(card.detail) if card is not None and card.detail is not None else ""
        self.detail.show_words(said)
        self.detail.setVisible(bool(said))
        rows = [_diff(row) for row in card.diff] if card is not None else []
        self.diff.show_rows(rows, _titles())
        self.diff.setVisible(bool(rows))
        sides = _sides(card) if card is not None else []
        self.sides.show_sides(sides)
        self.sides.setVisible(bool(sides))
        twin = card.beside if card is not None else None
        self.beside.show_rows(_beside(twin) if twin is not None else (), _both(twin))
        self.beside.setVisible(twin is not None)
        effects = _effects(card) if card is not None else []
        self.effects.show_effects(effects)
        tags = (
            [(tr(title), TAGS[severity], MARKS[severity]) for severity, title in card.others] if card else []
        )
        self.others.show_tags(tags)
        record = deeds(card.history, state.now, card.zone) if card is not None else []
        self.history.show_deeds(record)
        groups: tuple[tuple[Prose, QWidget, bool], ...] = (
            (self._moves, self.effects, bool(effects)),
            (self._others, self.others, bool(tags)),
            (self._record, self.history, bool(record)),
        )
        for heading, group, is_there in groups:
            heading.setVisible(is_there)
            group.setVisible(is_there)
        if card is not None:
            self._draw_head(card)
        elif state.is_loaded:
            self.empty.show_words(
                "check", tr("Nothing to decide here"), tr("Ctrl+1 shows how the day stands.")
            )
        else:
            self.empty.show_words("clock", tr("Reading the exceptions"))

    def _draw_head(self, card: Card) -> None:
        row = card.row.snag
        about = [row.shop_title, row.buyer]
        if row.payable_minor:
            about.append(money(row.payable_minor, row.currency))
        if card.pieces:
            about.append(pieces_words(card.pieces))
        tag = (tr(card.row.title), TAGS[row.severity], MARKS[row.severity])
        self.head.show_head(tag, row.number, row.channel, " · ".join(part for part in about if part))
        self.head.limit.show_limit(card.row.limit.used_pct, limit_words(card.row.limit))
        self.heading.show_words(trn(row.text))
        self.note.show_words(tr(card.consequence))


def _titles() -> DiffTitles:
    return DiffTitles(tr("Field"), tr("As it is"), tr("After it"), tr("Why"))


def _diff(row: Field) -> DiffRow:
    is_changed = row.is_changed
    verdict = trn(row.verdict) if row.verdict is not None else ""
    mark = _VERDICTS[row.state] if verdict or not is_changed else ""
    before, after = sides(row)
    return DiffRow(
        tr(row.label),
        before,
        after,
        verdict or ("" if is_changed else tr("stays")),
        mark or ("" if is_changed else "met"),
        is_changed,
    )


def _both(twin: Beside | None) -> DiffTitles | None:
    if twin is None:
        return None
    return DiffTitles(tr("Field"), tr("This order"), twin.number, tr("{score} % alike", score=twin.score_pct))


def _beside(twin: Beside) -> tuple[DiffRow, ...]:
    return tuple(
        DiffRow(
            tr(row.label), _value(row.mine), _value(row.theirs), trn(row.stands), row.mark, is_beside=True
        )
        for row in twin.rows
    )


def _sides(card: Card) -> list[Side]:
    asked = next((row.part for row in card.sides if row.is_disputed and not row.choice), "")
    sides = []
    for row in card.sides:
        before, theirs, mine = (
            tr(words) if row.is_words else words for words in (row.before, row.theirs, row.mine)
        )
        is_asked = row.part == asked
        sides.append(Side(trn(row.label), before, theirs, mine, row.is_disputed, is_asked, row.choice))
    return sides


def _value(value: str) -> str:
    return value or tr("(empty)")


def _effects(card: Card) -> list[Effect]:
    changed = card.preview.changed if card.preview is not None else 0
    return [
        Effect(tr(each.label), trn(each.text), is_changed=at == 0 and bool(changed))
        for at, each in enumerate(card.effects)
    ]
