"""What every answer of the hub is made with: who asks, what is sent, work off the loop, how it is told.

What can go wrong outside of us becomes a `Stop` with a sentence; anything else is a bug and becomes a 500.
"""

from __future__ import annotations

import asyncio
import gzip
import zlib
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from io import BytesIO
from math import ceil
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from app.known_types import know_types
from app.text import N_, Text
from app.trouble import Trouble
from sync.hub.database import may_try_again, reading, writing
from sync.hub.limits import OVER_COSTS, Limits, TooMany, check_depth
from sync.hub.minted import is_minted, tag_key
from sync.hub.together import Together
from sync.hub.tokens import Session, sessions_of, sign_in_again
from sync.wire import Stop

T = TypeVar("T")
K = TypeVar("K")
V = TypeVar("V")
Answerer = Callable[[Request], Awaitable[Response]]
THREADS = 8
BODY_S = 30.0
GZIP_ABOVE = 4_096
NAME_MOST = 64
AFTER_S = {429: 5, 503: 1}
"""When to try again: a hub that is busy or going down is asked soon, the next one may be there already."""
BUSY = N_("The hub is busy. Try again.")
GOING_DOWN = N_("The hub is going down. Your work is kept.")
NOT_UNDERSTOOD = N_("The hub does not understand this message. Update this desk.")


class Doorway:
    """The means of all answers of one hub."""

    def __init__(self, engine: Engine, feed_id: int, clock: Callable[[], datetime], limits: Limits) -> None:
        know_types()
        self._engine, self._feed_id, self._clock = engine, feed_id, clock
        self._pool = ThreadPoolExecutor(THREADS, "api")
        self._sessions = Together(self._read_sessions, self._pool)
        self._tag_key = b""
        self.limits = limits

    def guarded(self, answer: Answerer) -> Answerer:
        """Turn what can go wrong outside of us into a Stop."""

        async def guarded(request: Request) -> Response:
            try:
                return await answer(request)
            except Trouble as trouble:
                return told(trouble)
            except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
                return stop(400, "bad_request", NOT_UNDERSTOOD)
            except (TimeoutError, PoolTimeout):
                return told(Trouble("busy", Text(BUSY), retry=True))
            except DBAPIError as fault:
                if not may_try_again(fault):
                    raise
                return told(Trouble("busy", Text(BUSY), retry=True))
            except ClientDisconnect:
                return Response(status_code=499)

        return guarded

    async def allowed(self, request: Request, grant: str, why_not: Text) -> Session:
        """Return who asks, if they hold a right.

        Raises:
            Trouble: not_allowed, or what `session` raises.
        """
        who = await self.session(request)
        if grant not in who.grants:
            raise Trouble("not_allowed", why_not)
        return who

    async def said(self, work: Callable[[], Any]) -> Response:
        """Do something that waits, and answer with what comes of it."""
        return self.json(await self.on(work))

    async def on(self, work: Callable[[], T], pool: ThreadPoolExecutor | None = None) -> T:
        """Do something that waits, off the loop."""
        return await asyncio.get_running_loop().run_in_executor(pool or self._pool, work)

    async def session(self, request: Request) -> Session:
        """Return who asks. A token is counted before it is looked up: by itself, whoever else is there.

        Raises:
            Trouble: sign_in, or TooMany: of this PC, of this token, or of a stranger who makes tokens up.
        """
        token = self.token(request)
        if not await self.is_ours(token):
            self.limits.take("stranger", address_of(request))
            raise sign_in_again()
        self.limits.take("token", token)
        who = await self._sessions.ask(token)
        if who is None:
            raise self.over(token)
        self.limits.take("pc", who.device_id)
        return who

    def token(self, request: Request) -> str:
        """Return what a request comes with; empty where that opens nothing anywhere."""
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        return token if kind.lower() == "bearer" and 20 <= len(token) <= 200 else ""

    async def is_ours(self, token: str) -> bool:
        """Tell whether a hub of this company made this token; nothing is looked up for it."""
        if token and not self._tag_key:
            self._tag_key = await self.on(self._read_tag_key)
        return bool(token) and is_minted(self._tag_key, token)

    def over(self, token: str) -> Trouble:
        """Return what a desk is told whose token opens nothing any more; it asks for the next one.

        Raises:
            Trouble: TooMany.
        """
        self.limits.take("token", token, OVER_COSTS)
        return sign_in_again()

    async def count(self, kind: str, request: Request) -> None:
        """Count a request that is answered before anybody has signed in, by the address it comes from.

        A PC that comes with an old token of ours is counted by that: a stranger beside it, behind the same
        address, does not use up what it may ask.

        Raises:
            Trouble: TooMany.
        """
        token = self.token(request)
        self.limits.take(kind, token if await self.is_ours(token) else address_of(request))

    def together(self, answer: Callable[[Sequence[K]], Sequence[V]]) -> Together[K, V]:
        """Answer what many ask at the same moment on one of the threads."""
        return Together(answer, self._pool)

    def _read_tag_key(self) -> bytes:
        with writing(self._engine) as db:
            return tag_key(db, self._feed_id)

    def _read_sessions(self, tokens: Sequence[str]) -> list[Session | None]:
        with reading(self._engine) as db:
            found = sessions_of(db, self._feed_id, tokens, self._clock())
        return [found.get(token) for token in tokens]

    async def message(self, request: Request, limit: int, kind: type[T]) -> T:
        """Read a message of at most `limit` bytes.

        Raises:
            Trouble: too_large, or bad_request: too deep.
            TimeoutError: it does not come to an end.
        """
        body = await self.body(request, limit)
        check_depth(body)
        return msgspec.json.decode(body, type=kind)

    async def body(self, request: Request, limit: int) -> bytes:
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
                    raise _too_large()
        if request.headers.get("content-encoding") != "gzip":
            return bytes(packed)
        try:
            with gzip.GzipFile(fileobj=BytesIO(bytes(packed))) as file:
                plain = file.read(limit + 1)
        except (OSError, EOFError, zlib.error) as fault:
            raise Trouble("bad_request", Text(NOT_UNDERSTOOD)) from fault
        if len(plain) > limit:
            raise _too_large()
        return plain

    def json(
        self, value: Any, status: int = 200, headers: dict[str, str] | None = None, *, zipped: bool = False
    ) -> Response:
        """Return an answer."""
        return as_json(value, status, headers, zipped=zipped)


def address_of(request: Request) -> str:
    """Return where a request comes from."""
    return request.client.host if request.client else ""


_STATUS = {
    "sign_in": 401,
    "stolen": 401,
    "wrong_password": 403,
    "upgrade": 426,
    "locked": 429,
    "limited": 429,
    "too_large": 413,
    "bad_request": 400,
    "busy": 503,
}


def told(trouble: Trouble) -> Response:
    """Return the answer that something cannot be."""
    status = _STATUS.get(trouble.code, 503 if trouble.retry else 403)
    headers = {"retry-after": str(AFTER_S[status])} if status in AFTER_S else {}
    if isinstance(trouble, TooMany):
        headers["retry-after"] = str(ceil(trouble.wait_s))
    return as_json(Stop(code=trouble.code, text=trouble.hint), status, headers)


def stop(status: int, code: str, message: str) -> Response:
    """Return the answer that something cannot be, in a sentence."""
    return as_json(Stop(code=code, text=Text(message)), status)


def as_json(
    value: Any, status: int = 200, headers: dict[str, str] | None = None, *, zipped: bool = False
) -> Response:
    """Return a value as an answer."""
    body = msgspec.json.encode(value)
    all_headers = dict(headers or {})
    if zipped and len(body) > GZIP_ABOVE:
        body = gzip.compress(body, compresslevel=1)
        all_headers["content-encoding"] = "gzip"
    return Response(body, status, all_headers, media_type="application/json")


def _too_large() -> Trouble:
    return Trouble("too_large", Text(N_("This message is too large for the hub.")))


def named(request: Request, part: str = "id") -> str:
    """Return a name out of the path, bounded, without what no database takes."""
    return str(request.path_params[part])[:NAME_MOST].replace("\0", "")
