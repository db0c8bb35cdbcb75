"""How an administrator's desk switches the learned check on and off."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from sqlalchemy import Engine
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sync.hub.doorway import Answerer, Doorway
from sync.hub.screening import switch


def screening_routes(
    engine: Engine, feed_id: int, clock: Callable[[], datetime], door: Doorway
) -> list[Route]:
    """Return the routes by which the learned check is switched."""

    def turned(*, is_on: bool) -> Answerer:
        async def answer(request: Request) -> Response:
            who = await door.session(request)
            return await door.said(partial(switch, engine, feed_id, who, clock(), is_on=is_on))

        return answer

    return [
        Route("/v1/screening/on", door.guarded(turned(is_on=True)), methods=["POST"]),
        Route("/v1/screening/off", door.guarded(turned(is_on=False)), methods=["POST"]),
    ]
