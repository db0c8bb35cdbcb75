"""The after-sales cases of an order: what each is about, where it stands, what it gave back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.aftersale import (
    GRADE_TITLES,
    KIND_TITLES,
    REASONS,
    STATE_TITLES,
    Grade,
    ReturnCase,
    ReturnState,
)
from app.domain.order import Order
from widgets import theme
from widgets.prose import HEADING, Prose
from widgets.table import Cell, Column, ListModel, Table, TableRow
from widgets.words import count, money, tr

_MARKS: Final = {
    ReturnState.REQUESTED: "waits",
    ReturnState.AWAITED: "waits",
    ReturnState.ACCEPTED: "waits",
    ReturnState.GRADED: "waits",
    ReturnState.CLOSED: "met",
    ReturnState.REJECTED: "stops",
    ReturnState.WITHDRAWN: "not_yet",
}


class Aftersales(QWidget):
    """A heading and a table; nothing at all for an order without cases."""

    def __init__(self) -> None:
        super().__init__()
        self._heading = Prose(style=HEADING)
        self.model = ListModel(())
        self.table = Table("", self.model, whole=True)
        self.table.setObjectName("order/aftersales")
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, theme.current().px("space.3"))
        box.setSpacing(theme.current().px("space.1"))
        box.addWidget(self._heading)
        box.addWidget(self.table)

    def say(self) -> None:
        """Take the fixed words in the language on screen."""
        px = theme.current().px
        self._heading.show_words(tr("After-sales"))
        self.table.setAccessibleName(tr("After-sales"))
        self.model = ListModel(
            (
                Column("kind", tr("Wish"), px("line.number.w"), kind="strong"),
                Column("state", tr("State"), px("line.number.w") + px("space.3")),
                Column("pieces", tr("Pieces"), px("line.amount.w"), kind="number"),
                Column("what", tr("Reason and grades")),
                Column("money", tr("Refunded"), px("row.limit.w"), kind="money"),
                Column("owner", tr("Owner"), px("facts.label.w")),
            )
        )
        self.table.show_model(self.model)

    def show_cases(self, order: Order, names: Mapping[str, str]) -> None:
        """Show the cases of this order, the oldest first."""
        self.setVisible(bool(order.returns))
        self.model.show_rows([_row(case, order, names) for case in order.returns])


def _row(case: ReturnCase, order: Order, names: Mapping[str, str]) -> TableRow:
    given = money(case.refunded_minor, order.currency) if case.refunds else "–"
    return TableRow(
        case.id,
        (
            tr(KIND_TITLES[case.kind]),
            Cell(tr(STATE_TITLES[case.state]), _MARKS[case.state]),
            count(case.pieces),
            _what(case),
            given,
            names.get(case.owner, case.owner),
        ),
        faded=case.state is ReturnState.WITHDRAWN,
    )


def _what(case: ReturnCase) -> str:
    """Why it was asked, how the goods looked, what went out for them."""
    said = [tr(REASONS.get(case.reason, case.reason))]
    said += [f"{tr(GRADE_TITLES[grade])} {count(qty)}" for grade in Grade if (qty := case.graded(grade))]
    if case.replacement:
        said.append(tr("replaced"))
    if case.answer:
        said.append(case.answer)
    return " · ".join(said)
