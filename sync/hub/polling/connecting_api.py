"""The ways by which a desk connects a shop: rights each time, calls to a channel on threads of their own."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.domain.connecting import CONNECTS, ShopKeys
from app.text import N_, Text
from sync.hub.doorway import Answerer, Doorway, named
from sync.hub.outward.addresses import House
from sync.hub.polling.connecting import begin, platforms, try_out
from sync.hub.polling.taking import Tools
from sync.hub.tokens import Session
from sync.manifest.line import Http

ASK_BYTES = 200_000
AT_ONCE = 2
"""Test calls under way for all desks together."""
NOT_ALLOWED = Text(N_("You may look. Who sets up shops connects them."))
log = logging.getLogger(__name__)


class Connecting:
    """The answers."""

    def __init__(self, tools: Tools, door: Doorway, house: House) -> None:
        self._tools, self._door, self._house = tools, door, house
        self._calls = ThreadPoolExecutor(AT_ONCE, "try_shop")

    def routes(self) -> list[Route]:
        """Return the routes."""
        paths: list[tuple[str, str, Answerer]] = [
            ("GET", "/v1/shops/{id}/platforms", self.platforms),
            ("POST", "/v1/shops/{id}/try", self.try_out),
            ("POST", "/v1/shops/{id}/connect", self.connect),
        ]
        return [Route(path, self._door.guarded(answer), methods=[method]) for method, path, answer in paths]

    async def platforms(self, request: Request) -> Response:
        who = await self._door.allowed(request, CONNECTS, NOT_ALLOWED)
        return await self._door.said(partial(platforms, self._tools, who.reach, named(request)))

    async def try_out(self, request: Request) -> Response:
        who = await self._door.allowed(request, CONNECTS, NOT_ALLOWED)
        self._door.limits.take("dear", who.device_id)
        keys = await self._door.message(request, ASK_BYTES, ShopKeys)
        work = partial(self._tried, who, named(request), keys)
        return self._door.json(await self._door.on(work, self._calls))

    async def connect(self, request: Request) -> Response:
        who = await self._door.allowed(request, CONNECTS, NOT_ALLOWED)
        keys = await self._door.message(request, ASK_BYTES, ShopKeys)
        shop = named(request)
        answer = await self._door.said(partial(begin, self._tools, who.reach, shop, keys, self._house))
        log.info("shop %s is connected as %s by %s", shop, keys.channel, who.user.code)
        return answer

    def _tried(self, who: Session, shop: str, keys: ShopKeys) -> Any:
        line = Http()
        try:
            return try_out(self._tools, who.reach, shop, keys, self._house, line)
        finally:
            line.close()
