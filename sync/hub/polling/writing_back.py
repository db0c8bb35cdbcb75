"""Channels are told what a person changed of an order: where it goes, what we wrote to it, another number.

Each is the newest whole value, so it may be told twice; a newer one that waits makes an older one needless.
Source: capabilities 2.10; channels.md section 3.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from sqlalchemy import select

from app.commands.hear_channel import HearChannel
from app.domain.abroad import area_code
from app.domain.company import HEARS
from app.domain.effect import WITH_THE_LAST
from app.domain.order import Order
from app.text import N_, Text
from app.trouble import Trouble
from sync.hub.asking import Worker
from sync.hub.database import reading
from sync.hub.effect_rows import Leased
from sync.hub.label_requests import LabelRequests
from sync.hub.polling.connections import CARRIER, Connected, connected
from sync.hub.polling.contents import records
from sync.hub.polling.parcels import numbers_before, parcel_of
from sync.hub.polling.shipping import is_named, order_there
from sync.hub.polling.taking import Tools
from sync.hub.project import subject_keys
from sync.hub.provider import Done, Rejected, Unclear, Unsent
from sync.hub.seal import open_document
from sync.manifest.blocks import Write
from sync.manifest.caller import Caller, Refused
from sync.manifest.paths import filled
from sync.manifest.writing import tell
from sync.tables import orders

SETTLE_S = 30.0
UNAUTHORISED_S = 900.0
KNOWN = N_("The channel knows of it.")


class WritingBack:
    """One connected shop. Not for several threads at once."""

    takes_keys = True
    """Told twice it is the same."""
    can_look_up = False
    settle_s = SETTLE_S

    def __init__(self, tools: Tools, one: Connected, caller: Caller) -> None:
        self._tools, self._one, self._caller = tools, one, caller

    def send(self, key: str, payload: bytes) -> Done | Rejected:
        """Tell it.

        Raises:
            Unsent: the channel asks to come later, or does not know us any more.
            Unclear: no answer came.
        """
        fields = msgspec.json.decode(payload, type=dict[str, str])
        write = self._one.manifest.writes.get(fields["kind"])
        if write is None:  # it took this when it was written down
            return Rejected(Text(N_("The channel does not take this any more.")))
        values = self._values(fields)
        try:
            if fields["kind"] == "number" and (needless := self._number(key, fields, write, values)):
                return needless
            told = tell(
                write,
                values,
                (),
                lambda one: self._caller.ask(one.call, method=one.method).data,
            )
        except Refused as refused:
            match refused.verdict.action:
                case "throttle":
                    raise Unsent(refused.code, refused.verdict.wait_s) from refused
                case "retry":
                    raise Unclear(refused.code) from refused
                case "reauthorize":
                    raise Unsent(refused.code, UNAUTHORISED_S) from refused
            return Rejected(refused.hint)
        except Trouble as trouble:
            raise Unclear(trouble.code) from trouble
        if not told:  # none of its calls is for this
            return Rejected(Text(N_("The channel takes this on its own page only. Change it there.")))
        return Done(fields["ext_id"], Text(KNOWN))

    def _number(
        self, key: str, fields: Mapping[str, str], write: Write, values: dict[str, Any]
    ) -> Done | Rejected | None:
        """Find out which parcel it is of those the channel knows; say so where nothing is to be told.

        Raises:
            Trouble: the channel does not say.
            Unsent: it has not heard of the parcel itself yet.
        """
        ship = self._one.manifest.writes.get("ship")
        with reading(self._tools.engine) as db:
            parcel = parcel_of(db, self._tools.feed_id, key)
            before = numbers_before(db, self._tools.feed_id, key)
        if ship is not None and ship.told == "whole" and parcel.is_open:
            return Done(fields["ext_id"], Text(WITH_THE_LAST))
        if ship is not None and ship.lookup:
            said = order_there(self._caller, ship, values)
            if is_named(said, fields["tracking_no"]):
                return Done(fields["ext_id"], Text(KNOWN))
            known = [number for number in before if is_named(said, number)]
            if parcel.is_behind and not known:  # the number it had then is still to be told
                raise Unsent("parcel_before")
            values["package"]["was"] = known[0] if known else fields["was"]
        values["package"]["is_single"] = parcel.is_single
        if write.parts is None:
            return None
        said = self._caller.ask(filled(write.parts.call, values)).data
        found = records(write.parts, values, said)
        values["package"]["items"] = [filled(write.parts.item, {"record": one}) for one in found]
        if not found:
            return Rejected(Text(N_("The channel does not know this parcel. Tell it of the shipment first.")))
        return None

    def look_up(self, _key: str) -> None:
        """Tell nothing: it is simply told again."""

    def _values(self, fields: Mapping[str, str]) -> dict[str, Any]:
        carrier = fields.get("carrier", "")
        code = self._one.settings.get(CARRIER + carrier.lower(), carrier)
        return {
            **self._caller.settings,
            "order": {"ext_id": fields["ext_id"].rpartition("/")[2]},
            "carrier": {"code": code, "name": carrier},
            "package": {"tracking": fields.get("tracking_no", ""), "was": fields.get("was", "")},
            "memo": {"text": fields.get("memo", "")},
            "address": {name: fields.get(name, "") for name in (*ADDRESS, AREA_CODE)},
        }


ADDRESS = ("name", "phone", "country", "province", "city", "district", "street", "postcode")
AREA_CODE = "province_code"


def hears_of(one: Connected) -> tuple[str, ...]:
    """Return what a channel may be told beside shipments."""
    writes = one.manifest.writes
    ship = writes.get("ship")
    is_whole = ship is not None and bool(ship.lookup) and ship.told == "whole"
    return tuple(kind for kind in HEARS if kind in writes or (kind == "rest" and is_whole))


def writing_back(tools: Tools, one: Connected, caller: Caller) -> WritingBack | None:
    """Return who tells a shop; None where its channel takes nothing of this."""
    return WritingBack(tools, one, caller) if hears_of(one) else None


class Words:
    """What is told, put together when it leaves: names of people are read only then, and written down."""

    def __init__(self, tools: Tools, reader: str) -> None:
        self._tools = tools
        self._requests = LabelRequests(tools.engine, tools.feed_id, tools.seal, tools.clock, reader)

    def by_kind(self) -> dict[str, Callable[[Leased, bytes], bytes | Done | Rejected]]:
        """Return what is asked right before each kind of effect is sent."""
        return {"address": self._address, "memo": self._memo, "number": self._number}

    def _address(self, leased: Leased, payload: bytes) -> bytes | Rejected:
        address = self._requests.address(leased.order)
        if address is None:
            return Rejected(Text(N_("The buyer was erased, there is no address")))
        code = area_code(address["country"], address["province"])
        return _with(payload, {name: address[name] for name in ADDRESS} | {AREA_CODE: code})

    def _memo(self, leased: Leased, payload: bytes) -> bytes:
        return _with(payload, {"memo": self._order(leased.order).receiver.memo})

    def _number(self, leased: Leased, payload: bytes) -> bytes | Done:
        number = msgspec.json.decode(payload, type=dict[str, str])["tracking_no"]
        is_newest = number in self._order(leased.order).tracking_no.split()
        return (
            payload if is_newest else Done("", Text(N_("It has yet another number, which is told instead.")))
        )

    def _order(self, id: str) -> Order:
        o, tools = orders.c, self._tools
        with reading(tools.engine) as db:
            found = select(o.doc).where(o.feed_id == tools.feed_id, o.id == id)
            doc = db.execute(found).scalar_one()
            key = subject_keys(db, tools.feed_id, tools.seal, [id]).get(id)
        return msgspec.json.decode(open_document(doc.encode(), key), type=Order)


def _with(payload: bytes, more: Mapping[str, str]) -> bytes:
    return msgspec.json.encode(msgspec.json.decode(payload, type=dict[str, str]) | dict(more))


class Hearing:
    """Notes with each shop what its channel is told, so that a desk can say it before anything is changed."""

    def __init__(self, tools: Tools, worker: Worker) -> None:
        self._tools, self._worker = tools, worker

    def step(self) -> bool:
        """Note what changed; tell whether there was anything."""
        tools = self._tools
        with reading(tools.engine) as db:
            found = connected(db, tools.feed_id, tools.seal)
        noted = [
            HearChannel(shop=one.shop.code, hears=hears)
            for one in found
            if (hears := hears_of(one)) != one.shop.hears
        ]
        return bool(noted) and bool(self._worker.ask(noted, tools.clock()))
