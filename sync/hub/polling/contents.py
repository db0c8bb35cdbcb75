"""`{{package.items}}` of what a channel is told: lines of a parcel, its own groups of them, or more parcels.

Source: the block `parts` of a manifest, see `sync/manifest/blocks.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sync.hub.polling.parcels import Parcel
from sync.manifest.blocks import Parts
from sync.manifest.paths import filled, get, holds, written

Ask = Callable[[Mapping[str, Any]], Any]


def contents(parts: Parts, parcel: Parcel, values: Mapping[str, Any], ask: Ask) -> list[Any]:
    """Return what is in the parcel as the channel wants it.

    Raises:
        Trouble: the channel does not say how it groups it.
    """
    lines = _lines(parcel)
    if not parts.call:
        return [filled(parts.item, {"line": line}) for line in lines]
    groups = records(parts, values, ask(filled(parts.call, values)))
    if not parts.line:
        return [filled(parts.item, {"record": one}) for one in groups]
    if not parts.entries:
        return list(_named(parts.item, "record", parts.line, groups, lines))
    if not parcel.is_part:
        return [filled(parts.item, {"record": one}) for one in groups]
    return list(_of_part(parts, groups, lines))


def more_lists(parts: Parts, parcel: Parcel) -> dict[str, list[Any]]:
    """Return the lists that name the same lines in other words."""
    lines = _lines(parcel)
    return {
        name: [filled(template, {"line": line}) for line in lines] for name, template in parts.also.items()
    }


def _lines(parcel: Parcel) -> list[dict[str, Any]]:
    return [
        {"id": piece.id.partition("#")[0], "qty": piece.qty, "is_part": piece.is_part}
        for piece in parcel.pieces
    ]


def records(parts: Parts, values: Mapping[str, Any], said: Any) -> list[Any]:
    """Return those records of an answer that are meant."""
    found, when = get(said, parts.records), filled(parts.when, values)
    return [one for one in found if holds(one, when)] if isinstance(found, list) else []


def _of_part(
    parts: Parts, groups: Sequence[Any], lines: Sequence[Mapping[str, Any]]
) -> Iterator[dict[str, Any]]:
    """Name of each group what of it is in the parcel."""
    for group in groups:
        entries = get(group, parts.entries)
        listed = entries if isinstance(entries, list) else []
        inside = list(_named(parts.entry, "entry", parts.line, listed, lines))
        if inside:
            yield filled(parts.item, {"record": group}) | {parts.into: inside}


def _named(
    template: Mapping[str, Any],
    name: str,
    path: str,
    entries: Sequence[Any],
    lines: Sequence[Mapping[str, Any]],
) -> Iterator[dict[str, Any]]:
    """Fill in each entry whose line is in the parcel; a line is named by its number alone, twice by turns."""
    told: dict[str, list[Mapping[str, Any]]] = {}
    for line in lines:
        told.setdefault(str(line["id"]), []).append(line)
    for entry in entries:
        left = told.get(written(get(entry, path)).rpartition("/")[2])
        if left:
            yield filled(template, {name: entry, "line": left.pop(0)})
