"""How the systems do that the hub does something at: what waits, what failed, when one was last sent to.

No key is in it. Where several systems do the same kind of thing, what waits is each one's by what it says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, func, select

from app.domain.connecting import Asked
from app.domain.effect import EffectState
from app.domain.outbound import OutService, OutServices, Sent, Standing
from app.text import both
from sync.hub.database import reading
from sync.hub.effect_rows import WAITS_FOR_A_PERSON
from sync.hub.outward.connected_services import Current, Services, kept
from sync.hub.outward.service_file import Named
from sync.manifest.block import Words
from sync.manifest.blocks import Setting
from sync.manifest.errands import Service, service_ids, service_of
from sync.tables import effect

LOOKED_MOST = 5_000
TAKES = {
    "follow": ("carriers",), "deliver": ("warehouses", "carriers"), "customer": ("shops",),
    "voucher": ("shops",),
}  # fmt: skip
_SAYS = {
    "follow": ("carrier", "carriers"), "deliver": ("warehouse", "warehouses"),
    "recall": ("warehouse", "warehouses"), "customer": ("shop", "shops"),
}  # fmt: skip


def health(services: Services) -> OutServices:
    """Say how every system does, those that are connected first, then those that could be."""
    now = services.current()
    with reading(services.engine) as db:
        rows = kept(db, services.feed_id, services.seal)
        books = _Books(db, services.feed_id, services.clock())
        told: list[OutService] = []
        for name, one in services.written.services.items():
            told.append(_told(name, one, "file", now, books, labels=name == services.written.labels))
        for name, row in rows.items():
            if name not in services.written.services:
                state: Standing = "on" if row.is_on else "off"
                told.append(_told(name, row.named, state, now, books, labels=row.labels))
    used = {one.manifest for one in told} | {one.name for one in told}
    told += [_offer(each) for each in service_ids() if each not in used]
    return OutServices(as_of=services.clock(), all=tuple(told))


def takes_of(known: Service) -> tuple[str, ...]:
    """Return which codes of ours a service calls otherwise."""
    found = dict.fromkeys(word for kind in known.does for word in TAKES.get(kind, ()))
    return tuple(found)


def _offer(id: str) -> OutService:
    known = service_of(id)
    return OutService(name=id, state="none", asks=_asks(known, {}), **_about(known))


def _told(name: str, one: Named, state: Standing, now: Current, books: _Books, *, labels: bool) -> OutService:
    known = service_of(one.manifest)
    return OutService(
        name=name,
        state=state,
        asks=_asks(known, one.settings),
        carriers=one.carriers,
        warehouses=one.warehouses,
        shops=one.shops,
        accounts={str(account): number for account, number in one.accounts.items()},
        reads=one.reads,
        labels=labels,
        hook=f"/services/{name}" if known.hears is not None else "",
        sent=tuple(books.sent(kind, one, now) for kind in known.does),
        **_about(known),
    )


def _about(known: Service) -> dict[str, Any]:
    return {
        "manifest": known.id,
        "title": _both(known.title),
        "about": _both(known.about),
        "does": tuple(known.does),
        "takes": takes_of(known),
        "can_try": any(deed.look_up is not None for deed in known.does.values()),
    }


def _asks(known: Service, has: Mapping[str, str]) -> tuple[Asked, ...]:
    return tuple(_asked(name, one, has) for name, one in known.settings.items() if one.type != "const")


def _asked(name: str, setting: Setting, has: Mapping[str, str]) -> Asked:
    is_secret = setting.type == "secret"
    return Asked(
        name=name,
        type="secret" if is_secret else "url" if setting.type == "url" else "text",
        label=_both(setting.label) or name,
        hint=_both(setting.hint),
        start="" if is_secret else has.get(name, setting.default),
        is_optional=setting.optional,
        is_kept=is_secret and bool(has.get(name)),
    )


def _both(words: Words) -> str:
    return both(words.zh or words.en, words.en)


@dataclass(slots=True)
class _Books:
    """What there is of each kind, looked up once."""

    db: Connection
    feed_id: int
    now: datetime
    _open: dict[str, Sequence[Any]] = field(default_factory=dict)

    def sent(self, kind: str, one: Named, now: Current) -> Sent:
        """Say how a kind does at one of those who do it."""
        is_alone = len(now.file.doing(kind)) < 2
        mine = [row for row in self._rows(kind) if is_alone or _is_of(kind, row, one)]
        person = [row for row in mine if row.not_before >= WAITS_FOR_A_PERSON or row.state == "rejected"]
        waits = [row for row in mine if row not in person]
        tried = [row for row in waits if row.tries]
        return Sent(
            kind=kind,
            waiting=len(waits),
            troubled=len(tried),
            failed=len(person),
            sent_at=self._last(kind) if is_alone or mine else None,
            again_at=min((row.not_before for row in tried if row.not_before > self.now), default=None),
        )

    def _rows(self, kind: str) -> Sequence[Any]:
        if kind not in self._open:
            x = effect.c
            found = select(x.effect_key, x.state, x.payload, x.not_before, x.tries).where(
                x.feed_id == self.feed_id, x.kind == kind, x.state != EffectState.DONE
            )
            self._open[kind] = self.db.execute(found.limit(LOOKED_MOST)).all()
        return self._open[kind]

    def _last(self, kind: str) -> datetime | None:
        x = effect.c
        done = x.feed_id == self.feed_id, x.kind == kind, x.state == EffectState.DONE
        found = select(func.max(x.not_before)).where(*done, x.not_before < WAITS_FOR_A_PERSON)
        at: datetime | None = self.db.execute(found).scalar()
        return at


def _is_of(kind: str, row: Any, one: Named) -> bool:
    """Tell whose it is, by what it says of a carrier, a warehouse or a shop."""
    if kind == "voucher":
        return row.effect_key.split(":")[1] in one.shops
    if kind not in _SAYS:
        return False
    word, among = _SAYS[kind]
    said = msgspec.json.decode(row.payload, type=dict[str, Any])
    return said.get(word) in getattr(one, among)
