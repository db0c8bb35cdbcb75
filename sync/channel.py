"""A sales channel as the hub sees it: a way to turn what a shop delivers into `Receive` commands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

import msgspec

from app.commands.receive import Receive
from app.domain.company import Shop
from app.text import N_, Text

Row = dict[str, str]
"""One row of a delivered file: header (trimmed) → cell as text."""


class Numbered(msgspec.Struct, frozen=True):
    """One row with its place in the file; the header is row 1."""

    row_no: int
    cells: Row


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """One order as a channel delivered it: still without our id and number."""

    receive: Receive
    rows: tuple[Numbered, ...]


class Rejected(msgspec.Struct, frozen=True, kw_only=True):
    """A row that cannot become an order, and why."""

    row: Numbered
    reason: Text


class Unreadable(Exception):
    """A cell cannot be understood; the text says which and what to do."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.message)
        self.text = text


@dataclass(frozen=True, slots=True)
class Channel:
    """One kind of delivery. `headers` must all be there for the file to be of this kind.

    `group` names the header whose equal values form one order; `draft` reads one such group.
    """

    code: str
    title: str
    headers: frozenset[str]
    group: str
    draft: Callable[[tuple[Numbered, ...], Shop], Receive]


def drafts(channel: Channel, rows: Iterable[Numbered], shop: Shop) -> Iterator[Draft | Rejected]:
    """Read orders out of rows; one that cannot be read rejects all of its rows, each with the reason."""
    for group in _groups(rows, channel.group):
        try:
            require(group[0].cells, channel.group)
            yield Draft(receive=channel.draft(group, shop), rows=group)
        except Unreadable as trouble:
            for row in group:
                yield Rejected(row=row, reason=trouble.text)


def _groups(rows: Iterable[Numbered], header: str) -> Iterator[tuple[Numbered, ...]]:
    """Put rows of one order together wherever they stand; a row without a number stays alone."""
    found: dict[str, list[Numbered]] = {}
    for row in rows:
        key = row.cells.get(header, "")
        found.setdefault(key or f"\x00{row.row_no}", []).append(row)
    for group in found.values():
        yield tuple(group)


def require(cells: Row, header: str) -> str:
    """Return a cell that must not be empty.

    Raises:
        Unreadable: it is.
    """
    text = cells.get(header, "")
    if not text:
        raise Unreadable(Text(N_("No {column}. Fill it in."), {"column": header}))
    return text


def money(cells: Row, header: str) -> int:
    """Read an amount with at most two places as minor units; empty is zero.

    Raises:
        Unreadable: not a number, or finer than the currency's smallest coin.
    """
    text = cells.get(header, "").replace(",", "").strip()
    if not text:
        return 0
    try:
        minor = Decimal(text) * 100
    except InvalidOperation:
        raise Unreadable(
            Text(N_("{column} is {value}, not an amount."), {"column": header, "value": text})
        ) from None
    if not minor.is_finite() or minor != minor.to_integral_value() or abs(minor) > 10**15:
        raise Unreadable(
            Text(N_("{column} {value} has more than two decimals."), {"column": header, "value": text})
        )
    return int(minor)


def count(cells: Row, header: str) -> int:
    """Read a whole number of pieces.

    Raises:
        Unreadable: not a whole number, or negative.
    """
    text = cells.get(header, "").strip()
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise Unreadable(
            Text(N_("{column} is {value}, not a number of pieces."), {"column": header, "value": text})
        )
    return int(text)


def instant(cells: Row, header: str, formats: tuple[str, ...], zone: str) -> datetime | None:
    """Read a naive time as the shop's own time; empty is None.

    Raises:
        Unreadable: no known form of a date.
    """
    text = cells.get(header, "").strip()
    if not text:
        return None
    for form in formats:
        try:
            return datetime.strptime(text, form).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
        except ValueError:
            continue
    raise Unreadable(
        Text(
            N_("{column} is {value}. Write it as {form}."),
            {"column": header, "value": text, "form": formats[0]},
        )
    )
