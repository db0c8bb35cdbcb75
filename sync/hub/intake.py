"""Channel intake: a delivery becomes a receipt exactly once (T1), a receipt becomes a command (T2).

A channel account is a replica like any other. T1 gives a number only to records never seen; T2 submits every
number above the account's `last_n`, so whoever finds receipts left behind by a killed process carries on.
Source: sync.md section 9.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection, Engine, insert, select, tuple_, update

from app.commands.receive import Receive
from app.domain.address import ACCEPT, read
from app.domain.company import Shop
from app.domain.gazetteer import Gazetteer
from sync.channel import Channel, Draft, Numbered
from sync.hub.database import reading, writing
from sync.hub.seal import Seal
from sync.hub.writer import Job, ReplicaInfo, Writer
from sync.tables import account, raw, receipt, replica, subject_key
from sync.wire import Answer, Wish, new_id

LEASE = timedelta(seconds=10)
PAGE = 200


class Delivered(msgspec.Struct, frozen=True):
    """A raw delivery as kept: the channel that reads it and its rows, or an order in our own form."""

    channel: str = ""
    rows: tuple[Numbered, ...] = ()
    receive: Receive | None = None


@dataclass(frozen=True, slots=True)
class PageResult:
    """What T1 made of one page of drafts: new ones by their number, and how many rows were known already."""

    taken: dict[int, Draft]
    unchanged: int


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


def open_account(db: Connection, feed_id: int, name: str, now: datetime) -> str:
    """Make sure a channel account exists; return its replica id."""
    replica_id = name
    if not db.execute(
        select(replica.c.replica_id).where(replica.c.feed_id == feed_id, replica.c.replica_id == replica_id)
    ).first():
        db.execute(
            insert(replica).values(
                feed_id=feed_id, replica_id=replica_id, kind="channel", owner=name, made_at=now
            )
        )
        db.execute(insert(account).values(feed_id=feed_id, replica_id=replica_id))
    return replica_id


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
) -> PageResult:
    """T1 for one page: keep every delivery as it came, give a number to each record never seen before."""
    with writing(engine) as db:
        _lock(db, feed_id, account_id)
        keys = [_key(d.receive, shop, seal) for d in drafts]
        seen = _seen(db, feed_id, keys)
        ids = _known_orders(db, feed_id, shop, [d.receive.ext_id for d in drafts])
        raws, keys_made, receipts = [], [], []
        unchanged = 0
        for draft, key in zip(drafts, keys, strict=True):
            is_new = key not in seen
            raw_id = new_id(now)
            subject = seal.new_key(raw_id)
            delivered = Delivered(channel, draft.rows) if channel else Delivered(receive=draft.receive)
            body = msgspec.json.encode(delivered)
            keys_made.append({"feed_id": feed_id, "subject_id": raw_id, "wrapped": subject.wrapped})
            raws.append(
                {
                    "feed_id": feed_id,
                    "raw_id": raw_id,
                    "replica_id": account_id,
                    "via": "file",
                    "verdict": "new" if is_new else "duplicate",
                    "source": source,
                    "row_no": draft.rows[0].row_no if draft.rows else 0,
                    "received_at": now,
                    "body": subject.seal(body).encode(),
                    "sha256": seal.args_hash("raw", body),
                }
            )
            if is_new:
                seen.add(key)
                order_id = ids.setdefault(draft.receive.ext_id, draft.receive.order or new_id(now))
                receipts.append((key, order_id, raw_id, draft))
            else:
                unchanged += max(1, len(draft.rows))
        db.execute(insert(subject_key), keys_made)
        db.execute(insert(raw), raws)
        first = _take_numbers(db, feed_id, account_id, len(receipts))
        if receipts:
            db.execute(
                insert(receipt),
                [
                    {
                        "feed_id": feed_id,
                        "replica_id": account_id,
                        "n": first + i,
                        "channel": key[0],
                        "shop": key[1],
                        "ext_id": key[2],
                        "version": key[3],
                        "content_hash": key[3].encode()[:16],
                        "order_id": order_id,
                        "raw_id": raw_id,
                    }
                    for i, (key, order_id, raw_id, _) in enumerate(receipts)
                ],
            )
    return PageResult({first + i: one[3] for i, one in enumerate(receipts)}, unchanged)


def known_versions(
    db: Connection, feed_id: int, seal: Seal, shop: Shop, drafts: Sequence[Draft]
) -> list[bool]:
    """Tell for each draft whether exactly this version was delivered before."""
    keys = [_key(d.receive, shop, seal) for d in drafts]
    seen = _seen(db, feed_id, keys)
    return [key in seen for key in keys]


def claim(engine: Engine, feed_id: int, account_id: str, holder_fence: int, now: datetime) -> int:
    """Take or renew the lease of an account; return the fence, or 0 while another process works on it."""
    row = account.c.feed_id == feed_id, account.c.replica_id == account_id
    with writing(engine) as db:
        held = db.execute(select(account.c.fence, account.c.lease_until).where(*row).with_for_update()).one()
        is_mine = holder_fence == held.fence and holder_fence > 0
        if not is_mine and held.lease_until is not None and held.lease_until > now:
            return 0
        fence = held.fence if is_mine else held.fence + 1
        db.execute(update(account).where(*row).values(fence=fence, lease_until=now + LEASE))
    return int(fence)


def release(engine: Engine, feed_id: int, account_id: str, fence: int, now: datetime) -> None:
    """Give the lease back, if it is still ours."""
    row = account.c.feed_id == feed_id, account.c.replica_id == account_id, account.c.fence == fence
    with writing(engine) as db:
        db.execute(update(account).where(*row).values(lease_until=now))


def submit_page(
    engine: Engine,
    feed_id: int,
    seal: Seal,
    writer: Writer,
    account_id: str,
    channels: Mapping[str, Channel],
    shops: Mapping[str, Shop],
    gazetteer: Gazetteer | None,
    now: datetime,
    size: int = 100,
) -> list[Answer]:
    """T2 for up to `size` receipts the hub has not decided yet; empty when there are none."""
    wishes = []
    with reading(engine) as db:
        last_n = db.execute(
            select(replica.c.last_n).where(replica.c.feed_id == feed_id, replica.c.replica_id == account_id)
        ).scalar_one()
        found = db.execute(
            select(
                receipt.c.n,
                receipt.c.order_id,
                receipt.c.shop,
                raw.c.raw_id,
                raw.c.body,
                subject_key.c.wrapped,
            )
            .join(raw, (raw.c.feed_id == receipt.c.feed_id) & (raw.c.raw_id == receipt.c.raw_id))
            .join(
                subject_key,
                (subject_key.c.feed_id == receipt.c.feed_id) & (subject_key.c.subject_id == receipt.c.raw_id),
            )
            .where(receipt.c.feed_id == feed_id, receipt.c.replica_id == account_id, receipt.c.n > last_n)
            .order_by(receipt.c.n)
            .limit(size)
        ).all()
    for row in found:
        delivered = _delivered.decode(seal.unwrap(row.raw_id, row.wrapped).open(row.body.decode()))
        receive = delivered.receive or channels[delivered.channel].draft(delivered.rows, shops[row.shop])
        number = receive.number or f"{row.shop}-{row.n:05d}"
        receive = judged(msgspec.structs.replace(receive, order=row.order_id, number=number), gazetteer)
        wishes.append(
            Wish(
                n=row.n,
                id=f"{account_id}#{row.n}",
                name="receive",
                rev=1,
                args=msgspec.Raw(msgspec.json.encode(receive)),
                login="",
                at=now,
            )
        )
    if not wishes:
        return []
    return writer.submit(Job(ReplicaInfo(account_id, "channel", account_id), wishes)).result()


_delivered = msgspec.json.Decoder(Delivered)


def _lock(db: Connection, feed_id: int, account_id: str) -> None:
    db.execute(
        select(account.c.next_n)
        .where(account.c.feed_id == feed_id, account.c.replica_id == account_id)
        .with_for_update()
    )


def _take_numbers(db: Connection, feed_id: int, account_id: str, count: int) -> int:
    row = account.c.feed_id == feed_id, account.c.replica_id == account_id
    first = db.execute(select(account.c.next_n).where(*row).with_for_update()).scalar_one()
    db.execute(update(account).where(*row).values(next_n=first + count))
    return int(first)


def _key(receive: Receive, shop: Shop, seal: Seal) -> tuple[str, str, str, str]:
    """Name a version; where the shop gives none its content is one, keyed so that nobody guesses it back."""
    version = receive.ext_version or seal.args_hash("version", msgspec.json.encode(receive))[:16].hex()
    return shop.channel, shop.code, receive.ext_id, version


def _seen(
    db: Connection, feed_id: int, keys: list[tuple[str, str, str, str]]
) -> set[tuple[str, str, str, str]]:
    at = tuple_(receipt.c.channel, receipt.c.shop, receipt.c.ext_id, receipt.c.version)
    rows = db.execute(
        select(receipt.c.channel, receipt.c.shop, receipt.c.ext_id, receipt.c.version).where(
            receipt.c.feed_id == feed_id, at.in_(keys), receipt.c.withdrawn_at.is_(None)
        )
    )
    return {tuple(row) for row in rows}


def _known_orders(db: Connection, feed_id: int, shop: Shop, ext_ids: list[str]) -> dict[str, str]:
    rows = db.execute(
        select(receipt.c.ext_id, receipt.c.order_id).where(
            receipt.c.feed_id == feed_id,
            receipt.c.channel == shop.channel,
            receipt.c.shop == shop.code,
            receipt.c.ext_id.in_(ext_ids),
        )
    )
    return {row.ext_id: row.order_id for row in rows}
