"""The ways by which a desk mends how a shop's channel is read; rights each time."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.domain.mending import MENDS, PATCH_MOST, AskMending
from app.text import N_, Text
from app.trouble import Trouble
from sync.hub.doorway import Answerer, Doorway
from sync.hub.polling.mending import keep, mending
from sync.hub.polling.taking import Tools
from sync.hub.tokens import Session

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
        who = await self._person(request)
        return await self._say(partial(mending, self._tools, who, _id(request), None))

    async def tried(self, request: Request) -> Response:
        who = await self._person(request)
        asked = await self._door.message(request, ASK_BYTES, AskMending)
        return await self._say(partial(mending, self._tools, who, _id(request), asked))

    async def kept(self, request: Request) -> Response:
        who = await self._person(request)
        asked = await self._door.message(request, ASK_BYTES, AskMending)
        return await self._say(partial(keep, self._tools, who, _id(request), asked))

    async def _person(self, request: Request) -> Session:
        who = await self._door.session(request)
        if MENDS not in who.grants:
            raise Trouble("not_allowed", NOT_ALLOWED)
        return who

    async def _say(self, work: Callable[[], Any]) -> Response:
        return self._door.json(await self._door.on(work))


def _id(request: Request) -> str:
    return str(request.path_params["id"])[:64].replace("\0", "")
