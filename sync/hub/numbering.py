"""Which commands of a batch are new, which were answered before, and which cannot come yet.

Source: sync.md section 3, steps 1 and 2; section 5, gap and fork.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection

from app.command import Command, Refusal
from app.domain.scopes import Reach
from app.domain.values import Actor
from sync import tables
from sync.hub.bulk import Into, Of
from sync.hub.seal import Seal
from sync.tables import micros
from sync.wire import Answer, Wish

_REPLICAS = Of(tables.replica, ("replica_id", "owner", "last_n"), ("replica_id",))
_INTO_REPLICAS = Into(
    tables.replica, ("replica_id", "kind", "owner", "last_n", "made_at"), replaces=("last_n",)
)
_GIVEN = ("args_hash", "status", "refusal", "conflict", "seq")
_STORED = Of(tables.command, ("replica_id", "n", "cmd_id", *_GIVEN), ("replica_id", "n"))
_BY_ID = Of(tables.command, ("cmd_id", *_GIVEN), ("cmd_id",))


@dataclass(frozen=True, slots=True)
class ReplicaInfo:
    """Who numbers these commands. `kind`: desk | channel | worker; `owner` is who a machine acts as."""

    replica_id: str
    kind: str
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Job:
    """Commands of one replica, in order of `n`."""

    replica: ReplicaInfo
    commands: Sequence[Wish]


class Gap(Exception):
    """A number is missing before these; the replica resends from `expect`."""

    def __init__(self, expect: int) -> None:
        super().__init__(expect)
        self.expect = expect


class Fork(Exception):
    """A number came a second time for something else: two copies of one outbox are alive.

    For the same again, too: where two people count one piece each, two pieces are gone.
    """


@dataclass(slots=True)
class Asked:
    """One new command on its way through a batch."""

    replica: ReplicaInfo
    wish: Wish
    args_hash: bytes
    command: Command | None = None
    unread: Refusal | None = None
    """Why nobody can read it, where that is so."""
    args: bytes = b""
    """The command as we write it: however it was spelled, its fields are where sealing finds them."""
    by: Actor | Refusal | None = None
    reach: Reach | None = None
    """What a person's desk may hold: they change nothing outside of it."""
    answer: Answer | None = None
    again_of: tuple[Any, ...] | None = None


@dataclass(slots=True)
class _Given:
    """An answer given earlier, or being given in this batch."""

    args_hash: bytes
    id: str
    answer: Answer | None = None
    asked: Asked | None = None

    def is_of(self, job: Job, wish: Wish, args_hash: bytes) -> bool:
        """Tell whether this is the command that was meant; machines name theirs anew when they ask again."""
        is_same = job.replica.kind != "desk" or self.id == wish.id.replace("\0", "")
        return is_same and self.args_hash == args_hash


class Numbering:
    """The commands of some jobs, sorted by number. `owners`: the device a desk's replica belongs to."""

    def __init__(self, db: Connection, feed_id: int, seal: Seal, jobs: Sequence[Job]) -> None:
        self._seal = seal
        rows = _REPLICAS.read(db, feed_id, {(job.replica.replica_id,) for job in jobs})
        self.owners = {replica_id: owner for replica_id, owner, _ in rows}
        self._last = {replica_id: last_n for replica_id, _, last_n in rows}
        old = [
            (job.replica.replica_id, wish.n)
            for job in jobs
            for wish in job.commands
            if 1 <= wish.n <= self._last.get(job.replica.replica_id, 0)
        ]
        self._given = {
            (replica_id, n): _Given(bytes(given[0]), first_id(cmd_id, replica_id, n), stored_answer(n, given))
            for replica_id, n, cmd_id, *given in _STORED.read(db, feed_id, old)
        }
        self._stops = [self._number(job) for job in jobs]
        self._jobs = jobs

    def _number(self, job: Job) -> Gap | Fork | None:
        replica_id = job.replica.replica_id
        last = self._last.get(replica_id, 0)
        fresh: dict[tuple[str, int], _Given] = {}
        for wish in job.commands:
            key, args_hash = (replica_id, wish.n), self._seal.args_hash(wish.name, bytes(wish.args))
            known = self._given.get(key) or fresh.get(key)
            if known is not None:
                if not known.is_of(job, wish, args_hash):
                    return Fork()
            elif wish.n == last + 1:
                last += 1
                asked = Asked(job.replica, wish, args_hash)
                fresh[key] = _Given(args_hash, wish.id.replace("\0", ""), asked=asked)
            else:
                return Gap(last + 1)
        self._given.update(fresh)
        self._last[replica_id] = last
        return None

    @property
    def new(self) -> list[Asked]:
        """Commands to decide now, in arrival order."""
        return [one.asked for one in self._given.values() if one.asked is not None]

    def answers(self) -> list[list[Answer] | Gap | Fork]:
        """Return what each job is told."""
        return [
            stop or [_answer_of(self._given[job.replica.replica_id, wish.n]) for wish in job.commands]
            for job, stop in zip(self._jobs, self._stops, strict=True)
        ]

    def write(self, db: Connection, feed_id: int, new: Collection[Asked], now: datetime) -> None:
        """Remember how far each replica has come."""
        replicas = {asked.replica.replica_id: asked.replica for asked in new}
        made_at = micros(now)
        rows = [
            (one.replica_id, one.kind, one.owner, self._last[one.replica_id], made_at)
            for one in sorted(replicas.values(), key=lambda one: one.replica_id)
        ]
        _INTO_REPLICAS.write(db, feed_id, rows)


def first_id(cmd_id: str, replica_id: str, n: int) -> str:
    """Return the name a command was given; one that came again under another number stands beside itself."""
    return cmd_id.removesuffix(f"#{replica_id}/{n}")


def given_before(db: Connection, feed_id: int, ids: Collection[str]) -> dict[str, tuple[Any, ...]]:
    """Return the answers to commands that came before under another number, by command id."""
    return {row[0]: row[1:] for row in _BY_ID.read(db, feed_id, [(cmd_id,) for cmd_id in ids])}


def stored_answer(n: int, row: Sequence[Any]) -> Answer:
    """Return the answer a row of `command` holds."""
    _, status, refusal, conflict, seq = row
    return Answer(
        n=n,
        status=status,
        seq=seq,
        refusal=msgspec.json.decode(refusal, type=Refusal) if refusal else None,
        fields=msgspec.json.decode(conflict, type=tuple[str, ...]) if conflict else (),
    )


def _answer_of(given: _Given) -> Answer:
    answer = given.answer or (given.asked and given.asked.answer)
    if not answer:
        raise LookupError("a command was not answered")
    return answer
