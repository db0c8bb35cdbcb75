"""The side of the stock page: the sum of one row, why it is so, its papers, and the form that corrects it."""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from app.ports import StockRow
from app.presenters.stock import State
from app.text import N_, Text
from widgets import theme
from widgets.controls import Button, Label, Pane
from widgets.evidence import ItemView, Lines
from widgets.fields import Field, NumberField, TextField
from widgets.prose import NOTE, SECTION, Prose
from widgets.shelf_claims import ShelfClaims
from widgets.shelf_lots import ShelfLots
from widgets.shelf_papers import ShelfPapers
from widgets.table import Cell, Column
from widgets.words import count, tr

CORRECT: Final = N_("Correct the count")
_PIECES_MOST: Final = 99_999


class ShelfSide(Pane):
    """The sum of one row, and the form that corrects its count."""

    def __init__(self) -> None:
        super().__init__("alt")
        px = theme.current().px
        self.heading, self.place = Prose(style=SECTION), Prose(style=NOTE)
        self.sum = QVBoxLayout()
        self._sum: ItemView | None = None
        self.delta, self.reason = NumberField(-_PIECES_MOST, _PIECES_MOST), TextField()
        self.delta_field = Field("stock/delta", "", "", self.delta, width="quantity.w")
        self.reason_field = Field("stock/reason", "", "", self.reason, width="quantity.w")
        self.asked = Button("", "Ctrl+Enter", "primary")
        self.asked.setObjectName("stock/adjust")
        self.form = QVBoxLayout()
        self.form.setSpacing(px("space.2"))
        for field in (self.delta_field, self.reason_field):
            self.form.addWidget(field)
        self.only_look = Prose(style=NOTE)
        self.hub = Prose(style=NOTE)
        self.claims = ShelfClaims()
        self.lots = ShelfLots()
        self.papers = ShelfPapers()
        box = QVBoxLayout(self)
        box.setContentsMargins(px("space.4"), px("space.4"), px("space.4"), px("space.4"))
        box.setSpacing(px("space.1"))
        for part in (self.heading, self.place):
            box.addWidget(part)
        box.addSpacing(px("space.3"))
        box.addLayout(self.sum)
        box.addWidget(self.claims)
        box.addWidget(self.lots)
        box.addSpacing(px("space.4"))
        self._title = Label("", bold=True)
        box.addWidget(self._title)
        box.addLayout(self.form)
        box.addWidget(self.only_look)
        row = QHBoxLayout()
        row.addWidget(self.asked)
        row.addStretch(1)
        box.addLayout(row)
        box.addWidget(self.hub)
        box.addSpacing(px("space.4"))
        box.addWidget(self.papers)
        box.addStretch(1)

    def say(self) -> None:
        """Take the fixed words in the language on screen."""
        self.claims.say()
        self.delta_field.name_anew(tr("Pieces more or fewer"))
        self.reason_field.name_anew(tr("Reason"))
        self.reason.setPlaceholderText(tr("Counted, broken, misplaced"))
        self._title.setText(tr(CORRECT))
        self.asked.setText(tr("Note the count"))
        self.asked.setAccessibleName(tr("Note the count"))
        self.hub.show_words(tr("The hub counts. Others see it in the history, with your name."))

    def clear(self) -> None:
        """Start the next correction from nothing."""
        self.delta.setValue(0)
        self.reason.clear()

    def draw(self, state: State) -> None:
        """Show one row."""
        row = state.row
        self.heading.show_words(row.title or row.sku if row else "")
        self.place.show_words(
            " · ".join(part for part in (row.sku, row.warehouse_title, row.bin) if part) if row else ""
        )
        may = state.can_adjust and row is not None
        for part in (self.delta_field, self.reason_field, self._title, self.asked, self.hub):
            part.setVisible(may)
        self.only_look.show_words(
            tr("Kept in lots: C counts one lot.") if state.lots else
            tr("You may look. The warehouse and leads correct a count.")
        )  # fmt: skip
        self.only_look.setVisible(row is not None and not may)
        self.lots.show_lots(state.lots, state.keeping, state.today)
        self.claims.show_claims(state.claims, row.available if row else 0)
        self.papers.show_docs(state.docs, state.now, state.zone)
        if self._sum is not None and self._sum.accessibleName() == _sum_words(row):
            return
        if self._sum is not None:
            self.sum.removeWidget(self._sum)
            self._sum.hide()
            self._sum.deleteLater()
        self._sum = _sum(row) if row else None
        if self._sum is not None:
            self._sum.setAccessibleName(_sum_words(row))
            self.sum.addWidget(self._sum)


def _sum(row: StockRow) -> ItemView:
    columns = (Column("what", ""), Column("pieces", "", theme.current().px("line.amount.w"), kind="number"))
    lines: tuple[tuple[Cell | str, Cell | str], ...] = (
        (tr("On hand"), count(row.on_hand)),
        (tr("Promised to orders"), f"− {count(row.reserved)}"),
        (tr("Held by other desks"), f"− {count(row.leased - row.carts)}"),
        *(((tr("Held for orders being placed"), f"− {count(row.carts)}"),) if row.carts else ()),
        *(((tr("Too old or recalled"), f"− {count(row.held)}"),) if row.held else ()),
        (tr("Safety, never sold"), f"− {count(row.safety)}"),
        (Cell(tr("Free to sell"), bold=True), Cell(f"= {count(row.available)}", bold=True)),
    )
    if row.mine:
        lines += ((tr("Of it held by this desk, also offline"), count(row.mine)),)
    return ItemView(Lines(columns, lines))


def _sum_words(row: StockRow | None) -> str:
    if row is None:
        return ""
    figures: dict[str, str | int | Text] = {
        "on_hand": row.on_hand, "reserved": row.reserved, "safety": row.safety, "free": row.available,
        "leased": row.leased - row.carts, "carts": row.carts,
    }  # fmt: skip
    if row.held:
        return tr(
            "{on_hand} on hand − {reserved} promised − {leased} held by desks − {carts} held for orders "
            "being placed − {held} too old or recalled − {safety} safety = {free} free",
            **figures,
            held=row.held,
        )
    if row.carts:
        return tr(
            "{on_hand} on hand − {reserved} promised − {leased} held by desks − {carts} "
            "held for orders being placed − {safety} safety = {free} free",
            **figures,
        )
    return tr(
        "{on_hand} on hand − {reserved} promised − {leased} held by desks − {safety} safety = {free} free",
        **figures,
    )
