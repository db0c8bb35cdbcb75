"""A sales channel as the hub sees it: a way to turn what a shop delivers into `Receive` commands."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from zoneinfo import ZoneInfo

import msgspec

import resources
from app.commands.receive import Receive
from app.domain.company import Shop
from app.domain.land import UNKNOWN, plain
from app.text import N_, Text

Row = dict[str, str]
"""One row of a delivered file: header (trimmed) → cell as text."""

NAME_LIMIT = 64
"""The longest order number or article code: keys of tables hold them."""
MOST_MINOR = 10**13
_DAMAGED = re.compile(r"\d+(\.\d+)?[eE]\+\d+")
_AMOUNT = re.compile(r"\d+(\.\d*)?|\.\d+")


def country_of(name: str) -> str:
    """Return the two letters of a country told by them or by its name; ZZ where nobody knows it."""
    return _lands().get(plain(name), UNKNOWN)


@cache
def _lands() -> Mapping[str, str]:
    lands = msgspec.json.decode(resources.read("columns", "lands.json"), type=dict[str, list[str]])
    return {plain(name): code for code, names in lands.items() for name in (code, *names)}


class Numbered(msgspec.Struct, frozen=True, omit_defaults=True):
    """One row with its place in its file, as a spreadsheet numbers rows; joined files count from 0."""

    row_no: int
    cells: Row
    file: int = 0


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """One order as a channel delivered it: still without our id and number.

    `counted`: the rows to account for, where others that say what the order was came with an earlier file.
    `payload` is what a channel itself sent, as JSON; `version` names this very content of it.
    """

    receive: Receive
    rows: tuple[Numbered, ...]
    counted: tuple[Numbered, ...] = ()
    payload: str = ""
    version: str = ""

    @property
    def own(self) -> tuple[Numbered, ...]:
        """The rows this delivery brought."""
        return self.counted or self.rows


class Rejected(msgspec.Struct, frozen=True, kw_only=True):
    """A row that cannot become an order, and why."""

    row: Numbered
    reason: Text


class Unreadable(Exception):
    """A cell cannot be understood; the text names the column and what to do.

    It never repeats the cell: in a file with shifted columns that may be a buyer's phone, and texts travel.
    """

    def __init__(self, text: Text) -> None:
        super().__init__(text.message)
        self.text = text


@dataclass(frozen=True, slots=True)
class Channel:
    """One kind of delivery. `headers` must all be there for the file to be of this kind.

    `group` names the header whose equal values form one order; `draft` reads one such group; `shop` is what a
    shop that is not set up yet is taken for. `kinds`: header → money | count | time, of what `draft` reads as
    more than text; `times` are the forms of its dates.
    """

    code: str
    title: str
    headers: frozenset[str]
    group: str
    draft: Callable[[tuple[Numbered, ...], Shop], Receive]
    shop: Shop
    kinds: Mapping[str, str] = field(default_factory=dict)
    times: tuple[str, ...] = ()


def drafts(
    channel: Channel, rows: Iterable[Numbered], shop: Shop, scattered: Collection[str] = ()
) -> Iterator[Draft | Rejected]:
    """Read orders out of rows; one that cannot be read rejects all of its rows, each with the reason.

    `scattered`: order numbers whose rows do not stand together; only these are kept until the end.
    """
    yield from read_groups(channel, grouped(rows, channel.group, scattered), shop)


def read_groups(
    channel: Channel, groups: Iterable[tuple[Numbered, ...]], shop: Shop
) -> Iterator[Draft | Rejected]:
    """Read one order out of each group of rows; the first row of a group says its number."""
    for group in groups:
        try:
            _check_number(group[0].cells, channel.group)
            yield Draft(receive=channel.draft(group, shop), rows=group)
        except Unreadable as trouble:
            for row in group:
                yield Rejected(row=row, reason=trouble.text)


def grouped(
    rows: Iterable[Numbered], header: str, scattered: Collection[str]
) -> Iterator[tuple[Numbered, ...]]:
    """Put the rows of one order together; a row without a number stays alone."""
    kept: dict[str, list[Numbered]] = {}
    run: list[Numbered] = []
    for row in rows:
        number = row.cells.get(header, "")
        if number in scattered:
            kept.setdefault(number, []).append(row)
            continue
        if run and not (number and number == run[0].cells.get(header, "")):
            yield tuple(run)
            run = []
        run.append(row)
    if run:
        yield tuple(run)
    for group in kept.values():
        yield tuple(group)


def check_code(text: str, header: str) -> str:
    """Return a number or code that nothing happened to; empty where there is none.

    Raises:
        Unreadable: longer than any code is, or shortened by a spreadsheet.
    """
    if len(text) > NAME_LIMIT:
        raise Unreadable(
            Text(N_("{column} is longer than {limit} characters."), {"column": header, "limit": NAME_LIMIT})
        )
    if _DAMAGED.fullmatch(text):
        # Source: channels.md section 0, ids are text: two orders would become one.
        raise Unreadable(
            Text(
                N_(
                    "{column} was shortened by a spreadsheet. Export the file again and do not save it there."
                ),
                {"column": header},
            )
        )
    return text


def _check_number(cells: Row, header: str) -> None:
    if not check_code(cells.get(header, ""), header):
        raise Unreadable(Text(N_("No {column}. Fill it in."), {"column": header}))


def name(cells: Row, header: str) -> str:
    """Read an order number or an article code; empty where there is none.

    Raises:
        Unreadable: longer than any code is.
    """
    text = cells.get(header, "")
    if len(text) > NAME_LIMIT:
        raise Unreadable(
            Text(N_("{column} is longer than {limit} characters."), {"column": header, "limit": NAME_LIMIT})
        )
    return text


def money(cells: Row, header: str) -> int:
    """Read an amount with at most two places as minor units; empty is zero.

    Raises:
        Unreadable: not a number, negative, too large, or finer than the currency's smallest coin.
    """
    text = cells.get(header, "").replace(",", "").strip()
    if not text:
        return 0
    try:
        minor = Decimal(text if _AMOUNT.fullmatch(text) else "NaN") * 100
    except InvalidOperation:
        minor = Decimal("NaN")
    if not minor.is_finite() or minor > MOST_MINOR:
        raise Unreadable(
            Text(N_("{column} is not an amount. Write it like {form}."), {"column": header, "form": "128.50"})
        )
    if minor != minor.to_integral_value():
        raise Unreadable(Text(N_("{column} has more than two decimals."), {"column": header}))
    return int(minor)


def count(cells: Row, header: str) -> int:
    """Read a whole number of pieces.

    Raises:
        Unreadable: not a whole number, or negative.
    """
    text = cells.get(header, "").strip()
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise Unreadable(Text(N_("{column} is not a number of pieces."), {"column": header}))
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
        except (ValueError, OverflowError):
            continue
    example = datetime(2026, 6, 13, 20, 30, tzinfo=UTC).strftime(formats[0])
    raise Unreadable(
        Text(N_("{column} is not a date. Write it like {form}."), {"column": header, "form": example})
    )
