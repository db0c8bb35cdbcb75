"""The systems the hub does something at: those of the operator's file, and those a desk connected.

What is kept here is sealed under a key of its own, and read anew whenever it changed: nobody starts a
hub again for that. One that cannot be used any more is left out and told; it holds up no other.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, delete, select, update

from app.trouble import Trouble
from sync.connection_tables import service
from sync.hub.asking import Worker
from sync.hub.bulk import Into
from sync.hub.database import reading, writing
from sync.hub.outward.connector import Connector
from sync.hub.outward.heard import Ear
from sync.hub.outward.service_file import Named, ServiceFile, ears_of, ready
from sync.hub.provider import Provider
from sync.hub.seal import Seal
from sync.manifest.errands import service_of
from sync.tables import effect, micros

log = logging.getLogger(__name__)
_ROWS = Into(service, ("name", "manifest", "doc", "state", "settings", "wrapped", "rev", "made_at"))


class Doc(msgspec.Struct, frozen=True):
    """What a row says beside its keys: as in a file."""

    carriers: dict[str, str] = {}
    warehouses: dict[str, str] = {}
    shops: dict[str, str] = {}
    accounts: dict[str, str] = {}
    reads: str = "masked"
    labels: bool = False


class Kept(msgspec.Struct, frozen=True):
    """One row, opened."""

    name: str
    is_on: bool
    named: Named
    labels: bool


@dataclass(frozen=True, slots=True)
class Current:
    """What is connected at this moment. What rests is asked for, and waits."""

    file: ServiceFile
    online: Mapping[tuple[str, str], Provider]
    ears: Mapping[str, Ear]
    stamp: tuple[Any, ...] = ()

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of effects for which there is somebody."""
        return frozenset(kind for _, kind in self.online)


@dataclass(slots=True)
class Services:
    """All of them at one hub; `written` are those of the operator's file, which no desk changes."""

    engine: Engine
    feed_id: int
    seal: Seal
    clock: Callable[[], datetime]
    written: ServiceFile = field(default_factory=lambda: ServiceFile({}))
    worker: Callable[[], Worker] | None = None
    """Who books what a service sends by itself."""
    _now: Current | None = None

    def current(self) -> Current:
        """Return what is connected now."""
        c = service.c
        with reading(self.engine) as db:
            found = select(c.name, c.rev, c.made_at).where(c.feed_id == self.feed_id).order_by(c.name)
            stamp = tuple(tuple(row) for row in db.execute(found))
            if self._now is not None and self._now.stamp == stamp:
                return self._now
            rows = kept(db, self.feed_id, self.seal)
        self._now = self._made(rows, stamp)
        return self._now

    def ear(self, name: str) -> Ear | None:
        """Return who listens under a name."""
        return self.current().ears.get(name)

    def _made(self, rows: Mapping[str, Kept], stamp: tuple[Any, ...]) -> Current:
        file, labels = dict(self.written.services), self.written.labels
        online: dict[tuple[str, str], Provider] = {}
        ears: dict[str, Ear] = {}
        for name, one in file.items():
            self._join(name, one, online, ears)
        for name, row in rows.items():
            if name in file:
                continue
            try:
                self._join(name, row.named, online if row.is_on else {}, ears)
            except Trouble as trouble:
                log.warning("the service %s cannot be used: %s", name, trouble)
                continue
            file[name] = row.named
            labels = labels or (name if row.labels and row.is_on else "")
        return Current(ServiceFile(file, labels), online, ears, stamp)

    def _join(
        self, name: str, one: Named, online: dict[tuple[str, str], Provider], ears: dict[str, Ear]
    ) -> None:
        known, settings = ready(name, one)
        for kind in known.does:
            online[name, kind] = Connector(known, kind, settings, self.clock)
        if self.worker is not None:
            ears |= ears_of(name, one, self.worker(), self.clock)


def kept(db: Connection, feed_id: int, seal: Seal) -> dict[str, Kept]:
    """Return what was connected from desks, with its keys, by name."""
    c = service.c
    found: dict[str, Kept] = {}
    for row in db.execute(select(service).where(c.feed_id == feed_id).order_by(c.name)):
        key = seal.unwrap(_subject(row.name), bytes(row.wrapped))
        settings = msgspec.json.decode(key.unpack(bytes(row.settings)), type=dict[str, str])
        doc = msgspec.json.decode(row.doc, type=Doc)
        about = {name: value for name, value in msgspec.structs.asdict(doc).items() if name != "labels"}
        named = msgspec.convert({"manifest": row.manifest, "settings": settings, **about}, Named)
        found[row.name] = Kept(row.name, row.state == "on", named, doc.labels)
    return found


def keep(
    engine: Engine, feed_id: int, seal: Seal, name: str, one: Named, now: datetime, *, labels: bool
) -> None:
    """Connect a system, or give it other keys.

    Raises:
        Trouble: `services`: its manifest or a setting cannot be used.
    """
    ready(name, one)
    key, c = seal.new_key(_subject(name)), service.c
    about = {"carriers": one.carriers, "warehouses": one.warehouses, "shops": one.shops}
    doc = Doc(**about, accounts={str(k): v for k, v in one.accounts.items()}, reads=one.reads, labels=labels)
    values = {
        "manifest": one.manifest,
        "doc": msgspec.json.encode(doc).decode(),
        "settings": key.pack(msgspec.json.encode(one.settings)),
        "wrapped": key.wrapped,
    }
    with writing(engine) as db:
        here = c.feed_id == feed_id, c.name == name
        changed = update(service).where(*here).values(**values, state="on", rev=c.rev + 1)
        if db.execute(changed).rowcount == 0:
            row = (name, *(values[each] for each in ("manifest", "doc")), "on")
            _ROWS.write(db, feed_id, [(*row, values["settings"], values["wrapped"], 1, micros(now))])
        _wake(db, feed_id, one.manifest, now)


def switch(engine: Engine, feed_id: int, name: str, now: datetime, *, is_on: bool) -> bool:
    """Let a system rest, or go on where it was left; False where no desk connected it."""
    c = service.c
    here = c.feed_id == feed_id, c.name == name
    with writing(engine) as db:
        changed = update(service).where(*here).values(state="on" if is_on else "off", rev=c.rev + 1)
        if db.execute(changed).rowcount == 0:
            return False
        if is_on:
            _wake(db, feed_id, db.execute(select(c.manifest).where(*here)).scalar_one(), now)
    return True


def end(engine: Engine, feed_id: int, name: str) -> bool:
    """Forget a system and its keys; what was not sent yet stays, for whoever is connected next."""
    c = service.c
    with writing(engine) as db:
        return db.execute(delete(service).where(c.feed_id == feed_id, c.name == name)).rowcount == 1


def _wake(db: Connection, feed_id: int, manifest: str, now: datetime) -> None:
    """Let leave now what was put back: there is somebody again who takes it."""
    x, kinds = effect.c, list(service_of(manifest).does)
    waits = x.state == "todo", x.tries > 0, x.not_before > now
    db.execute(update(effect).where(x.feed_id == feed_id, x.kind.in_(kinds), *waits).values(not_before=now))


def _subject(name: str) -> str:
    return f"service:{name}"
