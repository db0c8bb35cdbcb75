"""What a channel tells of an order beside the order: refunds, returns, new addresses, calls to stop.

A message nobody knows is never nothing: it becomes a question on its order.
Source: channels.md section 1.2; capabilities 5.7.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from app.commands.hear import Hear, Means
from app.domain.company import Shop
from app.domain.told import ChannelCase
from app.domain.values import Receiver, Region
from app.text import N_, Text
from sync.channel import Unreadable, check_code
from sync.manifest.blocks import Manifest
from sync.manifest.cases import case_kind, case_state, cases_in, gathered, read_fields
from sync.manifest.map_block import CaseMap, EventMap, EventRule
from sync.manifest.mapping import found_in
from sync.manifest.paths import get, holds, written
from sync.manifest.values import Terms, version

TOPIC_MOST = 40
_LAST_STEPS = re.compile(r"/orders/([A-Za-z0-9_-]{1,64})")
_ODD = re.compile(r"[^\w./:-]+")


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """What one message says. `ext_id` names the order there; `means` None: only that it is to be read again.

    `is_news` is False where there is nothing to do at all.
    """

    ext_id: str
    means: Means | None = None
    is_news: bool = True
    case: ChannelCase | None = None
    receiver: Receiver = Receiver()
    region: Region | None = None
    topic: str = ""

    def hear(self, order: str) -> Hear | None:
        """Return the command for our order; None where it is only to be read again."""
        if self.means is None:
            return None
        return Hear(
            order=order,
            means=self.means,
            case=self.case,
            receiver=self.receiver,
            region=self.region,
            topic=self.topic,
        )


def refunds_in(manifest: Manifest, payload: Any) -> list[Any]:
    """Return the refunds in a payload."""
    cases = manifest.map.refunds
    return found_in(cases.roots, payload) if cases is not None else []


def refunds(manifest: Manifest, record: Any, shop: Shop) -> tuple[Message, ...]:
    """Read one record of a list of refunds: what it says of each line it is about.

    Raises:
        Unreadable: it does not name its order, or a field is not what the manifest says.
    """
    block = manifest.map.refunds
    if block is None:
        raise Unreadable(Text(N_("This channel tells of no refunds. Add map.refunds to its manifest.")))
    terms = _terms(manifest, block, shop)
    named = {name: one for name, one in block.fields.items() if name in ("order", "order_link")}
    ext_id = _order(read_fields(named, record, terms)[0])
    cases = gathered(cases_in(block, record, terms))
    if not cases:
        raise Unreadable(Text(N_("No {column}. Fill it in."), {"column": "id"}))
    return tuple(Message(ext_id=ext_id, means=Means.CASE, case=case) for case in cases)


def message(manifest: Manifest, payload: Any, shop: Shop, topic: str = "") -> Message:
    """Read one pushed message; `topic` is what its header says it is about.

    Raises:
        Unreadable: it does not name its order.
    """
    events = manifest.map.events
    if events is None:
        raise Unreadable(Text(N_("This channel tells of no events. Add map.events to its manifest.")))
    rule = next((one for one in events.rules if holds(payload, one.when)), None)
    if rule is not None and rule.means == "nothing":
        return Message(ext_id="", is_news=False)
    found, terms = read_fields(events.fields, payload, _terms(manifest, events, shop))
    if rule is None:
        return Message(ext_id=_order(found), means=Means.UNKNOWN, topic=_topic(manifest, payload, topic))
    return _meant(rule, found, terms, _topic(manifest, payload, topic))


def _meant(rule: EventRule, found: dict[str, Any], terms: Terms, topic: str) -> Message:
    ext_id = _order(found)
    match rule.means:
        case "case":
            return Message(ext_id=ext_id, means=Means.CASE, case=_case(rule, found, terms), topic=topic)
        case "cancelled":
            return Message(ext_id=ext_id, means=Means.CANCELLED)
        case "cancel_requested":
            return Message(ext_id=ext_id, means=Means.CANCEL_ASKED)
        case "address_change":
            receiver = Receiver(
                name=_text(found, "name"), phone=_text(found, "phone"), street=_text(found, "street")
            )
            region = Region(
                province=_text(found, "province"),
                city=_text(found, "city"),
                district=_text(found, "district"),
            )
            return Message(ext_id=ext_id, means=Means.ADDRESS, receiver=receiver, region=region)
        case _:
            return Message(ext_id=ext_id)


def _case(rule: EventRule, found: dict[str, Any], terms: Terms) -> ChannelCase:
    """A state the rule does not name is said by the message itself; one nobody knows stays unknown."""
    return ChannelCase(
        id=check_code(_text(found, "case") or "order", "case"),
        kind=case_kind(rule.kind or _text(found, "kind")),
        state=case_state(rule.state or _text(found, "state")),
        version=version(found.get("version"), terms),
        line=_text(found, "line"),
        qty=found.get("qty") or 0,
        amount_minor=max(0, found.get("amount") or 0),
    )


def _terms(manifest: Manifest, block: CaseMap | EventMap, shop: Shop) -> Terms:
    whole = manifest.map
    money = block.money or whole.money
    return Terms(money.type, manifest.currency or shop.currency, whole.tz, whole.null_times)


def _text(found: dict[str, Any], name: str) -> str:
    return str(found.get(name) or "")


def _order(found: dict[str, Any]) -> str:
    """Return which order it is about: named, or the last order in the address of the record.

    Raises:
        Unreadable: it names none.
    """
    named = _text(found, "order")
    if not named:
        link = _LAST_STEPS.search(_text(found, "order_link"))
        named = link[1] if link else ""
    if not named:
        raise Unreadable(Text(N_("The message does not say which order it is about.")))
    return check_code(named, "order")


def _topic(manifest: Manifest, payload: Any, topic: str) -> str:
    """Name what a message calls itself: a code, never its content."""
    path = manifest.push.topic if manifest.push is not None else ""
    said = topic or written(get(payload, path) if path else "")
    return _ODD.sub("", said)[:TOPIC_MOST]
