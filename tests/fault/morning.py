"""What a warehouse has done before a run begins: parcels stand packed, so that some leave in any run."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime
from types import SimpleNamespace
from unittest.mock import patch

import msgspec
from place import FEED, SEAL, Shops
from sqlalchemy import Engine, insert, select

import sync.wire
from app.command import Command
from app.commands.pack import Pack
from app.commands.pick import Pick
from app.commands.receive import Receive
from app.domain.company import Company
from app.domain.gazetteer import Gazetteer
from app.domain.order import Order
from app.engine import spec_of
from sync import tables
from sync.hub.database import reading, writing
from sync.hub.drain import Drain
from sync.hub.imports.delivery import CHANNELS
from sync.hub.prepare import Preparer
from sync.hub.seal import open_document
from sync.hub.writer import Job, ReplicaInfo, Writer
from sync.wire import Wish

SEED = 0
CAME = 24
WHO, PC = "zhou", "pc-of-the-morning"


def pack_parcels(engine: Engine, business: Company, gazetteer: Gazetteer, now: datetime, most: int) -> None:
    """Let orders come in, and pack those that may go out, up to `most`."""
    dice = random.Random(SEED)  # noqa: S311 - not those of any run: this is done once for all of them
    writer = Writer(engine, FEED, SEAL, lambda: now, gazetteer)
    writer.start()
    try:
        with patch.object(sync.wire, "secrets", SimpleNamespace(randbits=dice.getrandbits)):
            shops = Shops(engine, business, SEED, lambda: now, CAME)
            shops._coming = (_early(one) for one in shops._coming)
            shops.deliver(CAME)
            drain = Drain(engine, FEED, SEAL, writer, CHANNELS, Preparer(gazetteer), lambda: now)
            while drain.page():
                pass
            drain.close()
        work: list[Command] = []
        for order in _released(engine)[:most]:
            work += [Pick(order=order.id, line=line.id, qty=line.qty) for line in order.lines]
            work.append(Pack(order=order.id))
        _do(engine, writer, work, now)
    finally:
        writer.stop()


def _early(one: Receive) -> Receive:
    """Return an order under a name and a number that none of a later hour has."""
    head, _, tail = one.order.rpartition("-")
    return msgspec.structs.replace(one, order=f"{head}-9{tail[1:]}", number=f"M{one.number}")


def _released(engine: Engine) -> list[Order]:
    o = tables.orders.c
    with reading(engine) as db:
        rows = db.execute(select(o.doc).where(o.feed_id == FEED, o.status == "released").order_by(o.id))
        docs = [open_document(row.doc.encode(), None) for row in rows]
    return [msgspec.json.decode(doc, type=Order) for doc in docs]


def _do(engine: Engine, writer: Writer, work: Sequence[Command], now: datetime) -> None:
    own = {"feed_id": FEED, "device_id": PC}
    replica = {"feed_id": FEED, "replica_id": PC, "kind": "desk", "owner": PC, "made_at": now}
    login = {"login_id": PC, "token_sha256": PC.encode(), "user_code": WHO, "replica_id": PC}
    with writing(engine) as db:
        db.execute(insert(tables.device).values(**own, enrolled_at=now))
        db.execute(insert(tables.replica).values(replica))
        db.execute(insert(tables.login).values(**own, **login, made_at=now, expires_at=now))
    wishes = [
        Wish(
            n=n,
            id=f"morning-{n}",
            name=spec_of(command).code,
            rev=spec_of(command).rev,
            args=msgspec.Raw(msgspec.json.encode(command)),
            login=PC,
            at=now,
        )
        for n, command in enumerate(work, 1)
    ]
    answers = writer.submit(Job(ReplicaInfo(PC, "desk"), wishes)).result(60)
    if any(one.status != "applied" for one in answers):
        raise AssertionError(answers)
