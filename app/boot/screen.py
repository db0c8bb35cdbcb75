"""`screen FILE --label COLUMN`: learn which rows of a table end badly, and say how well on its later rows.

Any table with a column that tells how its rows ended, a CSV or a spreadsheet. Rows are taken in the order of
`--time`; the model learns from the earlier ones and is tried on the later ones, which it has never seen.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from app.boot.tables import open_table
from app.boot.words import LANGUAGES, console
from app.screening.features import Table
from app.screening.fitting import fit, tried_on
from app.screening.model import Model, encoded
from app.text import N_, Text
from app.trouble import Trouble
from sync.hub.imports.cells import is_nothing, naive
from sync.hub.imports.sheets import Sheet
from sync.hub.imports.survey import survey

ROWS = 200_000
LATER_PCT = 30
CELL = 200
YES = frozenset({"1", "true", "yes", "y", "t", "是", "坏"})
SHOWN = 20
"""So many of the later rows are told with their reasons, the likeliest first."""


class Labelled(NamedTuple):
    """A table in the order of time, with the number each row has in its file."""

    table: Table
    numbers: list[int]
    notes: list[Text]


def main(argv: list[str]) -> int:
    """Run the verb; 0 when something was learned, 2 when not."""
    parser = argparse.ArgumentParser(prog="run.py screen", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--label", required=True, metavar="COLUMN", help="tells how a row ended")
    parser.add_argument(
        "--bad", default="", metavar="A,B", help="values of it that are bad; else 1, true, yes"
    )
    parser.add_argument(
        "--time", default="", metavar="COLUMN", help="when a row came in; else as in the file"
    )
    parser.add_argument(
        "--leave-out", default="", metavar="A,B", help="columns that are known only afterwards"
    )
    parser.add_argument("--later", type=int, default=LATER_PCT, metavar="PCT", help="share that is tried on")
    parser.add_argument("--out", type=Path, help="where the model is written")
    parser.add_argument("--sheet", default="", help="of a spreadsheet; the first if not given")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--lang", choices=LANGUAGES, default="", help="language of the report")
    asked = parser.parse_args(argv)
    try:
        with tempfile.TemporaryDirectory(prefix="docket-screen-") as folder:
            opened = open_table(asked.file, Path(folder), sheet=asked.sheet, wanted=[asked.label])
            labelled = read(opened.sheet, asked.label, asked.bad, asked.time, asked.leave_out)
        for note in (*opened.notes, *labelled.notes):
            print(console(note, asked.lang), file=sys.stderr)
        said = screened(labelled, asked.later)
        if asked.out:
            asked.out.write_bytes(encoded(said.model))
    except (Trouble, OSError) as fault:
        cannot = Text(N_("The file cannot be read or written. Check that you may."))
        print(console(fault.hint if isinstance(fault, Trouble) else cannot, asked.lang), file=sys.stderr)
        return 2
    _tell(said.told, as_json=asked.json)
    return 0


def read(sheet: Sheet, label: str, bad: str, moment: str = "", leave_out: str = "") -> Labelled:
    """Read a table in the order of time. Columns of dates are only read as the time.

    Raises:
        Trouble: a column is not there, a time is none, or there are too many rows.
    """
    left_out = {name.strip() for name in leave_out.split(",") if name.strip()}
    for name in (label, *left_out, *([moment] if moment else [])):
        if name not in sheet.header:
            raise _no_column(name, sheet)
    found = survey(sheet).columns
    dates = {name for name, column in found.items() if column.is_dates and column.date_order != "serial"}
    used = [name for name in sheet.header if name not in {label, moment, *dates, *left_out}]
    is_bad = {word.strip() for word in bad.split(",") if word.strip()}
    order = found[moment].date_order if moment else ""
    if moment and not order:
        text = N_("It does not show whether {column} has the day or the month first. Write it as 2026-06-13.")
        raise Trouble("no_order", Text(text, {"column": moment}))
    rows: list[tuple[datetime | None, int, bool, dict[str, str]]] = []
    for row in sheet.rows():
        if len(rows) == ROWS:
            raise Trouble("too_many", Text(N_("More than {rows} rows. Split the table."), {"rows": ROWS}))
        ended = row.cells.get(label, "").strip()
        at = _moment(row.cells.get(moment, ""), order, moment, row.row_no) if moment else None
        cells = {name: "" if is_nothing(row.cells[name]) else row.cells[name][:CELL] for name in used}
        is_so = ended in is_bad if is_bad else ended.casefold() in YES
        rows.append((at, row.row_no, is_so, cells))
    if moment:
        rows.sort(key=lambda one: (one[0] or datetime.min.replace(tzinfo=UTC), one[1]))
    columns = {name: [cells[name] for _, _, _, cells in rows] for name in used}
    moments = [at for at, _, _, _ in rows if at is not None]
    notes = [] if moment else [Text(N_("No column of time is named: later rows are those further down."))]
    return Labelled(Table(columns, [one[2] for one in rows], moments), [one[1] for one in rows], notes)


class Screened(NamedTuple):
    """The model, and what is told of it."""

    model: Model
    told: dict[str, Any]


def screened(labelled: Labelled, later_pct: int) -> Screened:
    """Learn from the earlier rows and try on the later ones.

    Raises:
        Trouble: there is too little to learn from, or no such share.
    """
    if not 5 <= later_pct <= 80:
        raise Trouble("later", Text(N_("The share that is tried on is a percentage from 5 to 80.")))
    table, numbers = labelled.table, labelled.numbers
    cut = len(table) * (100 - later_pct) // 100
    began_s = time.process_time()
    model, later = fit(table.part(0, cut)), table.part(cut, len(table))
    learned_s = time.process_time() - began_s
    began_s = time.process_time()
    model = tried_on(model, later)
    scored_s = time.process_time() - began_s
    card = model.card
    moments: Sequence[datetime | None] = later.moments or [None] * len(later)
    scores = [model.score(later.row(i), at) for i, at in enumerate(moments)]
    first = sorted(range(len(scores)), key=lambda i: -scores[i].probability)[:SHOWN]
    told: dict[str, Any] = {
        "name": "screen",
        **msgspec.to_builtins(card.quality),
        "learned_rows": card.learned_rows,
        "learned_bad": card.learned_bad,
        "shape": card.shape,
        "tried": card.tried,
        "columns": sorted({one.column for one in model.features if one.column}),
        "learn_cpu_s": round(learned_s, 2),
        "score_ms_per_row": round(1_000 * scored_s / max(len(later), 1), 4),
        "likeliest": [
            {
                "row": numbers[cut + i],
                "probability": round(scores[i].probability, 4),
                "reasons": [_reason(push._asdict()) for push in scores[i].reasons],
            }
            for i in first
        ],
    }
    return Screened(model, told)


def _reason(push: Mapping[str, Any]) -> dict[str, Any]:
    return {**push, "weight": round(push["weight"], 3)}


def _moment(cell: str, order: str, column: str, row_no: int) -> datetime:
    at = naive(cell.strip(), order)
    if at is None:
        params: dict[str, str | int | Text] = {"column": column, "row": row_no}
        raise Trouble(
            "no_time", Text(N_("Row {row} has no time in {column}. Mend it or take it out."), params)
        )
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _no_column(name: str, sheet: Sheet) -> Trouble:
    there = ", ".join(sheet.header)[:300]
    params: dict[str, str | int | Text] = {"name": name[:80], "columns": there}
    return Trouble("no_column", Text(N_("There is no column {name}. There are: {columns}"), params))


def _tell(told: Mapping[str, Any], *, as_json: bool) -> None:
    if as_json:
        print(msgspec.json.encode(told).decode())
        return
    for name in ("rows", "bad", "roc_auc", "pr_auc", "brier", "shape", "learn_cpu_s", "score_ms_per_row"):
        print(f"{name:>18}  {told[name]}")
    for one in told["likeliest"]:
        why = "; ".join(
            f"{reason['column']} {reason['cell']} {reason['weight']:+.2f}" for reason in one["reasons"]
        )
        print(f"{one['row']:>8}  {one['probability']:.3f}  {why}")
