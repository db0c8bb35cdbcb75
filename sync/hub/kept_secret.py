"""Secrets the hubs of one company share: made once, by whoever needs one first, and kept in the database."""

from __future__ import annotations

import secrets

from sqlalchemy import Connection, select

from sync.hub.bulk import Into
from sync.keeping_tables import secret

_SECRETS = Into(secret, ("name", "value"), skips=True)


def secret_of(db: Connection, feed_id: int, name: str) -> bytes:
    """Return a secret; it is made where there is none."""
    kept = kept_secret(db, feed_id, name)
    if kept is None:
        _SECRETS.write(db, feed_id, [(name, secrets.token_bytes(32))])
        kept = kept_secret(db, feed_id, name)  # another hub may have been first
    if kept is None:
        raise LookupError(name)
    return kept


def kept_secret(db: Connection, feed_id: int, name: str) -> bytes | None:
    """Return a secret, if it was ever made."""
    found = select(secret.c.value).where(secret.c.feed_id == feed_id, secret.c.name == name)
    value = db.execute(found).scalar()
    return None if value is None else bytes(value)
