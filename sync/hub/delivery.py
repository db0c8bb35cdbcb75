"""Read a delivered file as it comes: encoding, delimiter, header, and which kind of delivery it is.

Rows are read one by one, again each time somebody asks: a file need not fit into memory.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import sync.channels
from app.registry import collect
from app.text import N_, Text
from app.trouble import Trouble
from sync.channel import Channel, Numbered

CHANNELS: Mapping[str, Channel] = collect(sync.channels, "CHANNEL", Channel)
ENCODINGS = ("utf-8-sig", "gb18030", "latin-1")
"""Tried in this order; the last one never fails."""
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
DELIMITERS = ",\t;|"
FILE_LIMIT = 500_000_000
CELL_LIMIT = 32_767
"""The longest cell a spreadsheet can hold."""
COLUMNS = 500
CHUNK = 1_000_000


@dataclass(frozen=True, slots=True)
class Sheet:
    """A delimited file. `header`: the columns that have a name, each once."""

    path: Path
    encoding: str
    delimiter: str
    header: tuple[str, ...]

    def rows(self) -> Iterator[Numbered]:
        """Yield the rows that are not empty; cells without blanks around them.

        Raises:
            Trouble: a quotation mark is never closed, so that no row after it can be told from the next.
        """
        with self.path.open(encoding=self.encoding, newline="") as file:
            reader = csv.reader(file, delimiter=self.delimiter)
            at = _places(_cells(reader, self.path, 1))
            row_no = 1
            while cells := _cells(reader, self.path, row_no + 1, is_more=True):
                row_no += 1
                if any(cells):
                    named = {name: cells[i] if i < len(cells) else "" for name, i in at.items()}
                    yield Numbered(row_no, named)


def open_sheet(path: Path) -> Sheet:
    """Look at a file: how it is written and what its columns are called.

    Raises:
        Trouble: no such file, too large, empty, or no table.
    """
    if not path.is_file():
        raise Trouble("no_file", Text(N_("There is no file {name}. Check the path."), {"name": path.name}))
    if path.stat().st_size > FILE_LIMIT:
        raise Trouble("too_large", Text(N_("{name} is larger than 500 MB. Split it."), {"name": path.name}))
    csv.field_size_limit(CELL_LIMIT * 4)
    encoding = _encoding(path)
    with path.open(encoding=encoding, newline="") as file:
        first = file.readline(CELL_LIMIT)
        file.seek(0)
        delimiter = max(DELIMITERS, key=first.count)
        header = tuple(_places(_cells(csv.reader(file, delimiter=delimiter), path, 1)))
    if not header:
        raise Trouble("empty", Text(N_("{name} has no header row."), {"name": path.name}))
    return Sheet(path, encoding, delimiter, header)


def _places(cells: list[str]) -> dict[str, int]:
    """Tell where each named column stands; of two with one name the first counts."""
    places: dict[str, int] = {}
    for i, cell in enumerate(cells[:COLUMNS]):
        if cell:
            places.setdefault(cell, i)
    return places


def _cells(reader: Iterator[list[str]], path: Path, row_no: int, *, is_more: bool = False) -> list[str]:
    """Return the next row's cells; none at the end. With `is_more` an empty row is one empty cell."""
    try:
        cells = next(reader, None)
    except csv.Error as fault:
        raise Trouble(
            "broken",
            Text(
                N_("{name} is broken at row {row}: a quotation mark is not closed, or it is no table."),
                {"name": path.name, "row": row_no},
            ),
        ) from fault
    if cells is None:
        return []
    return [_plain(cell) for cell in cells] or ([""] if is_more else [])


def _plain(cell: str) -> str:
    """Take off what spreadsheets put around a text so that it stays one; no table can hold a NUL."""
    text = cell.replace("\0", "").strip()
    if text.startswith('="') and text.endswith('"'):
        text = text[2:-1].strip()
    return text[:CELL_LIMIT]


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        if file.read(2) in UTF_16:
            return "utf-16"
    for encoding in ENCODINGS:
        try:
            with path.open(encoding=encoding) as file:
                while file.read(CHUNK):
                    pass
        except UnicodeDecodeError:
            continue
        return encoding
    return ENCODINGS[-1]


def channel_for(header: tuple[str, ...], name: str = "") -> Channel:
    """Return the channel named, or the one whose headers are all there.

    Raises:
        Trouble: unknown name, missing headers, or nothing fits; the hint says which.
    """
    if name:
        if name not in CHANNELS:
            known = ", ".join(sorted(CHANNELS))
            raise Trouble(
                "mapping", Text(N_("No mapping {name}. There are: {known}"), {"name": name, "known": known})
            )
        lacking = sorted(CHANNELS[name].headers - set(header))
        if lacking:
            raise Trouble(
                "headers", Text(N_("The file lacks the columns {names}."), {"names": ", ".join(lacking)})
            )
        return CHANNELS[name]
    fitting = [c for c in CHANNELS.values() if c.headers <= set(header)]
    if not fitting:
        raise Trouble(
            "mapping",
            Text(N_("No known shop exports these columns: {names}."), {"names": ", ".join(header)[:300]}),
        )
    return max(fitting, key=lambda c: len(c.headers))
