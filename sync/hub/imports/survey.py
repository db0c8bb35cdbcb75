"""What stands in the columns of a file: samples, and how dates, numbers and keys are written there."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice

from sync.hub.imports.cells import is_nothing, naive
from sync.hub.imports.sheets import Sheet

LOOKED_AT = 20_000
"""Rows from which samples and uniqueness are judged; dates are judged by all of them."""
SAMPLES = 5
WORDS = 40
"""Different words a column of states has at most."""
_SLASHED = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?!\d)")
_COMMA_COINS = re.compile(r"[^\d]*\d[\d.]*,\d{1,2}[^\d]*")
_DOT_COINS = re.compile(r"[^\d]*\d[\d,]*\.\d+[^\d]*")
_LETTERED = re.compile(r"([A-Za-z]{1,3})\d{3,}")
_FIGURE = re.compile(r"[-+(]?[¥￥$€£₹]?\s*\d[\d.,\s]*\)?%?")


@dataclass(slots=True)
class Column:
    """One column: counts are cells with something in them among the rows looked at."""

    name: str
    samples: list[str] = field(default_factory=list)
    filled: int = 0
    figures: int = 0
    negatives: int = 0
    commas: int = 0
    dots: int = 0
    dates: int = 0
    serials: int = 0
    first_over_12: int = 0
    second_over_12: int = 0
    slashed: int = 0
    words: dict[str, int] = field(default_factory=dict)
    is_unique: bool = True
    lettered: str = ""
    """The letters before the figures of some numbers, where the others have none."""

    def look(self, text: str) -> None:
        """Take one cell into account."""
        self.filled += 1
        if len(self.samples) < SAMPLES and text not in self.samples:
            self.samples.append(text)
        if len(self.words) <= WORDS:
            self.words[text] = self.words.get(text, 0) + 1
        if not self.lettered and (found := _LETTERED.fullmatch(text)) is not None:
            self.lettered = found[1]
        if _FIGURE.fullmatch(text):
            self.figures += 1
            self.negatives += text.startswith(("-", "("))
            self.commas += bool(_COMMA_COINS.fullmatch(text))
            self.dots += bool(_DOT_COINS.fullmatch(text))
        if self.dates * 4 >= self.filled - 20:
            self.dates += any(naive(text, order) is not None for order in ("ymd", "dmy", "mdy"))
            whole = text.partition(".")[0]
            self.serials += len(whole) == 5 and whole.isdigit()

    def look_at_date(self, text: str) -> None:
        """Note what a date tells about the order of day and month."""
        if (found := _SLASHED.match(text)) is not None:
            self.slashed += 1
            self.first_over_12 += int(found[1]) > 12
            self.second_over_12 += int(found[2]) > 12

    @property
    def is_dates(self) -> bool:
        """Nearly every cell is a time."""
        return self.filled > 0 and self.dates >= 0.9 * self.filled

    @property
    def date_order(self) -> str:
        """One of ymd | mdy | dmy | serial, decided by the whole column; empty when it does not say."""
        if self.serials and self.serials >= 0.9 * self.filled:
            return "serial"
        if not self.slashed:
            return "ymd"
        if bool(self.first_over_12) == bool(self.second_over_12):
            return ""
        return "dmy" if self.first_over_12 else "mdy"

    @property
    def decimal(self) -> str:
        """Dot | comma: which sign stands before the smaller coins."""
        return "comma" if self.commas > self.dots else "dot"


@dataclass(slots=True)
class Survey:
    """A whole file: how many rows, and its columns by name."""

    rows: int
    columns: dict[str, Column]


def survey(sheet: Sheet) -> Survey:
    """Read a file once from end to end."""
    columns = {name: Column(name) for name in sheet.header}
    seen: dict[str, set[int]] = {name: set() for name in sheet.header}
    rows, count = sheet.rows(), 0
    for row in islice(rows, LOOKED_AT):
        count += 1
        for name, text in row.cells.items():
            if not is_nothing(text):
                columns[name].look(text)
                columns[name].look_at_date(text)
                mark, known = hash(text), seen[name]
                if mark in known:
                    columns[name].is_unique = False
                elif columns[name].is_unique:
                    known.add(mark)
    undecided = [c for c in columns.values() if c.is_dates and c.slashed and not c.date_order]
    return Survey(count + _read_on((row.cells for row in rows), undecided), columns)


def _read_on(rows: Iterable[dict[str, str]], undecided: list[Column]) -> int:
    count = 0
    for cells in rows:
        count += 1
        for column in undecided:
            column.look_at_date(cells[column.name])
    return count
