"""`duplicates FILE`: which rows of a table speak of the same thing, and what speaks for it.

Any table, a CSV or a spreadsheet; nothing has to be taught. Rows have the numbers a spreadsheet shows and,
from zero, their place among the rows below the header.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import msgspec

from app.boot.tables import open_table
from app.boot.words import LANGUAGES, console
from app.linkage.columns import Column, Kind, column, is_identifier
from app.linkage.finding import LEAST_PCT, Found, Pair, find_same
from app.text import N_, Text
from app.trouble import Trouble
from sync.hub.imports.cells import is_nothing
from sync.hub.imports.sheets import Sheet

ROWS = 200_000
LEAST = 50
CELL = 400
"""So much of a cell is compared; the rest of a long text rarely decides."""
PAIRS = 20_000
"""So many pairs are explained; groups are always told whole."""
PAIRS_OF_A_GROUP = 45


def main(argv: list[str]) -> int:
    """Run the verb; 0 when the table was read, 2 when it was not."""
    parser = argparse.ArgumentParser(prog="run.py duplicates", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument(
        "--columns", default="", help="names to compare, with commas between; name:kind says what one holds"
    )
    parser.add_argument("--id", default="", help="a column that names a row in the answer")
    parser.add_argument(
        "--least", type=float, default=LEAST_PCT, metavar="PCT", help="likelihood from which on"
    )
    parser.add_argument(
        "--header",
        action=argparse.BooleanOptionalAction,
        help="the first row names the columns, or is data; found out if not said",
    )
    parser.add_argument("--sheet", default="", help="of a spreadsheet; the first if not given")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--lang", choices=LANGUAGES, default="", help="language of the report")
    asked = parser.parse_args(argv)
    began = time.process_time()
    try:
        check_least(asked.least)
        with tempfile.TemporaryDirectory(prefix="docket-duplicates-") as folder:
            wanted = [asked.id, *(one.strip().rpartition(":")[0] for one in asked.columns.split(","))]
            wanted += [one.strip() for one in asked.columns.split(",")]
            table = open_table(
                asked.file,
                Path(folder),
                sheet=asked.sheet,
                has_header=asked.header,
                wanted=[name for name in wanted if name],
            )
            columns, numbers, ids = read_columns(table.sheet, asked.columns, asked.id)
    except (Trouble, OSError) as fault:
        cannot = Text(N_("The file cannot be read. Check that you may open it."))
        hint = fault.hint if isinstance(fault, Trouble) else cannot
        print(console(hint, asked.lang), file=sys.stderr)
        return 2
    for note in table.notes:
        print(console(note, asked.lang), file=sys.stderr)
    found = find_same(columns, asked.least)
    if asked.json:
        said = as_json(columns, numbers, ids, found)
        said |= {"header_row": table.sheet.header_row, "uneven_rows": table.uneven._asdict()}
        said |= {"cpu_s": round(time.process_time() - began, 2)}
        print(msgspec.json.encode(said).decode())
    else:
        _tell(numbers, ids, found, asked.lang)
    return 0


def check_least(pct: float) -> None:
    """Raise Trouble unless it is a likelihood that may be asked for."""
    if not LEAST <= pct < 100:
        raise Trouble("least", Text(N_("The likelihood is a percentage from 50 to below 100.")))


def read_columns(sheet: Sheet, wanted: str, id: str) -> tuple[list[Column], list[int], list[str]]:
    """Read a table into columns to compare; return them with the number and the id of each row.

    Raises:
        Trouble: a column is not there or unknown in kind, too few rows, too many, or nothing to compare.
    """
    named = [_named(one, sheet) for one in wanted.split(",") if one.strip()] or [
        (name, None) for name in sheet.header if name != id
    ]
    if id and id not in sheet.header:
        raise _no_column(id, sheet)
    cells: dict[str, list[str]] = {name: [] for name, _ in named}
    numbers: list[int] = []
    ids: list[str] = []
    same: dict[str, str] = {}
    for row in sheet.rows():
        if len(numbers) == ROWS:
            raise Trouble("too_many", Text(N_("More than {rows} rows. Split the table."), {"rows": ROWS}))
        numbers.append(row.row_no)
        if id:
            ids.append(row.cells.get(id, "")[:CELL])
        for name, column_cells in cells.items():
            cell = row.cells.get(name, "")[:CELL]
            column_cells.append(same.setdefault(cell, "" if is_nothing(cell) else cell))
    if len(numbers) < 2:
        raise Trouble("too_few", Text(N_("There are not two rows to compare. Choose a longer table.")))
    columns = [column(name, cells[name], kind) for name, kind in named]
    if not wanted:
        columns = [one for one in columns if not is_identifier(one)]
    columns = [one for one in columns if one.kind is not Kind.EMPTY and one.filled]
    if not columns:
        raise Trouble("nothing", Text(N_("These columns hold nothing to compare. Name others.")))
    return columns, numbers, ids


def as_json(
    columns: Sequence[Column], numbers: Sequence[int], ids: Sequence[str], found: Found
) -> dict[str, Any]:
    """Return what the verb prints."""
    return {
        "name": "duplicates",
        "rows": len(numbers),
        "columns": [
            {"name": one.name, "kind": one.kind, "filled": round(one.filled / len(numbers), 3)}
            for one in columns
        ],
        "pairs_compared": found.compared,
        "groups": [[_row(i, numbers, ids) for i in group] for group in found.groups],
        "duplicates": sum(len(group) - 1 for group in found.groups),
        "pairs": [
            {
                "rows": [numbers[pair.one], numbers[pair.other]],
                "indexes": [pair.one, pair.other],
                "score": pair.score_pct,
                "evidence": [
                    {"column": one.field, "stands": one.stands, "bits": one.bits} for one in pair.traits
                ],
            }
            for pair in explained(found)
        ],
    }


def explained(found: Found) -> list[Pair]:
    """Say why, pair by pair; of a large group only how each row goes with the first one."""
    pairs: list[tuple[int, int]] = []
    for group in found.groups:
        inside = list(combinations(group, 2))
        pairs += inside if len(inside) <= PAIRS_OF_A_GROUP else [(group[0], other) for other in group[1:]]
    pairs = pairs[:PAIRS]
    return found.pairs([one for one, _ in pairs], [other for _, other in pairs])


def _named(word: str, sheet: Sheet) -> tuple[str, Kind | None]:
    name = word.strip()
    if name in sheet.header:
        return name, None
    name, _, kind = name.rpartition(":")
    if name not in sheet.header:
        raise _no_column(word.strip(), sheet)
    if kind not in list(Kind):
        raise Trouble(
            "no_kind",
            Text(N_("{kind} is no kind of column: {kinds}."), {"kind": kind[:40], "kinds": ", ".join(Kind)}),
        )
    return name, Kind(kind)


def _no_column(name: str, sheet: Sheet) -> Trouble:
    there = ", ".join(sheet.header)[:300]
    return Trouble(
        "no_column",
        Text(N_("There is no column {name}. There are: {columns}"), {"name": name[:80], "columns": there}),
    )


def _row(i: int, numbers: Sequence[int], ids: Sequence[str]) -> dict[str, int | str]:
    told: dict[str, int | str] = {"row": numbers[i], "index": i}
    return told | {"id": ids[i]} if ids else told


def _tell(numbers: Sequence[int], ids: Sequence[str], found: Found, language: str) -> None:
    for pair in explained(found):
        a, b = (ids[i] or str(numbers[i]) if ids else str(numbers[i]) for i in (pair.one, pair.other))
        why = "; ".join(f"{one.field} {one.stands} {one.bits:+.1f}" for one in pair.traits)
        print(f"{a} = {b}  {pair.score_pct:.1f} %  {why}")
    params: dict[str, str | int | Text] = {"groups": len(found.groups), "rows": sum(map(len, found.groups))}
    print(console(Text(N_("{groups} groups of the same, {rows} rows in them."), params), language))
