"""How the shops of a company do: what was read, what waits, what is wrong, what is missing.

No key is in it. What ends soon is read from the settings that say when, and they are no secrets.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Connection, Engine, func, select

from app.domain.channels import ANY, LIKELY, Channels, Listed, ShopHealth
from app.domain.company import Shop
from app.text import N_, Text, both
from sync.connection_tables import connection, hook_delivery, stream, wanted
from sync.hub.database import reading
from sync.hub.polling.connections import Connected, broken, connected
from sync.hub.polling.streams import AGAIN
from sync.hub.seal import Seal
from sync.manifest.block import Words
from sync.manifest.blocks import Manifest
from sync.manifest.reading import manifest_of
from sync.tables import account, raw, ref, replica
from sync.wire import id_of

FILES = "generic_file"
"""The manifest of shops whose files are taken out of a folder."""
EPOCH_DIGITS = 10
"""Moments in figures have so many digits in seconds, more in milliseconds."""


def health(engine: Engine, feed_id: int, seal: Seal, now: datetime) -> Channels:
    """Say how every shop does, those that are connected first."""
    with reading(engine) as db:
        shops = _shops(db, feed_id)
        c = connection.c
        rows = db.execute(select(c.shop, c.state).where(c.feed_id == feed_id))
        states: dict[str, str] = {shop: str(state) for shop, state in rows}
        ones = connected(db, feed_id, seal, are_off=True)
        lists, books = _lists(db, feed_id), _Books(db, feed_id, now)
        wrong = broken(db, feed_id)
        told = [_told(one, states[one.shop.code], lists.get(one.shop.code, ()), books) for one in ones]
    unusable = [_unusable(shop, states[shop], *said) for shop, said in wrong.items()]
    missing = [_missing(shop, lists.get(shop.code, ())) for shop in shops if shop.code not in states]
    return Channels(as_of=now, shops=(*unusable, *told, *missing))


class _Books:
    """What came and what of it waits, of all shops at once."""

    def __init__(self, db: Connection, feed_id: int, now: datetime) -> None:
        self._db, self._feed_id, self._now = db, feed_id, now
        a, r, d, w = account.c, replica.c, hook_delivery.c, wanted.c
        same = (r.feed_id == a.feed_id) & (r.replica_id == a.replica_id)
        behind = select(a.replica_id, a.next_n - 1 - r.last_n).join_from(account, replica, same)
        self.behind = self._pairs(behind.where(a.feed_id == feed_id))
        unread = select(d.shop, func.count()).where(d.feed_id == feed_id, d.state == "todo")
        self.unread = self._pairs(unread.group_by(d.shop))
        self.wanted = self._pairs(select(w.shop, func.count()).where(w.feed_id == feed_id).group_by(w.shop))

    def taken(self, one: Connected) -> int:
        """Count what came today, where the shop is."""
        day = self._now.astimezone(ZoneInfo(one.shop.zone)).replace(hour=0, minute=0, second=0, microsecond=0)
        c = raw.c
        today = c.feed_id == self._feed_id, c.raw_id >= id_of(day, 0), c.replica_id == one.account
        count = select(func.count()).select_from(raw).where(*today, c.verdict == "new")
        return int(self._db.execute(count).scalar_one())

    def _pairs(self, question: Any) -> dict[str, int]:
        return {name: int(count) for name, count in self._db.execute(question)}


def _shops(db: Connection, feed_id: int) -> list[Shop]:
    rows = select(ref.c.doc).where(ref.c.feed_id == feed_id, ref.c.tbl == "shop").order_by(ref.c.pk)
    return [msgspec.json.decode(doc, type=Shop) for doc in db.execute(rows).scalars()]


def _lists(db: Connection, feed_id: int) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for row in db.execute(select(stream).where(stream.c.feed_id == feed_id).order_by(stream.c.name)):
        found.setdefault(row.shop, []).append(row)
    return found


def _told(one: Connected, state: str, rows: Any, books: _Books) -> ShopHealth:
    manifest = one.manifest
    waiting = books.behind.get(one.account, 0) + books.unread.get(one.shop.code, 0)
    return ShopHealth(
        shop=one.shop.code,
        state="on" if state == "on" else "off",
        channel=manifest.id,
        title=_both(manifest.title),
        about=_both(manifest.about),
        lists=tuple(_listed(row, manifest) for row in rows),
        since=one.since,
        newest_at=max((row.newest_at for row in rows if row.newest_at is not None), default=None),
        waiting=waiting,
        wanted=books.wanted.get(one.shop.code, 0),
        taken=books.taken(one),
        ends_at=ends_at(manifest, one.settings),
        only_sends=manifest.transport is None or not manifest.streams,
    )


def _listed(row: Any, manifest: Manifest | None = None) -> Listed:
    said = msgspec.json.decode(row.trouble, type=Text) if row.trouble else None
    stream = manifest.streams.get(row.name.removesuffix(AGAIN)) if manifest is not None else None
    is_beside = stream is not None and stream.kind == "refunds"
    if said is not None and stream is not None and is_beside:
        params: dict[str, str | int | Text] = {"what": said, "needs": Text(_both(stream.needs))}
        is_told = bool(stream.needs.zh or stream.needs.en)
        unread, needing = (
            N_("Refunds are not read, orders are. {what}"),
            N_("Refunds are not read, orders are. {what} {needs}"),
        )
        said = Text(needing if is_told else unread, params)
    return Listed(
        name=row.name,
        read_to=row.read_to,
        well_at=row.well_at,
        again_at=row.not_before,
        tries=row.tries,
        said=said,
        is_odd=bool(row.code) and not row.tries,
        is_beside=is_beside,
    )


def _unusable(shop: str, state: str, channel: str, what: Text) -> ShopHealth:
    said = Text(N_("The manifest of this shop cannot be used. {what}"), {"what": what})
    return ShopHealth(
        shop=shop,
        state="on" if state == "on" else "off",
        channel=channel,
        title=channel,
        about="",
        lists=(Listed(name="orders", tries=1, said=said),),
    )


def _missing(shop: Shop, rows: Sequence[Any]) -> ShopHealth:
    """Say what a shop needs to be connected, or how its folder does where it has one."""
    manifest = manifest_of(FILES if rows else LIKELY.get(shop.channel, ANY))
    needs = [one for one in manifest.settings.values() if not (one.optional or one.default or one.value)]
    return ShopHealth(
        shop=shop.code,
        state="files" if rows else "none",
        lists=tuple(_listed(row) for row in rows),
        channel=manifest.id,
        title=_both(manifest.title),
        about=_both(manifest.about),
        needs=tuple(_both(one.label) for one in needs),
    )


def ends_at(manifest: Manifest, settings: Mapping[str, str]) -> datetime | None:
    """Return when the first key of a shop runs out, where its settings say so."""
    names = {one.expires for one in manifest.settings.values() if one.expires}
    moments = [at for at in (_moment(settings.get(name, "")) for name in names) if at is not None]
    return min(moments, default=None)


def _moment(text: str) -> datetime | None:
    """Read a moment as channels write one: ISO 8601, or seconds or thousandths since 1970."""
    text = text.strip()
    try:
        if text.isascii() and text.isdigit() and len(text) >= EPOCH_DIGITS:
            return datetime.fromtimestamp(int(text[:EPOCH_DIGITS]), UTC)
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)


def _both(words: Words) -> str:
    return both(words.zh or words.en, words.en)
