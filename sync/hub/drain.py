"""Channel intake, second half (T2): receipts become commands, in order of their numbers.

T2 submits every number above the account's `last_n`, so whoever finds receipts left behind by a killed
process carries on. A lease keeps two processes from doing the same work; should both do it all the same, the
writer answers the second from what it stored.
Source: sync.md section 9.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Engine, Select, select, update

from app.command import Command
from app.commands.open_case import OpenCase
from app.commands.receive import Receive
from app.domain.address import ACCEPT, read
from app.domain.company import Shop
from app.domain.gazetteer import Gazetteer
from app.engine import spec_of
from app.text import N_, Text
from sync.channel import Channel, Unreadable
from sync.hub.database import reading, writing
from sync.hub.intake import Delivered
from sync.hub.seal import Seal
from sync.hub.writer import Fork, Gap, Job, ReplicaInfo, Writer
from sync.tables import account, command, raw, receipt, ref, replica, subject_key
from sync.wire import Wish

LEASE = timedelta(seconds=10)
"""How long an account stays with a process that says nothing. Wall time: a lease is between processes."""
PAGE = 100
AHEAD = 4
"""Pages of one account read while the writer decides the first."""
UNKNOWN_FORM = N_("This delivery cannot be read any more. Ask the shop for it again.")

log = logging.getLogger(__name__)
_delivered = msgspec.json.Decoder(Delivered)


@dataclass(slots=True)
class _Held:
    """An account this process works on. `renew_s` is monotonic."""

    fence: int
    renew_s: float


class Drain:
    """Works on channel accounts for one process."""

    def __init__(
        self,
        engine: Engine,
        feed_id: int,
        seal: Seal,
        writer: Writer,
        channels: Mapping[str, Channel],
        gazetteer: Gazetteer | None,
        clock: Callable[[], datetime],
    ) -> None:
        self._engine, self._feed_id, self._seal, self._writer = engine, feed_id, seal, writer
        self._channels, self._gazetteer, self._clock = channels, gazetteer, clock
        self._held: dict[str, _Held] = {}

    def page(self, only: str = "") -> int:
        """Submit some pages of every account with receipts waiting, or of one; return how many were decided.

        Accounts another process holds are left to it.
        """
        mine = {name: last_n for name, last_n in self._waiting(only).items() if self._hold(name)}
        if not mine:
            return 0
        shops = self._shops()
        asked = []
        for _ in range(AHEAD):
            for name, after_n in list(mine.items()):
                job = self._job(name, after_n, shops)
                if job is None:
                    del mine[name]
                    continue
                asked.append((job, self._writer.submit(job)))
                mine[name] = job.commands[-1].n
        decided = 0
        for job, answers in asked:
            try:
                decided += len(answers.result())
            except (Gap, Fork):  # another process was faster; what is left is seen in the next round
                log.info("account %s moved meanwhile", job.replica.replica_id)
            self._note_verdicts(job)
        return decided

    def close(self) -> None:
        """Give every account back."""
        for name, held in self._held.items():
            row = *self._row(name), account.c.fence == held.fence
            with writing(self._engine) as db:
                db.execute(update(account).where(*row).values(lease_until=None))
        self._held.clear()

    def _waiting(self, only: str) -> dict[str, int]:
        """Return the accounts with receipts above what was decided, with that number."""
        found = (
            select(account.c.replica_id, replica.c.last_n)
            .join(
                replica,
                (replica.c.feed_id == account.c.feed_id) & (replica.c.replica_id == account.c.replica_id),
            )
            .where(account.c.feed_id == self._feed_id, account.c.next_n > replica.c.last_n + 1)
            .order_by(account.c.replica_id)
        )
        with reading(self._engine) as db:
            rows = db.execute(found).all()
        return {row.replica_id: row.last_n for row in rows if not only or row.replica_id == only}

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
            if not is_mine and stored.lease_until is not None and stored.lease_until > now:
                self._held.pop(name, None)
                return False
            fence = stored.fence if is_mine else stored.fence + 1
            db.execute(update(account).where(*row).values(fence=fence, lease_until=now + LEASE))
        self._held[name] = _Held(fence, now_s + LEASE.total_seconds() / 2)
        return True

    def _row(self, name: str) -> tuple[Any, Any]:
        return account.c.feed_id == self._feed_id, account.c.replica_id == name

    def _shops(self) -> dict[str, Shop]:
        found = select(ref.c.pk, ref.c.doc).where(ref.c.feed_id == self._feed_id, ref.c.tbl == "shop")
        with reading(self._engine) as db:
            return {row.pk: msgspec.json.decode(row.doc, type=Shop) for row in db.execute(found)}

    # --- one page -------------------------------------------------------------------------------

    def _job(self, name: str, after_n: int, shops: Mapping[str, Shop]) -> Job | None:
        with reading(self._engine) as db:
            rows = db.execute(_receipts(self._feed_id, name, after_n)).all()
        now = self._clock()
        wishes = [self._wish(name, row, self._command(name, row, shops), now) for row in rows]
        return Job(ReplicaInfo(name, "channel", name), wishes) if wishes else None

    def _command(self, name: str, row: Any, shops: Mapping[str, Shop]) -> Command:
        """Read a receipt's delivery; one that cannot be read any more still takes its number, as a case.

        Without this rule one bad receipt would stop its account for ever.
        """
        try:
            asked = self._asked(row, shops)
        except Unreadable as unreadable:
            case, text = f"{name}/{row.n}", unreadable.text
            return OpenCase(case=case, kind="unreadable_order", subject_id=row.raw_id, text=text)
        if isinstance(asked, OpenCase):
            return asked
        number = asked.number or f"{row.shop}-{row.n:05d}"
        return judged(msgspec.structs.replace(asked, order=row.order_id, number=number), self._gazetteer)

    def _asked(self, row: Any, shops: Mapping[str, Shop]) -> Receive | OpenCase:
        if row.wrapped is None:  # the buyer was erased before the hub came to it
            raise Unreadable(Text(UNKNOWN_FORM))
        delivered = _delivered.decode(self._seal.unwrap(row.subject_id, row.wrapped).unpack(row.body))
        known = delivered.case or delivered.receive
        if known is not None:
            return known
        channel, shop = self._channels.get(delivered.channel), shops.get(row.shop)
        if channel is None or shop is None:
            raise Unreadable(Text(UNKNOWN_FORM))
        return channel.draft(delivered.rows, shop)

    def _wish(self, name: str, row: Any, asked: Command, now: datetime) -> Wish:
        spec = spec_of(asked)
        return Wish(
            n=row.n,
            id=f"{name}#{row.n}",
            name=spec.code,
            rev=spec.rev,
            args=msgspec.Raw(msgspec.json.encode(asked)),
            login="",
            at=now,
        )

    def _note_verdicts(self, job: Job) -> None:
        """Write beside the raw deliveries what became of those the hub did not take.

        The page before is looked at again: a process may have died between its commit and this.
        """
        first_n, last_n = job.commands[0].n, job.commands[-1].n
        name = job.replica.replica_id
        with reading(self._engine) as db:
            refused = db.execute(_refused(self._feed_id, name, first_n - PAGE, last_n)).all()
        if not refused:
            return
        with writing(self._engine) as db:
            for row in refused:
                verdict, reason = _verdict(row.refusal)
                at = raw.c.feed_id == self._feed_id, raw.c.raw_id == row.raw_id
                db.execute(update(raw).where(*at).values(verdict=verdict, reason=reason))


def _receipts(feed_id: int, name: str, after_n: int) -> Select[Any]:
    return (
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
        .where(receipt.c.feed_id == feed_id, receipt.c.replica_id == name, receipt.c.n > after_n)
        .order_by(receipt.c.n)
        .limit(PAGE)
    )


def _refused(feed_id: int, name: str, after_n: int, last_n: int) -> Select[Any]:
    return (
        select(raw.c.raw_id, command.c.refusal)
        .join(
            receipt,
            (receipt.c.feed_id == command.c.feed_id)
            & (receipt.c.replica_id == command.c.replica_id)
            & (receipt.c.n == command.c.n),
        )
        .join(raw, (raw.c.feed_id == receipt.c.feed_id) & (raw.c.raw_id == receipt.c.raw_id))
        .where(
            command.c.feed_id == feed_id,
            command.c.replica_id == name,
            command.c.n > after_n,
            command.c.n <= last_n,
            command.c.status == "refused",
            raw.c.verdict == "new",
        )
    )


def _verdict(refusal: str | None) -> tuple[str, str]:
    said = msgspec.json.decode(refusal or "{}")
    code = said.get("code")
    if code == "stale_version":
        return "stale", ""
    if code == "unchanged":
        return "duplicate", ""
    return "unreadable", msgspec.json.encode(said.get("text")).decode()


def judged(receive: Receive, gazetteer: Gazetteer | None) -> Receive:
    """Read the address once, before the batch: complete what is certain, mark the rest for a person.

    Source: architecture section 4, prepare.
    """
    region, receiver = receive.region, receive.receiver
    if gazetteer is None or region.country != "CN":
        return receive
    found = read(
        receiver.raw or receiver.street,
        gazetteer,
        province=region.province,
        city=region.city,
        district=region.district,
        postcode=region.postcode,
        phone=receiver.phone,
    )
    if found.verdict != ACCEPT:
        return msgspec.structs.replace(receive, region=msgspec.structs.replace(region, verdict=found.verdict))
    street = receiver.street or found.street
    return msgspec.structs.replace(
        receive,
        receiver=msgspec.structs.replace(receiver, street=street),
        region=found.region(region.country),
    )
