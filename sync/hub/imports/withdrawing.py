"""A file taken back: what it brought is called off where nobody worked on it, the rest is listed.

A withdrawn receipt gives its version back, so that the same file may come again. The orders are called off by
commands of the account that brought them, each with a receipt of its own: who is killed goes on where it was.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, and_, select, update

from app.command import Refusal
from app.commands.withdraw import Withdraw
from app.domain.order import EDITABLE, Status
from app.imports import Stays, UndoPlan
from app.text import N_, Text
from app.trouble import Trouble
from sync.hub.database import reading, writing
from sync.hub.imports.records import Record
from sync.hub.imports.shop import find_shop
from sync.hub.imports.taking import STALL_S, Tools
from sync.hub.overheard import Recall, recall
from sync.import_tables import import_receipt
from sync.tables import account, command, orders, receipt, replica, shipment

PAGE = 200
FIRST_STAYS = 50
EARLIER = Text(N_("Another delivery speaks of it too."))
TOUCHED = Text(N_("Somebody worked on it."))
GONE = Text(N_("The warehouse has it, or it is shipped."))


@dataclass(frozen=True, slots=True)
class Ended:
    """What an undo did."""

    cancelled: int
    stays: tuple[Stays, ...]


def plan_undo(tools: Tools, record: Record) -> UndoPlan:
    """Say what taking a file back would call off and what would stay."""
    cancels, stays = 0, list[Stays]()
    with reading(tools.engine) as db:
        for page in _pages(db, tools.feed_id, record):
            for row in page:
                why = _why_stays(row)
                if why is None:
                    cancels += 1
                else:
                    stays.append(Stays(id=row.order_id, number=row.number or row.ext_id, why=why))
    return UndoPlan(cancels=cancels, stays=len(stays), first=tuple(stays[:FIRST_STAYS]))


def withdraw(tools: Tools, record: Record, by: str, patience_s: float) -> Ended:
    """Call off what may be, mark every receipt of the file withdrawn."""
    name, last_n = f"file:{record.shop}", 0
    shop = find_shop(tools.engine, tools.feed_id, record.shop)
    if shop is None:
        raise Trouble("shop", Text(N_("There is no shop {code} any more."), {"code": record.shop}))
    stays: list[Stays] = []
    while True:
        with writing(tools.engine) as db:
            page = next(_pages(db, tools.feed_id, record), [])
            if not page:
                break
            asked = []
            for row in page:
                why = _why_stays(row)
                if why is not None:
                    stays.append(Stays(id=row.order_id, number=row.number or row.ext_id, why=why))
                else:
                    order = Withdraw(order=row.order_id, file=" + ".join(record.files), by=by)
                    asked.append(Recall(row.ext_id, order))
            _mark(db, tools, name, page)
            last_n = recall(db, tools.feed_id, tools.seal, name, shop, record.id, asked, tools.clock())
    _wait(tools, name, last_n, patience_s)
    applied, refused = _answers(tools, record)
    return Ended(applied, (*stays, *refused))


def _pages(db: Connection, feed_id: int, record: Record) -> Iterator[list[Row[Any]]]:
    """Yield the file's receipts that are not withdrawn, with their orders, one page after the other."""
    earlier = receipt.alias("earlier")
    others = (
        select(earlier.c.n)
        .where(
            earlier.c.feed_id == feed_id,
            earlier.c.channel == receipt.c.channel,
            earlier.c.shop == receipt.c.shop,
            earlier.c.ext_id == receipt.c.ext_id,
            earlier.c.withdrawn_at.is_(None),
            earlier.c.version.not_like("withdraws %"),
            ~select(import_receipt.c.n)
            .where(
                import_receipt.c.feed_id == feed_id,
                import_receipt.c.import_id == record.id,
                import_receipt.c.n == earlier.c.n,
                earlier.c.replica_id == receipt.c.replica_id,
            )
            .exists(),
        )
        .exists()
    )
    sent = (
        select(shipment.c.order_id)
        .where(shipment.c.feed_id == feed_id, shipment.c.order_id == orders.c.id)
        .exists()
    )
    mine = and_(receipt.c.feed_id == feed_id, receipt.c.replica_id == f"file:{record.shop}")
    asked = (
        select(
            receipt.c.n, receipt.c.ext_id, receipt.c.order_id, receipt.c.version, orders.c.number,
            orders.c.status, orders.c.touched, orders.c.maker, receipt.c.replica_id,
            others.label("is_earlier"), sent.label("is_sent"),
        )
        .join(import_receipt, and_(import_receipt.c.feed_id == feed_id, import_receipt.c.n == receipt.c.n))
        .outerjoin(orders, and_(orders.c.feed_id == feed_id, orders.c.id == receipt.c.order_id))
        .where(
            mine, import_receipt.c.import_id == record.id, receipt.c.withdrawn_at.is_(None),
            receipt.c.order_id != "", receipt.c.version.not_like("withdraws %"),
        )
        .order_by(receipt.c.n)
    )  # fmt: skip
    after_n = 0
    while page := list(db.execute(asked.where(receipt.c.n > after_n).limit(PAGE))):
        yield page
        after_n = page[-1].n


def _why_stays(row: Row[Any]) -> Text | None:
    """Say why an order stays as it is; None when it may be called off."""
    if row.is_earlier:
        return EARLIER
    if row.touched or row.maker not in (None, row.replica_id):
        return TOUCHED
    status = Status(row.status) if row.status else Status.CANCELLED
    if row.is_sent or (status not in EDITABLE and status in (Status.PICKING, Status.PACKED)):
        return GONE
    return None


def _mark(db: Connection, tools: Tools, name: str, page: Sequence[Row[Any]]) -> None:
    """Withdraw receipts: each gives its version back by taking its own number into it."""
    now = tools.clock()
    for row in page:
        at = receipt.c.feed_id == tools.feed_id, receipt.c.replica_id == name, receipt.c.n == row.n
        gone = {"withdrawn_at": now, "version": f"withdrawn {row.n} {row.version}"}
        db.execute(update(receipt).where(*at).values(**gone))


def _wait(tools: Tools, name: str, n: int, patience_s: float) -> None:
    """Wait until everything is decided, by the hub that holds the account or by ourselves."""
    at = replica.c.feed_id == tools.feed_id, replica.c.replica_id == name
    moved_s, before = time.monotonic(), -1
    while True:
        with reading(tools.engine) as db:
            decided = int(db.execute(select(replica.c.last_n).where(*at)).scalar_one_or_none() or 0)
            given = select(account.c.next_n).where(
                account.c.feed_id == tools.feed_id, account.c.replica_id == name
            )
            n = max(n, int(db.execute(given).scalar_one_or_none() or 1) - 1)
        if decided >= n:
            return
        now_s = time.monotonic()
        if decided != before:
            before, moved_s = decided, now_s
        elif now_s - moved_s > patience_s and tools.decide(name):
            continue
        elif now_s - moved_s > STALL_S:
            raise Trouble(
                "stalled", Text(N_("The hub does not answer. The undo goes on when it does.")), retry=True
            )
        time.sleep(0.02)


def _answers(tools: Tools, record: Record) -> tuple[int, tuple[Stays, ...]]:
    """Count the orders called off, and name those somebody touched meanwhile."""
    mine = and_(
        command.c.feed_id == receipt.c.feed_id,
        command.c.replica_id == receipt.c.replica_id,
        command.c.n == receipt.c.n,
    )
    asked = (
        select(receipt.c.order_id, receipt.c.ext_id, command.c.status, command.c.refusal, orders.c.number)
        .join(command, mine)
        .outerjoin(
            orders, and_(orders.c.feed_id == receipt.c.feed_id, orders.c.id == receipt.c.order_id)
        )
        .where(
            receipt.c.feed_id == tools.feed_id,
            receipt.c.replica_id == f"file:{record.shop}",
            receipt.c.version == f"withdraws {record.id}",
        )
    )  # fmt: skip
    with reading(tools.engine) as db:
        rows = db.execute(asked).all()
    refused = []
    for row in rows:
        if row.status != "applied":
            refusal = msgspec.json.decode(row.refusal, type=Refusal) if row.refusal else None
            why = refusal.text if refusal else TOUCHED
            refused.append(Stays(id=row.order_id, number=row.number or row.ext_id, why=why))
    return len(rows) - len(refused), tuple(refused)
