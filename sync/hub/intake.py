"""Channel intake, first half (T1): a delivery becomes a receipt exactly once.

A channel account is a replica like any other, its receipts are its outbox: a number is given only to a record
never seen before. `drain` hands them to the writer.
Source: sync.md section 9.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, bindparam, select, update

from app.commands.hear import Hear
from app.commands.open_case import OpenCase
from app.commands.receive import Receive
from app.commands.withdraw import Withdraw
from app.domain.company import Shop
from app.text import Text
from sync.channel import Draft, Numbered, Rejected
from sync.hub.bulk import Into, Of
from sync.hub.database import writing
from sync.hub.seal import Seal, SubjectKey
from sync.import_tables import import_receipt, import_reject
from sync.tables import account, micros, raw, receipt, ref, replica, subject_key
from sync.wire import id_of, new_id

PAGE = 200

_Version = tuple[str, str, str, str]
_VERSION = ("channel", "shop", "ext_id", "version")
_REPLICAS = Into(replica, ("replica_id", "kind", "owner", "made_at"), skips=True)
_ACCOUNTS = Into(account, ("replica_id",), skips=True)
_KEYS = Into(subject_key, ("subject_id", "wrapped"))
_RAWS = Into(
    raw,
    (
        "raw_id", "replica_id", "via", "verdict", "reason", "source", "row_no", "received_at", "subject_id",
        "body", "sha256",
    ),
)  # fmt: skip
_RECEIPTS = Into(receipt, ("replica_id", "n", *_VERSION, "content_hash", "order_id", "raw_id"))
_BROUGHT = Into(import_receipt, ("import_id", "n"))
_REJECTS = Into(import_reject, ("import_id", "raw_id"))
_KEYS_OF = Of(subject_key, ("subject_id", "wrapped"), ("subject_id",))
_ORDERS_OF = Of(receipt, ("ext_id", "order_id"), _VERSION[:3])
_NUMBERS_OF = Of(receipt, ("ext_id", "n"), _VERSION[:3])
_VERSIONS_OF = Of(receipt, (*_VERSION, "replica_id", "n"), _VERSION)
_BROUGHT_OF = Of(import_receipt, ("n",), ("import_id", "n"))
_SHOP = ref.c.feed_id == bindparam("feed"), ref.c.tbl == "shop", ref.c.pk == bindparam("shop")
_LOCK_SHOP = select(ref.c.pk).where(*_SHOP).with_for_update()
_MINE = account.c.feed_id == bindparam("feed"), account.c.replica_id == bindparam("account")
_TAKEN = account.c.next_n + bindparam("count")
_TAKE = update(account).where(*_MINE).values(next_n=_TAKEN).returning(account.c.next_n)
"""Asked for every delivery, so made once: to build a statement costs more than to run it."""


class Delivered(msgspec.Struct, frozen=True, omit_defaults=True):
    """A delivery as kept: rows and the channel that reads them, an order in our own form, or a case.

    `payload` is what a channel itself sent, of which `receive` was read, or nothing could be; `import_id`
    names the import a case is about.
    """

    channel: str = ""
    rows: tuple[Numbered, ...] = ()
    receive: Receive | None = None
    case: OpenCase | None = None
    withdraw: Withdraw | None = None
    hear: Hear | None = None
    payload: str = ""
    import_id: str = ""


@dataclass(frozen=True, slots=True)
class PageResult:
    """What T1 made of one page of drafts: those that wait for a decision, by number, and those known already.

    `first`: numbers of orders never heard of before. A draft the same import brought before it was
    interrupted waits under the number it was given then.
    """

    taken: dict[int, Draft]
    known: tuple[Draft, ...]
    first: frozenset[int]

    @property
    def unchanged(self) -> int:
        """Rows that said nothing new."""
        return sum(max(1, len(draft.rows)) for draft in self.known)


def open_account(db: Connection, feed_id: int, name: str, now: datetime) -> str:
    """Make sure a channel account exists; return its replica id."""
    _REPLICAS.write(db, feed_id, [(name, "channel", name, micros(now))])
    _ACCOUNTS.write(db, feed_id, [(name,)])
    return name


def take_in(
    engine: Engine,
    feed_id: int,
    seal: Seal,
    account_id: str,
    shop: Shop,
    channel: str,
    source: str,
    drafts: Sequence[Draft],
    now: datetime,
    *,
    via: str = "file",
    import_id: str = "",
    also: Callable[[Connection], None] = lambda _db: None,
) -> PageResult:
    """T1 for one page: note every delivery, give a number to each record never seen before.

    `also` writes what must stand or fall with the page: how far a list was read.
    """
    with writing(engine) as db:
        lock_shop(db, feed_id, shop)
        page = _Page(db, feed_id, seal, account_id, shop, source, via, now, import_id)
        known = page.take(channel, drafts)
        first = page.write()
        also(db)
    taken = page.own | {first + i: draft for i, draft in enumerate(page.new)}
    firsts = {first + i for i in page.firsts} | page.own_firsts
    return PageResult(taken, known, frozenset(firsts))


def keep_unreadable(
    engine: Engine,
    feed_id: int,
    seal: Seal,
    account_id: str,
    shop: Shop,
    source: str,
    rejected: Sequence[Rejected],
    now: datetime,
    import_id: str = "",
    via: str = "file",
) -> None:
    """Keep rows nobody could read, each with its reason, under one key."""
    with writing(engine) as db:
        page = _Page(db, feed_id, seal, account_id, shop, source, via, now, import_id)
        page.keep(rejected)
        page.write()


def ask_case(
    engine: Engine,
    feed_id: int,
    seal: Seal,
    account_id: str,
    shop: Shop,
    source: str,
    case: str,
    text: Text,
    now: datetime,
    payload: str = "",
    via: str = "file",
    import_id: str = "",
) -> bool:
    """Let the account open one `unreadable_order` case; False when this very case was asked before."""
    with writing(engine) as db:
        lock_shop(db, feed_id, shop)
        page = _Page(db, feed_id, seal, account_id, shop, source, via, now)
        is_new = page.ask(case, text, payload, import_id)
        page.write()
    return is_new


class Word(msgspec.Struct, frozen=True):
    """Something said of an order that is here, not a version of it; `version` is one for each thing said."""

    ext_id: str
    order: str
    version: str
    delivered: Delivered


def note_words(
    db: Connection,
    feed_id: int,
    seal: Seal,
    account_id: str,
    shop: Shop,
    source: str,
    via: str,
    words: Sequence[Word],
    now: datetime,
) -> int:
    """Note what is said of orders, each word once; return the last number given."""
    page = _Page(db, feed_id, seal, account_id, shop, source, via, now)
    count = page.note(words)
    return page.write() + count - 1


def foreseen(
    db: Connection, feed_id: int, seal: Seal, shop: Shop, drafts: Sequence[Draft]
) -> list[tuple[bool, bool]]:
    """Tell for each draft whether its order is known, and whether this very version was delivered before."""
    keys = [version_of(d.receive, shop, seal, d.version) for d in drafts]
    seen = _seen(db, feed_id, keys)
    orders = {(shop.channel, shop.code, d.receive.ext_id) for d in drafts}
    known = {ext_id for ext_id, _ in _ORDERS_OF.read(db, feed_id, orders)}
    return [(d.receive.ext_id in known, key in seen) for d, key in zip(drafts, keys, strict=True)]


class _Page:
    """The rows one T1 will write."""

    def __init__(
        self,
        db: Connection,
        feed_id: int,
        seal: Seal,
        account_id: str,
        shop: Shop,
        source: str,
        via: str,
        now: datetime,
        import_id: str = "",
    ) -> None:
        self.new: list[Draft] = []
        self.own: dict[int, Draft] = {}
        self.firsts: list[int] = []
        self.own_firsts: set[int] = set()
        self._db, self._feed_id, self._seal, self._account_id = db, feed_id, seal, account_id
        self._shop, self._source, self._via, self._now = shop, source, via, now
        self._import_id = import_id
        self._rejects: list[str] = []
        self._raws: list[tuple[Any, ...]] = []
        self._receipts: list[tuple[Any, ...]] = []
        self._keys: dict[str, SubjectKey] = {}
        self._made: list[SubjectKey] = []

    def take(self, channel: str, drafts: Sequence[Draft]) -> tuple[Draft, ...]:
        """Note every draft; return those that said nothing new."""
        versions = [version_of(d.receive, self._shop, self._seal, d.version) for d in drafts]
        seen = _seen(self._db, self._feed_id, versions)
        ids = known_orders(self._db, self._feed_id, self._shop, {d.receive.ext_id for d in drafts})
        self._load_keys(ids.values())
        own = self._own(seen)
        known: list[Draft] = []
        for draft, version in zip(drafts, versions, strict=True):
            receive = None if channel else draft.receive
            delivered = Delivered(channel, draft.rows, receive, payload=draft.payload)
            row_no = draft.rows[0].row_no if draft.rows else 0
            if version in own:
                self.own[own.pop(version)] = draft
                continue
            if version in seen:
                known.append(draft)
                self._raw("duplicate", delivered, "", row_no)
                continue
            seen[version] = ("", 0)
            ext_id = draft.receive.ext_id
            if ext_id not in ids:
                ids[ext_id] = draft.receive.order or self._order_id(draft)
                self._make_key(ids[ext_id])
                self.firsts.append(len(self.new))
            self._receipt(version, ids[ext_id], self._raw("new", delivered, ids[ext_id], row_no))
            self.new.append(draft)
        return tuple(known)

    def keep(self, rejected: Sequence[Rejected]) -> None:
        """Note rows that nobody could read."""
        subject = self._make_key(new_id(self._now))
        for one in rejected:
            reason = msgspec.json.encode(one.reason).decode()
            kept = self._raw("unreadable", Delivered(rows=(one.row,)), subject, one.row.row_no, reason)
            self._rejects.append(kept)

    def ask(self, case: str, text: Text, payload: str, import_id: str) -> bool:
        """Note that a case shall be opened; False when it was noted before."""
        version = (self._shop.channel, self._shop.code, case, "")
        if _seen(self._db, self._feed_id, [version]):
            return False
        raw_id = new_id(self._now)
        asked = OpenCase(case=case, kind="unreadable_order", subject_id=raw_id, text=text)
        self._make_key(raw_id)
        kept = Delivered(case=asked, payload=payload, import_id=import_id)
        reason = msgspec.json.encode(text).decode()
        self._raw("unreadable", kept, raw_id, 0, reason, raw_id)
        self._receipt(version, "", raw_id)
        return True

    def note(self, words: Sequence[Word]) -> int:
        """Note words on orders; return how many were new."""
        self._load_keys({one.order for one in words})
        keys = [(self._shop.channel, self._shop.code, one.ext_id, one.version) for one in words]
        seen = set(_seen(self._db, self._feed_id, keys))
        before = len(self._receipts)
        for one, key in zip(words, keys, strict=True):
            raw_id = self._raw("duplicate" if key in seen else "new", one.delivered, one.order, 0)
            if key not in seen:
                seen.add(key)
                self._receipt(key, one.order, raw_id)
        return len(self._receipts) - before

    def write(self) -> int:
        """Write everything; return the first number given."""
        db, feed_id = self._db, self._feed_id
        first = _take_numbers(db, feed_id, self._account_id, len(self._receipts))
        receipts = [(one[0], first + i, *one[1:]) for i, one in enumerate(self._receipts)]
        _KEYS.write(db, feed_id, [(key.subject_id, key.wrapped) for key in self._made])
        _RAWS.write(db, feed_id, self._raws)
        _RECEIPTS.write(db, feed_id, receipts)
        if self._import_id:
            _BROUGHT.write(db, feed_id, [(self._import_id, first + i) for i in range(len(receipts))])
            _REJECTS.write(db, feed_id, [(self._import_id, raw_id) for raw_id in self._rejects])
        return first

    def _order_id(self, draft: Draft) -> str:
        """Name an order so that it has the same id when it is read again by a hub that lost it."""
        shop, ext_id = self._shop, draft.receive.ext_id
        return id_of(draft.receive.ordered_at, self._seal.order_chance(shop.channel, shop.code, ext_id))

    def _raw(
        self,
        verdict: str,
        delivered: Delivered,
        subject: str,
        row_no: int,
        reason: str = "",
        raw_id: str = "",
    ) -> str:
        """Note one delivery under its subject's key; without a subject only its digest is kept."""
        raw_id = raw_id or new_id(self._now)
        body = msgspec.json.encode(delivered)
        if subject and subject not in self._keys:  # the buyer was erased: what comes anew is its own subject
            subject = self._make_key(raw_id)
        sealed = self._keys[subject].pack(body) if subject else b""
        where = (self._source, row_no, micros(self._now))
        said = (self._account_id, self._via, verdict, reason)
        self._raws.append((raw_id, *said, *where, subject, sealed, self._seal.args_hash("raw", body)))
        return raw_id

    def _receipt(self, version: _Version, order_id: str, raw_id: str) -> None:
        content_hash = self._raws[-1][-1][:16]
        self._receipts.append((self._account_id, *version, content_hash, order_id, raw_id))

    def _make_key(self, subject: str) -> str:
        key = self._keys[subject] = self._seal.new_key(subject)
        self._made.append(key)
        return subject

    def _load_keys(self, subjects: Collection[str]) -> None:
        for subject_id, wrapped in _KEYS_OF.read(self._db, self._feed_id, {(one,) for one in subjects}):
            self._keys[subject_id] = self._seal.unwrap(subject_id, bytes(wrapped))

    def _own(self, seen: dict[_Version, tuple[str, int]]) -> dict[_Version, int]:
        """Return the versions this very import brought before it was interrupted, with their numbers."""
        mine = {(self._import_id, n) for account_id, n in seen.values() if account_id == self._account_id}
        if not self._import_id or not mine:
            return {}
        brought = {n for (n,) in _BROUGHT_OF.read(self._db, self._feed_id, mine)}
        orders = {(self._shop.channel, self._shop.code, v[2]) for v, (_, n) in seen.items() if n in brought}
        numbers: dict[str, list[int]] = {}
        for ext_id, n in _NUMBERS_OF.read(self._db, self._feed_id, orders):
            numbers.setdefault(ext_id, []).append(n)
        self.own_firsts = {found[0] for found in numbers.values() if len(found) == 1}
        return {
            v: n for v, (account_id, n) in seen.items() if account_id == self._account_id and n in brought
        }


def known_orders(db: Connection, feed_id: int, shop: Shop, ext_ids: Collection[str]) -> dict[str, str]:
    """Return our ids of a shop's orders, of those that were heard of."""
    return dict(_ORDERS_OF.read(db, feed_id, {(shop.channel, shop.code, ext_id) for ext_id in ext_ids}))


def lock_shop(db: Connection, feed_id: int, shop: Shop) -> None:
    """Let one delivery of a shop in at a time, whichever account brings it: an order gets one id."""
    db.execute(_LOCK_SHOP, {"feed": feed_id, "shop": shop.code})


def _take_numbers(db: Connection, feed_id: int, account_id: str, count: int) -> int:
    taken = {"feed": feed_id, "account": account_id, "count": count}
    return int(db.execute(_TAKE, taken).scalar_one()) - count


def version_of(receive: Receive, shop: Shop, seal: Seal, version: str = "") -> _Version:
    """Name a version; where the shop gives none its content is one, keyed so that nobody guesses it back."""
    version = version or receive.ext_version
    version = version or seal.args_hash("version", msgspec.json.encode(receive))[:16].hex()
    return shop.channel, shop.code, receive.ext_id, version


def _seen(db: Connection, feed_id: int, versions: Sequence[_Version]) -> dict[_Version, tuple[str, int]]:
    """Return the versions delivered before, each with the number its account gave it."""
    rows = _VERSIONS_OF.read(db, feed_id, set(versions))
    return {(channel, shop, ext_id, version): (by, n) for channel, shop, ext_id, version, by, n in rows}
