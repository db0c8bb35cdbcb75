"""`python -m sync.hub.imports.unfold WORKBOOK SHEET OUT`: one sheet of a spreadsheet as text, in a process.

A whole sheet has to fit into memory to be read; here that memory goes back to the machine with the process,
and a workbook that is damaged, or made to do damage, ends nothing but this. Prints one JSON object: `sheets`,
and the `sheet` that was written; or `error`: password | broken | no_sheet.

A formula gives its stored value; a merged block its value in every row of it; a date is written year first.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

MEMORY = 4_000_000_000
"""The most this process may take; beyond it the workbook counts as broken. Units: bytes."""
EXACT = 10**15
"""A spreadsheet keeps fifteen digits: a longer number has lost its last ones."""

Merged = dict[tuple[int, int], tuple[int, int]]


def main(workbook: str, sheet: str, out: str) -> dict[str, Any]:
    """Write one sheet, the first with something in it if none is named."""
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

    _bound()
    try:
        book = CalamineWorkbook.from_path(workbook)
        names = [one.name for one in book.sheets_metadata if one.visible == SheetVisibleEnum.Visible]
        if not names or (sheet and sheet not in names):
            return {"error": "no_sheet", "sheets": names}
        for name in [sheet] if sheet else names:
            found = book.get_sheet_by_name(name)
            if found.height > 1 or sheet or name == names[-1]:
                _write(found, Path(out))
                return {"sheets": names, "sheet": name}
    except PasswordError:
        return {"error": "password"}
    except (CalamineError, OSError, ValueError, MemoryError):
        return {"error": "broken"}
    return {"error": "no_sheet", "sheets": names}


def _write(sheet: Any, out: Path) -> None:
    merged = _merged(sheet.merged_cell_ranges or [])
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        for cells in _filled(sheet.iter_rows(), merged):
            writer.writerow([text(cell) for cell in cells])


def _merged(blocks: list[tuple[tuple[int, int], tuple[int, int]]]) -> Merged:
    """Tell for each cell of a merged block, below its first row, which cell holds the value."""
    held: Merged = {}
    for (top, left), (bottom, right) in blocks:
        for row in range(top + 1, bottom + 1):
            for column in range(left, right + 1):
                held[row, column] = (top, left)
    return held


def _filled(rows: Iterator[list[Any]], merged: Merged) -> Iterator[list[Any]]:
    wanted, known = set(merged.values()), dict[tuple[int, int], Any]()
    for y, cells in enumerate(rows):
        for x in range(len(cells) if wanted else 0):
            if (y, x) in wanted:
                known[y, x] = cells[x]
            elif (y, x) in merged and cells[x] == "":
                cells[x] = known.get(merged[y, x], "")
        yield cells


def text(cell: Any) -> str:
    """Write a cell as a person would; a number that lost digits keeps the form that shows it."""
    match cell:
        case bool():
            return "TRUE" if cell else "FALSE"
        case float():
            return str(int(cell)) if cell.is_integer() and abs(cell) < EXACT else _number(cell)
        case int():
            return str(cell) if abs(cell) < EXACT else f"{float(cell):.15G}"
        case datetime():
            return cell.isoformat(" ", "seconds") if cell.time() != time() else cell.date().isoformat()
        case date() | time():
            return cell.isoformat()
    return str(cell)


def _number(value: float) -> str:
    return f"{value:.15G}" if abs(value) >= EXACT else repr(value)


def _bound() -> None:
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(*sys.argv[1:4])))
