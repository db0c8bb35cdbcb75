"""What channels send by themselves: verified over the bytes as they came, kept, then answered; nothing else.

Source: sync.md section 9; channels.md sections 2 and 7.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.text import N_
from app.trouble import Trouble
from sync.channel import Unreadable
from sync.connection_tables import hook_delivery
from sync.hub.bulk import Into
from sync.hub.database import reading, writing
from sync.hub.doorway import Doorway, address_of, named, stop
from sync.hub.polling.connections import Connected, connected
from sync.hub.polling.taking import Tools, note_duplicate
from sync.manifest.blocks import Push
from sync.manifest.caller import Line
from sync.manifest.line import Http
from sync.manifest.paths import filled, get, written
from sync.manifest.values import document
from sync.manifest.verify import Verified, greeted, verified
from sync.tables import micros

MOST_BYTES = 2 << 20
NAME_MOST = 128
KEYS_MOST = 100
_ROWS = Into(
    hook_delivery, ("shop", "delivery", "state", "topic", "received_at", "wrapped", "body"), skips=True
)


def hook_routes(tools: Tools, doorway: Doorway, line: Callable[[], Line] = Http) -> list[Route]:
    """Return the routes by which channels send what they have to say."""
    api = _Hooks(tools, doorway, line)
    where = "/hooks/{key}"
    return [
        Route(where, doorway.guarded(api.greet), methods=["GET"]),
        Route(where, doorway.guarded(api.take), methods=["POST"]),
    ]


@dataclass(frozen=True, slots=True)
class _Hooks:
    """The answers. `keys` are public keys of channels by shop and name; `known` are addresses of shops.

    Who makes an address up is counted before it is looked up.
    """

    tools: Tools
    door: Doorway
    line: Callable[[], Line]
    keys: dict[tuple[str, str], str] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)

    async def greet(self, request: Request) -> Response:
        """Answer what a channel asks before it sends anything."""
        one = await self._shop(request)
        shake = one.manifest.push.handshake if one is not None and one.manifest.push else None
        if one is None or shake is None:
            return _unproven()
        said = greeted(shake, request.query_params, one.settings)
        if said is None:
            return _unproven()
        kind = "application/json" if said.startswith("{") else "text/plain"
        return Response(said, media_type=kind)

    async def take(self, request: Request) -> Response:
        """Verify, keep, answer: what it means is looked at later."""
        body = await self.door.body(request, MOST_BYTES)
        one = await self._shop(request)
        push = one.manifest.push if one is not None else None
        if one is None or push is None:
            return _unproven()
        headers = {name.lower(): value for name, value in request.headers.items()}
        if push.ping == "form" and headers.get("content-type", "").startswith("application/x-www-form"):
            return Response(status_code=200)
        look = partial(self._verified, one, push, body, headers, dict(request.query_params))
        genuine = await self.door.on(look)
        if not genuine.is_genuine:
            return _unproven(push.answer.bad_signature)
        name = _name(push, headers, body)
        topic = headers.get(push.topic.lower(), "")[:NAME_MOST]
        is_new = await self.door.on(partial(keep, self.tools, one, name, topic, genuine.body))
        status = push.answer.stored if is_new else push.answer.duplicate
        kind = "application/json" if push.answer.body.startswith("{") else "text/plain"
        return Response(push.answer.body, status, media_type=kind)

    async def _shop(self, request: Request) -> Connected | None:
        """Return whose address it is; who makes addresses up is counted by where they come from.

        Raises:
            Trouble: TooMany.
        """
        key = named(request, "key")
        if key not in self.known:
            self.door.limits.take("stranger", address_of(request))
        found = await self.door.on(partial(_connected, self.tools, key))
        if found is not None:
            self.known.add(key)
            self.door.limits.take("hook", key)
        return found

    def _verified(
        self, one: Connected, push: Push, body: bytes, headers: Mapping[str, str], query: Mapping[str, str]
    ) -> Verified:
        now = self.tools.clock()
        key_of, plugin = partial(self._key, one, push), self.tools.plugin(one)
        return verified(push.verify, body, headers, query, one.settings, now, key_of, plugin)

    def _key(self, one: Connected, push: Push, name: str) -> str:
        """Return a public key of a channel, asked for once."""
        known = one.shop.code, name
        if known not in self.keys and len(self.keys) < KEYS_MOST and name.replace("-", "").isalnum():
            caller = self.tools.talk(one, self.line(), lambda _s: None)
            try:
                said = caller.ask(filled(push.verify.key_call, {**caller.settings, "key": name})).data
            except Trouble:
                return ""
            self.keys[known] = str(said.get("key", "")) if isinstance(said, dict) else ""
        return self.keys.get(known, "")


def _unproven(status: int = 401) -> Response:
    """Turn away who did not prove to be the channel of a shop; whether there is such a shop is not told."""
    return stop(status, "unproven", N_("The signature is wrong, or the address. Check the keys of the shop."))


def _connected(tools: Tools, key: str) -> Connected | None:
    with reading(tools.engine) as db:
        found = connected(db, tools.feed_id, tools.seal, hook_key=key) if key else []
    return found[0] if found else None


def _name(push: Push, headers: Mapping[str, str], body: bytes) -> str:
    """Name a delivery as its channel does, in a header or in its messages; else by its content."""
    named = headers.get(push.dedupe.lower(), "") if push.dedupe else ""
    if push.dedupe and not named:
        named = _named_within(push.dedupe, body)
    return named if 0 < len(named) <= NAME_MOST else hashlib.sha256(named.encode() or body).hexdigest()


def _named_within(path: str, body: bytes) -> str:
    """Return how the messages of a delivery are named; empty where one has no name."""
    try:
        said = document(body)
    except Unreadable:
        return ""
    names = [written(get(one, path)) for one in (said if isinstance(said, list) else [said])]
    return ",".join(names) if all(names) else ""


def keep(tools: Tools, one: Connected, name: str, topic: str, body: bytes) -> bool:
    """Keep a delivery before anybody looks into it; False where it came before."""
    shop, now = one.shop.code, tools.clock()
    key = tools.seal.new_key(subject(shop, name))
    row = (shop, name, "todo", topic, micros(now), key.wrapped, key.pack(body))
    with writing(tools.engine) as db:
        before = db.execute(_there(tools.feed_id, shop, name)).scalar()
        if before is None:
            _ROWS.write(db, tools.feed_id, [row])
    if before is not None:
        note_duplicate(tools, one, body)
    return before is None


def subject(shop: str, name: str) -> str:
    """Name what a delivery is sealed for."""
    return f"hook:{shop}:{name}"


def _there(feed_id: int, shop: str, name: str) -> Any:
    return hook_delivery.select().where(
        hook_delivery.c.feed_id == feed_id, hook_delivery.c.shop == shop, hook_delivery.c.delivery == name
    )
