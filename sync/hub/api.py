"""The hub over HTTP: sign in, push, pull, snapshot, health. Everything from outside is bounded and checked.

Source: sync.md sections 5, 6, 11, 14.
"""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from io import BytesIO
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route

from app.text import N_, Text
from app.trouble import Trouble
from sync.hub import feed
from sync.hub.access import Session, session_of, sign_in
from sync.hub.database import reading, writing
from sync.hub.project import projected
from sync.hub.seal import Seal
from sync.hub.snapshot import Snapshots
from sync.hub.writer import Fork, Gap, Job, ReplicaInfo, Writer
from sync.wire import (
    PULL_ROWS,
    PUSH_BYTES,
    PUSH_LIMIT,
    SCHEMA,
    WAIT_S,
    Push,
    PushReply,
    SignedIn,
    SignIn,
    Stop,
)

T = TypeVar("T")
LOOK_S = 0.25
"""How often a waiting pull looks for commits of other hub processes."""
THREADS = 8
GZIP_ABOVE = 4_096


@dataclass(slots=True)
class Hub:
    """Everything one hub process works with.

    `door` is the secret first part of every path of an embedded hub, so that no other program of this PC finds it.
    """

    engine: Engine
    feed_id: int
    epoch: str
    seal: Seal
    writer: Writer
    snapshots: Snapshots
    clock: Callable[[], datetime]
    door: str = ""
    pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(THREADS, "api"))


class _Bell:
    """Wakes every waiting pull after a commit of this process."""

    def __init__(self) -> None:
        self._event = asyncio.Event()
        self._loop = asyncio.get_running_loop()

    def ring(self, _head: int) -> None:
        self._loop.call_soon_threadsafe(self._ring)

    def _ring(self) -> None:
        self._event.set()
        self._event = asyncio.Event()

    async def wait(self, timeout_s: float) -> None:
        """Wait for the next commit, at most `timeout_s`."""
        event = self._event
        try:
            await asyncio.wait_for(event.wait(), timeout_s)
        except TimeoutError:
            return


Answerer = Callable[[Request], Awaitable[Response]]


def application(hub: Hub) -> Starlette:
    """Return the hub as an ASGI application."""
    bells: list[_Bell] = []

    def bell() -> _Bell:
        if not bells:
            bells.append(_Bell())
            hub.writer.tell.append(bells[0].ring)
        return bells[0]

    async def on(work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(hub.pool, work)

    def guarded(answer: Answerer) -> Answerer:
        async def wrapped(request: Request) -> Response:
            try:
                return await answer(request)
            except Trouble as trouble:
                return _trouble(trouble)
            except (msgspec.MsgspecError, UnicodeDecodeError):
                return _stop(
                    400, "bad_request", N_("The hub does not understand this message. Update this desk.")
                )
            except ClientDisconnect:
                return Response(status_code=499)

        return wrapped

    async def session(request: Request) -> Session:
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        if kind.lower() != "bearer" or not 20 <= len(token) <= 200:
            raise Trouble("sign_in", Text(N_("Sign in again. Your work is kept.")))
        return await on(partial(_session, hub, token))

    async def health(_request: Request) -> Response:
        head = await on(partial(feed.head, hub.engine, hub.feed_id))
        return _json({"epoch": hub.epoch, "schema": SCHEMA, "head": head, "hub_time": hub.clock()})

    async def sign(request: Request) -> Response:
        asked = msgspec.json.decode(await _body(request, 16_384), type=SignIn)
        return _json(await on(partial(_sign_in, hub, asked)))

    async def push(request: Request) -> Response:
        who = await session(request)
        body = await _body(request, PUSH_BYTES + 65_536)
        asked = msgspec.json.decode(body, type=Push)
        if asked.schema > SCHEMA:
            return _stop(
                426,
                "upgrade",
                N_("The hub is older than this desk. Nothing is lost; ask your administrator."),
            )
        if asked.replica != who.replica_id:
            return _stop(403, "replica", N_("This desk's files belong to another login. Sign in again."))
        if asked.epoch and asked.epoch != hub.epoch:
            return _json(Stop(code="epoch", epoch=hub.epoch), 409)
        if len(asked.commands) > PUSH_LIMIT:
            return _stop(413, "too_many", N_("Too many commands at once. They are sent in smaller parts."))
        job = Job(ReplicaInfo(who.replica_id, "desk", ""), asked.commands)
        try:
            answers = await asyncio.wrap_future(hub.writer.submit(job))
        except Gap as gap:
            return _json(Stop(code="gap", expect=gap.expect), 409)
        except Fork:
            return _json(Stop(code="fork"), 409)
        head, protected = await on(partial(feed.heads, hub.engine, hub.feed_id))
        next_n = answers[-1].n + 1 if answers else 0
        return _json(
            PushReply(epoch=hub.epoch, results=answers, next_n=next_n, head=head, protected_seq=protected)
        )

    async def pull(request: Request) -> Response:
        who = await session(request)
        ask = request.query_params
        cursor, epoch = _number(ask.get("cursor", "0")), ask.get("epoch", "")
        limit = min(max(_number(ask.get("limit", str(PULL_ROWS))), 1), PULL_ROWS)
        wait_s = min(_number(ask.get("wait", "0")), WAIT_S)
        if epoch and epoch != hub.epoch:
            return _json(Stop(code="epoch", epoch=hub.epoch), 409)
        until = asyncio.get_running_loop().time() + wait_s
        here = bell()
        while True:
            page = await on(partial(feed.read_page, hub.engine, hub.feed_id, who.replica_id, cursor, limit))
            if cursor < page.floor:
                return _stop(410, "floor", N_("This desk was away for too long; it loads everything again."))
            left_s = until - asyncio.get_running_loop().time()
            if page.reply.changes or page.reply.last_n > _number(ask.get("last_n", "0")) or left_s <= 0:
                break
            await _quiet(here, hub, page.reply.head, min(left_s, WAIT_S), on)
        reply = await on(
            partial(projected, hub.engine, hub.feed_id, hub.seal, who.user, page.reply, hub.clock())
        )
        return _json(reply, zipped="gzip" in request.headers.get("accept-encoding", ""))

    async def snapshot(request: Request) -> Response:
        who = await session(request)
        return _json((await on(partial(hub.snapshots.current, who.user))).info)

    async def download(request: Request) -> Response:
        who = await session(request)
        path = hub.snapshots.file(who.user, request.path_params["sha256"])
        if path is None:
            return _stop(404, "not_found", N_("This copy is no longer there. Ask for a new one."))
        return FileResponse(path, media_type="application/octet-stream")

    routes = [
        Route("/v1/health", guarded(health)),
        Route("/v1/sign_in", guarded(sign), methods=["POST"]),
        Route("/v1/push", guarded(push), methods=["POST"]),
        Route("/v1/pull", guarded(pull)),
        Route("/v1/snapshot", guarded(snapshot)),
        Route("/v1/snapshot/{sha256:str}", guarded(download)),
    ]
    return Starlette(routes=[Mount(f"/{hub.door}", routes=routes)] if hub.door else routes)


async def _quiet(
    bell: _Bell, hub: Hub, head: int, left_s: float, on: Callable[[Callable[[], int]], Awaitable[int]]
) -> None:
    """Wait until there is news: the bell for our own commits, a glance at the feed row for other hubs'."""
    loop = asyncio.get_running_loop()
    until = loop.time() + left_s
    while (now := loop.time()) < until:
        ring = asyncio.ensure_future(bell.wait(min(LOOK_S, until - now)))
        await ring
        if await on(partial(feed.head, hub.engine, hub.feed_id)) != head:
            return


def _session(hub: Hub, token: str) -> Session:
    with reading(hub.engine) as db:
        return session_of(db, hub.feed_id, token, hub.clock())


def _sign_in(hub: Hub, asked: SignIn) -> SignedIn:
    now = hub.clock()
    with writing(hub.engine) as db:
        token, session = sign_in(
            db, hub.feed_id, asked.user, asked.password, asked.device, asked.replica, now
        )
    return SignedIn(
        token=token,
        login=session.login_id,
        user=session.user,
        grants=session.grants,
        expires_at=session.expires_at,
        epoch=hub.epoch,
        hub_time=now,
    )


async def _body(request: Request, limit: int) -> bytes:
    """Read a body of at most `limit` bytes, unpacked if it came packed.

    Raises:
        Trouble: too_large.
    """
    packed = bytearray()
    async for part in request.stream():
        packed += part
        if len(packed) > limit:
            raise Trouble("too_large", Text(N_("This message is too large for the hub.")))
    if request.headers.get("content-encoding") != "gzip":
        return bytes(packed)
    try:
        with gzip.GzipFile(fileobj=BytesIO(bytes(packed))) as file:
            plain = file.read(limit + 1)
    except (OSError, EOFError) as fault:
        raise Trouble(
            "bad_request", Text(N_("The hub does not understand this message. Update this desk."))
        ) from fault
    if len(plain) > limit:
        raise Trouble("too_large", Text(N_("This message is too large for the hub.")))
    return plain


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise Trouble("bad_request", Text(N_("The hub does not understand this message. Update this desk.")))
    return int(text)


_STATUS = {
    "sign_in": 401,
    "wrong_password": 403,
    "locked": 429,
    "too_large": 413,
    "bad_request": 400,
    "busy": 503,
}


def _trouble(trouble: Trouble) -> Response:
    status = _STATUS.get(trouble.code, 503 if trouble.retry else 403)
    headers = {"retry-after": "5"} if status in (429, 503) else {}
    return _json(Stop(code=trouble.code, text=trouble.hint), status, headers)


def _stop(status: int, code: str, message: str) -> Response:
    return _json(Stop(code=code, text=Text(message)), status)


def _json(
    value: Any, status: int = 200, headers: dict[str, str] | None = None, *, zipped: bool = False
) -> Response:
    body = msgspec.json.encode(value)
    all_headers = dict(headers or {})
    if zipped and len(body) > GZIP_ABOVE:
        body = gzip.compress(body, compresslevel=1)
        all_headers["content-encoding"] = "gzip"
    return Response(body, status, all_headers, media_type="application/json")
