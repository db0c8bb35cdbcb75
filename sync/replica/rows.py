"""Load typed rows and the facts a decision stands on from `replica.db`."""

from __future__ import annotations

import dataclasses
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from types import MappingProxyType
from typing import Any

import msgspec
from typing_extensions import override

from app import engine
from app.command import Command, Facts, Refs, with_settings
from app.domain.gazetteer import Gazetteer
from app.domain.revision import TYPES as SETTINGS
from app.domain.rules import Rules
from app.domain.values import Actor, Key
from app.sourcing.ways import Ways
from app.text import N_, Text
from app.trouble import Trouble
from sync.mark import Mark
from sync.projection import TYPES, Row
from sync.wire import UNREADABLE

REF_TABLES = frozenset({"sku", *SETTINGS})
_DECODERS: dict[str, msgspec.json.Decoder[Any]] = {
    tbl: msgspec.json.Decoder(kind) for tbl, kind in TYPES.items()
}


_DOCS = "SELECT pk, doc FROM row WHERE tbl = ? AND pk IN (SELECT value FROM json_each(?)) AND doc IS NOT NULL"
_REFS_REV = "SELECT json_extract(value, '$.refs_rev') FROM meta WHERE key = 'mark'"


def decode(tbl: str, doc: bytes) -> Any:
    """Turn a stored document back into the domain's own type."""
    return _DECODERS[tbl].decode(doc)


@contextmanager
def readable(rows: Iterable[Row]) -> Iterator[None]:
    """Take rows of the hub in, or none of them; small tables are read at once, not when they are asked.

    Raises:
        Trouble: hub_unreadable: a document is none that this version knows.
    """
    try:
        for row in rows:
            if row.doc is not None and row.tbl in REF_TABLES:
                decode(row.tbl, row.doc)
        yield
    except (*UNREADABLE, OverflowError) as fault:
        hint = N_("The hub sent something this Docket cannot read. Update it; your work is kept.")
        raise Trouble("hub_unreadable", Text(hint), retry=True) from fault


def mark_of(db: sqlite3.Connection) -> Mark:
    """Return how far this replica has come."""
    found = db.execute("SELECT value FROM meta WHERE key = 'mark'").fetchone()
    return msgspec.json.decode(found[0], type=Mark) if found else Mark()


def load(db: sqlite3.Connection, keys: Iterable[Key]) -> dict[Key, Any]:
    """Load rows by key, those of one table at once; None where there is none."""
    found: dict[Key, Any] = dict.fromkeys(keys)
    by_table: dict[str, list[str]] = {}
    for tbl, pk in found:
        if tbl in TYPES:
            by_table.setdefault(tbl, []).append(pk)
    for tbl, pks in by_table.items():
        for pk, doc in db.execute(_DOCS, (tbl, msgspec.json.encode(pks).decode())):
            found[tbl, pk] = decode(tbl, doc)
    return found


class Looked(dict[Key, Any]):
    """Loaded rows that know which of them were looked at: a decision is a function of no others."""

    def __init__(self, rows: Mapping[Key, Any]) -> None:
        super().__init__(rows)
        self.looked: set[Key] = set()

    @override
    def __getitem__(self, key: Key) -> Any:
        self.looked.add(key)
        return super().__getitem__(key)

    @override
    def get(self, key: Key, default: Any = None) -> Any:
        """Return a row; whoever asks has looked, whatever the answer."""
        self.looked.add(key)
        return super().get(key, default)


class RefsCache:
    """The small tables everybody knows by heart, read again when the replica says they changed."""

    def __init__(self, gazetteer: Callable[[], Gazetteer | None], ways: Ways | None = None) -> None:
        self._gazetteer, self._ways = gazetteer, ways or Ways()
        self._rev: tuple[int, int] = (-1, -1)
        self._refs = Refs(MappingProxyType({}), MappingProxyType({}), Rules())
        self._whole: Refs | None = None

    def get(self, db: sqlite3.Connection) -> Refs:
        """Return the present tables, and the gazetteer: what is decided on."""
        refs = self.small(db)
        if self._whole is None:
            self._whole = dataclasses.replace(refs, gazetteer=self._gazetteer(), ways=self._ways)
        return self._whole

    def small(self, db: sqlite3.Connection) -> Refs:
        """Return the present tables alone: lists need no gazetteer, which takes its time to read."""
        found = db.execute(_REFS_REV).fetchone()
        rev = (id(db), found[0] if found else 0)
        if rev != self._rev:
            self._refs, self._whole = self._load(db), None
            self._rev = rev
        return self._refs

    def forget(self) -> None:
        """Read again at the next question."""
        self._rev = (-1, -1)

    def _load(self, db: sqlite3.Connection) -> Refs:
        marks = ", ".join("?" * len(REF_TABLES))
        docs = db.execute(
            f"SELECT tbl, pk, doc FROM row WHERE tbl IN ({marks}) ORDER BY tbl, pk", sorted(REF_TABLES)
        ).fetchall()
        rows = {(tbl, pk): decode(tbl, doc) for tbl, pk, doc in docs}
        return with_settings(Refs({}, {}, Rules()), rows)


def facts_of(db: sqlite3.Connection, command: Command, refs: Refs, by: Actor, now: datetime) -> Facts:
    """Load every row `command` needs, round by round until nothing more is pointed to."""
    rows = Looked({})
    while missing := engine.follow(command, rows, refs, at_hub=False) - rows.keys():
        rows |= load(db, missing)
    return Facts(rows=rows, refs=refs, by=by, now=now, at_hub=False)
