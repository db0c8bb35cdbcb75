"""Read a delivered file as it comes: encoding, delimiter, header, and which kind of delivery it is."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path

import sync.channels
from app.registry import collect
from app.text import N_, Text
from app.trouble import Trouble
from sync.channel import Channel, Numbered

CHANNELS: Mapping[str, Channel] = collect(sync.channels, "CHANNEL", Channel)
ENCODINGS = ("utf-8-sig", "gb18030", "latin-1")
"""Tried in this order; the last one never fails."""
DELIMITERS = ",\t;|"
FILE_LIMIT = 500_000_000
CELL_LIMIT = 32_767
"""The longest cell a spreadsheet can hold."""


def read_rows(path: Path) -> tuple[tuple[str, ...], Iterator[Numbered]]:
    """Return the header and the rows of a delimited file; cells and headers without blanks around them.

    Raises:
        Trouble: no such file, too large, or empty.
    """
    if not path.is_file():
        raise Trouble("no_file", Text(N_("There is no file {name}. Check the path."), {"name": path.name}))
    if path.stat().st_size > FILE_LIMIT:
        raise Trouble("too_large", Text(N_("{name} is larger than 500 MB. Split it."), {"name": path.name}))
    text = _decoded(path.read_bytes())
    first = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=first.count)
    csv.field_size_limit(CELL_LIMIT * 4)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    header = tuple(cell.strip() for cell in next(reader, ()))
    if not any(header):
        raise Trouble("empty", Text(N_("{name} has no header row."), {"name": path.name}))
    return header, _numbered(reader, header)


def _numbered(reader: Iterator[list[str]], header: tuple[str, ...]) -> Iterator[Numbered]:
    for row_no, cells in enumerate(reader, 2):
        if any(cell.strip() for cell in cells):
            padded = [*cells, *[""] * (len(header) - len(cells))]
            yield Numbered(
                row_no, {h: c.strip()[:CELL_LIMIT] for h, c in zip(header, padded, strict=False) if h}
            )


def _decoded(body: bytes) -> str:
    for encoding in ENCODINGS:
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            continue
    return body.decode(ENCODINGS[-1])


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
