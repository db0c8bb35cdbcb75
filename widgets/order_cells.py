"""An order as a row of the table and as a row of a file: the same columns, in the language on screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from app.domain.order_view import COLUMNS, SORTS, Shown
from app.ports import OrderRow, Person, Value
from app.presenters.orders import State
from app.text import N_
from widgets import theme
from widgets.cells import Cell, Column, Kind, TableRow, words_of
from widgets.phrases import MARKS, status_words
from widgets.words import count, day_there, moment, money, places, tr

FOUND: Final = "found"
"""The column that says where the words of a search stand; there only while one searches."""
_PLACES: Final = {
    "number": COLUMNS["number"],
    "ext_id": COLUMNS["ext_id"],
    "tracking": COLUMNS["tracking"],
    "place": COLUMNS["place"],
    "article": N_("Article"),
    "buyer": COLUMNS["buyer"],
    "phone": COLUMNS["phone"],
    "street": N_("Street"),
    "note": N_("Note"),
}
_WIDTHS: Final[dict[str, tuple[str, ...]]] = {  # tokens whose sum is the width it comes with
    "number": ("line.number.w", "space.4"), "status": ("history.delivery.w",),
    "channel": ("space.6", "space.2"), "shop": ("line.title.w",), "ext_id": ("line.title.w", "space.5"),
    "buyer": ("facts.label.w",), "phone": ("line.number.w",), "pieces": ("facts.label.w",),
    "amount": ("line.number.w",), "warehouse": ("history.who.w",), "tracking": ("line.title.w",),
    "ordered": ("line.number.w", "space.3"), "received": ("line.number.w", "space.3"),
    "ship_by": ("line.number.w", "space.3"), "held": ("history.who.w",), "touched": ("history.who.w",),
    FOUND: ("line.number.w", "space.4"),
}  # fmt: skip
_NARROW: Final = _WIDTHS | {
    "place": ("line.number.w",), "amount": ("line.amount.w", "space.2"),
    "received": ("line.amount.w", "space.3"),
}  # fmt: skip
"""In a narrow window the exception alone takes what is left: it must be read."""
_KINDS: Final[dict[str, Kind]] = {
    "number": "strong", "channel": "badge", "pieces": "number", "amount": "money", "ordered": "muted",
    "received": "muted", "ship_by": "muted", FOUND: "muted",
}  # fmt: skip
_RIGHT: Final = frozenset({"ordered", "received", "ship_by"})
PRIVATE: Final = {"street": N_("Street"), "note": N_("Note")}
"""What an export in full has besides the columns on screen."""


def title(code: str) -> str:
    """What the head of a column says."""
    return tr("Found in") if code == FOUND else tr(COLUMNS[code])


def columns(shown: Sequence[Shown], *, is_searching: bool, is_wide: bool) -> tuple[Column, ...]:
    """Return the columns of the table; in a narrow window the badge stands for the shop."""
    both = {"shop", "channel"} <= {each.code for each in shown}
    wanted = [each for each in shown if is_wide or not (each.code == "shop" and both)]
    if is_searching:
        wanted.insert(1, Shown(FOUND))
    px, widths = theme.current().px, _WIDTHS if is_wide else _NARROW
    return tuple(
        Column(
            each.code,
            "" if each.code == "channel" else title(each.code),
            each.width or sum(px(token) for token in widths.get(each.code, ())),
            "right" if each.code in _RIGHT else "",
            _KINDS.get(each.code, "text"),
            is_sortable=each.code in SORTS,
        )
        for each in wanted
    )


class Look:
    """What every row needs beside itself, looked up once for a whole page of rows."""

    def __init__(self, state: State) -> None:
        self.kinds = {code: (tr(words), MARKS[severity]) for code, words, severity in state.kinds}
        self.warehouses = dict(state.warehouses)
        self.zone = ZoneInfo(state.zone)
        self.today_on = day_there(state.now, self.zone) if state.now is not None else None
        self.statuses = {status: status_words(status) for status in state.statuses}
        self.held, self.touched = Cell(tr("On hold"), "waits"), tr("By a person")
        self.places = {code: tr(words) for code, words in _PLACES.items()}

    def when(self, at: datetime | None) -> str:
        """A point in time, today without its date."""
        return moment(at, self.zone, self.today_on or day_there(at, self.zone)) if at is not None else ""

    def snag(self, code: str) -> str | Cell:
        """An exception with its mark."""
        return Cell(*self.kinds[code]) if code in self.kinds else ""


def table_row(row: OrderRow, shown: Sequence[Column], look: Look) -> TableRow:
    """One order as a row of the table; what the search found is bold where it stands on screen."""
    cells = [_CELLS[column.code](row, look) for column in shown]
    for at, column in enumerate(shown) if row.found else ():
        if column.code in row.found:
            cell = cells[at]
            cells[at] = Cell(cell if isinstance(cell, str) else cell.text, bold=True)
    return TableRow(row.id, tuple(cells))


def _status(row: OrderRow, look: Look) -> str | Cell:
    words = look.statuses.get(row.status, row.status)
    return Cell(words, "saved") if row.pending else words


_CELLS: Final[dict[str, Callable[[OrderRow, Look], str | Cell]]] = {
    "number": lambda row, _look: row.number,
    "status": _status,
    "snag": lambda row, look: look.snag(row.snag),
    "channel": lambda row, _look: row.channel,
    "shop": lambda row, _look: row.shop_title,
    "ext_id": lambda row, _look: row.ext_id,
    "buyer": lambda row, _look: row.buyer,
    "phone": lambda row, _look: row.phone,
    "place": lambda row, _look: row.place,
    "pieces": lambda row, _look: count(row.pieces),
    "amount": lambda row, _look: money(row.payable_minor, row.currency),
    "warehouse": lambda row, look: look.warehouses.get(row.warehouse, row.warehouse),
    "tracking": lambda row, _look: row.tracking_no,
    "ordered": lambda row, look: look.when(row.ordered_at),
    "received": lambda row, look: look.when(row.received_at),
    "ship_by": lambda row, look: look.when(row.ship_by_at),
    "held": lambda row, look: look.held if row.held else "",
    "touched": lambda row, look: look.touched if row.touched else "",
    FOUND: lambda row, look: ", ".join(look.places[place] for place in row.found),
}


# --- files ----------------------------------------------------------------------------------------------


def file_titles(shown: Sequence[Shown], *, in_full: bool) -> tuple[str, ...]:
    """The heads of a file's columns; an amount says its currency beside it."""
    titles: list[str] = []
    for each in shown:
        titles += (title(each.code), tr("Currency")) if each.code == "amount" else (title(each.code),)
    if in_full:
        titles += (tr(name) for name in PRIVATE.values())
    return tuple(titles)


def file_row(row: OrderRow, person: Person | None, shown: Sequence[Shown], look: Look) -> tuple[Value, ...]:
    """One order as cells of a file: people masked unless `person` is there, numbers as numbers."""
    times = {"ordered": row.ordered_at, "received": row.received_at, "ship_by": row.ship_by_at}
    made: list[Value] = []
    for each in shown:
        if each.code == "amount":
            made += (row.payable_minor / 10 ** places(row.currency), row.currency)
        elif each.code == "pieces":
            made.append(row.pieces)
        elif each.code in times:
            at = times[each.code]
            made.append(f"{at.astimezone(look.zone):%Y-%m-%d %H:%M}" if at is not None else "")
        elif person is not None and each.code in ("buyer", "phone"):
            made.append(person.name if each.code == "buyer" else person.phone)
        else:
            made.append(words_of(_CELLS[each.code](row, look)))
    if person is not None:
        made += (person.street, person.note)
    return tuple(made)
