"""Channel intake: a delivery becomes a receipt exactly once (T1), a receipt becomes a command (T2).

A channel account is a replica like any other. T1 gives a number only to records never seen; T2 submits every
number above the account's `last_n`, so whoever finds receipts left behind by a killed process carries on.
Source: sync.md section 9.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, bindparam, insert, select, update

from app.commands.receive import Receive
from app.domain.address import ACCEPT, read
from app.domain.company import Shop
from app.domain.gazetteer import Gazetteer
from sync.channel import Channel, Draft, Numbered
from sync.hub.bulk import Into, Of
from sync.hub.database import reading, writing
from sync.hub.seal import Seal
from sync.hub.writer import Job, ReplicaInfo
from sync.tables import account, micros, raw, receipt, replica, subject_key
from sync.wire import Wish, new_id

LEASE = timedelta(seconds=10)
PAGE = 200
SUBMIT = 100
_VERSION = ("channel", "shop", "ext_id", "version")
_SUBJECT_KEYS = Into(subject_key, ("subject_id", "wrapped"))
_RAWS = Into(
    raw,
    ("raw_id", "replica_id", "via", "verdict", "source", "row_no", "received_at", "body", "sha256"),
)
_RECEIPTS = Into(receipt, ("replica_id", "n", *_VERSION, "content_hash", "order_id", "raw_id"))
_VERSIONS = Of(receipt, (*_VERSION, "withdrawn_at"), _VERSION)
_ORDERS = Of(receipt, ("ext_id", "order_id"), _VERSION[:3])


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
        next_n = _lock(db, feed_id, account_id)
        keys = [_key(d.receive, shop, seal) for d in drafts]
        seen = _seen(db, feed_id, keys)
        ids = _known_orders(db, feed_id, shop, {d.receive.ext_id for d in drafts})
        subject_keys: list[tuple[Any, ...]] = []
        raws: list[tuple[Any, ...]] = []
        receipts: list[tuple[Any, ...]] = []
        taken: dict[int, Draft] = {}
        unchanged, received_at = 0, micros(now)
        for draft, key in zip(drafts, keys, strict=True):
            is_new = key not in seen
            raw_id = new_id(now)
            subject = seal.new_key(raw_id)
            delivered = Delivered(channel, draft.rows) if channel else Delivered(receive=draft.receive)
            body = msgspec.json.encode(delivered)
            verdict = "new" if is_new else "duplicate"
            row_no = draft.rows[0].row_no if draft.rows else 0
            sha256 = seal.args_hash("raw", body)
            sealed = subject.seal(body).encode()
            subject_keys.append((raw_id, subject.wrapped))
            raws.append((raw_id, account_id, "file", verdict, source, row_no, received_at, sealed, sha256))
            if is_new:
                seen.add(key)
                n = next_n + len(taken)
                order_id = ids.setdefault(draft.receive.ext_id, draft.receive.order or new_id(now))
                receipts.append((account_id, n, *key, key[3].encode()[:16], order_id, raw_id))
                taken[n] = draft
            else:
                unchanged += max(1, len(draft.rows))
        _SUBJECT_KEYS.write(db, feed_id, subject_keys)
        _RAWS.write(db, feed_id, raws)
        _RECEIPTS.write(db, feed_id, receipts)
        if taken:
            mine = account.c.feed_id == feed_id, account.c.replica_id == account_id
            db.execute(update(account).where(*mine).values(next_n=next_n + len(taken)))
    return PageResult(taken, unchanged)


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


def waiting_accounts(db: Connection, feed_id: int) -> list[str]:
    """Return the channel accounts with receipts the hub has not decided yet."""
    found = (
        select(account.c.replica_id)
        .join(
            replica, (replica.c.feed_id == account.c.feed_id) & (replica.c.replica_id == account.c.replica_id)
        )
        .where(account.c.feed_id == feed_id, account.c.next_n > replica.c.last_n + 1)
    )
    return list(db.execute(found.order_by(account.c.replica_id)).scalars())


def page_of_receipts(
    engine: Engine,
    feed_id: int,
    seal: Seal,
    account_id: str,
    after_n: int | None,
    channels: Mapping[str, Channel],
    shops: Mapping[str, Shop],
    gazetteer: Gazetteer | None,
    now: datetime,
    size: int = SUBMIT,
) -> Job | None:
    """T2, prepared: up to `size` receipts above `after_n` (None: above what is decided), if there are any."""
    with reading(engine) as db:
        if after_n is None:
            mine = replica.c.feed_id == feed_id, replica.c.replica_id == account_id
            after_n = db.execute(select(replica.c.last_n).where(*mine)).scalar_one()
        found = db.execute(
            _UNDECIDED, {"feed": feed_id, "account": account_id, "after": after_n, "size": size}
        ).all()
    wishes = []
    for n, order_id, shop, raw_id, body, wrapped in found:
        delivered = _delivered.decode(seal.unwrap(raw_id, wrapped).open(body.decode()))
        receive = delivered.receive or channels[delivered.channel].draft(delivered.rows, shops[shop])
        number = receive.number or f"{shop}-{n:05d}"
        receive = judged(msgspec.structs.replace(receive, order=order_id, number=number), gazetteer)
        args = msgspec.Raw(msgspec.json.encode(receive))
        wishes.append(Wish(n=n, id=f"{account_id}#{n}", name="receive", rev=1, args=args, login="", at=now))
    return Job(ReplicaInfo(account_id, "channel", account_id), wishes) if wishes else None


_UNDECIDED = (
    select(receipt.c.n, receipt.c.order_id, receipt.c.shop, raw.c.raw_id, raw.c.body, subject_key.c.wrapped)
    .join(raw, (raw.c.feed_id == receipt.c.feed_id) & (raw.c.raw_id == receipt.c.raw_id))
    .join(
        subject_key,
        (subject_key.c.feed_id == receipt.c.feed_id) & (subject_key.c.subject_id == receipt.c.raw_id),
    )
    .where(
        receipt.c.feed_id == bindparam("feed"),
        receipt.c.replica_id == bindparam("account"),
        receipt.c.n > bindparam("after"),
    )
    .order_by(receipt.c.n)
    .limit(bindparam("size"))
)
_delivered = msgspec.json.Decoder(Delivered)


def _lock(db: Connection, feed_id: int, account_id: str) -> int:
    """Take the account's row; return the next number it gives."""
    mine = account.c.feed_id == feed_id, account.c.replica_id == account_id
    return int(db.execute(select(account.c.next_n).where(*mine).with_for_update()).scalar_one())


def _key(receive: Receive, shop: Shop, seal: Seal) -> tuple[str, str, str, str]:
    """Name a version; where the shop gives none its content is one, keyed so that nobody guesses it back."""
    version = receive.ext_version or seal.args_hash("version", msgspec.json.encode(receive))[:16].hex()
    return shop.channel, shop.code, receive.ext_id, version


def _seen(
    db: Connection, feed_id: int, keys: Collection[tuple[str, str, str, str]]
) -> set[tuple[str, str, str, str]]:
    rows = _VERSIONS.read(db, feed_id, set(keys))
    return {(row[0], row[1], row[2], row[3]) for row in rows if row[4] is None}


def _known_orders(db: Connection, feed_id: int, shop: Shop, ext_ids: Collection[str]) -> dict[str, str]:
    keys = {(shop.channel, shop.code, ext_id) for ext_id in ext_ids}
    return dict(_ORDERS.read(db, feed_id, keys))
