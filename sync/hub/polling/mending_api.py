"""The ways by which a desk mends how a shop's channel is read; rights each time."""

from __future__ import annotations

from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.domain.mending import MENDS, PATCH_MOST, AskMending
from app.text import N_, Text
from sync.hub.doorway import Answerer, Doorway, named
from sync.hub.polling.mending import keep, mending
from sync.hub.polling.taking import Tools

ASK_BYTES = PATCH_MOST * 4
NOT_ALLOWED = Text(N_("You may look. Who sets up shops changes how they are read."))


class Mendings:
    """The answers."""

    def __init__(self, tools: Tools, door: Doorway) -> None:
        self._tools, self._door = tools, door

    def routes(self) -> list[Route]:
        """Return the routes."""
        paths: list[tuple[str, str, Answerer]] = [
            ("GET", "/v1/shops/{id}/manifest", self.shown),
            ("POST", "/v1/shops/{id}/manifest/try", self.tried),
            ("POST", "/v1/shops/{id}/manifest", self.kept),
        ]
        return [Route(path, self._door.guarded(answer), methods=[method]) for method, path, answer in paths]

    async def shown(self, request: Request) -> Response:
        who = await self._door.allowed(request, MENDS, NOT_ALLOWED)
        return await self._door.said(partial(mending, self._tools, who, named(request), None))

    async def tried(self, request: Request) -> Response:
        who = await self._door.allowed(request, MENDS, NOT_ALLOWED)
        asked = await self._door.message(request, ASK_BYTES, AskMending)
        return await self._door.said(partial(mending, self._tools, who, named(request), asked))

    async def kept(self, request: Request) -> Response:
        who = await self._door.allowed(request, MENDS, NOT_ALLOWED)
        asked = await self._door.message(request, ASK_BYTES, AskMending)
        return await self._door.said(partial(keep, self._tools, who, named(request), asked))
