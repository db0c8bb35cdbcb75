"""The first rows of files as their plan understands them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from zoneinfo import ZoneInfo

from app.domain.company import Shop
from app.domain.money import shown
from app.imports import PreviewCell, PreviewRow, Sample
from sync.channel import Channel, Draft, Rejected, Row, Unreadable, count, instant, money
from sync.hub.imports.plan import FIELDS
from sync.hub.imports.source import Source

ROWS = 20
KINDS = {"money": "money", "count": "number", "share": "number"}


def sample_of(source: Source, found: Iterator[Draft | Rejected], shop: Shop) -> Sample:
    """Show the first rows, each with what it means or why it cannot be taken."""
    reader = source.reader
    if reader is None:
        return _plain(source, found, shop)
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


def _plain(source: Source, found: Iterator[Draft | Rejected], shop: Shop) -> Sample:
    """Show a report the program knows under its own headings, and which rows cannot be taken."""
    channel, titles, rows = source.channel, source.sheets[0].header, list[PreviewRow]()
    for one in islice(found, ROWS):
        group = one.rows if isinstance(one, Draft) else (one.row,)
        problem = None if isinstance(one, Draft) else one.reason
        for row in group:
            cells = tuple(_shown(channel, row.cells, title, shop) for title in titles)
            rows.append(PreviewRow(row_no=row.row_no, cells=cells, problem=problem))
    kinds = tuple(KINDS.get(channel.kinds.get(title, ""), "text") for title in titles)
    return Sample(titles=titles, kinds=kinds, rows=tuple(rows[:ROWS]))


def _shown(channel: Channel, cells: Row, title: str, shop: Shop) -> PreviewCell:
    """Return a cell as its channel reads it: what cannot be read stands as it is, with the reason."""
    text = cells.get(title, "")
    try:
        match channel.kinds.get(title):
            case "money" if text:
                return PreviewCell(shown(money(cells, title), shop.currency))
            case "count":
                return PreviewCell(str(count(cells, title)))
            case "time" if moment := instant(cells, title, channel.times, shop.zone):
                here = moment.astimezone(ZoneInfo(shop.zone))
                return PreviewCell(here.replace(tzinfo=None).isoformat(" ", "minutes"))
    except Unreadable as trouble:
        return PreviewCell(text, trouble.text)
    return PreviewCell(text)
