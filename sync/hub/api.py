"""The hub over HTTP: sign in, push, pull, snapshot, health. Everything from outside is bounded and checked.

Source: sync.md sections 5, 6, 11, 14.
"""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from io import BytesIO
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route

from app.text import N_, Text
from app.trouble import Trouble
from sync.hub import feed
from sync.hub.access import Session, session_of, sign_in
from sync.hub.crash import crash_point
from sync.hub.database import may_try_again, reading
from sync.hub.imports.counter import Counter
from sync.hub.imports.http import Door, import_routes
from sync.hub.pages import Pages
from sync.hub.passwords import give_first_password
from sync.hub.reveal import reveal_receiver
from sync.hub.seal import Seal
from sync.hub.snapshot import Snapshots
from sync.hub.watch import Watch
from sync.hub.witness.http import Chain, chain_routes
from sync.hub.writer import Closed, Fork, Gap, Job, ReplicaInfo, Writer
from sync.wire import (
    PULL_ROWS,
    PUSH_BYTES,
    PUSH_LIMIT,
    SCHEMA,
    WAIT_S,
    GiveFirstPassword,
    Push,
    PushReply,
    Reveal,
    SignedIn,
    SignIn,
    Stop,
)

T = TypeVar("T")
THREADS = 8
PASSWORD_THREADS = 2
"""Passwords checked at once: each costs 19 MB and 40 ms, and guessing them must not cost more."""
BODY_S = 30.0
GZIP_ABOVE = 4_096
SIGN_IN_BYTES = 65_536
HUB_IS_OLD = N_("The hub is older than this desk. Nothing is lost; ask your administrator.")
BUSY = N_("The hub is busy. Try again.")
NOT_UNDERSTOOD = N_("The hub does not understand this message. Update this desk.")


@dataclass(slots=True)
class Hub:
    """Everything one hub process works with.

    `door` is the secret first part of every path of an embedded hub: no other program of this PC finds it.
    """

    engine: Engine
    feed_id: int
    epoch: str
    seal: Seal
    writer: Writer
    snapshots: Snapshots
    clock: Callable[[], datetime]
    door: str = ""
    counter: Counter | None = None
    """Where files are handed in; a hub for desks has one."""


Answerer = Callable[[Request], Awaitable[Response]]


def application(hub: Hub) -> Starlette:
    """Return the hub as an ASGI application."""
    api = _Api(hub)
    routes = [
        Route("/v1/health", _guarded(api.health)),
        Route("/v1/sign_in", _guarded(api.sign_in), methods=["POST"]),
        Route("/v1/first_password", _guarded(api.first_password), methods=["POST"]),
        Route("/v1/push", _guarded(api.push), methods=["POST"]),
        Route("/v1/pull", _guarded(api.pull)),
        Route("/v1/snapshot", _guarded(api.snapshot)),
        Route("/v1/receiver", _guarded(api.receiver), methods=["POST"]),
    ]
    routes += chain_routes(Chain(hub.engine, hub.feed_id, hub.seal, hub.writer, hub.clock), api.door())
    if hub.counter is not None:
        routes += import_routes(hub.counter, api.door())
    return Starlette(routes=[Mount(f"/{hub.door}", routes=routes)] if hub.door else routes)


def _guarded(answer: Answerer) -> Answerer:
    """Turn what can go wrong outside of us into a Stop; anything else is a bug and becomes a 500."""

    async def guarded(request: Request) -> Response:
        try:
            return await answer(request)
        except Trouble as trouble:
            return _trouble(trouble)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return _stop(400, "bad_request", NOT_UNDERSTOOD)
        except (TimeoutError, PoolTimeout):
            return _trouble(Trouble("busy", Text(BUSY), retry=True))
        except DBAPIError as fault:
            if not may_try_again(fault):
                raise
            return _trouble(Trouble("busy", Text(BUSY), retry=True))
        except ClientDisconnect:
            return Response(status_code=499)

    return guarded


class _Api:
    """The answers. Passwords and snapshots have threads of their own: neither may hold up the others."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._pool = ThreadPoolExecutor(THREADS, "api")
        self._passwords = ThreadPoolExecutor(PASSWORD_THREADS, "sign-in")
        self._snapshots = ThreadPoolExecutor(1, "snapshot")
        self._pages = Pages(hub.engine, hub.feed_id, hub.seal)
        self._watch: Watch | None = None

    def door(self) -> Door:
        """Return what other answers of this hub are made with."""
        return Door(_guarded, self._session, _body, self._on, _json)

    async def health(self, _request: Request) -> Response:
        """Say that the database answers; whoever asks need not be signed in, so nothing else is told."""
        hub = self._hub
        await self._on(partial(feed.head, hub.engine, hub.feed_id))
        return _json({"schema": SCHEMA, "hub_time": hub.clock()})

    async def sign_in(self, request: Request) -> Response:
        asked = msgspec.json.decode(await _body(request, SIGN_IN_BYTES), type=SignIn)
        return _json(await self._on(partial(_sign_in, self._hub, asked), self._passwords))

    async def first_password(self, request: Request) -> Response:
        """Tell an administrator the new first password of a colleague: once, in this answer only."""
        who = await self._session(request)
        asked = msgspec.json.decode(await _body(request, SIGN_IN_BYTES), type=GiveFirstPassword)
        hub = self._hub
        give = partial(give_first_password, hub.engine, hub.feed_id, who, asked.user, hub.clock())
        return _json(await self._on(give, self._passwords))

    async def push(self, request: Request) -> Response:
        hub, who = self._hub, await self._session(request)
        asked = msgspec.json.decode(await _body(request, PUSH_BYTES + SIGN_IN_BYTES), type=Push)
        stop = _push_stop(hub, who, asked)
        if stop is not None:
            return stop
        job = Job(ReplicaInfo(who.replica_id, "desk", ""), asked.commands)
        try:
            answers = await asyncio.wrap_future(hub.writer.submit(job))
        except Gap as gap:
            return _json(Stop(code="gap", expect=gap.expect), 409)
        except Fork:
            return _json(Stop(code="fork"), 409)
        except Closed:
            raise Trouble("busy", Text(N_("The hub is going down. Your work is kept.")), retry=True) from None
        crash_point("before_ack")
        head, protected = await self._on(partial(feed.heads, hub.engine, hub.feed_id))
        next_n = answers[-1].n + 1 if answers else 0
        return _json(
            PushReply(epoch=hub.epoch, results=answers, next_n=next_n, head=head, protected_seq=protected)
        )

    async def pull(self, request: Request) -> Response:
        hub, who, ask = self._hub, await self._session(request), request.query_params
        epoch, cursor = ask.get("epoch", ""), _number(ask.get("cursor", "0"))
        limit = min(max(_number(ask.get("limit", str(PULL_ROWS))), 1), PULL_ROWS)
        if _number(ask.get("schema", "0")) > SCHEMA:
            return _stop(426, "upgrade", HUB_IS_OLD)
        if epoch and epoch != hub.epoch:
            return _json(Stop(code="epoch", epoch=hub.epoch), 409)
        loop = asyncio.get_running_loop()
        until_s = loop.time() + min(_number(ask.get("wait", "0")), WAIT_S)
        watch = self._watching()
        news = watch.next()
        if cursor == watch.told and until_s > loop.time():
            await watch.wait(news, until_s - loop.time())
        while True:
            news = watch.next()
            page, floor = await self._on(partial(self._pages.read, who.replica_id, cursor, limit))
            if cursor < floor or cursor > page.head:
                return _stop(410, "floor", N_("This desk was away for too long; it loads everything again."))
            watch.hear(page.head)
            left_s = until_s - loop.time()
            if page.head > cursor or left_s <= 0:
                break
            await watch.wait(news, left_s)
        reply = await self._on(partial(self._pages.opened, page, limit, who.user, hub.clock()))
        return _json(reply, zipped="gzip" in request.headers.get("accept-encoding", ""))

    async def snapshot(self, request: Request) -> Response:
        who = await self._session(request)
        built = await self._on(partial(self._hub.snapshots.current, who.user), self._snapshots)
        return FileResponse(
            built.path, media_type="application/octet-stream", headers={"docket-sha256": built.sha256}
        )

    async def receiver(self, request: Request) -> Response:
        hub, who = self._hub, await self._session(request)
        order = msgspec.json.decode(await _body(request, SIGN_IN_BYTES), type=Reveal).order
        ask = partial(reveal_receiver, hub.engine, hub.feed_id, hub.seal, who, order, hub.clock())
        return _json(await self._on(ask))

    async def _on(self, work: Callable[[], T], pool: ThreadPoolExecutor | None = None) -> T:
        return await asyncio.get_running_loop().run_in_executor(pool or self._pool, work)

    async def _session(self, request: Request) -> Session:
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        if kind.lower() != "bearer" or not 20 <= len(token) <= 200:
            raise Trouble("sign_in", Text(N_("Sign in again. Your work is kept.")))
        return await self._on(partial(_session, self._hub, token))

    def _watching(self) -> Watch:
        if self._watch is None:
            self._watch = Watch(partial(self._on, partial(feed.head, self._hub.engine, self._hub.feed_id)))
            self._hub.writer.tell.append(self._watch.ring)
            self._hub.writer.meter.waiting = self._watch.waiting
        return self._watch


def _push_stop(hub: Hub, who: Session, asked: Push) -> Response | None:
    """Say why a push cannot be taken, if so."""
    if asked.schema > SCHEMA:
        return _stop(426, "upgrade", HUB_IS_OLD)
    if asked.replica != who.replica_id:
        return _stop(403, "replica", N_("This desk's files belong to another login. Sign in again."))
    if asked.epoch and asked.epoch != hub.epoch:
        return _json(Stop(code="epoch", epoch=hub.epoch), 409)
    if len(asked.commands) > PUSH_LIMIT:
        return _stop(413, "too_many", N_("Too many commands at once. They are sent in smaller parts."))
    return None


def _session(hub: Hub, token: str) -> Session:
    with reading(hub.engine) as db:
        return session_of(db, hub.feed_id, token, hub.clock())


def _sign_in(hub: Hub, asked: SignIn) -> SignedIn:
    now = hub.clock()
    token, session = sign_in(
        hub.engine,
        hub.feed_id,
        asked.user,
        asked.password,
        asked.device,
        asked.replica,
        now,
        asked.new_password,
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
        TimeoutError: it does not come to an end.
    """
    packed = bytearray()
    async with asyncio.timeout(BODY_S):
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
        raise Trouble("bad_request", Text(NOT_UNDERSTOOD)) from fault
    if len(plain) > limit:
        raise Trouble("too_large", Text(N_("This message is too large for the hub.")))
    return plain


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise Trouble("bad_request", Text(NOT_UNDERSTOOD))
    return int(text)


_STATUS = {
    "sign_in": 401,
    "wrong_password": 403,
    "locked": 429,
    "too_large": 413,
    "bad_request": 400,
    "busy": 503,
}


AFTER_S = {429: "5", 503: "1"}
"""When to try again: a hub that is busy or going down is asked soon, the next one may be there already."""


def _trouble(trouble: Trouble) -> Response:
    status = _STATUS.get(trouble.code, 503 if trouble.retry else 403)
    headers = {"retry-after": AFTER_S[status]} if status in AFTER_S else {}
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
