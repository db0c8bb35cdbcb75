"""The chain over HTTP: what lies between two heads, and what a desk has witnessed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import Engine
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.text import N_, Text
from app.trouble import Trouble
from sync.chain import SEEN_BYTES, ChainReply, Seen
from sync.hub.database import reading
from sync.hub.doorway import Doorway
from sync.hub.seal import Seal
from sync.hub.witness.heads import Signer, chain
from sync.hub.witness.witnesses import alarm, hear
from sync.hub.writer import Writer


@dataclass(frozen=True, slots=True)
class Chain:
    """What these answers need of the hub."""

    engine: Engine
    feed_id: int
    seal: Seal
    writer: Writer
    clock: Callable[[], datetime]


def chain_routes(hub: Chain, door: Doorway) -> list[Route]:
    """Return the routes of the chain and its witnesses."""
    api = _Witnesses(hub, door)
    return [
        Route("/v1/chain", door.guarded(api.chain)),
        Route("/v1/witness", door.guarded(api.witness), methods=["POST"]),
    ]


class _Witnesses:
    """The answers."""

    def __init__(self, hub: Chain, door: Doorway) -> None:
        self._hub, self._door = hub, door
        self._key = Signer(hub.seal).key

    async def chain(self, request: Request) -> Response:
        await self._door.session(request)
        ask = request.query_params
        since, to = _number(ask.get("since", "")), _number(ask.get("to", ""))
        return self._door.json(await self._door.on(partial(self._chain, since, to)))

    async def witness(self, request: Request) -> Response:
        who = await self._door.session(request)
        seen = await self._door.message(request, SEEN_BYTES, Seen)
        await self._door.on(partial(self._hear, who.replica_id, seen))
        return self._door.json({"ok": True})

    def _chain(self, since: int, to: int) -> ChainReply:
        with reading(self._hub.engine) as db:
            return chain(db, self._hub.feed_id, since, to)

    def _hear(self, replica_id: str, seen: Seen) -> None:
        hub, now = self._hub, self._hub.clock()
        found = hear(hub.engine, hub.feed_id, self._key, replica_id, seen, now)
        alarm(hub.engine, hub.feed_id, hub.writer, replica_id, found, now)


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise Trouble("bad_request", Text(N_("The hub does not understand this message. Update this desk.")))
    return int(text)
