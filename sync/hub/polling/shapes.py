"""What the records of a shop always held is known, so that a field that is gone is found before it counts.

A field the map reads and every record had so far, and that is gone from all records of a page, or of another
kind in all of them, is no order's fault. Where no order can be charged or sent without it the page is not
taken, the list stands still and says so, and nothing is lost; of any other field it only says so and goes on.
Fields an order may lack are only missed in many. Source: capabilities 9.5.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
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
from sync.manifest.map_block import Check
from sync.manifest.mapping import uneven
from sync.manifest.paths import BadPath, get

KNOWN_LEAST, NEW_LEAST = 5, 3
"""Records before and now, for a field no order is without."""
KNOWN_MANY, NEW_MANY = 200, 20
"""The same for one an order may lack: unpaid ones have no time of payment."""
MOST_SEEN = 100_000
GONE = N_("{field} is gone from what the channel sends. Say under How it is read where it stands now.")
SPARE = N_(
    "{field} is gone from what the channel sends. Orders come in without it;"
    " say under How it is read where it stands now."
)
UNEVEN_LEAST, UNEVEN_IN = 3, 20
"""So many orders, and one in so many, whose amounts do not add up are told."""
UNEVEN = N_(
    "{expr} is not {equals} in {count} of {seen} orders."
    " Orders come in all the same; check the fields and units under How it is read."
)
OTHER = N_("{field} is {now} by now, it was {was}. Say under How it is read what it means.")
KINDS = {"text": N_("a text"), "number": N_("a number"), "list": N_("a list"), "object": N_("an object")}


NEEDED = frozenset({
    "ext_id", "version", "created_at", "currency", "payable", "paid", "refunded", "shipping", "account",
    "name", "phone", "province", "city", "district", "town", "street", "address", "postcode", "country",
})  # fmt: skip
"""What an order is known, charged and sent by: read without it, it would be wrong and not only thinner."""


class Shape(msgspec.Struct, frozen=True, omit_defaults=True):
    """How many records were seen, and of what kind a field was in every one of them.

    `lost`: fields no order needs that were in every one, and are gone: field and what it was.
    `uneven`: by the place of a check in the map, in how many it did not hold.
    """

    seen: int = 0
    kinds: dict[str, str] = {}
    lost: dict[str, str] = {}
    uneven: dict[int, int] = {}


class Drift(NamedTuple):
    """A field that is not what it always was; `now` is empty where it is gone.

    `stops`: no order is read without it.
    """

    path: str
    was: str
    now: str
    stops: bool = True


def check_shape(tools: Tools, one: Connected, records: Sequence[Any]) -> None:
    """Hold a page back whose records lost a field, else learn of it.

    Raises:
        Trouble: drift.
    """
    if not records:
        return
    shape = _known(tools, one)
    found = drifts(shape, one.manifest, records)
    first = next((each for each in found if each.stops), None)
    if first is not None:
        words: dict[str, str | int | Text] = {
            "field": first.path,
            "was": Text(KINDS[first.was]),
            "now": Text(KINDS.get(first.now, "")),
        }
        raise Trouble("drift", Text(OTHER if first.now else GONE, words))
    learnt = learned(shape, one.manifest, records, {each.path: each.was for each in found if not each.now})
    was, now = ((each.kinds, each.lost, each.uneven) for each in (shape, learnt))
    if was != now or shape.seen < KNOWN_MANY:
        _keep(tools, one, learnt)
    tools.shapes[one.shop.code] = (one.rev, learnt)


def lost(tools: Tools, one: Connected) -> Text | None:
    """Say which field is gone that the list goes on without, or what does not add up; None: nothing."""
    shape = _known(tools, one)
    for field in shape.lost:
        return Text(SPARE, {"field": field})
    for at, check in enumerate(one.manifest.map.checks):
        count = shape.uneven.get(at, 0)
        if count >= UNEVEN_LEAST and count * UNEVEN_IN >= shape.seen:
            said: dict[str, str | int | Text] = {"expr": check.expr, "equals": check.equals}
            return Text(UNEVEN, said | {"count": count, "seen": shape.seen})
    return None


def _known(tools: Tools, one: Connected) -> Shape:
    kept = tools.shapes.get(one.shop.code)
    if kept is None or kept[0] != one.rev:
        kept = tools.shapes[one.shop.code] = (one.rev, _read(tools, one))
    return kept[1]


def drifts(shape: Shape, manifest: Manifest, records: Sequence[Any]) -> list[Drift]:
    """Return the fields that are gone from all records, or of another kind in all of them."""
    found = []
    for path, is_required, stops in _paths(manifest):
        was = shape.kinds.get(path)
        known, new = (KNOWN_LEAST, NEW_LEAST) if is_required else (KNOWN_MANY, NEW_MANY)
        if was is None or shape.seen < known or len(records) < new:
            continue
        kinds = {_kind(get(record, path)) for record in records}
        if was not in kinds and len(kinds) == 1:
            found.append(Drift(path, was, kinds.pop(), stops))
    return found


def learned(
    shape: Shape, manifest: Manifest, records: Sequence[Any], gone: Mapping[str, str] = MappingProxyType({})
) -> Shape:
    """Return what every record held so far, these among them; what is `gone` counts until it comes again."""
    kinds, missed = {}, {**shape.lost, **gone}
    for path, *_ in _paths(manifest):
        now = {_kind(get(record, path)) for record in records}
        if any(now):
            missed.pop(path, None)
        if shape.seen:
            now.add(shape.kinds.get(path, ""))
        if len(now) == 1 and (only := now.pop()):
            kinds[path] = only
    return Shape(min(shape.seen + len(records), MOST_SEEN), kinds, missed, _uneven(shape, manifest, records))


def _uneven(shape: Shape, manifest: Manifest, records: Sequence[Any]) -> dict[int, int]:
    """Count the orders whose amounts do not add up."""
    counts = Counter(shape.uneven)
    if manifest.guards.totals == "off":
        return {}
    for at, check in enumerate(manifest.map.checks):
        counts[at] += sum(_is_uneven(check, record, manifest.guards.tolerance) for record in records)
    return {at: count for at, count in counts.items() if count}


def _is_uneven(check: Check, record: Any, tolerance: str) -> bool:
    try:
        return uneven(check, record, tolerance)
    except BadPath:
        return True


def _paths(manifest: Manifest) -> Iterator[tuple[str, bool, bool]]:
    """Yield every path of the map, whether each order must have it, and whether none is read without it."""
    for name, value in manifest.map.order.items():
        if value.path:
            yield value.path, value.required, value.required or name in NEEDED
    for name in manifest.map.lists:
        if name not in manifest.map.gifts and name != ".":
            yield name, len(manifest.map.lists) == 1 + len(manifest.map.gifts), True


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
