"""Names of logins that the hub knows again after it forgot them.

A desk sends again what a restored hub lost; who did it stands there as the name of a login that may be lost
too. So the name is made of chance and of a keyed digest of who signed in where: whoever holds the key, which
is in every backup, can tell whose it is. It opens no door: that takes a token.

Source: sync.md section 8, work above the restored numbers is pushed again.
"""

from __future__ import annotations

import hmac
import secrets

from sqlalchemy import Connection, select

from sync.hub.kept_secret import kept_secret, secret_of
from sync.tables import ref

_CHANCE = 16
_DIGEST = 32
"""Hex digits of each; names made before had 32 digits and are known by their row only."""
_NAME = "login names"


def name_login(db: Connection, feed_id: int, user: str, device: str) -> str:
    """Return a new name for a login."""
    chance = secrets.token_hex(_CHANCE // 2)
    return chance + _digest(secret_of(db, feed_id, _NAME), chance, user, device)


def whose_login(db: Connection, feed_id: int, name: str, device: str) -> str:
    """Return who signed in under a name whose row is gone; empty when nobody did, there."""
    chance, digest = name[:_CHANCE], name[_CHANCE:]
    if len(digest) != _DIGEST or not name.isascii():
        return ""
    key = kept_secret(db, feed_id, _NAME)
    if key is None:
        return ""
    users = select(ref.c.pk).where(ref.c.feed_id == feed_id, ref.c.tbl == "user").order_by(ref.c.pk)
    for user in db.execute(users).scalars().all():
        if hmac.compare_digest(digest, _digest(key, chance, user, device)):
            return str(user)
    return ""


def _digest(key: bytes, chance: str, user: str, device: str) -> str:
    said = f"{chance}\x1f{user}\x1f{device}".encode()
    return hmac.digest(key, said, "sha256").hex()[:_DIGEST]
