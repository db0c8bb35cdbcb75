"""The hub over HTTP: push, pull, snapshot, health. Everything from outside is bounded and checked.

Source: sync.md sections 5, 6, 11, 14.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import msgspec
from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route

from app.domain.scopes import Reach
from app.text import N_, Text
from app.trouble import Trouble
from sync.hub import feed
from sync.hub.access import DESK_IS_OLD
from sync.hub.crash import crash_point
from sync.hub.door_api import House, door_routes
from sync.hub.doorway import NOT_UNDERSTOOD, Doorway, as_json, stop
from sync.hub.imports.counter import Counter
from sync.hub.imports.http import import_routes
from sync.hub.limits import Bounds, Limits
from sync.hub.pages import Pages
from sync.hub.reveal import reveal_receiver
from sync.hub.seal import Seal
from sync.hub.snapshot import Snapshots
from sync.hub.tokens import Session, check_signatures
from sync.hub.watch import Watch
from sync.hub.witness.http import Chain, chain_routes
from sync.hub.writer import Closed, Fork, Gap, Job, ReplicaInfo, Writer
from sync.mark import SHA256, SIZE
from sync.wire import (
    LEAST_SCHEMA,
    PULL_ROWS,
    PUSH_BYTES,
    PUSH_LIMIT,
    SCHEMA,
    WAIT_S,
    Health,
    Push,
    PushReply,
    Reveal,
    Stop,
)

SIGN_IN_BYTES = 65_536
HUB_IS_OLD = N_("The hub is older than this desk. Nothing is lost; ask your administrator.")


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
    is_own: bool = False
    """Nobody but the desk of this PC finds it: that desk need not be let in by anybody."""


def application(hub: Hub) -> Starlette:
    """Return the hub as an ASGI application."""
    doorway = Doorway(hub.engine, hub.feed_id, hub.clock, Limits())
    api = _Api(hub, doorway)
    routes = [
        Route("/v1/health", doorway.guarded(api.health)),
        Route("/v1/push", doorway.guarded(api.push), methods=["POST"]),
        Route("/v1/pull", doorway.guarded(api.pull)),
        Route("/v1/snapshot", doorway.guarded(api.snapshot)),
        Route("/v1/receiver", doorway.guarded(api.receiver), methods=["POST"]),
        *door_routes(House(hub.engine, hub.feed_id, hub.epoch, hub.clock, hub.writer, hub.is_own), doorway),
    ]
    routes += chain_routes(Chain(hub.engine, hub.feed_id, hub.seal, hub.writer, hub.clock), doorway)
    if hub.counter is not None:
        routes += import_routes(hub.counter, doorway)
    where = [Mount(f"/{hub.door}", routes=routes)] if hub.door else routes
    return Starlette(routes=where, middleware=[Middleware(Bounds)])


class _Api:
    """The answers; snapshots have a thread of their own."""

    def __init__(self, hub: Hub, door: Doorway) -> None:
        self._hub, self._door, self._on = hub, door, door.on
        self._snapshots = ThreadPoolExecutor(1, "snapshot")
        self._pages = Pages(hub.engine, hub.feed_id, hub.seal)
        self._watch: Watch | None = None

    async def health(self, _request: Request) -> Response:
        """Say that the database answers; whoever asks need not be signed in, so nothing else is told."""
        hub = self._hub
        await self._on(partial(feed.head, hub.engine, hub.feed_id))
        return as_json(Health(schema=SCHEMA, hub_time=hub.clock()))

    async def push(self, request: Request) -> Response:
        hub, who = self._hub, await self._door.session(request)
        asked = await self._door.message(request, PUSH_BYTES + SIGN_IN_BYTES, Push)
        no = _push_stop(hub, who, asked)
        if no is not None:
            return no
        await self._on(partial(check_signatures, who, asked))
        job = Job(ReplicaInfo(who.replica_id, "desk", ""), asked.commands)
        try:
            answers = await asyncio.wrap_future(hub.writer.submit(job))
        except Gap as gap:
            return as_json(Stop(code="gap", expect=gap.expect), 409)
        except Fork:
            return as_json(Stop(code="fork"), 409)
        except Closed:
            raise Trouble("busy", Text(N_("The hub is going down. Your work is kept.")), retry=True) from None
        crash_point("before_ack")
        head, protected = await self._on(partial(feed.heads, hub.engine, hub.feed_id))
        next_n = answers[-1].n + 1 if answers else 0
        return as_json(
            PushReply(epoch=hub.epoch, results=answers, next_n=next_n, head=head, protected_seq=protected)
        )

    async def pull(self, request: Request) -> Response:
        hub, who, ask = self._hub, await self._door.session(request), request.query_params
        epoch, cursor = ask.get("epoch", ""), _number(ask.get("cursor", "0"))
        limit = min(max(_number(ask.get("limit", str(PULL_ROWS))), 1), PULL_ROWS)
        if _number(ask.get("schema", "0")) > SCHEMA:
            return stop(426, "upgrade", HUB_IS_OLD)
        if epoch and epoch != hub.epoch:
            return as_json(Stop(code="epoch", epoch=hub.epoch), 409)
        known_n = _number(ask["last_n"]) if "last_n" in ask else None
        own, loop, watch = ask.get("own") == "1", asyncio.get_running_loop(), self._watching()
        until_s = loop.time() + min(_number(ask.get("wait", "0")), WAIT_S)
        seen = cursor if cursor == watch.told and not own else -1
        while True:
            if seen >= 0 and until_s > loop.time():
                await self._until_moved(watch, seen, who, until_s, is_picky=known_n is not None)
                who = await self._door.session(request)  # rights may have changed while it waited
            reach = who.reach
            if ask.get("scope_rev") not in (None, "", reach.rev):
                return as_json(Stop(code="scope", reach=reach), 409)
            read = partial(self._pages.read, who.replica_id, cursor, limit, reach, own=own)
            page, floor = await self._on(read)
            if cursor < floor or cursor > page.head:
                return stop(410, "floor", N_("This desk was away for too long; it loads everything again."))
            watch.hear(page.head)
            is_answered = page.head > cursor if known_n is None else page.last_n != known_n
            if page.changes or is_answered or own or loop.time() >= until_s:
                break
            seen = page.head
        reply = await self._on(partial(self._pages.opened, page, limit, reach, hub.clock()))
        return as_json(reply, zipped="gzip" in request.headers.get("accept-encoding", ""))

    async def _until_moved(
        self, watch: Watch, seen: int, who: Session, until_s: float, *, is_picky: bool
    ) -> None:
        """Wait until the feed says something after `seen` that this desk may hear.

        What concerns others costs it a glance at what all who wait have looked up together.
        """
        loop, reach = asyncio.get_running_loop(), who.reach
        while (left_s := until_s - loop.time()) > 0:
            news, told = watch.next(), watch.told
            if told <= seen:
                await watch.wait(news, left_s)
                continue
            moved = await self._on(partial(self._pages.moved, seen, told))
            if not is_picky or moved.concerns(reach, who.replica_id):
                return
            seen = told

    async def snapshot(self, request: Request) -> Response:
        """Hand out all a person may hold, or only what their desk has not got: `had` is the reach it has.

        `sha256` names the file it began to fetch: where that is kept still, the rest of it is given.
        """
        who, ask = await self._door.session(request), request.query_params
        had = msgspec.json.decode(ask["had"], type=Reach) if ask.get("had") else None
        begun = ask.get("sha256", "")
        built = await self._on(partial(self._hub.snapshots.current, who.reach, had, begun), self._snapshots)
        headers = {SHA256: built.sha256, SIZE: str(built.size)}
        return FileResponse(built.path, media_type="application/octet-stream", headers=headers)

    async def receiver(self, request: Request) -> Response:
        hub, who = self._hub, await self._door.session(request)
        order = (await self._door.message(request, SIGN_IN_BYTES, Reveal)).order
        ask = partial(reveal_receiver, hub.engine, hub.feed_id, hub.seal, who, order, hub.clock())
        return as_json(await self._on(ask))

    def _watching(self) -> Watch:
        if self._watch is None:
            self._watch = Watch(partial(self._on, partial(feed.head, self._hub.engine, self._hub.feed_id)))
            self._hub.writer.tell.append(self._watch.ring)
            self._hub.writer.meter.waiting = self._watch.waiting
        return self._watch


def _push_stop(hub: Hub, who: Session, asked: Push) -> Response | None:
    """Say why a push cannot be taken, if so."""
    if asked.schema > SCHEMA:
        return stop(426, "upgrade", HUB_IS_OLD)
    if asked.schema < LEAST_SCHEMA:
        return stop(426, "upgrade", DESK_IS_OLD)
    if asked.replica != who.replica_id:
        return stop(403, "replica", N_("This desk's files belong to another login. Sign in again."))
    if asked.epoch and asked.epoch != hub.epoch:
        return as_json(Stop(code="epoch", epoch=hub.epoch), 409)
    if len(asked.commands) > PUSH_LIMIT:
        return stop(413, "too_many", N_("Too many commands at once. They are sent in smaller parts."))
    return None


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise Trouble("bad_request", Text(NOT_UNDERSTOOD))
    return int(text)
