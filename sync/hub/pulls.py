"""Answers to desks that ask for rows: they wait for news, then all that wake read together.

Who asks and what they may hold is read in the transaction that reads their rows: a right that was taken away
is gone from the very next page.
Source: sync.md sections 6, 14.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import NamedTuple

from sqlalchemy import Engine
from starlette.requests import Request
from starlette.responses import Response

from app.text import N_, Text
from app.trouble import Trouble
from sync.hub import feed
from sync.hub.access import DESK_IS_OLD
from sync.hub.database import reading
from sync.hub.doorway import GOING_DOWN, NOT_UNDERSTOOD, Doorway, as_json, stop
from sync.hub.pages import Ask, Moved, Pages
from sync.hub.seal import Seal
from sync.hub.tokens import Session, sessions_of
from sync.hub.watch import Watch
from sync.hub.writer import Writer
from sync.wire import LEAST_SCHEMA, PULL_ROWS, SCHEMA, WAIT_S, PullReply, Stop

HUB_IS_OLD = N_("The hub is older than this desk. Nothing is lost; ask your administrator.")
RECENT_S = 1.0
"""A token that opened so short a time ago may wait for news; it is looked at again before any are told."""
RECENT_MOST = 1_000


class _Question(NamedTuple):
    """One desk that wants a page now."""

    token: str
    cursor: int
    limit: int
    scope_rev: str
    own: bool


class _Told(NamedTuple):
    """Who asked, and their page, where what they asked for is what they may hold."""

    who: Session | None = None
    page: PullReply | None = None
    floor: int = 0


class _Recent(NamedTuple):
    """Whose token opened when, and where the feed stood."""

    who: Session
    head: int
    at_s: float


class Pulls:
    """The pulls of one hub process; made before the event loop, used inside of it."""

    def __init__(
        self,
        engine: Engine,
        feed_id: int,
        epoch: str,
        seal: Seal,
        writer: Writer,
        clock: Callable[[], datetime],
        door: Doorway,
    ) -> None:
        self._engine, self._feed_id, self._epoch = engine, feed_id, epoch
        self._writer, self._clock, self._door = writer, clock, door
        self._pages = Pages(engine, feed_id, seal)
        self._reads = door.together(self._read)
        self._moves = door.together(self._moved)
        self._recent: OrderedDict[str, _Recent] = OrderedDict()
        self._watch: Watch | None = None

    async def answer(self, request: Request) -> Response:
        """Return what follows a cursor, at once or when there is something."""
        ask, token = request.query_params, self._door.token(request)
        cursor = number(ask.get("cursor", "0"))
        who = await self._who(request, token, cursor)
        epoch, limit = ask.get("epoch", ""), number(ask.get("limit", str(PULL_ROWS)))
        if (no := schema_stop(number(ask.get("schema", str(SCHEMA))))) is not None:
            return no
        if epoch and epoch != self._epoch:
            return as_json(Stop(code="epoch", epoch=self._epoch), 409)
        known_n = number(ask["last_n"]) if "last_n" in ask else None
        own, loop, watch = ask.get("own") == "1", asyncio.get_running_loop(), self._watching()
        until_s = loop.time() + min(number(ask.get("wait", "0")), WAIT_S)
        seen = cursor if cursor == watch.told and not own else -1
        limit = min(max(limit, 1), PULL_ROWS)
        question = _Question(token, cursor, limit, ask.get("scope_rev", ""), own)
        while True:
            if seen >= 0 and until_s > loop.time():
                await self._until_moved(watch, seen, who, until_s, is_picky=known_n is not None)
            told = await self._reads.ask(question)
            if told.who is None:  # it opened until now
                raise self._door.over(token)
            who, page = told.who, told.page
            if page is not None and page.epoch != self._epoch:  # restored; this process ends any moment
                return stop(503, "busy", GOING_DOWN)
            if page is None:
                return as_json(Stop(code="scope", reach=who.reach), 409)
            if cursor < told.floor or cursor > page.head:
                return stop(410, "floor", N_("This desk was away for too long; it loads everything again."))
            watch.hear(page.head)
            self._remember(token, who, page.head)
            is_answered = page.head > cursor if known_n is None else page.last_n != known_n
            if page.changes or is_answered or own or loop.time() >= until_s:
                break
            seen = page.head
        return as_json(page, zipped="gzip" in request.headers.get("accept-encoding", ""))

    async def _who(self, request: Request, token: str, cursor: int) -> Session:
        """Return who asks, as known a moment ago from where they stand, else as it is now."""
        recent = self._recent.get(token)
        is_fresh = recent is not None and time.monotonic() - recent.at_s < RECENT_S
        if recent is None or not is_fresh or recent.head < cursor:
            return await self._door.session(request)
        self._door.limits.take("pc", recent.who.device_id)
        return recent.who

    def _remember(self, token: str, who: Session, head: int) -> None:
        self._recent[token] = _Recent(who, head, time.monotonic())
        self._recent.move_to_end(token)
        while len(self._recent) > RECENT_MOST:
            self._recent.popitem(last=False)

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
            if not is_picky:
                return
            moved = self._pages.glanced(seen, told) or await self._moves.ask((seen, told))
            if moved.concerns(reach, who.replica_id):
                return
            seen = told

    def _watching(self) -> Watch:
        if self._watch is None:
            look = partial(feed.head, self._engine, self._feed_id)
            self._watch = Watch(partial(self._door.on, look))
            self._writer.tell.append(self._watch.ring)
            self._writer.meter.waiting = self._watch.waiting
        return self._watch

    # --- on a thread, for all who ask at once -------------------------------------------------------

    def _read(self, asked: Sequence[_Question]) -> list[_Told]:
        now = self._clock()
        with reading(self._engine) as db:
            sessions = sessions_of(db, self._feed_id, {one.token for one in asked}, now)
            whose = [sessions.get(one.token) for one in asked]
            wanted = {
                i: Ask(who.replica_id, one.cursor, one.limit, who.reach, one.own)
                for i, (one, who) in enumerate(zip(asked, whose, strict=True))
                if who is not None and one.scope_rev in ("", who.reach.rev)
            }
            pages, floor = self._pages.read_all(db, list(wanted.values()))
        found = {
            i: self._pages.opened(page, ask.limit, ask.reach, now)
            for (i, ask), page in zip(wanted.items(), pages, strict=True)
        }
        return [_Told(who, found.get(i), floor) for i, who in enumerate(whose)]

    def _moved(self, asked: Sequence[tuple[int, int]]) -> list[Moved]:
        found = {one: self._pages.moved(*one) for one in dict.fromkeys(asked)}
        return [found[one] for one in asked]


def schema_stop(schema: int) -> Response | None:
    """Say why a desk of this version is told nothing, if so: one would take it for something else."""
    if schema > SCHEMA:
        return stop(426, "upgrade", HUB_IS_OLD)
    return stop(426, "upgrade", DESK_IS_OLD) if schema < LEAST_SCHEMA else None


def number(text: str) -> int:
    """Return a number that came with an address.

    Raises:
        Trouble: bad_request: it is none.
    """
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise Trouble("bad_request", Text(NOT_UNDERSTOOD))
    return int(text)
