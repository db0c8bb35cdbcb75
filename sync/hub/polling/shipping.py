"""Ship confirmations told to the channels themselves: once, or looked up, or a person is asked.

A channel takes no keys, so what is unclear is looked up before it is told again: an order that names our
tracking number has heard it.
Source: sync.md section 10; capabilities 1.10.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec
from sqlalchemy import select

from app.text import N_, Text
from app.trouble import Trouble
from sync.hub.database import reading
from sync.hub.polling.connections import CARRIER, Connected, connected, is_any_on
from sync.hub.polling.taking import Tools
from sync.hub.provider import Done, Rejected, Unclear, Unsent
from sync.manifest.blocks import Write
from sync.manifest.caller import Caller, Line, Refused
from sync.manifest.paths import filled
from sync.manifest.writing import calls_of
from sync.tables import effect, orders

SETTLE_S = 30.0
UNAUTHORISED_S = 900.0
ITEMS = {"ebay": "lineItemId", "amazon": "orderItemId"}
"""What channels call a line that is sent; the others want no lines where all of them are."""


class _Line(msgspec.Struct, frozen=True):
    id: str
    qty: int


class _Ordered(msgspec.Struct, frozen=True):
    lines: tuple[_Line, ...] = ()


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
            for told in calls_of(self._write, self._values(fields)):
                heard = self._caller.ask(told.call, method=told.method)
                refusal = _refusal(heard.data)
                if refusal:
                    return self._refused(fields, Text(N_("The channel said: {what}"), {"what": refusal}))
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
        return any(fields["tracking_no"] in text for text in _texts(data))

    @property
    def _is_rest(self) -> bool:
        """A channel whose writes name their verb reads with another one."""
        return bool(self._write.method) or any(step.method for step in self._write.steps)

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

    def _values(self, fields: Mapping[str, str]) -> dict[str, Any]:
        carrier = fields["carrier"]
        code = self._one.settings.get(CARRIER + carrier.lower(), carrier)
        return {
            **self._caller.settings,
            "order": {"ext_id": fields["ext_id"].rpartition("/")[2]},
            "carrier": {"code": code, "name": carrier},
            "package": {
                "tracking": fields["tracking_no"],
                "number": "1",
                "shipped_at": self._tools.clock().strftime("%Y-%m-%dT%H:%M:%SZ"),
                "items": self._items(fields),
                "lines": "",
                "is_part": "false",
            },
        }

    def _items(self, fields: Mapping[str, str]) -> list[dict[str, Any]]:
        """Return what is in the parcel as the channel wants it: all that was ordered."""
        channel = self._one.manifest.id
        if channel == "shopify":
            number = fields["ext_id"].rpartition("/")[2]
            return [{"fulfillmentOrderId": f"gid://shopify/FulfillmentOrder/{number}"}]
        if channel not in ITEMS:
            return []
        o, e, feed_id = orders.c, effect.c, self._tools.feed_id
        found = select(o.doc).join(effect, (e.feed_id == o.feed_id) & (e.order_id == o.id))
        with reading(self._tools.engine) as db:
            doc = db.execute(found.where(e.feed_id == feed_id, e.effect_key == fields["key"])).scalar_one()
        lines = msgspec.json.decode(doc, type=_Ordered).lines
        return [{ITEMS[channel]: line.id, "quantity": line.qty} for line in lines]

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


class Confirming:
    """Finds who tells the channel of a shop; None where it is not connected, or cannot be told."""

    def __init__(
        self, tools: Tools, talk: Callable[[Connected, Line], Caller], line: Callable[[], Line]
    ) -> None:
        self._tools, self._talk, self._line = tools, talk, line
        self._kept: dict[str, tuple[int, ShipConfirmations]] = {}

    def is_any(self) -> bool:
        """Tell whether any shop is connected."""
        with reading(self._tools.engine) as db:
            return is_any_on(db, self._tools.feed_id)

    def of(self, shop: str) -> ShipConfirmations | None:
        """Return it."""
        tools = self._tools
        with reading(tools.engine) as db:
            found = connected(db, tools.feed_id, tools.seal, shop=shop)
        write = found[0].manifest.writes.get("ship") if found else None
        if write is None or not write.lookup:
            return None
        one, kept = found[0], self._kept.get(shop)
        if kept is None or kept[0] != one.rev:
            teller = ShipConfirmations(tools, one, self._talk(one, self._line()), write)
            kept = self._kept[shop] = (one.rev, teller)
        return kept[1]


def _refusal(data: Any) -> str:
    """Return what GraphQL says went wrong with a good answer; empty for nothing."""
    errors = [one for name, one in _named(data) if name == "userErrors" and one]
    said = errors[0][0].get("message", "") if errors and isinstance(errors[0], list) else ""
    return str(said)[:200]


def _named(node: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(node, dict):
        for name, value in node.items():
            yield name, value
            yield from _named(value)


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for value in node.values():
            yield from _texts(value)
    elif isinstance(node, list):
        for value in node:
            yield from _texts(value)
