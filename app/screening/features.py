"""What a row says in figures, each of them known when the row came in: nothing of later rows is in it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from enum import StrEnum

import msgspec

from app.text import N_, Text

CAUTION = 20.0
"""So many rows of the usual kind are added to each value: what was met once says little."""
FEW_VALUES = 8
"""A column with less than one value in so many rows sorts them; with more it names them."""
BAD_LEAST = 20
"""With fewer rows that ended badly, or well, nothing is learned."""
MOSTLY = 0.8
SEEN_MOST = 20_000
"""So many values of a column are remembered, those met most."""


def too_thin(bad: int, rows: int) -> Text | None:
    """Say that too few rows ended either way to learn from."""
    if min(bad, rows - bad) >= BAD_LEAST:
        return None
    params: dict[str, str | int | Text] = {"least": BAD_LEAST, "bad": bad, "rows": rows}
    return Text(
        N_("{bad} of {rows} rows ended badly. It takes {least} of either kind to learn from."), params
    )


class Kind(StrEnum):
    """How a cell becomes a figure."""

    NUMBER = "number"
    RATE = "rate"
    """How often earlier rows with this value ended badly."""
    SEEN = "seen"
    """How many earlier rows had this value."""
    HOUR = "hour"
    WEEKDAY = "weekday"


class Feature(msgspec.Struct, frozen=True, kw_only=True):
    """One figure of a row. `known` is what earlier rows said of a value; `usual` stands for one never met."""

    column: str
    kind: Kind
    known: dict[str, float] = {}
    usual: float = 0.0

    def of(self, cells: Mapping[str, str], at: datetime | None) -> float:
        """Return the figure of one row, not a number where its cell holds none."""
        if self.kind is Kind.HOUR:
            return at.hour + at.minute / 60 if at else math.nan
        if self.kind is Kind.WEEKDAY:
            return float(at.weekday()) if at else math.nan
        cell = cells.get(self.column, "")
        return number(cell) if self.kind is Kind.NUMBER else self.known.get(cell, self.usual)


class Table(msgspec.Struct, frozen=True):
    """Rows by the time they came in. `is_bad` is how each of them ended."""

    columns: Mapping[str, Sequence[str]]
    is_bad: Sequence[bool]
    moments: Sequence[datetime] = ()

    def __len__(self) -> int:
        return len(self.is_bad)

    def part(self, start: int, end: int) -> Table:
        """Return the rows from `start` to before `end`."""
        cut = {name: cells[start:end] for name, cells in self.columns.items()}
        return Table(cut, self.is_bad[start:end], self.moments[start:end])

    def row(self, i: int) -> dict[str, str]:
        """Return the cells of one row."""
        return {name: cells[i] for name, cells in self.columns.items()}


def number(cell: str) -> float:
    """Read a figure as a program writes it; not a number where there is none."""
    try:
        value = float(cell)
    except ValueError:
        return math.nan
    return value if math.isfinite(value) else math.nan


def kinds_of(table: Table) -> list[tuple[str, Kind]]:
    """Return which figures the columns of a table give."""
    found = []
    for name, cells in table.columns.items():
        filled = [cell for cell in cells if cell]
        values = len(set(filled))
        if values < 2:
            continue
        is_figure = sum(not math.isnan(number(cell)) for cell in filled) >= MOSTLY * len(filled)
        if is_figure:
            found.append((name, Kind.NUMBER))
        if values * FEW_VALUES <= len(table):
            found.append((name, Kind.RATE))
        elif not is_figure or all(cell.isdigit() for cell in filled):
            found.append((name, Kind.SEEN))
    if table.moments:
        found += [("", Kind.HOUR), ("", Kind.WEEKDAY)]
    return found


def learned(column: str, kind: Kind, table: Table) -> tuple[Feature, list[float]]:
    """Return a feature that knows these rows, and what it said of each when only those before were known."""
    if kind in (Kind.RATE, Kind.SEEN):
        return _remembered(column, kind, table)
    feature = Feature(column=column, kind=kind)
    moments: Sequence[datetime | None] = table.moments or [None] * len(table)
    if kind is not Kind.NUMBER:
        return feature, [feature.of({}, at) for at in moments]
    return feature, [number(cell) for cell in table.columns[column]]


def _remembered(column: str, kind: Kind, table: Table) -> tuple[Feature, list[float]]:
    cells = table.columns[column]
    is_rate = kind is Kind.RATE
    usual = sum(table.is_bad) / max(len(table), 1) if is_rate else 0.0
    bad: dict[str, int] = {}
    met: dict[str, int] = {}

    def said(cell: str) -> float:
        count = met.get(cell, 0)
        return (bad.get(cell, 0) + CAUTION * usual) / (count + CAUTION) if is_rate else float(count)

    figures = []
    for cell, is_bad in zip(cells, table.is_bad, strict=True):
        figures.append(said(cell))
        met[cell] = met.get(cell, 0) + 1
        bad[cell] = bad.get(cell, 0) + is_bad
    kept = sorted(met, key=lambda cell: -met[cell])[:SEEN_MOST]
    return Feature(column=column, kind=kind, known={cell: said(cell) for cell in kept}, usual=usual), figures


def figures(features: Sequence[Feature], table: Table) -> Iterator[list[float]]:
    """Return the figures of each row, by features that know other rows."""
    moments: Sequence[datetime | None] = table.moments or [None] * len(table)
    for i, at in enumerate(moments):
        row = table.row(i)
        yield [feature.of(row, at) for feature in features]
