"""Pending commands laid over the base rows; `before` keeps the base of what they cover.

A decision is a function of the rows it looked at: while none of them changes it stands, and only what looked
at something else is decided again, with all that stands on it.
Source: sync.md section 2 (replay) and section 4 (the merged view).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from app import engine, upcast
from app.command import Authority, Command, Facts, Refs, Refusal
from app.conflict import conflicts, merged
from app.domain.events import Event, fields_said
from app.domain.mask import masked
from app.domain.order import Order
from app.domain.revision import TYPES as SETTINGS
from app.domain.scopes import Reach, holds, scope_of
from app.domain.values import Key, Keys
from app.text import N_, Text
from sync.projection import TYPES, Row
from sync.replica.entries import Entry
from sync.replica.image import Image
from sync.replica.rows import REF_TABLES, Looked, RefsCache

SMALL: Key = ("", "")
"""Stands for every row of the small tables: a decision may look at any of them."""


@dataclass(frozen=True, slots=True)
class _Laid:
    """What one pending command looked at and what it covers; `doubt` says why it no longer passes here.

    `loaded` are the rows it might have looked at: what is read from the file before it is decided again.
    """

    entry: Entry
    reads: Keys = frozenset()
    writes: Keys = frozenset()
    loaded: Keys = frozenset()
    doubt: Text | None = None


class Overlay:
    """Keeps the live tables equal to the base rows with every pending command decided over them, in order."""

    def __init__(self, refs: RefsCache) -> None:
        self.desk = ""
        """The replica this desk is known by now: whose leases count."""
        self._refs = refs
        self._known: Refs | None = None
        """The small tables while many commands are decided, until one of them changes."""
        self._laid: dict[int, _Laid] = {}
        self.reach: Reach | None = None
        """What the person at the desk may hold: work of others that waits here shows no more than that."""

    def doubts(self) -> dict[int, Text]:
        """Return the pending commands that no longer pass here, and why; the hub decides all the same."""
        return {n: laid.doubt for n, laid in self._laid.items() if laid.doubt is not None}

    def lay(self, db: sqlite3.Connection, entry: Entry, facts: Facts) -> Keys:
        """Write what a command changed over the base rows; return the keys."""
        image = Image(db)
        writes = self._lay(image, entry, facts)
        image.write()
        return writes

    def _lay(self, image: Image, entry: Entry, facts: Facts) -> Keys:
        writes = frozenset(
            key for key, row in facts.changed.items() if key[0] in TYPES and self._may_stand(key, row)
        )
        image.know(writes)
        for key in writes:
            row = facts.changed[key]
            image.lay(key, self._as_read(row), scope_of(key[0], row))
        self._tell_refs(image, writes)
        self._laid[entry.n] = _Laid(entry, _read(facts), writes | _small(writes), frozenset(facts.rows))
        return writes

    def _tell_refs(self, image: Image, keys: Iterable[Key]) -> None:
        """Let the next decision see small tables that changed: those are read from the file."""
        small = [key for key in keys if key[0] in REF_TABLES]
        if small:
            image.write(small)
            self._refs.forget()
            self._known = None

    def forget(self, n: int) -> None:
        """What was to be laid over the rows did not get there: it is decided again with the next page."""
        self._laid.pop(n, None)

    def rebase(self, image: Image, base: Sequence[Row], pending: Sequence[Entry]) -> Keys:
        """Change base rows and what is pending; decide again whatever stood on them. Returns touched keys."""
        self._known = None
        now_pending = {entry.n: entry for entry in pending}
        touched: set[Key] = {(row.tbl, row.pk) for row in base}
        touched |= _small(touched)
        for n, laid in self._laid.items():
            if n not in now_pending:
                touched |= laid.writes
        again = self._standing_on(touched, now_pending)
        image.know(touched.union(*(self._laid[n].loaded for n in again if n in self._laid)))
        image.lift(touched)
        image.rebase(base)
        self._tell_refs(image, touched)
        before = self._laid
        self._laid = {n: laid for n, laid in self._laid.items() if n in now_pending}
        while again:
            for n in sorted(again):
                self._decide(image, now_pending[n], before.get(n))
                touched |= self._laid[n].writes
            spilled = self._spilled(again, touched)
            if not spilled:
                break
            again |= spilled
            touched = touched.union(*(self._laid[n].writes for n in spilled))
            again |= self._standing_on(touched, now_pending)
            image.know(touched)
            image.lift(touched)
            self._tell_refs(image, touched)
        image.write()
        return frozenset(touched - {SMALL})

    def _may_stand(self, key: Key, row: Any) -> bool:
        return self.reach is None or holds(self.reach, scope_of(key[0], row))

    def _as_read(self, row: Any) -> Any:
        if self.reach is not None and self.reach.masked and isinstance(row, Order):
            return msgspec.structs.replace(row, receiver=masked(row.receiver), invoice=None)
        return row

    def _spilled(self, again: set[int], touched: set[Key]) -> set[int]:
        """Find commands that wrote what one decided again now reads, or read what it now writes."""
        looked = touched.union(*(self._laid[n].reads for n in again))
        return {
            n
            for n, laid in self._laid.items()
            if n not in again and not (laid.writes.isdisjoint(looked) and laid.reads.isdisjoint(touched))
        }

    def renew(self, db: sqlite3.Connection, pending: Sequence[Entry]) -> None:
        """Start over: lift everything, decide every pending command again."""
        before, self._laid, self._known = self._laid, {}, None
        covered: list[Key] = db.execute("SELECT tbl, pk FROM before").fetchall()
        image = Image(db)
        image.know(frozenset(covered).union(*(laid.loaded for laid in before.values())))
        image.lift(covered)
        self._tell_refs(image, covered)
        self._refs.forget()
        for entry in pending:
            self._decide(image, entry, before.get(entry.n))
        image.write()

    def _standing_on(self, touched: set[Key], pending: dict[int, Entry]) -> set[int]:
        """Find the pending commands that read or wrote `touched`, and grow `touched` by what they wrote."""
        again = {n for n in pending if n not in self._laid}
        grew = True
        while grew:
            grew = False
            for n, laid in self._laid.items():
                if n in pending and n not in again and not touched.isdisjoint(laid.reads | laid.writes):
                    again.add(n)
                    grew = grew or not laid.writes <= touched
                    touched |= laid.writes
        return again

    def _decide(self, image: Image, entry: Entry, was: _Laid | None) -> None:
        """Lay a command over what is there now; one that no longer passes waits for the hub."""
        command = command_of(entry)
        if command is None or engine.spec_of(command).authority is Authority.HUB:
            self._laid[entry.n] = _Laid(entry)
            return
        if self._known is None:
            self._known = self._refs.get(image.db)
        # What it loaded before is what it loads now, nearly always: one round instead of three.
        rows = Looked({key: image.get(key) for key in (was.loaded if was is not None else ())})
        while missing := engine.follow(command, rows, self._known, at_hub=False) - rows.keys():
            rows |= {key: image.get(key) for key in missing}
        by = msgspec.structs.replace(entry.actor, desk=self.desk)
        facts = Facts(rows, self._known, by, entry.saved_at, at_hub=False, because=entry.because)
        doubt = _doubt(command, entry, facts)
        if doubt is not None:
            self._laid[entry.n] = _Laid(entry, _read(facts), loaded=frozenset(rows), doubt=doubt)
            return
        self._lay(image, entry, facts)


def _read(facts: Facts) -> Keys:
    """Return the rows a decision looked at; small tables are looked at as one."""
    looked = facts.rows.looked if isinstance(facts.rows, Looked) else facts.rows.keys()
    return frozenset((*looked, SMALL))


def _small(keys: Iterable[Key]) -> Keys:
    """Return what stands for all small tables, where one of these rows is in them."""
    return frozenset((SMALL,)) if any(key[0] in SETTINGS for key in keys) else frozenset()


def _doubt(command: Command, entry: Entry, facts: Facts) -> Text | None:
    """Decide a pending command again as the hub will; say why it would not pass any more."""
    order = facts.order(entry.seen.order) if entry.seen is not None else None
    if stale := conflicts(entry.seen, order, command):
        return Text(N_("Changed in the meantime: {fields}"), {"fields": fields_said(stale)})
    decided: list[Event] | Refusal
    try:
        decided = engine.apply(merged(command, entry.seen, order), facts)
    except (LookupError, ValueError):  # the row it stood on is gone, or stock no longer reaches
        return Text(N_("What this stood on is gone."))
    return decided.text if isinstance(decided, Refusal) else None


def confirmed(facts: Facts) -> tuple[str, ...]:
    """Return the orders this desk has just promised goods out of its lease, the first time or anew."""
    leased = [row for row in facts.changed.values() if isinstance(row, Order) and row.by_lease]
    before = {row.id: row.reserved for row in facts.rows.values() if isinstance(row, Order) and row.by_lease}
    return tuple(sorted(row.id for row in leased if row.reserved != before.get(row.id)))


def command_of(entry: Entry) -> Command | None:
    """Read a kept command; None when this version no longer knows it: the hub still does."""
    found = upcast.read(entry.name, entry.rev, entry.args)
    return None if isinstance(found, Refusal) else found
