"""Ship confirmations told to the channels themselves: once, or looked up, or a person is asked.

A channel takes no keys, so what is unclear is looked up before it is told again: an order that names our
tracking number has heard it.
Source: sync.md section 10; capabilities 1.10.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import select

from app.text import N_, Text
from app.trouble import Trouble
from sync.hub.database import reading
from sync.hub.polling.connections import CARRIER, Connected
from sync.hub.polling.parcels import Parcel, parcel_of
from sync.hub.polling.taking import Tools
from sync.hub.provider import Done, Rejected, Unclear, Unsent
from sync.manifest.blocks import Parts, Write
from sync.manifest.caller import Caller, Refused
from sync.manifest.paths import filled, get, holds, written
from sync.manifest.writing import Told, tell
from sync.tables import effect, orders

SETTLE_S = 30.0
UNAUTHORISED_S = 900.0


WHOLE = Parcel(())


class ShipConfirmations:
    """One connected shop. Not for several threads at once."""

    takes_keys = False
    can_look_up = True
    settle_s = SETTLE_S

    def __init__(self, tools: Tools, one: Connected, caller: Caller, write: Write) -> None:
        self._tools, self._one, self._caller, self._write = tools, one, caller, write

    def send(self, key: str, payload: bytes) -> Done | Rejected:
        """Tell it. What the channel refuses because it knows already has happened.

        Raises:
            Unsent: the channel asks to come later, or does not know us any more.
            Unclear: no answer came.
        """
        fields = msgspec.json.decode(payload, type=dict[str, str]) | {"key": key}
        try:
            with reading(self._tools.engine) as db:
                parcel = parcel_of(db, self._tools.feed_id, fields["key"])
            if self._write.parts is not None and not parcel.pieces:
                return Done(fields["tracking_no"], Text(N_("Told with the parcel that makes the kit whole.")))
            values = self._values(fields, parcel, self._items(fields, parcel))
        except Trouble as trouble:
            raise Unsent(trouble.code) from trouble
        try:
            with self._tools.telling(self._one):
                tell(self._write, values, (), self._ask_once)
        except Refused as refused:
            return self._told_no(fields, refused)
        except Trouble as trouble:
            raise Unclear(trouble.code) from trouble
        return self._done(fields)

    def look_up(self, key: str) -> Done | Rejected | None:
        """Tell whether the order there names our tracking number; None where it does not.

        Raises:
            Unsent: nobody could be asked.
        """
        fields = self._fields(key)
        try:
            return self._done(fields) if self._is_known(fields) else None
        except Trouble as trouble:
            raise Unsent(trouble.code) from trouble

    def _is_known(self, fields: Mapping[str, str]) -> bool:
        """Ask the channel whether its order names our tracking number."""
        call = filled(self._write.lookup, self._values(fields))
        data = self._caller.ask(call, method="GET" if "path" in call and self._is_rest else "").data
        return is_named(data, fields["tracking_no"])

    @property
    def _is_rest(self) -> bool:
        """A channel whose writes name their verb reads with another one."""
        return bool(self._write.method) or any(step.method for step in self._write.steps)

    def _ask_once(self, told: Told) -> Any:
        return self._caller.ask(told.call, method=told.method, is_once=True).data

    def _told_no(self, fields: Mapping[str, str], refused: Refused) -> Done | Rejected:
        match refused.verdict.action:
            case "throttle":
                raise Unsent(refused.code, refused.verdict.wait_s) from refused
            case "retry":  # its own side broke: before it did it, or after
                raise Unclear(refused.code) from refused
            case "reauthorize":
                raise Unsent(refused.code, UNAUTHORISED_S) from refused
        return self._refused(fields, refused.hint)

    def _refused(self, fields: Mapping[str, str], text: Text) -> Done | Rejected:
        """Find out whether it was refused because the channel knows it already."""
        try:
            return self._done(fields) if self._is_known(fields) else Rejected(text)
        except Trouble as trouble:
            raise Unclear(trouble.code) from trouble

    def _done(self, fields: Mapping[str, str]) -> Done:
        return Done(fields["tracking_no"], Text(N_("The channel knows of the shipment.")))

    def _values(
        self, fields: Mapping[str, str], parcel: Parcel = WHOLE, items: Sequence[Any] = ()
    ) -> dict[str, Any]:
        carrier = fields["carrier"]
        code = self._one.settings.get(CARRIER + carrier.lower(), carrier)
        return {
            **self._caller.settings,
            "order": {"ext_id": fields["ext_id"].rpartition("/")[2]},
            "carrier": {"code": code, "name": carrier},
            "package": {
                "tracking": fields["tracking_no"],
                "number": str(parcel.number),
                "shipped_at": self._tools.clock().strftime("%Y-%m-%dT%H:%M:%SZ"),
                "items": list(items),
                "lines": "",
                "is_part": parcel.is_part,
            },
        }

    def _items(self, fields: Mapping[str, str], parcel: Parcel) -> list[Any]:
        """Return what is in the parcel as the channel wants it.

        Raises:
            Trouble: the channel does not say how it groups it.
        """
        parts = self._write.parts
        if parts is None:
            return []
        lines = [{"id": piece.id.partition("#")[0], "qty": piece.qty} for piece in parcel.pieces]
        if not parts.call:
            return [filled(parts.item, {"line": line}) for line in lines]
        said = self._caller.ask(filled(parts.call, self._values(fields, parcel))).data
        records = get(said, parts.records)
        groups = [one for one in records if holds(one, parts.when)] if isinstance(records, list) else []
        if not parcel.is_part or not parts.entries:
            return [filled(parts.item, {"record": one}) for one in groups]
        return list(_of_part(parts, groups, lines))

    def _fields(self, key: str) -> dict[str, str]:
        o, e = orders.c, effect.c
        found = (
            select(e.payload, o.ext_id)
            .join(orders, (o.feed_id == e.feed_id) & (o.id == e.order_id))
            .where(e.feed_id == self._tools.feed_id, e.effect_key == key)
        )
        with reading(self._tools.engine) as db:
            row = db.execute(found).one()
        return msgspec.json.decode(row.payload, type=dict[str, str]) | {"ext_id": row.ext_id, "key": key}


def _of_part(
    parts: Parts, groups: Sequence[Any], lines: Sequence[Mapping[str, Any]]
) -> Iterator[dict[str, Any]]:
    """Name of each group what of it is in the parcel; a line is named by its number alone."""
    told = {str(line["id"]): line for line in lines}
    for group in groups:
        entries = get(group, parts.entries)
        inside = [
            filled(parts.entry, {"entry": entry, "line": told[number]})
            for entry in (entries if isinstance(entries, list) else ())
            if (number := written(get(entry, parts.line)).rpartition("/")[2]) in told
        ]
        if inside:
            yield filled(parts.item, {"record": group}) | {parts.into: inside}


def ship_telling(tools: Tools, one: Connected, caller: Caller) -> ShipConfirmations | None:
    """Return who tells a shop of shipments; None where its channel cannot be told, or not asked about it."""
    write = one.manifest.writes.get("ship")
    if write is None or not write.lookup:
        return None
    return ShipConfirmations(tools, one, caller, write)


def is_named(data: Any, tracking_no: str) -> bool:
    """Tell whether an answer names a parcel; a longer number that holds it is another one."""
    ours = re.compile(rf"(?<![0-9A-Za-z]){re.escape(tracking_no)}(?![0-9A-Za-z])")
    return any(ours.search(text) for text in _texts(data))


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for value in node.values():
            yield from _texts(value)
    elif isinstance(node, list):
        for value in node:
            yield from _texts(value)
