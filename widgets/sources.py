"""Why an order is sent from where it is sent from: a heading, who decided, and a row for every place."""

from __future__ import annotations

from datetime import date

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.why_there import Place, Why
from widgets import theme
from widgets.prose import HEADING, NOTE, Prose
from widgets.table import Cell, Column, ListModel, Table, TableRow
from widgets.words import count, moment, money, tr, trn


class Sources(QWidget):
    """A table of warehouses; nothing at all where none was looked at."""

    def __init__(self) -> None:
        super().__init__()
        self._heading, self._note = Prose(style=HEADING, wraps=False), Prose(style=NOTE, wraps=False)
        self._shown: bool | None = None
        self.model = ListModel(())
        self.table = Table("", self.model, whole=True)
        self.table.setObjectName("order/sources")
        px = theme.current().px
        head = QHBoxLayout()
        head.setSpacing(px("space.2"))
        head.addWidget(self._heading)
        head.addWidget(self._note, 1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, px("space.3"))
        box.setSpacing(px("space.1"))
        box.addLayout(head)
        box.addWidget(self.table)

    def say(self) -> None:
        """Take the fixed words in the language on screen."""
        self.table.setAccessibleName(tr("Why this warehouse"))
        self._shown = None

    def _lay_out(self, *, in_parcels: bool) -> None:
        """Name the columns; where each place sends one parcel their number takes no room from the reason."""
        if self._shown == in_parcels:
            return
        self._shown = in_parcels
        px = theme.current().px
        narrow, wide = px("facts.label.w"), px("history.delivery.w")
        parcels = (Column("parcels", tr("Parcels"), narrow, kind="number"),) if in_parcels else ()
        self.model = ListModel(
            (
                Column("place", tr("From"), px("line.number.w") if in_parcels else wide, kind="strong"),
                Column("km", tr("Distance"), narrow, kind="number"),
                Column("stock", tr("Stock"), narrow, kind="number"),
                Column("freight", tr("Freight"), narrow, kind="money"),
                *parcels,
                Column("leaves", tr("Cut-off"), wide, "right"),
                Column("late", tr("Later by"), narrow, kind="number"),
                Column("score", tr("Score"), px("line.number.w"), kind="money"),
                Column("verdict", tr("Why, or why not")),
            )
        )
        self.table.show_model(self.model)

    def show_why(self, why: Why, zone: str, today_on: date) -> None:
        """Show these places, the chosen one first."""
        self.setVisible(bool(why.places))
        in_parcels = any(place.parcels > 1 for place in why.places)
        self._lay_out(in_parcels=in_parcels)
        self._heading.show_words(
            tr("Why this warehouse") if why.is_decided else tr("Where it would come from now")
        )
        self._note.show_words(trn(why.said) if why.said is not None else "")
        self.model.show_rows(
            [_row(place, why, zone, today_on, in_parcels=in_parcels) for place in why.places]
        )


def _row(place: Place, why: Why, zone: str, today_on: date, *, in_parcels: bool) -> TableRow:
    is_able = place.score is not None
    mark = "met" if place.is_chosen else "not_yet" if is_able else "stops"
    return TableRow(
        place.title,
        (
            Cell(place.title, mark, bold=place.is_chosen),
            tr("{km} km", km=count(place.km)) if place.km is not None else "–",
            tr("{has} of {wants}", has=count(place.has), wants=count(place.wants)),
            money(place.freight_minor, why.currency) if place.freight_minor is not None else "–",
            *((count(place.parcels) if place.parcels else "–",) if in_parcels else ()),
            moment(place.leaves_at, zone, today_on) if place.leaves_at is not None else "–",
            tr("{hours} h", hours=count(place.late_h)) if place.late_h else "–",
            money(place.score, why.currency) if place.score is not None else "–",
            trn(place.verdict),
        ),
        chosen=place.is_chosen,
        faded=not is_able,
    )
