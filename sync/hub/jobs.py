"""What the hub does by itself: look again at orders whose time or cause has come, drain channel accounts.

Each job is a replica with its own contiguous numbers, so all it asks is journalled like anybody's.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import datetime

import msgspec
from sqlalchemy import Engine, and_, delete, select, tuple_
from sqlalchemy.exc import DBAPIError

from app.command import Command
from app.commands.recheck import Recheck
from app.engine import spec_of
from sync.hub.batch import CASE
from sync.hub.bulk import Into
from sync.hub.database import may_try_again, reading, writing
from sync.hub.writer import Closed, Fork, Gap, Job, ReplicaInfo, Writer
from sync.tables import micros, orders, recheck, replica
from sync.wire import Answer, Wish, new_id

_REPLICAS = Into(replica, ("replica_id", "kind", "owner", "made_at"), skips=True)
"""Another hub of this database may make them at the same moment."""
RECHECK_PAGE = 100
WORKER = "worker:recheck"
log = logging.getLogger(__name__)


class Every:
    """Runs `work` in its own thread again and again; a fault is logged and does not end it."""

    def __init__(self, name: str, pause_s: float, work: Callable[[], bool]) -> None:
        self.name, self._pause_s, self._work = name, pause_s, work
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End after the present round."""
        self._stop.set()
        self._thread.join(timeout=5)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                is_more = self._work()
            except Closed:
                return
            except DBAPIError as fault:
                if not may_try_again(fault):
                    log.exception("job %s failed", self.name)
                else:
                    log.warning("job %s waits for the database: %s", self.name, fault)
                is_more = False
            except Exception:
                log.exception("job %s failed", self.name)
                is_more = False
            if not is_more:
                self._stop.wait(self._pause_s)


def open_worker(engine: Engine, feed_id: int, name: str, now: datetime) -> ReplicaInfo:
    """Make sure a worker of the hub exists as a replica."""
    with writing(engine) as db:
        _REPLICAS.write(db, feed_id, [(name, "worker", name, micros(now))])
    return ReplicaInfo(name, "worker", name)


def ask_as_worker(
    engine: Engine,
    feed_id: int,
    writer: Writer,
    worker: ReplicaInfo,
    commands: Sequence[Command],
    now: datetime,
    because: Sequence[str] = (),
) -> list[Answer]:
    """Submit commands under a worker's next numbers; none when another hub took these numbers first."""
    with reading(engine) as db:
        mine = replica.c.feed_id == feed_id, replica.c.replica_id == worker.replica_id
        last_n = db.execute(select(replica.c.last_n).where(*mine)).scalar() or 0
    wishes = [
        Wish(
            n=last_n + 1 + i,
            id=new_id(now),
            name=spec_of(command).code,
            rev=spec_of(command).rev,
            args=msgspec.Raw(msgspec.json.encode(command)),
            login="",
            because=because[i] if because else "",
            at=now,
        )
        for i, command in enumerate(commands)
    ]
    try:
        return writer.submit(Job(worker, wishes)).result()
    except (Gap, Fork):
        return []


def recheck_page(
    engine: Engine, feed_id: int, writer: Writer, worker: ReplicaInfo, now: datetime
) -> list[Answer]:
    """Look again at up to 100 orders and cases whose cause or time has come; the oldest order first.

    Another hub process on this database may take the same numbers first: then it did the work.
    Source: architecture section 4, recheck rows.
    """
    with reading(engine) as db:
        due = db.execute(
            select(recheck.c.order_id, recheck.c.cause)
            .outerjoin(orders, and_(orders.c.feed_id == feed_id, orders.c.id == recheck.c.order_id))
            .where(recheck.c.feed_id == feed_id, recheck.c.not_before <= now)
            .order_by(recheck.c.not_before, orders.c.received_at, recheck.c.order_id)
            .limit(RECHECK_PAGE)
        ).all()
    causes: dict[str, str] = {}
    for row in due:
        causes.setdefault(row.order_id, row.cause)
    if not causes:
        return []
    looks = [Recheck(case=of) if cause == CASE else Recheck(order=of) for of, cause in causes.items()]
    answers = ask_as_worker(engine, feed_id, writer, worker, looks, now, list(causes.values()))
    if not answers:
        return []
    with writing(engine) as db:
        db.execute(
            delete(recheck).where(
                recheck.c.feed_id == feed_id,
                recheck.c.not_before <= now,
                tuple_(recheck.c.order_id, recheck.c.cause).in_([(r.order_id, r.cause) for r in due]),
            )
        )
    return answers
