"""How an administrator's desk lets other systems in, and puts them out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import Engine
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sync.hub.doorway import Answerer, Doorway
from sync.hub.outward import keys
from sync.hub.tokens import Session
from sync.hub.way import MESSAGE_BYTES
from sync.outward_wire import NewKey


def key_routes(engine: Engine, feed_id: int, clock: Callable[[], datetime], door: Doorway) -> list[Route]:
    """Return the routes by which it is decided which systems come in."""
    api = _Decisions(engine, feed_id, clock, door)
    paths: list[tuple[str, str, Answerer]] = [
        ("GET", "/v1/keys", api.keys),
        ("POST", "/v1/keys", api.make_key),
        ("POST", "/v1/keys/{id}/revoke", api.revoke_key),
    ]
    return [Route(path, door.guarded(answer), methods=[method]) for method, path, answer in paths]


@dataclass(frozen=True, slots=True)
class _Decisions:
    """The answers."""

    engine: Engine
    feed_id: int
    clock: Callable[[], datetime]
    door: Doorway

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

    async def _who(self, request: Request) -> Session:
        who = await self.door.session(request)
        keys.check_right(who)
        return who


def named(request: Request) -> str:
    """Return what a path names."""
    return str(request.path_params["id"])[:64].replace("\0", "")
