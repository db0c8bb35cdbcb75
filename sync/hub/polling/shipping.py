"""Ship confirmations told to the channels themselves: once, or looked up, or a person is asked.

A channel takes no keys, so what is unclear is looked up before it is told again: an order that names our
tracking number has heard it. One that takes no parts is told with the last parcel, of all of them.
Source: sync.md section 10; capabilities 1.10.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

import msgspec
from sqlalchemy import select

from app.domain.effect import WITH_THE_LAST
from app.text import N_, Text
from app.trouble import Trouble
from sync.hub.database import reading
from sync.hub.polling.connections import CARRIER, Connected
from sync.hub.polling.contents import contents, more_lists
from sync.hub.polling.parcels import Number, Parcel, parcel_of
from sync.hub.polling.taking import Tools
from sync.hub.provider import Done, Rejected, Unclear, Unsent
from sync.manifest.blocks import Write
from sync.manifest.caller import Caller, Refused
from sync.manifest.paths import filled
from sync.manifest.writing import Told, tell
from sync.tables import effect, orders

SETTLE_S = 30.0
UNAUTHORISED_S = 900.0


class ShipConfirmations:
    """One connected shop. Not for several threads at once."""

    takes_keys = False
    can_look_up = True
    settle_s = SETTLE_S

    def __init__(
        self, tools: Tools, one: Connected, caller: Caller, write: Write, rest: Write | None = None
    ) -> None:
        """`rest` tells that nothing more leaves, where parcels were told one by one."""
        self._tools, self._one, self._caller, self._write, self._rest = tools, one, caller, write, rest

    def send(self, key: str, payload: bytes) -> Done | Rejected:
        """Tell it. What the channel refuses because it knows already has happened.

        Raises:
            Unsent: the channel asks to come later, or does not know us any more.
            Unclear: no answer came.
        """
        fields = msgspec.json.decode(payload, type=dict[str, str]) | {"key": key}
        try:
            parcel = self._parcel(key)
            if (needless := self._needless(parcel)) is not None:
                return needless
            if parcel.is_behind:
                raise Unsent("parcel_before")
            known = self._named(fields, parcel) if self._tells_all(parcel) else set()
            if known >= self._tracking(fields, parcel):
                return self._done(fields)
            write, values = self._message(fields, parcel, known)
        except Trouble as trouble:
            raise Unsent(trouble.code) from trouble
        if write is self._rest and write.parts is not None and not values["package"]["items"]:
            return self._done(fields)
        try:
            with self._tools.telling(self._one):
                tell(write, values, (), self._ask_once)
        except Refused as refused:
            return self._told_no(fields, parcel, refused)
        except Trouble as trouble:
            raise Unclear(trouble.code) from trouble
        return self._done(fields)

    def look_up(self, key: str) -> Done | Rejected | None:
        """Tell whether the order there names our tracking numbers; None where it does not.

        That nothing more leaves is simply told again.

        Raises:
            Unsent: nobody could be asked.
        """
        fields, parcel = self._fields(key), self._parcel(key)
        try:
            return self._done(fields) if self._is_known(fields, parcel) else None
        except Trouble as trouble:
            raise Unsent(trouble.code) from trouble

    @property
    def _is_whole(self) -> bool:
        return self._write.told == "whole"

    def _tells_all(self, parcel: Parcel) -> bool:
        """Tell whether it speaks of all parcels: some of them may be known already."""
        return self._is_whole and (parcel.is_rest or len(parcel.numbers) > 1)

    def _parcel(self, key: str) -> Parcel:
        with reading(self._tools.engine) as db:
            return parcel_of(db, self._tools.feed_id, key)

    def _needless(self, parcel: Parcel) -> Done | None:
        """Say why the channel is told nothing now, if it is so."""
        if parcel.is_rest and parcel.is_open:
            return Done("", Text(N_("More of it is to leave after all.")))
        if parcel.is_rest and not self._is_whole and self._rest is None:
            return Done("", Text(N_("The shop knows every parcel; what stays here is refunded on its page.")))
        if self._is_whole and not parcel.is_last:
            return Done("", Text(WITH_THE_LAST))
        if self._write.told == "lines" and not parcel.pieces and not parcel.is_rest:
            return Done("", Text(N_("Told with the parcel that makes the kit whole.")))
        return None

    def _tracking(self, fields: Mapping[str, str], parcel: Parcel) -> set[str]:
        """Return the numbers that the channel names once it has heard this."""
        if self._tells_all(parcel):
            return {number.tracking for number in parcel.numbers}
        return {fields["tracking_no"]} if not parcel.is_rest else {""}

    def _is_known(self, fields: Mapping[str, str], parcel: Parcel) -> bool:
        if parcel.is_rest and not self._is_whole:
            return False
        return self._named(fields, parcel) >= self._tracking(fields, parcel)

    def _named(self, fields: Mapping[str, str], parcel: Parcel) -> set[str]:
        """Ask the channel which of our tracking numbers its order names."""
        data = order_there(self._caller, self._write, self._values(fields, parcel))
        return {number for number in self._tracking(fields, parcel) if is_named(data, number)}

    def _ask_once(self, told: Told) -> Any:
        return self._caller.ask(told.call, method=told.method, is_once=True).data

    def _told_no(self, fields: Mapping[str, str], parcel: Parcel, refused: Refused) -> Done | Rejected:
        match refused.verdict.action:
            case "throttle":
                raise Unsent(refused.code, refused.verdict.wait_s) from refused
            case "retry":  # its own side broke: before it did it, or after
                raise Unclear(refused.code) from refused
            case "reauthorize":
                raise Unsent(refused.code, UNAUTHORISED_S) from refused
        return self._refused(fields, parcel, refused.hint)

    def _refused(self, fields: Mapping[str, str], parcel: Parcel, text: Text) -> Done | Rejected:
        """Find out whether it was refused because the channel knows it already."""
        try:
            return self._done(fields) if self._is_known(fields, parcel) else Rejected(text)
        except Trouble as trouble:
            raise Unclear(trouble.code) from trouble

    def _done(self, fields: Mapping[str, str]) -> Done:
        return Done(fields.get("tracking_no", ""), Text(N_("The channel knows of the shipment.")))

    def _message(
        self, fields: Mapping[str, str], parcel: Parcel, known: Collection[str]
    ) -> tuple[Write, dict[str, Any]]:
        """Return what tells it, and the values of that.

        Raises:
            Trouble: the channel does not say how it groups what it sold.
        """
        write = self._rest if parcel.is_rest and not self._is_whole and self._rest else self._write
        values = self._values(fields, parcel, known)
        if write.parts is not None:
            if self._is_whole:
                more = (one for one in parcel.numbers[1:] if one.tracking not in known)
                items = [filled(write.parts.item, {"parcel": self._called(one)}) for one in more]
            else:
                items = contents(write.parts, parcel, values, lambda call: self._caller.ask(call).data)
            values["package"] |= more_lists(write.parts, parcel) | {"items": items}
        return write, values

    def _code(self, carrier: str) -> str:
        return self._one.settings.get(CARRIER + carrier.lower(), carrier)

    def _called(self, number: Number) -> dict[str, Any]:
        return {
            "carrier": {"code": self._code(number.carrier), "name": number.carrier},
            "tracking": number.tracking,
        }

    def _values(
        self, fields: Mapping[str, str], parcel: Parcel, known: Collection[str] = ()
    ) -> dict[str, Any]:
        own = Number(fields.get("carrier", ""), fields.get("tracking_no", ""))
        if parcel.is_rest or self._tells_all(parcel):
            own, numbers = parcel.numbers[0], parcel.numbers
        else:
            numbers = (own,)
        called, by_carrier = self._called(own), dict[str, list[str]]()
        for number in numbers:
            by_carrier.setdefault(self._code(number.carrier), []).append(number.tracking)
        return {
            **self._caller.settings,
            "order": {"ext_id": fields["ext_id"].rpartition("/")[2]},
            "carrier": called["carrier"],
            "package": {
                "tracking": own.tracking,
                "key": hashlib.sha256(fields["key"].encode()).hexdigest()[:32],
                "number": str(parcel.number),
                "shipped_at": self._tools.clock().strftime("%Y-%m-%dT%H:%M:%SZ"),
                "items": [],
                "lines": "",
                "is_part": parcel.is_part,
                "is_single": parcel.is_single,
                "is_last": parcel.is_last,
                "is_told": own.tracking in known,
                "carriers": "|".join(by_carrier),
                "numbers": "|".join(",".join(some) for some in by_carrier.values()),
            },
        }

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


def ship_telling(tools: Tools, one: Connected, caller: Caller) -> ShipConfirmations | None:
    """Return who tells a shop of shipments; None where its channel cannot be told, or not asked about it."""
    write = one.manifest.writes.get("ship")
    if write is None or not write.lookup:
        return None
    return ShipConfirmations(tools, one, caller, write, one.manifest.writes.get("rest"))


def order_there(caller: Caller, write: Write, values: Mapping[str, Any]) -> Any:
    """Ask the channel for what names our tracking numbers; one whose writes name their verb is read with GET.

    Raises:
        Trouble: it does not say.
    """
    call, is_rest = filled(write.lookup, values), write.method or any(step.method for step in write.steps)
    return caller.ask(call, method="GET" if "path" in call and is_rest else "").data


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
