"""The counter for files over HTTP. What comes from outside is bounded and checked, rights each time."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from app.domain.scopes import works_for
from app.imports import Reading
from app.text import N_, Text
from app.trouble import Trouble
from sync.hub.doorway import Answerer, Doorway
from sync.hub.imports.counter import Counter
from sync.hub.imports.rejected import write_rejected
from sync.hub.imports.retaking import retake
from sync.hub.tokens import Session
from sync.import_wire import ASK_BYTES, PART_BYTES, AskMatch, AskRetake, AskRows, NewFile

GRANT = "import_file"
LIST_MOST = 200
LANGUAGES = ("zh_CN", "en")
READERS = 2
"""Threads that read whole files."""


def import_routes(counter: Counter, door: Doorway) -> list[Route]:
    """Return the routes of files and imports."""
    api = _Imports(counter, door)
    paths: list[tuple[str, str, Answerer]] = [
        ("POST", "/v1/files", api.announce),
        ("PUT", "/v1/files/{file}/{at:int}", api.add),
        ("POST", "/v1/files/{file}/look", api.look),
        ("POST", "/v1/files/{file}/rows", api.rows),
        ("POST", "/v1/imports/match", api.match),
        ("POST", "/v1/imports/retake", api.retake),
        ("POST", "/v1/imports/sample", api.sample),
        ("POST", "/v1/imports/rehearse", api.rehearse),
        ("POST", "/v1/imports", api.begin),
        ("GET", "/v1/imports", api.past),
        ("GET", "/v1/imports/{id}", api.row),
        ("POST", "/v1/imports/{id}/stop", api.stop),
        ("GET", "/v1/imports/{id}/undo", api.undo_plan),
        ("POST", "/v1/imports/{id}/undo", api.undo),
        ("GET", "/v1/imports/{id}/rejected", api.rejected),
    ]
    return [Route(path, door.guarded(answer), methods=[method]) for method, path, answer in paths]


class _Imports:
    """The answers. Whole files are read on threads of their own: nobody's click waits for them."""

    def __init__(self, counter: Counter, door: Doorway) -> None:
        self._counter, self._door = counter, door
        self._readers = ThreadPoolExecutor(READERS, "counter")

    async def announce(self, request: Request) -> Response:
        who = await self._who(request)
        asked = await self._door.message(request, ASK_BYTES, NewFile)
        return await self._say(partial(self._counter.announce, asked, who))

    async def add(self, request: Request) -> Response:
        who, part = await self._who(request), await self._door.body(request, PART_BYTES)
        file, at = request.path_params["file"], request.path_params["at"]
        return await self._say(partial(self._counter.add, file, at, part, who))

    async def look(self, request: Request) -> Response:
        who = await self._person(request)
        asked = await self._door.message(request, ASK_BYTES, Reading)
        look = partial(self._counter.look, request.path_params["file"], asked, who.user.code)
        return await self._read(who, look)

    async def rows(self, request: Request) -> Response:
        who = await self._person(request)
        asked = await self._door.message(request, ASK_BYTES, Reading)
        rows = partial(self._counter.rows, request.path_params["file"], asked, who.user.code)
        return await self._read(who, rows)

    async def match(self, request: Request) -> Response:
        who = await self._person(request)
        asked = await self._door.message(request, ASK_BYTES, AskMatch)
        _check_shop(who, asked.shop)
        ask = partial(self._counter.match, asked.shop, asked.files, asked.manual, who.user.code)
        return await self._read(who, ask)

    async def retake(self, request: Request) -> Response:
        who = await self._person(request)
        asked = await self._door.message(request, ASK_BYTES, AskRetake)
        return await self._read(who, partial(retake, self._counter, asked.case, who))

    async def sample(self, request: Request) -> Response:
        return await self._rows(request, self._counter.sample)

    async def rehearse(self, request: Request) -> Response:
        return await self._rows(request, self._counter.rehearse)

    async def begin(self, request: Request) -> Response:
        return await self._rows(request, self._counter.begin)

    async def past(self, request: Request) -> Response:
        who = await self._person(request)
        limit = request.query_params.get("limit", "50")
        count = int(limit) if limit.isascii() and limit.isdigit() and len(limit) < 6 else 50
        rows = await self._door.on(partial(self._counter.runs.past, min(max(count, 1), LIST_MOST)))
        return self._door.json([row for row in rows if works_for(who.reach, row.shop)])

    async def row(self, request: Request) -> Response:
        await self._of_mine(request)
        return await self._say(partial(self._counter.runs.row, _id(request)))

    async def stop(self, request: Request) -> Response:
        await self._of_mine(request)
        return await self._say(partial(self._counter.runs.stop, _id(request)))

    async def undo_plan(self, request: Request) -> Response:
        who = await self._of_mine(request)
        return await self._read(who, partial(self._counter.runs.undo_plan, _id(request)))

    async def undo(self, request: Request) -> Response:
        who = await self._of_mine(request)
        return await self._say(partial(self._counter.runs.undo, _id(request), who.user.code))

    async def rejected(self, request: Request) -> Response:
        who = await self._of_mine(request)
        self._door.limits.take("dear", who.device_id)
        asked = request.query_params.get("lang", "")
        language = asked if asked in LANGUAGES else ""
        write = partial(write_rejected, self._counter, _id(request), language)
        path: Path = await self._door.on(write, self._readers)
        return FileResponse(
            path,
            media_type="application/octet-stream",
            background=BackgroundTask(path.unlink, missing_ok=True),
        )

    async def _rows(self, request: Request, work: Callable[..., Any]) -> Response:
        who = await self._person(request)
        asked = await self._door.message(request, ASK_BYTES * 2, AskRows)
        _check_shop(who, asked.shop)
        return await self._read(who, partial(work, asked.shop, asked.files, asked.plan, who.user.code))

    async def _of_mine(self, request: Request) -> Session:
        """Return who asks about an import, if they may: it is of a shop they work for."""
        who = await self._person(request)
        row = await self._door.on(partial(self._counter.runs.row, _id(request)))
        _check_shop(who, row.shop)
        return who

    async def _who(self, request: Request) -> str:
        return (await self._person(request)).user.code

    async def _person(self, request: Request) -> Session:
        """Return who asks, if they may."""
        who = await self._door.session(request)
        if GRANT not in who.grants:
            raise Trouble(
                "not_allowed", Text(N_("You may not import files. A clerk of orders or a lead may."))
            )
        return who

    async def _read(self, who: Session, work: Callable[[], Any]) -> Response:
        """Answer what takes a whole file to know: so often for each PC, and so many at once for all."""
        self._door.limits.take("dear", who.device_id)
        return self._door.json(await self._door.on(work, self._readers))

    async def _say(self, work: Callable[[], Any]) -> Response:
        return self._door.json(await self._door.on(work))


def _id(request: Request) -> str:
    return str(request.path_params["id"])[:64]


def _check_shop(who: Session, shop: str) -> None:
    """Let nobody read or bring files of a shop they do not work for.

    Raises:
        Trouble: outside.
    """
    if not works_for(who.reach, shop):
        raise Trouble("outside", Text(N_("You do not work for this shop. Ask your administrator.")))
