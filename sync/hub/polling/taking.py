"""What a channel said is taken in as the account `shop:<code>`, whether it was asked or spoke by itself."""

from __future__ import annotations

import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from secrets import token_hex
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from app.trouble import Trouble
from sync.channel import Draft, Rejected
from sync.connection_tables import listing
from sync.hub.bulk import Into
from sync.hub.database import may_try_again, reading, writing
from sync.hub.effect_rows import wake_figures
from sync.hub.intake import PAGE, ask_case, known_orders, open_account, take_in
from sync.hub.polling.connections import Connected, connected, keep_settings
from sync.hub.polling.quota import Shared
from sync.hub.polling.understood import CELL, understood
from sync.hub.polling.wanting import want
from sync.hub.provider import Unsent
from sync.hub.seal import Seal
from sync.hub.turns import Turns
from sync.manifest.blocks import Budget
from sync.manifest.caller import Caller, Line, with_defaults
from sync.manifest.pace import Bucket, Counts
from sync.manifest.paths import fill
from sync.manifest.plugin import NOTHING, Plugin
from sync.tables import micros, raw
from sync.wire import new_id

log = logging.getLogger(__name__)
REMEMBERED = 50_000
"""So many versions a process knows that it has read: windows overlap, so each comes again and again."""
KEEP_TRIES, KEEP_PAUSE_S = 120, 0.5
"""A database whose standby takes over is back within a minute."""
_Nothing = Callable[[Connection], None]
_LISTINGS = Into(listing, ("shop", "ext_sku", "item", "goods"), skips=True)
_RAWS = Into(
    raw,
    (
        "raw_id", "replica_id", "via", "verdict", "reason", "source", "row_no", "received_at", "subject_id",
        "body", "sha256",
    ),
)  # fmt: skip


@dataclass(slots=True)
class Tools:
    """What the hub takes in with."""

    engine: Engine
    feed_id: int
    seal: Seal
    clock: Callable[[], datetime]
    known: OrderedDict[tuple[str, str, str], None] = field(default_factory=OrderedDict)
    plugins: Mapping[str, Plugin] = field(default_factory=dict)
    """Code of channels, by the id of their manifest."""
    buckets: dict[tuple[str, str, Budget], Counts] = field(default_factory=dict)
    """What was taken of each budget by a shop, or by an app."""
    turns: Turns = field(init=False)
    """Who renews the keys of a shop, and who tells it something: one at a time, in whichever hub."""
    shapes: dict[str, tuple[int, Any]] = field(default_factory=dict)
    """What the records of a shop always held, with the revision of its keys."""
    opened: set[str] = field(default_factory=set)
    """Accounts this process knows to be there."""

    def __post_init__(self) -> None:
        self.turns = Turns(self.engine, self.feed_id)

    @contextmanager
    def telling(self, one: Connected) -> Iterator[None]:
        """Tell a shop of parcels or stock alone: a figure made of an answer must not be older than a parcel.

        Raises:
            Unsent: others are at it for too long; nothing was told.
        """
        with ExitStack() as stack:
            try:
                stack.enter_context(self.turns.alone(f"telling {one.shop.code}"))
            except Trouble as trouble:
                raise Unsent(trouble.code) from trouble
            except DBAPIError as fault:
                raise Unsent("database") from fault
            yield

    def plugin(self, one: Connected) -> Plugin:
        """Return the code of a shop's channel, nothing where it has none."""
        return self.plugins.get(one.manifest.id, NOTHING)

    def talk(self, one: Connected, line: Line, sleep: Callable[[float], None]) -> Caller:
        """Return who talks to a shop over a line."""
        return Caller(
            one.manifest,
            one.settings,
            line,
            self.clock,
            sleep,
            partial(token_hex, 8),
            plugin=self.plugin(one),
            bucket_of=partial(self._bucket, one),
            keys=KeptKeys(self, one),
        )

    def _bucket(self, one: Connected, budget: Budget) -> Counts:
        """Return what has been taken of a budget: who polls a shop and who tells it share it, in all hubs."""
        settings = with_defaults(one.manifest, one.settings)
        whose = fill(budget.app, settings) if budget.per == "app" else one.shop.code
        if self.engine.dialect.name != "sqlite":
            return Shared(self.engine, self.feed_id, self.clock, one.manifest.id, whose, budget)
        return self.buckets.setdefault((one.manifest.id, whose, budget), Bucket(budget))


class KeptKeys:
    """The keys of a shop as the hub keeps them, for whoever talks to it."""

    def __init__(self, tools: Tools, one: Connected) -> None:
        self._tools, self._one = tools, one

    def alone(self) -> AbstractContextManager[None]:
        """Let one thread of one hub at a time renew them."""
        return self._tools.turns.alone(f"keys {self._one.shop.code}")

    def newer(self, settings: Mapping[str, Any]) -> Mapping[str, str] | None:
        """Return the keys as they are kept, where these are not they."""
        with reading(self._tools.engine) as db:
            shop, tools = self._one.shop.code, self._tools
            found = connected(db, tools.feed_id, tools.seal, shop=shop, are_off=True)
        if not found:
            return None
        self._one = found[0]
        is_same = all(settings.get(name) == value for name, value in self._one.settings.items() if value)
        return None if is_same else self._one.settings

    def keep(self, gained: Mapping[str, str]) -> None:
        """Keep what a renewal gave; keys a person changed meanwhile stay.

        The old ones may be worth nothing any more: a database that is away for a moment is waited for.
        """
        tools, shop = self._tools, self._one.shop.code
        for tries_left in reversed(range(KEEP_TRIES)):
            try:
                with writing(tools.engine) as db:
                    is_kept = keep_settings(db, tools.feed_id, tools.seal, self._one, gained)
            except DBAPIError as fault:
                if not tries_left or not may_try_again(fault):
                    raise
                log.warning("new keys of %s wait for the database: %s", shop, type(fault).__name__)
                time.sleep(KEEP_PAUSE_S)
                continue
            if not is_kept:
                log.warning("the keys of %s were changed while they were renewed", shop)
            return


@dataclass(frozen=True, slots=True)
class Taken:
    """What one page brought."""

    new: int
    unreadable: int
    newest_at: datetime | None


def take_records(
    tools: Tools,
    one: Connected,
    records: Sequence[Any],
    via: str,
    also: _Nothing = lambda _db: None,
) -> Taken:
    """Take one page in; `also` stands or falls with its last piece.

    A version this process took from this very list before is not looked at again: overlaps are meant.
    """
    now = tools.clock()
    read = understood(one, tools.seal, records, now, tools.plugin(one))
    fresh = [draft for draft in read.drafts if via != "poll" or _key(one, draft) not in tools.known]
    for rejected in read.rejected:
        refuse(tools, one, rejected, via, now)
    _learn(tools, one, read.listings)
    _ask_again(tools, one, read.wholes)
    new = 0
    pieces = [fresh[at : at + PAGE] for at in range(0, len(fresh), PAGE)] or [[]]
    for nth, piece in enumerate(pieces, 1):
        page = take_in(
            tools.engine, tools.feed_id, tools.seal, one.account, one.shop, "", one.manifest.id, piece, now,
            via=via, also=also if nth == len(pieces) else _nothing,
        )  # fmt: skip
        new += len(page.taken)
        if via == "poll":
            remember(tools, [_key(one, draft) for draft in piece])
    return Taken(new, len(read.rejected), read.newest_at)


def _learn(tools: Tools, one: Connected, listings: Sequence[tuple[str, str, str]]) -> None:
    """Keep by which numbers the channel sells an article; figures that waited for that leave."""
    if "stock" not in one.manifest.writes:
        return
    shop = one.shop.code
    new = {
        (ext_sku, item, goods): (shop, ext_sku, f"listing {item} {goods}")
        for ext_sku, item, goods in listings
        if ext_sku and item
    }
    new = {each: key for each, key in new.items() if key not in tools.known}
    if not new:
        return
    with writing(tools.engine) as db:
        _LISTINGS.write(db, tools.feed_id, [(shop, *each) for each in sorted(new)])
        wake_figures(db, tools.feed_id, shop, tools.clock())
    remember(tools, list(new.values()))


def _ask_again(tools: Tools, one: Connected, wholes: Collection[str]) -> None:
    """Have orders read again whose channel made others of them: no list may tell that they are over."""
    shop = one.shop.code
    new = [ext_id for ext_id in wholes if (shop, ext_id, "whole") not in tools.known]
    if not new:
        return
    with reading(tools.engine) as db:
        here = sorted(known_orders(db, tools.feed_id, one.shop, new))
    if not here:
        return
    with writing(tools.engine) as db:
        for ext_id in here:
            want(db, tools.feed_id, shop, ext_id, "split", tools.clock())
    remember(tools, [(shop, ext_id, "whole") for ext_id in here])


def open_shop(tools: Tools, one: Connected) -> None:
    """Make sure that the shop has an account."""
    if one.account in tools.opened:
        return
    with writing(tools.engine) as db:
        open_account(db, tools.feed_id, one.account, tools.clock())
    tools.opened.add(one.account)


def note_duplicate(tools: Tools, one: Connected, body: bytes) -> None:
    """Write down that a delivery came again; only its digest is kept."""
    open_shop(tools, one)
    now = tools.clock()
    digest = tools.seal.args_hash("raw", body)
    row = (
        new_id(now),
        one.account,
        "webhook",
        "duplicate",
        "",
        one.manifest.id,
        0,
        micros(now),
        "",
        b"",
        digest,
    )
    with writing(tools.engine) as db:
        _RAWS.write(db, tools.feed_id, [row])


def _nothing(_db: Connection) -> None: ...


def _key(one: Connected, draft: Draft) -> tuple[str, str, str]:
    return one.shop.code, draft.receive.ext_id, draft.version


def remember(tools: Tools, keys: Sequence[tuple[str, str, str]]) -> None:
    """Keep in mind what was taken in, the newest of it."""
    for key in keys:
        tools.known[key] = None
    while len(tools.known) > REMEMBERED:
        tools.known.popitem(last=False)


def refuse(tools: Tools, one: Connected, rejected: Rejected, via: str, now: datetime) -> None:
    """Keep what nobody can read, once, and put it before a person."""
    text = rejected.row.cells[CELL]
    case = f"{one.account}:{tools.seal.args_hash('case', text.encode())[:8].hex()}"
    ask_case(
        tools.engine, tools.feed_id, tools.seal, one.account, one.shop, one.manifest.id, case,
        rejected.reason, now, text, via,
    )  # fmt: skip
