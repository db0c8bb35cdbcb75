"""Lists of shops are read, window after window, so that no order is lost, doubled or read past.

A window is closed and ends behind now; its pages come as the manifest walks them; each page is kept in a
transaction of its own, and with the last one the cursor moves. A page that fails leaves the cursor where it
was: what was kept already is recognised when it comes again.
Source: channels.md section 5; sync.md section 9.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.text import N_, Text
from app.trouble import Trouble
from sync.connection_tables import stream as streams
from sync.hub.database import reading, writing
from sync.hub.polling.connections import Connected, connected
from sync.hub.polling.refunds import take_refunds
from sync.hub.polling.rereading import asked_cases, read_case
from sync.hub.polling.streams import AGAIN, Held, Lost, hold, page_read, went_well, went_wrong
from sync.hub.polling.taking import Tools, open_shop, take_records
from sync.hub.polling.wanting import ASKED, next_wanted, try_later, was_read
from sync.manifest.caller import Caller, Line, Refused
from sync.manifest.durations import duration
from sync.manifest.mapping import orders_in
from sync.manifest.paging import Span, TooMany, halves, next_span

SHOPS_AT_ONCE = 4
PAUSE = timedelta(seconds=30)
"""Between two looks at a list that was read to its end."""
WINDOWS = 8
"""Windows of one list read before others get their turn."""
NIGHT_HOUR = 3
DAYS_AGAIN = timedelta(days=3)
log = logging.getLogger(__name__)


class Poller:
    """Reads the lists of all connected shops for one process."""

    def __init__(
        self,
        tools: Tools,
        line: Callable[[], Line],
        sleep: Callable[[float], None] | None = None,
    ) -> None:
        self._tools, self._line = tools, line
        self._over = threading.Event()
        self._sleep = sleep or self._rest
        self._pool = ThreadPoolExecutor(SHOPS_AT_ONCE, "poll")
        self._under_way: dict[str, Future[bool]] = {}
        self._callers: dict[str, tuple[int, Caller]] = {}
        self._asked: dict[str, datetime] = {}
        """Cases that were read again, and for when they were asked."""

    def _rest(self, seconds: float) -> None:
        self._over.wait(seconds)

    def step(self) -> bool:
        """Begin with every shop that is not being read; return at once."""
        done = [shop for shop, work in self._under_way.items() if work.done()]
        for shop in done:
            self._under_way.pop(shop).result()
        for one in self.shops():
            if one.shop.code not in self._under_way and not self._over.is_set():
                self._under_way[one.shop.code] = self._pool.submit(self.read_shop, one)
        return False

    @property
    def under_way(self) -> list[Future[bool]]:
        """What is being read now."""
        return list(self._under_way.values())

    def close(self) -> None:
        """End after the calls under way."""
        self._over.set()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def shops(self) -> list[Connected]:
        """Return the shops that can be asked."""
        tools = self._tools
        with reading(tools.engine) as db:
            found = connected(db, tools.feed_id, tools.seal)
        return [one for one in found if one.manifest.transport is not None and one.manifest.streams]

    def open_shop(self, one: Connected) -> None:
        """Make sure that the shop has an account."""
        open_shop(self._tools, one)

    def read_shop(self, one: Connected) -> bool:
        """Read what is due of the lists of one shop; say whether there is more."""
        self.open_shop(one)
        more = [self._read_list(one, name) for name in one.manifest.streams if _is_read(one, name)]
        self.read_wanted(one)
        self.read_cases(one)
        self._read_again(one)
        return any(more)

    # --- single orders ---------------------------------------------------------------------------------

    def read_wanted(self, one: Connected) -> None:
        """Read single orders again: each as it is now, whatever the lists say later."""
        tools, shop = self._tools, one.shop.code
        name = _orders_of(one)
        if not name:
            return
        with reading(tools.engine) as db:
            found = next_wanted(db, tools.feed_id, shop, tools.clock())
        for each in found:
            try:
                records = orders_in(one.manifest, self.caller(one).one(name, each.ext_id))
            except Trouble as trouble:
                log.info("an order of %s cannot be read: %s", shop, trouble.code)
                with writing(tools.engine) as db:
                    try_later(db, tools.feed_id, shop, each, tools.clock())
                continue
            via = "manual" if each.why == ASKED else "poll"
            note = partial(was_read, feed_id=tools.feed_id, shop=shop, one=each)
            take_records(tools, one, records, via, note)

    def read_cases(self, one: Connected) -> None:
        """Read once more what nobody could read and somebody asks for: once each time it is asked for."""
        name = _orders_of(one)
        fetch = partial(self.caller(one).one, name) if name else None
        for asked in asked_cases(self._tools, one, self._asked):
            try:
                is_read = read_case(self._tools, one, asked, fetch)
            except Trouble as trouble:
                log.info("a delivery of %s cannot be read again yet: %s", one.shop.code, trouble.code)
                continue
            self._asked[asked.case] = asked.at
            if is_read:
                log.info("a delivery of %s could be read", one.shop.code)

    # --- the nights --------------------------------------------------------------------------------------

    def _read_again(self, one: Connected) -> None:
        """Read three days again, once a night: what the lists missed is taken in, and told."""
        for name, stream in one.manifest.streams.items():
            if stream.kind != "orders":
                continue
            held = self._held_for_the_night(one, name)
            if held is None:
                continue
            try:
                self._three_days(one, name, held)
            except Lost:
                log.info("list %s of %s is read by another hub", name, one.shop.code)
            except Trouble as trouble:
                self._give_back(held, trouble)

    def _held_for_the_night(self, one: Connected, name: str) -> Held | None:
        tools, now = self._tools, self._tools.clock()
        local = now.astimezone(ZoneInfo(one.shop.zone))
        night = local.replace(hour=NIGHT_HOUR, minute=0, second=0, microsecond=0)
        if local < night:
            night -= timedelta(days=1)
        kept = self._kept(one, name + AGAIN)
        well_at = kept.well_at if kept is not None else one.since
        if well_at is not None and well_at >= night:
            return None
        with writing(tools.engine) as db:
            return hold(db, tools.feed_id, one.shop.code, name + AGAIN, now)

    def _three_days(self, one: Connected, name: str, held: Held) -> None:
        tools, caller, window = self._tools, self.caller(one), one.manifest.streams[name].window
        kept = self._kept(one, name)
        end = kept.read_to if kept is not None and kept.read_to is not None else one.since
        at, missed = max(one.since, end - DAYS_AGAIN), 0
        while at < end and not self._over.is_set():
            span = Span(at, min(at + duration(window.max), end))
            for page in caller.pages(name, span):
                count = len(page.records)
                note = partial(page_read, feed_id=tools.feed_id, held=held, count=count, read_to=None)
                missed += take_records(tools, one, page.records, "poll", note).new
            at = span.end
        told = Text(N_("{count} changes had been missed. They are here now."), {"count": missed})
        with writing(tools.engine) as db:
            went_well(db, tools.feed_id, held, tools.clock(), None, told if missed else None)

    def _read_list(self, one: Connected, name: str) -> bool:
        """Read some windows of a list, if it is due and nobody else reads it."""
        tools = self._tools
        kept, now = self._kept(one, name), tools.clock()
        if kept is not None and kept.well_at is not None and now < kept.well_at + PAUSE:
            return False
        with writing(tools.engine) as db:
            held = hold(db, tools.feed_id, one.shop.code, name, tools.clock())
        if held is None:
            return False
        try:
            return self._windows(one, held)
        except Lost:
            log.info("list %s of %s is read by another hub", name, one.shop.code)
            return False
        except Trouble as trouble:
            self._give_back(held, trouble)
            return False

    def _kept(self, one: Connected, name: str) -> Any:
        c, feed_id = streams.c, self._tools.feed_id
        found = select(streams).where(c.feed_id == feed_id, c.shop == one.shop.code, c.name == name)
        with reading(self._tools.engine) as db:
            return db.execute(found).one_or_none()

    def _windows(self, one: Connected, held: Held) -> bool:
        """Read window after window until there is none; more than a few are left for the next turn."""
        window = one.manifest.streams[held.name].window
        read_to = held.read_to or one.since - duration(window.overlap)
        newest_at: datetime | None = None
        for _ in range(WINDOWS):
            span = next_span(window, read_to, self._tools.clock())
            if span is None or self._over.is_set():
                break
            newest_at = max(filter(None, (newest_at, self._read(one, held, span))), default=None)
            read_to = span.end
        is_behind = next_span(window, read_to, self._tools.clock()) is not None
        with writing(self._tools.engine) as db:
            now = self._tools.clock()
            at = now - PAUSE if is_behind else now
            went_well(db, self._tools.feed_id, held, at, newest_at)
        return is_behind

    def _read(self, one: Connected, held: Held, span: Span) -> datetime | None:
        """Read one window, in halves where it holds too much; return when its newest order was made."""
        caller = self.caller(one)
        newest_at: datetime | None = None
        try:
            for page in caller.pages(held.name, span):
                read_to = span.end if page.is_last else None
                count = len(page.records)
                note = partial(
                    page_read, feed_id=self._tools.feed_id, held=held, count=count, read_to=read_to
                )
                if one.manifest.streams[held.name].kind == "refunds":
                    take_refunds(self._tools, one, page.records, note)
                    continue
                taken = take_records(self._tools, one, page.records, "poll", note)
                newest_at = max(filter(None, (newest_at, taken.newest_at)), default=None)
        except TooMany:
            first, second = halves(span)
            return max(
                filter(None, (self._read(one, held, first), self._read(one, held, second))), default=None
            )
        return newest_at

    def _give_back(self, held: Held, trouble: Trouble) -> None:
        tools, code = self._tools, trouble.code
        text = trouble.said if isinstance(trouble, Refused) else trouble.hint
        log.info("list %s of %s: %s", held.name, held.shop, code)
        try:
            with writing(tools.engine) as db:
                went_wrong(db, tools.feed_id, held, tools.clock(), code, text)
        except Lost:
            log.info("list %s of %s is read by another hub", held.name, held.shop)

    def caller(self, one: Connected) -> Caller:
        """Return who talks to this shop; with new keys it is somebody else."""
        kept = self._callers.get(one.shop.code)
        if kept is None or kept[0] != one.rev:
            caller = self._tools.talk(one, self._line(), self._sleep)
            kept = self._callers[one.shop.code] = (one.rev, caller)
        return kept[1]


def _orders_of(one: Connected) -> str:
    """Return the list of orders of which single ones can be asked for; empty where there is none."""
    name = next((n for n, stream in one.manifest.streams.items() if stream.kind == "orders"), "")
    return name if name and one.manifest.streams[name].one else ""


def _is_read(one: Connected, name: str) -> bool:
    """Tell whether a list is one of orders, or of refunds that the manifest can read."""
    stream = one.manifest.streams[name]
    return stream.kind == "orders" or (stream.kind == "refunds" and one.manifest.map.refunds is not None)
