"""A table of anybody's: whether its first row names the columns, and what in it does not fit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from app.text import N_, Text
from app.trouble import Trouble
from sync.hub.imports.sheets import Sheet, open_sheet

LOOKED_AT = 200
"""So many rows tell whether the first one is one of them."""
MOSTLY = 0.6
_NUMBERED = re.compile(r"\D*[^\W\d][\s_.-]*\d{1,4}")
"""How people call the second of two columns: address_2, Line 3, Sales 2024."""
_FIGURES = re.compile(r"[+(]?\d[\d\s().,:/+-]*")
_DECIMAL = re.compile(r"[+-]?\d+[.,]\d+")


class Uneven(NamedTuple):
    """Rows with more cells than the header, rows with fewer, and the number of the first of them."""

    longer: int = 0
    shorter: int = 0
    first: int = 0


class Table(NamedTuple):
    """`notes` are sentences on what was taken for granted or does not fit."""

    sheet: Sheet
    uneven: Uneven
    notes: tuple[Text, ...]


def open_table(
    file: Path, folder: Path, *, sheet: str = "", has_header: bool | None = None, wanted: Sequence[str] = ()
) -> Table:
    """Open a table; where nobody says whether it has a header, its rows do.

    Columns without names are called 1, 2, 3. `wanted` are the names asked for: a row that has one
    of them is the header.

    Raises:
        Trouble: no such file, a folder, or no table.
    """
    if file.is_dir():
        raise Trouble(
            "folder", Text(N_("{name} is a folder. Name one file in it."), {"name": file.name or str(file)})
        )
    found = open_sheet(file, folder, sheet=sheet)
    notes: list[Text] = []
    if has_header is None and not set(wanted) & set(found.header) and looks_like_data(found):
        notes.append(
            Text(N_("The first row looks like data, so the columns are called 1, 2, 3. If not: --header."))
        )
        has_header = False
    if has_header is False:
        found = found.without_header()
    uneven = uneven_rows(found)
    if uneven.first:
        params: dict[str, str | int | Text] = {"rows": uneven.longer + uneven.shorter, "first": uneven.first}
        notes.append(
            Text(
                N_(
                    "{rows} rows have more or fewer cells than the header, the first is row {first}. "
                    "Put cells with a separator in them between quotation marks."
                ),
                params,
            )
        )
    twice = next((name for name in found.header if _names(found).count(name) > 1), "")
    if twice:
        text = N_("More than one column is called {name}; only the first is read. Rename the others.")
        notes.append(Text(text, {"name": twice[:80]}))
    return Table(found, uneven, tuple(notes))


def looks_like_data(sheet: Sheet) -> bool:
    """Tell whether the row taken for the header is like those below it."""
    names = sheet.header
    rows = [row.cells for row in islice(sheet.rows(), LOOKED_AT)]
    if len(names) > 1:  # tables that were joined repeat their header
        rows = [cells for cells in rows if any(cells[name] != name for name in names)]
    return any(_is_like(name, [cells[name] for cells in rows if cells[name]]) for name in names)


def _is_like(name: str, values: Sequence[str]) -> bool:
    if not values:
        return False
    if name in values:
        return True
    if "@" in name:
        return _share(["@" in value for value in values]) >= MOSTLY
    if _is_figures(name):
        return _share([_FIGURES.fullmatch(value) is not None for value in values]) >= MOSTLY
    if _is_mixed(name) and not _NUMBERED.fullmatch(name):
        return _share([_is_mixed(value) for value in values]) >= MOSTLY
    return False


def _is_figures(text: str) -> bool:
    """A year or a number of a column names something; a phone, a date, an amount does not."""
    is_long = sum(map(str.isdigit, text)) > 4 and _FIGURES.fullmatch(text) is not None
    return is_long or _DECIMAL.fullmatch(text) is not None


def _is_mixed(text: str) -> bool:
    return any(map(str.isdigit, text)) and any(map(str.isalpha, text))


def _share(said: Sequence[bool]) -> float:
    return sum(said) / len(said)


def uneven_rows(sheet: Sheet) -> Uneven:
    """Count the rows of a text whose cells are more or fewer than its columns; spreadsheets have none."""
    if sheet.kind != "csv":
        return Uneven()
    width = len(_names(sheet))
    longer = shorter = first = 0
    for row_no, cells in enumerate(sheet.lines(), 1):
        if row_no <= sheet.header_row or not any(cells):
            continue
        is_longer, is_shorter = any(cells[width:]), len(cells) < width
        longer, shorter = longer + is_longer, shorter + is_shorter
        if (is_longer or is_shorter) and not first:
            first = row_no
    return Uneven(longer, shorter, first)


def _names(sheet: Sheet) -> list[str]:
    """Return the cells of the header as they stand, without the empty ones behind the last name."""
    names = list(sheet.header) if not sheet.header_row else sheet.top(sheet.header_row)[-1]
    while names and not names[-1]:
        names.pop()
    return names
