"""The first rows of files as their plan understands them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from app.domain.company import Shop
from app.imports import PreviewCell, PreviewRow, Sample
from sync.channel import Draft, Rejected
from sync.hub.imports.plan import FIELDS
from sync.hub.imports.source import Source

ROWS = 20
KINDS = {"money": "money", "count": "number", "share": "number"}


def sample_of(source: Source, found: Iterator[Draft | Rejected], shop: Shop) -> Sample:
    """Show the first rows, each with what it means or why it cannot be taken."""
    reader = source.reader
    if reader is None:
        return _plain(source, found)
    fields, rows = reader.fields(), list[PreviewRow]()
    for one in found:
        group = one.rows if isinstance(one, Draft) else (one.row,)
        problem = None if isinstance(one, Draft) else one.reason
        for row in group:
            if row.file == source.plan.lines or problem is not None:
                cells = tuple(reader.shown(field, group, row, shop) for field in fields)
                rows.append(PreviewRow(row_no=row.row_no, cells=cells, problem=problem))
        if len(rows) >= ROWS:
            break
    return Sample(
        titles=tuple(FIELDS[field].title for field in fields),
        kinds=tuple(KINDS.get(FIELDS[field].kind, "text") for field in fields),
        rows=tuple(rows[:ROWS]),
    )


def _plain(source: Source, found: Iterator[Draft | Rejected]) -> Sample:
    """Show a report the program knows as it stands, and which rows cannot be taken."""
    titles, rows = source.sheets[0].header, list[PreviewRow]()
    for one in islice(found, ROWS):
        group = one.rows if isinstance(one, Draft) else (one.row,)
        problem = None if isinstance(one, Draft) else one.reason
        for row in group:
            cells = tuple(PreviewCell(row.cells.get(title, "")) for title in titles)
            rows.append(PreviewRow(row_no=row.row_no, cells=cells, problem=problem))
    return Sample(titles=titles, kinds=("text",) * len(titles), rows=tuple(rows[:ROWS]))
