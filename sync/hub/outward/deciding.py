"""How an administrator's desk lets other systems in, tells them news, and puts them out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import Engine
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.domain.systems import Again, NewHook, NewKey
from sync.hub.doorway import Answerer, Doorway, named
from sync.hub.outward import hooks, keys
from sync.hub.tokens import Session
from sync.hub.way import MESSAGE_BYTES


def deciding_routes(api: Deciding) -> list[Route]:
    """Return the routes by which it is decided which systems come in and which are told."""
    paths: list[tuple[str, str, Answerer]] = [
        ("GET", "/v1/keys", api.keys),
        ("POST", "/v1/keys", api.make_key),
        ("POST", "/v1/keys/{id}/revoke", api.revoke_key),
        ("GET", "/v1/hooks", api.hooks),
        ("POST", "/v1/hooks", api.make_hook),
        ("POST", "/v1/hooks/{id}/end", api.end_hook),
        ("GET", "/v1/hooks/{id}/deliveries", api.deliveries),
        ("POST", "/v1/hooks/{id}/again", api.send_again),
    ]
    return [Route(path, api.door.guarded(answer), methods=[method]) for method, path, answer in paths]


@dataclass(frozen=True, slots=True)
class Deciding:
    """The answers. `allowed` are hosts of this house that hooks may lead to."""

    engine: Engine
    feed_id: int
    clock: Callable[[], datetime]
    door: Doorway
    allowed: frozenset[str] = frozenset()

    async def keys(self, request: Request) -> Response:
        await self._who(request)
        return self.door.json(await self.door.on(partial(keys.keys, self.engine, self.feed_id)))

    async def make_key(self, request: Request) -> Response:
        who = await self._who(request)
        asked = await self.door.message(request, MESSAGE_BYTES, NewKey)
        place = self.engine, self.feed_id, who.user.code, who.grants
        return self.door.json(await self.door.on(partial(keys.make_key, *place, asked, self.clock())))

    async def revoke_key(self, request: Request) -> Response:
        who = await self._who(request)
        place = self.engine, self.feed_id, who.user.code, named(request)
        return self.door.json(await self.door.on(partial(keys.revoke_key, *place, self.clock())))

    async def hooks(self, request: Request) -> Response:
        await self._who(request)
        return self.door.json(await self.door.on(partial(hooks.hooks, self.engine, self.feed_id)))

    async def make_hook(self, request: Request) -> Response:
        who = await self._who(request)
        asked = await self.door.message(request, MESSAGE_BYTES, NewHook)
        place = self.engine, self.feed_id, who.user.code
        make = partial(hooks.make_hook, *place, asked, self.clock(), self.allowed)
        return self.door.json(await self.door.on(make))

    async def end_hook(self, request: Request) -> Response:
        who = await self._who(request)
        place = self.engine, self.feed_id, who.user.code, named(request)
        return self.door.json(await self.door.on(partial(hooks.end_hook, *place, self.clock())))

    async def deliveries(self, request: Request) -> Response:
        await self._who(request)
        place = self.engine, self.feed_id, named(request)
        return self.door.json(await self.door.on(partial(hooks.deliveries, *place)))

    async def send_again(self, request: Request) -> Response:
        await self._who(request)
        asked = await self.door.message(request, MESSAGE_BYTES, Again)
        place = self.engine, self.feed_id, named(request), asked.id
        return self.door.json(await self.door.on(partial(hooks.send_again, *place, self.clock())))

    async def _who(self, request: Request) -> Session:
        who = await self.door.session(request)
        keys.check_right(who)
        return who
