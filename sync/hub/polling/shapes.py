"""What the records of a shop always held is known, so that a field that is gone is found before it counts.

A field the map reads and every record had so far, and that is gone from all records of a page, or of another
kind in all of them, is no order's fault: the page is not taken, the list stands still and says so, and
nothing is lost. Fields an order may lack are only missed in many. Source: capabilities 9.5.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import select, update

from app.text import N_, Text
from app.trouble import Trouble
from sync.connection_tables import connection
from sync.hub.database import reading, writing
from sync.hub.polling.connections import Connected
from sync.hub.polling.taking import Tools
from sync.manifest.blocks import Manifest
from sync.manifest.paths import get

KNOWN_LEAST, NEW_LEAST = 5, 3
"""Records before and now, for a field no order is without."""
KNOWN_MANY, NEW_MANY = 200, 20
"""The same for one an order may lack: unpaid ones have no time of payment."""
MOST_SEEN = 100_000
GONE = N_("{field} is gone from what the channel sends. Say under How it is read where it stands now.")
OTHER = N_("{field} is {now} by now, it was {was}. Say under How it is read what it means.")
KINDS = {"text": N_("a text"), "number": N_("a number"), "list": N_("a list"), "object": N_("an object")}


class Shape(msgspec.Struct, frozen=True, omit_defaults=True):
    """How many records were seen, and of what kind a field was in every one of them."""

    seen: int = 0
    kinds: dict[str, str] = {}


class Drift(NamedTuple):
    """A field that is not what it always was; `now` is empty where it is gone."""

    path: str
    was: str
    now: str


def check_shape(tools: Tools, one: Connected, records: Sequence[Any]) -> None:
    """Hold a page back whose records lost a field, else learn of it.

    Raises:
        Trouble: drift.
    """
    if not records:
        return
    kept = tools.shapes.get(one.shop.code)
    shape = kept[1] if kept is not None and kept[0] == one.rev else _read(tools, one)
    found = drifts(shape, one.manifest, records)
    if found:
        first = found[0]
        words: dict[str, str | int | Text] = {
            "field": first.path,
            "was": Text(KINDS[first.was]),
            "now": Text(KINDS.get(first.now, "")),
        }
        raise Trouble("drift", Text(OTHER if first.now else GONE, words))
    learnt = learned(shape, one.manifest, records)
    if learnt.kinds != shape.kinds or shape.seen < KNOWN_MANY:
        _keep(tools, one, learnt)
    tools.shapes[one.shop.code] = (one.rev, learnt)


def drifts(shape: Shape, manifest: Manifest, records: Sequence[Any]) -> list[Drift]:
    """Return the fields that are gone from all records, or of another kind in all of them."""
    found = []
    for path, is_required in _paths(manifest):
        was = shape.kinds.get(path)
        known, new = (KNOWN_LEAST, NEW_LEAST) if is_required else (KNOWN_MANY, NEW_MANY)
        if was is None or shape.seen < known or len(records) < new:
            continue
        kinds = {_kind(get(record, path)) for record in records}
        if was not in kinds and len(kinds) == 1:
            found.append(Drift(path, was, kinds.pop()))
    return found


def learned(shape: Shape, manifest: Manifest, records: Sequence[Any]) -> Shape:
    """Return what every record held so far, these among them."""
    kinds = {}
    for path, _ in _paths(manifest):
        now = {_kind(get(record, path)) for record in records}
        if shape.seen:
            now.add(shape.kinds.get(path, ""))
        if len(now) == 1 and (only := now.pop()):
            kinds[path] = only
    return Shape(min(shape.seen + len(records), MOST_SEEN), kinds)


def _paths(manifest: Manifest) -> Iterator[tuple[str, bool]]:
    for value in manifest.map.order.values():
        if value.path:
            yield value.path, value.required
    for name in manifest.map.lists:
        if name not in manifest.map.gifts and name != ".":
            yield name, len(manifest.map.lists) == 1 + len(manifest.map.gifts)


def _kind(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return "list"
    if isinstance(value, dict):
        return "object"
    return "number" if isinstance(value, int | float | Decimal) and not isinstance(value, bool) else "text"


def _read(tools: Tools, one: Connected) -> Shape:
    c = connection.c
    with reading(tools.engine) as db:
        said = db.execute(select(c.shape).where(c.feed_id == tools.feed_id, c.shop == one.shop.code)).scalar()
    return msgspec.json.decode(said, type=Shape) if said else Shape()


def _keep(tools: Tools, one: Connected, shape: Shape) -> None:
    c = connection.c
    at = c.feed_id == tools.feed_id, c.shop == one.shop.code, c.rev == one.rev
    with writing(tools.engine) as db:
        db.execute(update(connection).where(*at).values(shape=msgspec.json.encode(shape).decode()))
