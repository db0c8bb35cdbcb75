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
from secrets import token_hex

from sqlalchemy import select

from app.text import Text
from app.trouble import Trouble
from sync.connection_tables import stream as streams
from sync.hub.database import reading, writing
from sync.hub.polling.connections import Connected, connected
from sync.hub.polling.streams import Held, Lost, hold, page_read, went_well, went_wrong
from sync.hub.polling.taking import Tools, open_shop, take_records
from sync.manifest.caller import Caller, Line
from sync.manifest.durations import duration
from sync.manifest.paging import Span, TooMany, halves, next_span

SHOPS_AT_ONCE = 4
PAUSE = timedelta(seconds=30)
"""Between two looks at a list that was read to its end."""
WINDOWS = 8
"""Windows of one list read before others get their turn."""
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

    def read_shop(self, one: Connected) -> bool:
        """Read what is due of the lists of one shop; say whether there is more."""
        open_shop(self._tools, one)
        orders = [name for name, stream in one.manifest.streams.items() if stream.kind == "orders"]
        more = [self._read_list(one, name) for name in orders]
        return any(more)

    def _read_list(self, one: Connected, name: str) -> bool:
        """Read some windows of a list, if it is due and nobody else reads it."""
        tools = self._tools
        if self._is_resting(one, name):
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
            self._give_back(held, trouble.code, trouble.hint)
            return False

    def _is_resting(self, one: Connected, name: str) -> bool:
        row = (
            streams.c.feed_id == self._tools.feed_id,
            streams.c.shop == one.shop.code,
            streams.c.name == name,
        )
        with reading(self._tools.engine) as db:
            kept = db.execute(select(streams.c.well_at, streams.c.not_before).where(*row)).one_or_none()
        if kept is None:
            return False
        now = self._tools.clock()
        is_quiet = kept.well_at is not None and now < kept.well_at + PAUSE
        return is_quiet or (kept.not_before is not None and now < kept.not_before)

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
        caller = self._caller(one)
        newest_at: datetime | None = None
        try:
            for page in caller.pages(held.name, span):
                read_to = span.end if page.is_last else None
                count = len(page.records)
                note = partial(
                    page_read, feed_id=self._tools.feed_id, held=held, count=count, read_to=read_to
                )
                taken = take_records(self._tools, one, page.records, "poll", note)
                newest_at = max(filter(None, (newest_at, taken.newest_at)), default=None)
        except TooMany:
            first, second = halves(span)
            return max(
                filter(None, (self._read(one, held, first), self._read(one, held, second))), default=None
            )
        return newest_at

    def _give_back(self, held: Held, code: str, text: Text) -> None:
        tools = self._tools
        log.info("list %s of %s: %s", held.name, held.shop, code)
        try:
            with writing(tools.engine) as db:
                went_wrong(db, tools.feed_id, held, tools.clock(), code, text)
        except Lost:
            log.info("list %s of %s is read by another hub", held.name, held.shop)

    def _caller(self, one: Connected) -> Caller:
        """Return who talks to this shop; with new keys it is somebody else."""
        kept = self._callers.get(one.shop.code)
        if kept is None or kept[0] != one.rev:
            caller = Caller(
                one.manifest, one.settings, self._line(), self._tools.clock, self._sleep, lambda: token_hex(8)
            )
            kept = self._callers[one.shop.code] = (one.rev, caller)
        return kept[1]
