"""What desks have witnessed, kept beside the history it proves; a contradiction becomes a case for a person.

Source: sync.md section 13.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from datetime import datetime

import msgspec
from sqlalchemy import Connection, Engine, select

from app.commands.open_case import OpenCase
from app.text import N_, Text
from sync.chain import Evidence, Head, Seen, is_signed
from sync.hub.bulk import Into
from sync.hub.database import writing
from sync.hub.jobs import ask_as_worker
from sync.hub.witness.heads import contradiction, hash_at, shared_until, standing
from sync.hub.writer import ReplicaInfo, Writer
from sync.keeping_tables import evidence, witness
from sync.tables import micros

WORKER = "worker:witness"
BEYOND = "beyond"
"""A restore cut off what this desk had seen: evidence, but no alarm."""
_COLUMNS = ("epoch", "replica_id", "seq", "hash", "doc", "seen_at")
_WITNESS = Into(witness, _COLUMNS, replaces=("seq", "hash", "doc", "seen_at"))
_EVIDENCE = Into(evidence, ("id", "replica_id", "doc", "told_at"), skips=True)
log = logging.getLogger(__name__)


def hear(
    engine: Engine, feed_id: int, key: str, replica_id: str, seen: Seen, now: datetime
) -> list[Evidence]:
    """Keep what a desk says it saw; return what denies our history and was not known yet."""
    if seen.diverged:
        log.warning("%s threw its rows away %d times: their sums were not ours", replica_id, seen.diverged)
    with writing(engine) as db:
        held = [one for one in seen.evidence if is_signed(key, one.held)]
        why = contradiction(db, feed_id, seen.head) if is_signed(key, seen.head) else ""
        if why:
            epoch, seq, hash_ = standing(db, feed_id)
            held.append(Evidence(why=why, held=seen.head, told=Head(epoch, seq, hash_.hex()), at=now))
        elif shared_until(db, feed_id, seen.head.epoch) is not None:
            doc = msgspec.json.encode(msgspec.structs.replace(seen, evidence=())).decode()
            row = (
                seen.head.epoch,
                replica_id,
                seen.head.seq,
                bytes.fromhex(seen.head.hash),
                doc,
                micros(now),
            )
            _WITNESS.write(db, feed_id, [row])
        known = set(db.execute(select(evidence.c.id).where(evidence.c.feed_id == feed_id)).scalars())
        fresh = {_id(one): one for one in held if _id(one) not in known}
        rows = [
            (id_, replica_id, msgspec.json.encode(one).decode(), micros(now)) for id_, one in fresh.items()
        ]
        _EVIDENCE.write(db, feed_id, rows)
    return [one for one in fresh.values() if one.why != BEYOND]


def alarm(
    engine: Engine, feed_id: int, writer: Writer, replica_id: str, found: list[Evidence], now: datetime
) -> None:
    """Put evidence before a person, each once."""
    cases = []
    for one in found:
        log.error("history denies what %s saw at %s: %s", replica_id, one.held.seq, one.why)
        text = Text(
            N_("A desk saw change {seq} otherwise. Run docket verify, and leave that desk as it is."),
            {"seq": one.held.seq},
        )
        case = f"history:{_id(one)}"
        cases.append(OpenCase(case=case, kind="history_broken", subject_id=replica_id, text=text))
    if cases:
        ask_as_worker(engine, feed_id, writer, ReplicaInfo(WORKER, "worker", WORKER), cases, now)


def witnessed(db: Connection, feed_id: int) -> Iterator[tuple[str, Seen]]:
    """Return what each desk last said, in every life."""
    rows = select(witness.c.replica_id, witness.c.doc).where(witness.c.feed_id == feed_id)
    for row in db.execute(rows.order_by(witness.c.epoch, witness.c.replica_id)).all():
        yield row.replica_id, msgspec.json.decode(row.doc, type=Seen)


def kept_evidence(db: Connection, feed_id: int) -> Iterator[tuple[str, Evidence]]:
    """Return what desks hold against this history, or what a restore cut off."""
    rows = select(evidence.c.replica_id, evidence.c.doc).where(evidence.c.feed_id == feed_id)
    for row in db.execute(rows.order_by(evidence.c.told_at, evidence.c.id)).all():
        yield row.replica_id, msgspec.json.decode(row.doc, type=Evidence)


def still_denies(db: Connection, feed_id: int, one: Evidence) -> bool:
    """Tell whether the history as it is now still is not the one that was held."""
    return one.why != BEYOND and hash_at(db, feed_id, one.held.seq) != one.held.hash


def _id(one: Evidence) -> str:
    return hashlib.sha256(f"{one.why} {one.held.epoch} {one.held.seq} {one.held.hash}".encode()).hexdigest()[
        :32
    ]
