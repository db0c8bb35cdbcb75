"""Channel intake, second half (T2): receipts become commands, in order of their numbers.

T2 submits every number above the account's `last_n`, so whoever finds receipts left behind by a killed
process carries on. A lease keeps two processes from doing the same work; should both do it all the same, the
writer answers the second from what it stored.
Source: sync.md section 9.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import BindParameter, Engine, bindparam, select, update

from app.commands.hear import Hear
from app.commands.open_case import OpenCase
from app.commands.withdraw import Withdraw
from app.domain.company import Shop
from app.engine import SPECS, spec_of
from app.text import N_, Text
from sync.channel import Channel, Numbered, Unreadable
from sync.hub.database import reading, writing
from sync.hub.prepare import Preparer, Unread
from sync.hub.seal import Seal
from sync.hub.writer import Fork, Gap, Job, ReplicaInfo, Writer
from sync.tables import account, command, raw, receipt, ref, replica, subject_key
from sync.wire import Wish

LEASE = timedelta(seconds=10)
"""How long an account stays with a process that says nothing. Wall time: a lease is between processes."""
PAGE = 100
AHEAD = 4
"""Pages of one account read while the writer decides the first."""
LONG = 400
"""Receipts in the queue from which a process beside this one reads the addresses; it starts in a second."""
UNKNOWN_FORM = N_("This delivery cannot be read any more. Ask the shop for it again.")

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Held:
    """An account this process works on. `renew_s` is monotonic.

    `is_noted`: what became of every delivery decided so far stands beside it.
    """

    fence: int
    renew_s: float
    is_noted: bool = False


class _Queue(NamedTuple):
    """What waits in one account: the last number decided, and how many stand behind it."""

    last_n: int
    length: int


class _Kept(msgspec.Struct, frozen=True):
    """An `intake.Delivered`; an order in our own form stays as it was written."""

    channel: str = ""
    rows: tuple[Numbered, ...] = ()
    receive: msgspec.Raw = msgspec.Raw()
    case: OpenCase | None = None
    withdraw: Withdraw | None = None
    hear: Hear | None = None


class _Found(NamedTuple):
    """One receipt and what it asks for."""

    n: int
    raw_id: str
    asked: Unread | OpenCase | Withdraw | Hear


_kept = msgspec.json.Decoder(_Kept)
_FEED: BindParameter[int] = bindparam("feed")
_ACCOUNT: BindParameter[str] = bindparam("account")
_SHOPS = select(ref.c.pk, ref.c.doc).where(ref.c.feed_id == _FEED, ref.c.tbl == "shop")
_WAITING = (
    select(account.c.replica_id, account.c.next_n, replica.c.last_n)
    .join(
        replica,
        (replica.c.feed_id == account.c.feed_id) & (replica.c.replica_id == account.c.replica_id),
    )
    .where(account.c.feed_id == _FEED, account.c.next_n > replica.c.last_n + 1)
    .order_by(account.c.replica_id)
)
_RECEIPTS = (
    select(
        receipt.c.n,
        receipt.c.order_id,
        receipt.c.shop,
        raw.c.raw_id,
        raw.c.subject_id,
        raw.c.body,
        subject_key.c.wrapped,
    )
    .join(raw, (raw.c.feed_id == receipt.c.feed_id) & (raw.c.raw_id == receipt.c.raw_id))
    .outerjoin(
        subject_key,
        (subject_key.c.feed_id == raw.c.feed_id) & (subject_key.c.subject_id == raw.c.subject_id),
    )
    .where(receipt.c.feed_id == _FEED, receipt.c.replica_id == _ACCOUNT, receipt.c.n > bindparam("after_n"))
    .order_by(receipt.c.n)
    .limit(PAGE)
)
_REFUSED = (
    select(raw.c.raw_id, command.c.refusal)
    .join(
        receipt,
        (receipt.c.feed_id == command.c.feed_id)
        & (receipt.c.replica_id == command.c.replica_id)
        & (receipt.c.n == command.c.n),
    )
    .join(raw, (raw.c.feed_id == receipt.c.feed_id) & (raw.c.raw_id == receipt.c.raw_id))
    .where(
        command.c.feed_id == _FEED,
        command.c.replica_id == _ACCOUNT,
        command.c.n > bindparam("after_n"),
        command.c.n <= bindparam("last_n"),
        command.c.status == "refused",
        raw.c.verdict == "new",
    )
)
"""Asked again and again, so made once: to build a statement costs more than to run it."""


class Drain:
    """Works on channel accounts for one process."""

    def __init__(
        self,
        engine: Engine,
        feed_id: int,
        seal: Seal,
        writer: Writer,
        channels: Mapping[str, Channel],
        preparer: Preparer,
        clock: Callable[[], datetime],
    ) -> None:
        self._engine, self._feed_id, self._seal, self._writer = engine, feed_id, seal, writer
        self._channels, self._preparer, self._clock = channels, preparer, clock
        self._held: dict[str, _Held] = {}

    def page(self, only: str = "") -> int:
        """Submit some pages of every account with receipts waiting, or of one; return how many were decided.

        Accounts another process holds are left to it.
        """
        waiting = self._waiting(only)
        mine = {name: one.last_n for name, one in waiting.items() if self._hold(name)}
        if not mine:
            return 0
        is_long = sum(waiting[name].length for name in mine) >= LONG
        begun = []
        for _ in range(AHEAD):
            for name, found in self._read(mine):
                if found:
                    begun.append(self._begin(name, found, is_long=is_long))
                    mine[name] = found[-1].n
                if len(found) < PAGE:
                    del mine[name]
        asked = [(job, self._writer.submit(job)) for job in (ready() for ready in begun)]
        decided = 0
        for job, answers in asked:
            name, is_clear = job.replica.replica_id, False
            try:
                answered = answers.result()
                decided += len(answered)
                is_clear = all(answer.status != "refused" for answer in answered)
            except (Gap, Fork):  # another process was faster; what is left is seen in the next round
                log.info("account %s moved meanwhile", name)
            if not (is_clear and self._held[name].is_noted):
                self._note_verdicts(job)
        return decided

    def close(self) -> None:
        """Give every account back."""
        for name, held in self._held.items():
            row = *self._row(name), account.c.fence == held.fence
            with writing(self._engine) as db:
                db.execute(update(account).where(*row).values(lease_until=None))
        self._held.clear()
        self._preparer.close()

    def _waiting(self, only: str) -> dict[str, _Queue]:
        """Return the accounts with receipts above what was decided."""
        with reading(self._engine) as db:
            rows = db.execute(_WAITING, {"feed": self._feed_id}).all()
        return {
            row.replica_id: _Queue(row.last_n, row.next_n - 1 - row.last_n)
            for row in rows
            if not only or row.replica_id == only
        }

    def _hold(self, name: str) -> bool:
        """Take or renew the lease; False while another process works on the account."""
        held, now_s = self._held.get(name), time.monotonic()
        if held is not None and now_s < held.renew_s:
            return True
        now, row = datetime.now(UTC), self._row(name)
        with writing(self._engine) as db:
            stored = db.execute(
                select(account.c.fence, account.c.lease_until).where(*row).with_for_update()
            ).one()
            is_mine = held is not None and held.fence == stored.fence
            if not is_mine and _is_held(stored.lease_until, now):
                self._held.pop(name, None)
                return False
            fence = stored.fence if is_mine else stored.fence + 1
            db.execute(update(account).where(*row).values(fence=fence, lease_until=now + LEASE))
        self._held[name] = _Held(fence, now_s + LEASE.total_seconds() / 2)
        return True

    def _row(self, name: str) -> tuple[Any, Any]:
        return account.c.feed_id == self._feed_id, account.c.replica_id == name

    # --- one page -------------------------------------------------------------------------------

    def _read(self, accounts: Mapping[str, int]) -> list[tuple[str, list[_Found]]]:
        """Return the next page of each account; `accounts`: up to where each was read."""
        if not accounts:
            return []
        feed = {"feed": self._feed_id}
        with reading(self._engine) as db:
            shops = {row.pk: msgspec.json.decode(row.doc, type=Shop) for row in db.execute(_SHOPS, feed)}
            pages = [
                (name, db.execute(_RECEIPTS, feed | {"account": name, "after_n": after_n}).all())
                for name, after_n in accounts.items()
            ]
        return [
            (name, [_Found(row.n, row.raw_id, self._asked(name, row, shops)) for row in rows])
            for name, rows in pages
        ]

    def _asked(self, name: str, row: Any, shops: Mapping[str, Shop]) -> Unread | OpenCase | Withdraw | Hear:
        """Open a receipt's delivery; one that cannot be read any more still takes its number, as a case.

        Without this rule one bad receipt would stop its account for ever.
        """
        try:
            kept = self._kept(row)
            if (known := kept.case or kept.withdraw or kept.hear) is not None:
                return known
            receive = bytes(kept.receive) or self._drafted(kept, row, shops)
        except Unreadable as unreadable:
            return _case(name, row.n, row.raw_id, unreadable.text)
        except Exception:
            log.exception("receipt %s of %s cannot be read", row.n, name)
            return _case(name, row.n, row.raw_id, Text(UNKNOWN_FORM))
        return Unread(row.order_id, f"{row.shop}-{row.n:05d}", receive)

    def _kept(self, row: Any) -> _Kept:
        if row.wrapped is None:  # the buyer was erased before the hub came to it
            raise Unreadable(Text(UNKNOWN_FORM))
        return _kept.decode(self._seal.unwrap(row.subject_id, row.wrapped).unpack(row.body))

    def _drafted(self, kept: _Kept, row: Any, shops: Mapping[str, Shop]) -> bytes:
        channel, shop = self._channels.get(kept.channel), shops.get(row.shop)
        if channel is None or shop is None:
            raise Unreadable(Text(UNKNOWN_FORM))
        return msgspec.json.encode(channel.draft(kept.rows, shop))

    def _begin(self, name: str, found: Sequence[_Found], *, is_long: bool) -> Callable[[], Job]:
        """Let a page be prepared; what is returned waits for it."""
        now = self._clock()
        ready = self._preparer.begin(
            [one.asked for one in found if isinstance(one.asked, Unread)], is_long=is_long
        )

        def job() -> Job:
            receives = iter(ready())
            wishes = []
            for one in found:
                asked = one.asked
                if isinstance(asked, Unread):
                    receive = next(receives)
                    if receive:
                        wishes.append(_wish(name, one.n, "receive", receive, now))
                        continue
                    asked = _case(name, one.n, one.raw_id, Text(UNKNOWN_FORM))
                args = msgspec.json.encode(asked)
                wishes.append(_wish(name, one.n, spec_of(asked).code, args, now))
            return Job(ReplicaInfo(name, "channel", name), wishes)

        return job

    def _note_verdicts(self, job: Job) -> None:
        """Write beside the raw deliveries what became of those the hub did not take.

        The pages before are looked at again: a process may have died between their commit and this.
        """
        first_n, last_n = job.commands[0].n, job.commands[-1].n
        held = self._held[job.replica.replica_id]
        held.is_noted, before = False, AHEAD * PAGE
        with reading(self._engine) as db:
            about = {"feed": self._feed_id, "account": job.replica.replica_id}
            refused = db.execute(_REFUSED, about | {"after_n": first_n - before, "last_n": last_n}).all()
        if not refused:
            held.is_noted = True
            return
        with writing(self._engine) as db:
            for row in refused:
                verdict, reason = _verdict(row.refusal)
                at = raw.c.feed_id == self._feed_id, raw.c.raw_id == row.raw_id
                db.execute(update(raw).where(*at).values(verdict=verdict, reason=reason))
        held.is_noted = True


def _is_held(lease_until: datetime | None, now: datetime) -> bool:
    """Tell whether a lease still runs; one longer than any is from before a clock was set back."""
    return lease_until is not None and now < lease_until <= now + LEASE


def _verdict(refusal: str | None) -> tuple[str, str]:
    said = msgspec.json.decode(refusal or "{}")
    code = said.get("code")
    if code == "stale_version":
        return "stale", ""
    if code == "unchanged":
        return "duplicate", ""
    return "unreadable", msgspec.json.encode(said.get("text")).decode()


def _case(name: str, n: int, raw_id: str, text: Text) -> OpenCase:
    return OpenCase(case=f"{name}/{n}", kind="unreadable_order", subject_id=raw_id, text=text)


def _wish(name: str, n: int, verb: str, args: bytes, now: datetime) -> Wish:
    return Wish(
        n=n, id=f"{name}#{n}", name=verb, rev=SPECS[verb].rev, args=msgspec.Raw(args), login="", at=now
    )
