"""Work of a hub in a process of its own that dies at a crash point.

It is forked from one that has everything loaded: begun from nothing it would load for most of its life.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from multiprocessing.connection import Connection

import msgspec
from carrier import HttpProvider
from processes import nursery

import sync.hub.crash
from sync.hub.asking import Worker
from sync.hub.crash import crash_point
from sync.hub.database import connect_database
from sync.hub.effects import WORKER, Effects
from sync.hub.jobs import open_worker
from sync.hub.seal import Seal
from sync.hub.writer import Job, ReplicaInfo, Writer
from sync.wire import Wish

KILLED = 137
LIFE_S = 60.0
SEAL = Seal(bytes(range(32)))


def lived(crash: str, work: Callable[..., bytes], *asked: object) -> tuple[int | None, bytes]:
    """Let a process do the work, or die at a crash point; return its exit code and what it answered."""
    context = nursery()
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_live, args=(crash, work, asked, theirs), daemon=True)
    process.start()
    theirs.close()
    try:
        said = ours.recv_bytes() if ours.poll(LIFE_S) else b""
    except EOFError:
        said = b""
    process.join(LIFE_S)
    ours.close()
    return process.exitcode, said


def _live(crash: str, work: Callable[..., bytes], asked: tuple[object, ...], line: Connection) -> None:
    sync.hub.crash._WANTED = crash
    line.send_bytes(work(*asked))


def write(database: str, wishes: bytes) -> bytes:
    """Do the wishes of a channel; return the answers."""
    writer = Writer(connect_database(database), 1, SEAL, lambda: datetime.now(UTC))
    writer.start()
    asked = msgspec.json.decode(wishes, type=list[Wish])
    answers = writer.submit(Job(ReplicaInfo("file:TM1", "channel", "file:TM1"), asked)).result(LIFE_S)
    crash_point("before_ack")
    writer.stop()
    return msgspec.json.encode(answers)


def carry_out(database: str, carrier: str, at: datetime, takes_keys: bool) -> bytes:
    """Tell the carrier of every parcel that waits."""
    engine = connect_database(database)
    writer = Writer(engine, 1, SEAL, lambda: at)
    writer.start()
    worker = Worker(engine, 1, writer, open_worker(engine, 1, WORKER, at))
    effects = Effects(worker, lambda _shop, _kind: HttpProvider(carrier, takes_keys=takes_keys), lambda: at)
    while effects.carry_out():
        pass
    writer.stop()
    return b""
