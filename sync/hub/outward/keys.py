"""Keys of other systems: made and told once, known again by digest, taken back at once.

Who made and who took back which is in the history of the settings, like PCs.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, insert, select, update

from app.domain.company import is_code, is_title
from app.domain.revision import SYSTEM, Revision, revision_key
from app.domain.scopes import small_scope
from app.domain.systems import MAKES_KEYS, SCOPES, MadeKey, NewKey, SystemKey, actor_name, rights_of
from app.text import N_, Text
from app.trouble import Trouble
from sync import tables
from sync.hub import feed
from sync.hub.bulk import Into
from sync.hub.database import reading, writing
from sync.hub.feed import Edition
from sync.hub.minted import mint
from sync.hub.tokens import Session
from sync.tables import api_key

KEYS_MOST = 200
DAYS_MOST = 3_660
USED_EACH = timedelta(minutes=1)
"""So often it is written down that a key is in use."""
_REFS = Into(tables.ref, ("tbl", "pk", "doc", "seq"), replaces=("doc", "seq"))
_TICK = timedelta(microseconds=1)
NOT_ALLOWED = Text(N_("You may not let other systems in. An administrator may."))
NO_KEY = Text(N_("The hub knows no such key. Look at the list again."))


@dataclass(frozen=True, slots=True)
class Caller:
    """A system whose key opened the door."""

    code: str
    scopes: frozenset[str]

    @property
    def actor(self) -> str:
        """Whom the history names."""
        return actor_name(self.code)


def check_right(who: Session) -> None:
    """See that somebody may decide about other systems.

    Raises:
        Trouble: not_allowed.
    """
    if MAKES_KEYS not in who.grants:
        raise Trouble("not_allowed", NOT_ALLOWED)


def make_key(
    engine: Engine, feed_id: int, by: str, grants: frozenset[str], asked: NewKey, now: datetime
) -> MadeKey:
    """Make a key; it is told in this answer and never again. `grants` are those of whoever makes it.

    Raises:
        Trouble: bad_key: what is wrong with it; not_held: it would open more than its maker may.
    """
    _check(asked, grants)
    with writing(engine) as db:
        head = feed.lock(db, feed_id)
        known = db.execute(select(api_key.c.code).where(api_key.c.feed_id == feed_id)).scalars().all()
        if asked.code in known:
            raise _bad(N_("There is a key called {code}. Choose another name."), code=asked.code)
        if len(known) >= KEYS_MOST:
            raise _bad(N_("There are {count} keys already. No more can be made."), count=KEYS_MOST)
        token = mint(db, feed_id)
        values: dict[str, Any] = {
            "code": asked.code,
            "title": asked.title,
            "token_sha256": digest_of(token),
            "scopes": msgspec.json.encode(sorted(asked.scopes)).decode(),
            "made_by": by,
            "made_at": now,
            "expires_at": now + timedelta(days=asked.days) if asked.days else None,
        }
        db.execute(insert(api_key).values(feed_id=feed_id, **values))
        after = {"title": asked.title, "scopes": sorted(asked.scopes), "state": "open"}
        publish(db, feed_id, head, by, asked.code, None, after, now)
    return MadeKey(code=asked.code, key=token)


def _check(asked: NewKey, grants: frozenset[str]) -> None:
    if not is_code(asked.code):
        raise _bad(N_("A name has up to 32 letters and digits, and begins with one."))
    if not is_title(asked.title):
        raise _bad(N_("Say in up to 60 characters which system it is for."))
    if not asked.scopes or set(asked.scopes) - set(SCOPES):
        raise _bad(N_("Choose at least one thing the system may do."))
    if not 0 <= asked.days <= DAYS_MOST:
        raise _bad(N_("A key lasts up to ten years; 0 days: until it is taken back."))
    lacking = rights_of(asked.scopes) - grants - {"receive"}
    if lacking:
        raise Trouble("not_held", Text(N_("It would open more than you may. Ask an administrator.")))


def _bad(message: str, **params: str | int) -> Trouble:
    return Trouble("bad_key", Text(message, dict(params)))


def revoke_key(engine: Engine, feed_id: int, by: str, code: str, now: datetime) -> None:
    """Take a key back: from now on it opens nothing, and what it asks for is refused.

    Raises:
        Trouble: no_key.
    """
    with writing(engine) as db:
        head = feed.lock(db, feed_id)
        mine = (api_key.c.feed_id == feed_id) & (api_key.c.code == code)
        row = db.execute(select(api_key).where(mine)).one_or_none()
        if row is None:
            raise Trouble("no_key", NO_KEY)
        if row.revoked_at is not None:
            return
        db.execute(update(api_key).where(mine).values(revoked_at=now))
        about = {"title": row.title, "scopes": msgspec.json.decode(row.scopes)}
        publish(db, feed_id, head, by, code, about | {"state": "open"}, about | {"state": "over"}, now)


def keys(engine: Engine, feed_id: int) -> list[SystemKey]:
    """Return every key there ever was, those that open something first."""
    with reading(engine) as db:
        rows = db.execute(select(api_key).where(api_key.c.feed_id == feed_id)).all()
    made = [
        SystemKey(
            code=row.code,
            title=row.title,
            scopes=tuple(msgspec.json.decode(row.scopes)),
            made_by=row.made_by,
            made_at=row.made_at,
            expires_at=row.expires_at,
            revoked_at=row.revoked_at,
            used_at=row.used_at,
        )
        for row in rows
    ]
    return sorted(made, key=lambda key: (key.revoked_at is not None, key.code))


def caller_of(engine: Engine, feed_id: int, token: str, now: datetime) -> Caller | None:
    """Return whose key this is, if it opens anything now; remember that it was used."""
    k = api_key.c
    mine = (k.feed_id == feed_id) & (k.token_sha256 == digest_of(token))
    with reading(engine) as db:
        row = db.execute(
            select(k.code, k.scopes, k.expires_at, k.revoked_at, k.used_at).where(mine)
        ).one_or_none()
    if row is None or row.revoked_at is not None or (row.expires_at is not None and row.expires_at <= now):
        return None
    if row.used_at is None or row.used_at <= now - USED_EACH:
        with writing(engine) as db:
            db.execute(update(api_key).where(mine).values(used_at=now))
    return Caller(row.code, frozenset(msgspec.json.decode(row.scopes)))


def publish(
    db: Connection,
    feed_id: int,
    head: feed.Head,
    by: str,
    code: str,
    before: dict[str, Any] | None,
    after: dict[str, Any],
    now: datetime,
) -> None:
    """Put a decision about another system into the history of the settings; every hub looks anew after it."""
    edition = Edition(head, max(head.hub_at + _TICK, now))
    done = Revision(
        kind=SYSTEM, code=code, rev=edition.seq, by=by, at=edition.hub_at, before=before, after=after
    )
    tbl, pk = revision_key(SYSTEM, code, edition.seq)
    doc = msgspec.json.encode(done).decode()
    edition.put(small_scope(tbl, pk), tbl, pk, doc)
    edition.ref_rev += 1
    _REFS.write(db, feed_id, [(tbl, pk, doc, edition.seq)])
    feed.publish(db, head, edition)


def digest_of(token: str) -> bytes:
    """Return what of a key is kept."""
    return hashlib.sha256(token.encode()).digest()
