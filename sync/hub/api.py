"""The hub over HTTP: push, pull, snapshot, health. Everything from outside is bounded and checked.

Source: sync.md sections 5, 6, 11, 14.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

import msgspec
from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route

from app import __version__
from app.domain.scopes import Reach
from app.text import N_, Text
from app.trouble import Trouble
from sync.hub import feed
from sync.hub.asking import Worker
from sync.hub.crash import crash_point
from sync.hub.door_api import House, door_routes
from sync.hub.doorway import GOING_DOWN, Doorway, as_json, stop
from sync.hub.figures import figure_routes
from sync.hub.imports.counter import Counter
from sync.hub.imports.http import import_routes
from sync.hub.jobs import open_worker
from sync.hub.limits import Bounds, Limits
from sync.hub.openapi import document
from sync.hub.outward.addresses import House as ShopHouse
from sync.hub.outward.connected_services import Services
from sync.hub.outward.deciding import Deciding, deciding_routes
from sync.hub.outward.doing import Doing
from sync.hub.outward.ears import ear_routes
from sync.hub.outward.heard import HEARD
from sync.hub.outward.http import system_routes
from sync.hub.outward.services_api import ServicesApi
from sync.hub.own_addresses import Addresses, Post, address_routes
from sync.hub.polling.connecting_api import Connecting
from sync.hub.polling.hooks import hook_routes
from sync.hub.polling.mending_api import Mendings
from sync.hub.polling.shops_api import Shops, shops_routes
from sync.hub.polling.taking import Tools
from sync.hub.pulls import Pulls, number, schema_stop
from sync.hub.raw_text import raw_text
from sync.hub.reveal import reveal_receiver
from sync.hub.screening_api import screening_routes
from sync.hub.seal import Seal
from sync.hub.snapshot import Snapshots
from sync.hub.tokens import Session, check_signatures
from sync.hub.witness.http import Chain, chain_routes
from sync.hub.writer import Closed, Fork, Gap, Job, ReplicaInfo, Writer
from sync.manifest.plugin import Plugin
from sync.mark import SHA256, SIZE
from sync.wire import (
    PUSH_BYTES,
    PUSH_LIMIT,
    SCHEMA,
    AskRaw,
    Health,
    Push,
    PushReply,
    RawText,
    Reveal,
    Stop,
)

SIGN_IN_BYTES = 65_536


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
    drain: Callable[[str], int] | None = None
    """Hands the receipts of one account to the writer; with it other systems may come."""
    hook_hosts: frozenset[str] = frozenset()
    """Hosts of this house that hooks may lead to; all others are public."""
    plugins: Mapping[str, Plugin] = field(default_factory=dict)
    """Code of channels, by the id of their manifest."""
    one_tools: Tools | None = None
    all_services: Services | None = None
    is_own: bool = False
    """Nobody but the desk of this PC finds it: that desk need not be let in by anybody."""

    post: Post = field(default_factory=Post)
    """How people are reached outside the program."""

    def addresses(self) -> Addresses:
        """Return what people keep here of their own."""
        return Addresses(self.engine, self.feed_id, self.seal, self.clock, self.post)

    def services(self) -> Services:
        """Return the systems the hub does something at: one view for all that ask."""
        if self.all_services is None:
            here = self.engine, self.feed_id
            self.all_services = Services(*here, self.seal, self.clock, worker=self._listener)
        return self.all_services

    def _listener(self) -> Worker:
        info = open_worker(self.engine, self.feed_id, HEARD, self.clock())
        return Worker(self.engine, self.feed_id, self.writer, info)

    def tools(self) -> Tools:
        """Return what takes in and talks to channels: one for all, who share budgets and keys."""
        if self.one_tools is None:
            self.one_tools = Tools(self.engine, self.feed_id, self.seal, self.clock, plugins=self.plugins)
        return self.one_tools


def application(hub: Hub) -> Starlette:
    """Return the hub as an ASGI application."""
    doorway = Doorway(hub.engine, hub.feed_id, hub.clock, Limits())
    api = _Api(hub, doorway)
    pulls = Pulls(hub.engine, hub.feed_id, hub.epoch, hub.seal, hub.writer, hub.clock, doorway)
    routes = [
        Route("/v1/pull", doorway.guarded(pulls.answer)),
        Route("/v1/push", doorway.guarded(api.push), methods=["POST"]),
        Route("/v1/health", doorway.guarded(api.health)),
        Route("/v1/snapshot", doorway.guarded(api.snapshot)),
        Route("/v1/receiver", doorway.guarded(api.receiver), methods=["POST"]),
        Route("/v1/raw", doorway.guarded(api.raw), methods=["POST"]),
        *door_routes(House(hub.engine, hub.feed_id, hub.epoch, hub.clock, hub.writer, hub.is_own), doorway),
    ]
    routes += figure_routes(hub.engine, hub.feed_id, hub.clock, doorway, hub.writer.gazetteer)
    routes += chain_routes(Chain(hub.engine, hub.feed_id, hub.seal, hub.writer, hub.clock), doorway)
    routes += deciding_routes(Deciding(hub.engine, hub.feed_id, hub.clock, doorway, hub.hook_hosts))
    routes += address_routes(hub.addresses(), doorway)
    routes += screening_routes(hub.engine, hub.feed_id, hub.clock, doorway)
    tools = hub.tools()
    routes += ear_routes(hub.services().ear, doorway)
    routes += ServicesApi(hub.services(), doorway, ShopHouse(hub.hook_hosts, hub.is_own)).routes()
    routes += hook_routes(tools, doorway) + shops_routes(Shops(tools, doorway))
    routes += Mendings(tools, doorway).routes()
    routes += Connecting(tools, doorway, ShopHouse(hub.hook_hosts, hub.is_own)).routes()
    if hub.counter is not None:
        routes += import_routes(hub.counter, doorway)
    if hub.drain is not None:
        doing = Doing(hub.engine, hub.feed_id, hub.seal, hub.writer, hub.clock, hub.drain)
        routes += system_routes(doing, lambda: msgspec.json.encode(document(__version__)))
    where = [Mount(f"/{hub.door}", routes=routes)] if hub.door else routes
    return Starlette(routes=where, middleware=[Middleware(Bounds)])


class _LargeFile(FileResponse):
    """A file in large pieces: each costs a turn of a thread."""

    chunk_size = 1 << 20


class _Api:
    """The answers; snapshots have a thread of their own."""

    def __init__(self, hub: Hub, door: Doorway) -> None:
        self._hub, self._door, self._on = hub, door, door.on
        self._snapshots = ThreadPoolExecutor(1, "snapshot")

    async def health(self, request: Request) -> Response:
        """Say that the database answers; whoever asks need not be signed in, so nothing else is told."""
        hub = self._hub
        await self._door.count("health", request)
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
            raise Trouble("busy", Text(GOING_DOWN), retry=True) from None
        crash_point("before_ack")
        head, protected = hub.writer.stood
        next_n = answers[-1].n + 1 if answers else 0
        return as_json(
            PushReply(epoch=hub.epoch, results=answers, next_n=next_n, head=head, protected_seq=protected)
        )

    async def snapshot(self, request: Request) -> Response:
        """Hand out all a person may hold, or only what their desk has not got: `had` is the reach it has.

        `sha256` names the file it began to fetch: where that is kept still, the rest of it is given.
        `packing` says what the desk can unpack beside gzip; `since` where it goes on with what it has.
        """
        who, ask = await self._door.session(request), request.query_params
        had = msgspec.json.decode(ask["had"], type=Reach) if ask.get("had") else None
        begun, packing = ask.get("sha256", ""), ask.get("packing", "gzip")
        since = number(ask["since"]) if "since" in ask else None
        count = partial(self._door.limits.take, "build", who.device_id)
        build = partial(self._hub.snapshots.current, who.reach, had, begun, packing, since, count)
        built = await self._on(build, self._snapshots)
        headers = {SHA256: built.sha256, SIZE: str(built.size)}
        return _LargeFile(built.path, media_type="application/octet-stream", headers=headers)

    async def receiver(self, request: Request) -> Response:
        hub, who = self._hub, await self._door.session(request)
        order = (await self._door.message(request, SIGN_IN_BYTES, Reveal)).order
        self._door.limits.take("reveal", who.device_id)
        ask = partial(reveal_receiver, hub.engine, hub.feed_id, hub.seal, who, order, hub.clock())
        return as_json(await self._on(ask))

    async def raw(self, request: Request) -> Response:
        hub, who = self._hub, await self._door.session(request)
        case = (await self._door.message(request, SIGN_IN_BYTES, AskRaw)).case
        self._door.limits.take("reveal", who.device_id)
        tools = hub.tools()
        return as_json(RawText(text=await self._on(partial(raw_text, tools, who, case))))


def _push_stop(hub: Hub, who: Session, asked: Push) -> Response | None:
    """Say why a push cannot be taken, if so."""
    if (no := schema_stop(asked.schema)) is not None:
        return no
    if asked.replica != who.replica_id:
        return stop(403, "replica", N_("This desk's files belong to another login. Sign in again."))
    if asked.epoch and asked.epoch != hub.epoch:
        return as_json(Stop(code="epoch", epoch=hub.epoch), 409)
    if len(asked.commands) > PUSH_LIMIT:
        return stop(413, "too_many", N_("Too many commands at once. They are sent in smaller parts."))
    return None
