"""Shops that are connected: which manifest reads them, and their keys, sealed.

A key is never logged and never leaves the hub; what a renewed authorisation gave is kept in its place. A shop
whose manifest cannot be used any more is left out and told: it holds up no other.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, select, update

from app.domain.company import Shop
from app.text import N_, Text
from app.trouble import Trouble
from sync.connection_tables import connection
from sync.hub.bulk import Into
from sync.hub.effect_rows import wake, wake_figures
from sync.hub.seal import Seal
from sync.manifest.blocks import Manifest
from sync.manifest.reading import BadManifest, manifest_of
from sync.tables import micros, ref

log = logging.getLogger(__name__)
_ROWS = Into(
    connection,
    ("shop", "manifest", "override", "settings", "wrapped", "hook_key", "state", "rev", "since", "made_at"),
)
MOST_SETTINGS = 65_536
CARRIER = "carrier_"
"""A setting `carrier_sf` says what the channel calls our carrier SF."""
STOCK = "stock"
"""A setting `stock = on` lets the hub tell a channel how much it may sell."""


@dataclass(frozen=True, slots=True)
class Connected:
    """A shop, the manifest that reads it, and its keys."""

    shop: Shop
    manifest: Manifest
    settings: Mapping[str, str]
    hook_key: str
    since: datetime
    rev: int

    @property
    def account(self) -> str:
        """The replica under which its orders come in, whichever way they come."""
        return f"shop:{self.shop.code}"


def connect(
    db: Connection,
    feed_id: int,
    seal: Seal,
    shop: str,
    manifest: str,
    settings: Mapping[str, str],
    now: datetime,
    *,
    since: datetime | None = None,
    override: Mapping[str, Any] | None = None,
) -> str:
    """Connect a shop, or give it other keys; return what stands in the address it sends to.

    Raises:
        Trouble: there is no such shop, or a setting the manifest needs is missing.
    """
    _check_shop(db, feed_id, shop)
    wake(db, feed_id, shop, now)
    wake_figures(db, feed_id, shop, now)
    lies_over = msgspec.json.encode(dict(override or {})).decode()
    _check_settings(_manifest(manifest, lies_over), settings)
    sealed, wrapped = _sealed(seal, shop, settings)
    kept = db.execute(
        select(connection.c.hook_key, connection.c.rev).where(*_at(feed_id, shop))
    ).one_or_none()
    if kept is not None:
        changed = {"manifest": manifest, "override": lies_over, "settings": sealed, "wrapped": wrapped}
        changed["shape"] = ""
        db.execute(
            update(connection).where(*_at(feed_id, shop)).values(**changed, state="on", rev=kept.rev + 1)
        )
        return str(kept.hook_key)
    hook_key = secrets.token_urlsafe(24)
    begun = micros(since or now)
    _ROWS.write(
        db,
        feed_id,
        [(shop, manifest, lies_over, sealed, wrapped, hook_key, "on", 1, begun, micros(now))],
    )
    return hook_key


def switch(db: Connection, feed_id: int, shop: str, now: datetime, *, is_on: bool) -> bool:
    """Stop talking to a shop, or begin again where it was left; False where it is not connected."""
    row = _at(feed_id, shop)
    if is_on:
        wake(db, feed_id, shop, now)
        wake_figures(db, feed_id, shop, now)
    anew = {"shape": ""} if is_on else {}
    state = "on" if is_on else "off"
    done = db.execute(update(connection).where(*row).values(state=state, rev=connection.c.rev + 1, **anew))
    return done.rowcount == 1


def keep_settings(
    db: Connection, feed_id: int, seal: Seal, one: Connected, gained: Mapping[str, str]
) -> bool:
    """Keep what a renewed authorisation gave; False where somebody changed these very keys meanwhile."""
    shop, c = one.shop.code, connection.c
    kept = select(c.manifest, c.settings, c.wrapped).where(*_at(feed_id, shop)).with_for_update()
    row = db.execute(kept).one()
    settings = _opened(seal, shop, bytes(row.wrapped), bytes(row.settings))
    is_other = any(settings.get(name) != one.settings.get(name) for name in gained)
    if is_other or row.manifest != one.manifest.id:
        return False
    sealed, wrapped = _sealed(seal, shop, {**settings, **gained})
    changed = {"settings": sealed, "wrapped": wrapped, "rev": c.rev + 1}
    db.execute(update(connection).where(*_at(feed_id, shop)).values(**changed))
    return True


def connected(
    db: Connection, feed_id: int, seal: Seal, *, shop: str = "", hook_key: str = "", are_off: bool = False
) -> list[Connected]:
    """Return the shops that are connected and on, or the one asked for; `are_off`: also those that rest.

    Those whose manifest cannot be used are left out.
    """
    found = select(connection, ref.c.doc).join(
        ref, (ref.c.feed_id == connection.c.feed_id) & (ref.c.pk == connection.c.shop) & (ref.c.tbl == "shop")
    )
    found = found.where(connection.c.feed_id == feed_id)
    if not are_off:
        found = found.where(connection.c.state == "on")
    if shop:
        found = found.where(connection.c.shop == shop)
    if hook_key:
        found = found.where(connection.c.hook_key == hook_key)
    rows = db.execute(found.order_by(connection.c.shop)).all()
    return [_connected(seal, row) for row in rows if not wrong_with(row.manifest, row.override)]


def is_any_on(db: Connection, feed_id: int) -> bool:
    """Tell whether the hub talks to any shop."""
    on = connection.c.feed_id == feed_id, connection.c.state == "on"
    return db.execute(select(connection.c.shop).where(*on).limit(1)).scalar() is not None


def broken(db: Connection, feed_id: int) -> dict[str, tuple[str, Text]]:
    """Return the shops whose manifest cannot be used, each with its channel and what is wrong."""
    c = connection.c
    rows = db.execute(select(c.shop, c.manifest, c.override).where(c.feed_id == feed_id)).all()
    wrong = [(row, wrong_with(row.manifest, row.override)) for row in rows]
    return {row.shop: (row.manifest, texts[0]) for row, texts in wrong if texts}


@lru_cache(maxsize=256)
def wrong_with(manifest: str, override: str) -> tuple[Text, ...]:
    """Say what is wrong with a manifest and what lies over it; nothing where it can be used."""
    try:
        _manifest(manifest, override)
    except BadManifest as bad:
        log.warning("the manifest %s cannot be used: %s", manifest, bad)
        return bad.texts
    return ()


def _connected(seal: Seal, row: Row[Any]) -> Connected:
    return Connected(
        shop=_shop(row.doc),
        manifest=_manifest(row.manifest, row.override),
        settings=dict(_opened(seal, row.shop, bytes(row.wrapped), bytes(row.settings))),
        hook_key=row.hook_key,
        since=row.since,
        rev=row.rev,
    )


@lru_cache(maxsize=1024)
def _shop(doc: bytes | str) -> Shop:
    return msgspec.json.decode(doc, type=Shop)


@lru_cache(maxsize=1024)
def _opened(seal: Seal, shop: str, wrapped: bytes, settings: bytes) -> Mapping[str, str]:
    """Open the keys of a shop, once for each time they change."""
    key = seal.unwrap(_subject(shop), wrapped)
    return msgspec.json.decode(key.unpack(settings), type=dict[str, str])


@lru_cache(maxsize=256)
def _manifest(id: str, override: str) -> Manifest:
    return manifest_of(id, msgspec.json.decode(override, type=dict[str, Any]))


def _at(feed_id: int, shop: str) -> tuple[Any, Any]:
    return connection.c.feed_id == feed_id, connection.c.shop == shop


def _subject(shop: str) -> str:
    return f"connection:{shop}"


def _sealed(seal: Seal, shop: str, settings: Mapping[str, str]) -> tuple[bytes, bytes]:
    key = seal.new_key(_subject(shop))
    written = msgspec.json.encode(dict(settings))
    if len(written) > MOST_SETTINGS:
        raise Trouble("settings", Text(N_("The settings are too long. Look at what was pasted.")))
    return key.pack(written), key.wrapped


def _check_shop(db: Connection, feed_id: int, shop: str) -> None:
    row = ref.c.feed_id == feed_id, ref.c.tbl == "shop", ref.c.pk == shop
    if db.execute(select(ref.c.pk).where(*row)).scalar() is None:
        raise Trouble("no_shop", Text(N_("There is no shop {shop}. Set it up first."), {"shop": shop}))


def is_own(name: str) -> bool:
    """Tell whether a setting is ours and not the channel's: `stock`, or `carrier_sf`."""
    return name == STOCK or (name.startswith(CARRIER) and len(name) <= len(CARRIER) + 20)


def tells_stock(settings: Mapping[str, str]) -> bool:
    """Tell whether the hub says to a channel how much it may sell."""
    return settings.get(STOCK, "").strip().lower() in ("on", "true", "1", "yes")


def _check_settings(manifest: Manifest, settings: Mapping[str, str]) -> None:
    unknown = sorted(name for name in settings.keys() - manifest.settings.keys() if not is_own(name))
    if unknown:
        raise Trouble(
            "settings",
            Text(
                N_("{channel} has no setting {name}. Look at its spelling."),
                {"channel": manifest.id, "name": unknown[0][:40]},
            ),
        )
    for name, setting in manifest.settings.items():
        is_given = settings.get(name) or setting.default or setting.value
        if not is_given and not setting.optional:
            raise Trouble(
                "settings",
                Text(
                    N_("{channel} needs the setting {name}. Add it."), {"channel": manifest.id, "name": name}
                ),
            )
