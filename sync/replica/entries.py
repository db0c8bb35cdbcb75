"""One command as `work.db` keeps it, and how they are read. Source: sync.md section 4."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec

from app.command import Refusal, Seen
from app.domain.values import Actor
from app.text import Text
from sync.instants import instant
from sync.wire import Wish

SAVED, ACCEPTED, REFUSED, CONFLICT, PROTECTED = "saved", "accepted", "refused", "conflict", "protected"
COLUMNS = (
    "n, id, name, rev, args, seen, because, login, actor, subject, label, texts, saved_at, wall_at, "
    "state, seq, refusal, fields, confirmed"
)
PENDING = "n > ? AND NOT (seq > 0 AND seq <= ?) AND state IN ('saved', 'accepted', 'protected')"


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One command of this desk. `subject` is the row it is about, `label` what people call that."""

    n: int = 0
    id: str
    name: str
    rev: int
    args: bytes
    seen: Seen | None = None
    because: str = ""
    login: str
    actor: Actor
    subject: str
    label: str = ""
    texts: tuple[Text, ...] = ()
    saved_at: datetime
    """The hub's time as this desk estimated it; the overlay decides with it."""
    wall_at: datetime
    """This desk's own clock, advisory only."""
    state: str = SAVED
    seq: int = 0
    refusal: Refusal | None = None
    fields: tuple[str, ...] = ()
    """The parts somebody else changed first, where the hub found a conflict."""
    confirmed: tuple[str, ...] = ()
    """Orders promised out of the lease of this desk."""

    @property
    def is_aside(self) -> bool:
        """No hub takes it and nobody has dealt with that yet: what there is of its case is here."""
        return self.n < 1 and self.seq == 0 and self.state == REFUSED

    def wish(self, n: int = 0) -> Wish:
        """Put the entry into the words of the wire; under `n` where it has no number yet."""
        return Wish(
            n=n or self.n,
            id=self.id,
            name=self.name,
            rev=self.rev,
            args=msgspec.Raw(self.args),
            login=self.login,
            seen=self.seen,
            because=self.because,
            confirmed=self.confirmed,
            at=self.wall_at,
        )


def entries(db: sqlite3.Connection, where: str, values: Sequence[object]) -> Iterator[Entry]:
    """Read outbox rows; `where` is ours, `values` are bound."""
    for row in db.execute(f"SELECT {COLUMNS} FROM outbox WHERE {where}", values).fetchall():
        yield Entry(
            n=row[0],
            id=row[1],
            name=row[2],
            rev=row[3],
            args=row[4],
            seen=msgspec.json.decode(row[5], type=Seen | None),
            because=row[6],
            login=row[7],
            actor=msgspec.json.decode(row[8], type=Actor),
            subject=row[9],
            label=row[10],
            texts=msgspec.json.decode(row[11], type=tuple[Text, ...]),
            saved_at=instant(row[12]),
            wall_at=instant(row[13]),
            state=row[14],
            seq=row[15],
            refusal=msgspec.json.decode(row[16], type=Refusal | None),
            fields=msgspec.json.decode(row[17] or b"[]", type=tuple[str, ...]),
            confirmed=msgspec.json.decode(row[18] or b"[]", type=tuple[str, ...]),
        )


def pending_entries(
    db: sqlite3.Connection, last_n: int, cursor: int, *, subject: str = ""
) -> Iterator[Entry]:
    """Read the commands the base rows do not hold yet, of one subject or of all, in order."""
    where = f"{PENDING} AND ? IN ('', subject) ORDER BY n"
    return entries(db, where, (last_n, cursor, subject))


def case_id(replica: str, n: int) -> str:
    """Return the id of the case the hub opens for a refused command of a desk."""
    return f"{replica}/{n}"


def number_of(case: str, replica: str) -> int | None:
    """Return the number of the command behind a case; None where it is not one of this desk."""
    of, _, n = case.rpartition("/")
    return int(n) if of == replica and n.isascii() and n.removeprefix("-").isdecimal() else None
