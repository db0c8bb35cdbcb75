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
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from typing_extensions import override

from app.text import N_, Text
from app.trouble import Trouble
from sync.connection_tables import stream as streams
from sync.hub.database import may_try_again, reading, writing
from sync.hub.polling.connections import Connected, connected
from sync.hub.polling.leased import Leased
from sync.hub.polling.refunds import take_refunds
from sync.hub.polling.rereading import asked_cases, read_case
from sync.hub.polling.shapes import check_shape, lost
from sync.hub.polling.streams import AGAIN, Held, goes_on, hold, page_read, went_well, went_wrong
from sync.hub.polling.taking import Tools, open_shop, take_records
from sync.hub.polling.wanting import ASKED, Wanted, next_wanted, try_later, was_read
from sync.hub.turns import Lost
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
BROKEN = timedelta(minutes=1)
log = logging.getLogger(__name__)


class Over(Exception):
    """This process ends: no call that had to wait for its time is made any more."""


class Brought(NamedTuple):
    """What windows brought: so many that are new, and when the newest order among them was made."""

    new: int = 0
    newest_at: datetime | None = None

    @override
    def __add__(self, other: Any) -> Brought:
        newest_at = max(filter(None, (self.newest_at, other.newest_at)), default=None)
        return Brought(self.new + other.new, newest_at)


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
        self._leased = Leased(tools, sleep or self._rest)
        self._pool = ThreadPoolExecutor(SHOPS_AT_ONCE, "poll")
        self._under_way: dict[str, Future[bool]] = {}
        self._broken: dict[str, datetime] = {}
        """Shops that failed where nobody expected it, and until when they are left alone."""
        self._callers: dict[str, tuple[int, Caller]] = {}
        self._asked: dict[str, datetime] = {}
        """Cases that were read again, and for when they were asked."""
        self._missed: dict[tuple[str, str], int] = {}
        """What the night has found so far of a list that others had missed."""

    def _rest(self, seconds: float) -> None:
        if self._over.wait(seconds):
            raise Over

    def step(self) -> bool:
        """Begin with every shop that is not being read; return at once."""
        now = self._tools.clock()
        for shop in [shop for shop, work in self._under_way.items() if work.done()]:
            self._settle(shop, self._under_way.pop(shop))
        for one in self.shops():
            is_left = one.shop.code in self._under_way or self._broken.get(one.shop.code, now) > now
            if not is_left and not self._over.is_set():
                self._under_way[one.shop.code] = self._pool.submit(self.read_shop, one)
        return False

    def _settle(self, shop: str, work: Future[bool]) -> None:
        """Look at what became of a shop: one that failed is left alone for a while, the others go on."""
        fault = work.exception()
        if fault is None:
            self._broken.pop(shop, None)
            return
        if isinstance(fault, DBAPIError) and may_try_again(fault):
            log.warning("shop %s waits for the database: %s", shop, fault)
        else:
            log.error("shop %s cannot be read", shop, exc_info=fault)
        self._broken[shop] = self._tools.clock() + BROKEN

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
        rows = self._rows(one)
        names = [name for name in one.manifest.streams if _is_read(one, name)]
        more = [self._read_list(one, name, rows.get(name)) for name in names]
        self.read_wanted(one)
        self.read_cases(one)
        for name in names:
            self._read_again(one, name, rows.get(name + AGAIN))
        return any(more)

    def _rows(self, one: Connected) -> dict[str, Any]:
        c, feed_id = streams.c, self._tools.feed_id
        found = select(streams).where(c.feed_id == feed_id, c.shop == one.shop.code)
        with reading(self._tools.engine) as db:
            return {row.name: row for row in db.execute(found)}

    # --- single orders ---------------------------------------------------------------------------------

    def read_wanted(self, one: Connected) -> None:
        """Read single orders again, one hub at a time: each as it is now, whatever the lists say later."""
        name = _orders_of(one)
        if not name or not self._wanted(one):
            return
        with self._tools.turns.offered(f"wanted {one.shop.code}") as is_ours:
            for each in self._wanted(one) if is_ours else ():
                self._read_one(one, name, each)

    def _wanted(self, one: Connected) -> list[Wanted]:
        tools = self._tools
        with reading(tools.engine) as db:
            return next_wanted(db, tools.feed_id, one.shop.code, tools.clock())

    def _read_one(self, one: Connected, name: str, each: Wanted) -> None:
        tools, shop = self._tools, one.shop.code
        try:
            records = orders_in(one.manifest, self.caller(one).one(name, each.ext_id))
        except Trouble as trouble:
            log.info("an order of %s cannot be read: %s", shop, trouble.code)
            with writing(tools.engine) as db:
                try_later(db, tools.feed_id, shop, each, tools.clock())
            return
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

    # --- the lists ---------------------------------------------------------------------------------------

    def _read_list(self, one: Connected, name: str, kept: Any) -> bool:
        """Read some windows of a list, if it is due and nobody else reads it."""
        now = self._tools.clock()
        if kept is not None and kept.well_at is not None and now < kept.well_at + PAUSE:
            return False
        return self._while_held(one, name, self._windows)

    def _read_again(self, one: Connected, name: str, kept: Any) -> bool:
        """Read three days again, once a night: what the lists missed is taken in, and told."""
        local = self._tools.clock().astimezone(ZoneInfo(one.shop.zone))
        night = local.replace(hour=NIGHT_HOUR, minute=0, second=0, microsecond=0)
        if local < night:
            night -= timedelta(days=1)
        well_at = kept.well_at if kept is not None else one.since
        if well_at is not None and well_at >= night:
            return False
        return self._while_held(one, name + AGAIN, self._three_days)

    def _while_held(self, one: Connected, name: str, work: Callable[[Connected, Held], bool]) -> bool:
        tools = self._tools
        with writing(tools.engine) as db:
            held = hold(db, tools.feed_id, one.shop.code, name, tools.clock())
        if held is None:
            return False
        self._leased.begin(held)
        try:
            return work(one, held)
        except Lost:
            log.info("list %s of %s is read by another hub", name, one.shop.code)
            return False
        except Over:
            with writing(tools.engine) as db:
                goes_on(db, tools.feed_id, held)
            raise
        except Trouble as trouble:
            self._give_back(held, trouble)
            return False
        finally:
            self._leased.end(one.shop.code)

    def _windows(self, one: Connected, held: Held) -> bool:
        """Read window after window until there is none; more than a few are left for the next turn."""
        window = one.manifest.streams[held.list].window
        read_to = held.read_to or one.since - duration(window.overlap)
        brought = Brought()
        for _ in range(WINDOWS):
            span = next_span(window, read_to, self._tools.clock())
            if span is None or self._over.is_set():
                break
            brought += self._read(one, held, span)
            read_to = span.end
        is_behind = next_span(window, read_to, self._tools.clock()) is not None
        told = lost(self._tools, one) if one.manifest.streams[held.list].kind == "orders" else None
        with writing(self._tools.engine) as db:
            now = self._tools.clock()
            at = now - PAUSE if is_behind else now
            went_well(db, self._tools.feed_id, held, at, brought.newest_at, told, "drift" if told else "")
        return is_behind

    def _three_days(self, one: Connected, held: Held) -> bool:
        """Read some windows of the last three days; the rest is left for the next turn."""
        tools, window, place = self._tools, one.manifest.streams[held.list].window, (held.shop, held.list)
        kept = self._rows(one).get(held.list)
        end = kept.read_to if kept is not None and kept.read_to is not None else one.since
        at = max(one.since, end - DAYS_AGAIN, held.read_to or one.since)
        for _ in range(WINDOWS):
            if at >= end or self._over.is_set():
                break
            span = Span(at, min(at + duration(window.max), end))
            self._missed[place] = self._missed.get(place, 0) + self._read(one, held, span).new
            at = span.end
        is_behind = at < end
        with writing(tools.engine) as db:
            if is_behind:
                goes_on(db, tools.feed_id, held)
                return True
            count = self._missed.pop(place, 0)
            told = Text(N_("{count} changes had been missed. They are here now."), {"count": count})
            went_well(db, tools.feed_id, held, tools.clock(), None, told if count else None)
        return False

    def _read(self, one: Connected, held: Held, span: Span) -> Brought:
        """Read one window, in halves where it holds too much."""
        tools, brought = self._tools, Brought()
        try:
            for page in self.caller(one).pages(held.list, span):
                read_to = span.end if page.is_last else None
                note = partial(
                    page_read, feed_id=tools.feed_id, held=held, count=len(page.records), read_to=read_to
                )
                if one.manifest.streams[held.list].kind == "refunds":
                    take_refunds(tools, one, page.records, note)
                    continue
                check_shape(tools, one, page.records)
                taken = take_records(tools, one, page.records, "poll", note)
                brought += Brought(taken.new, taken.newest_at)
        except TooMany:
            return sum((self._read(one, held, half) for half in halves(span)), Brought())
        return brought

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
            shop = one.shop.code
            line = self._leased.line(shop, self._line())
            caller = self._tools.talk(one, line, partial(self._leased.wait, shop))
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
