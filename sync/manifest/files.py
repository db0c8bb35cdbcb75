"""Rows of a table as records of a manifest: one for each order, its lines in `rows`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sync.manifest.blocks import Manifest
from sync.manifest.mapping import MOST_ORDERS


def records(manifest: Manifest, rows: Iterable[Mapping[str, str]]) -> list[dict[str, Any]]:
    """Put rows with one order number together; what an order says stands in its first row.

    A row without a number is an order of its own, which cannot be read.
    """
    named = manifest.file.group_by if manifest.file is not None else ()
    found: dict[str, dict[str, Any]] = {}
    for nth, row in enumerate(rows):
        number = next((row[name] for name in named if row.get(name)), "")
        record = found.setdefault(number or f"\0{nth}", {**row, "rows": []})
        record["rows"].append(dict(row))
        if len(found) >= MOST_ORDERS:
            break
    return list(found.values())
