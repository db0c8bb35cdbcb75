"""First passwords: an administrator hands one over, it opens the door once, and the person chooses their own.

A password is in no command, journal, feed row or log: only its hash is stored, and the answer says it once.
Who gave whom a new one is history like any other setting.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection, Engine

from app.domain.revision import PASSWORD, Revision, revision_key
from app.domain.scopes import small_scope
from app.text import N_, Text
from app.trouble import Trouble
from sync import tables
from sync.hub import feed
from sync.hub.access import HASHER, keep_password, user_of
from sync.hub.bulk import Into
from sync.hub.database import writing
from sync.hub.feed import Edition
from sync.hub.presences import end_signer
from sync.hub.tokens import Session, grants_of
from sync.wire import FirstPassword

LASTS = timedelta(days=7)
RIGHT = "set_user"
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Nothing that is read or typed as something else."""
GROUPS, GROUP = 3, 4
_REFS = Into(tables.ref, ("tbl", "pk", "doc", "seq"), replaces=("doc", "seq"))
_TICK = timedelta(microseconds=1)


def give_first_password(
    engine: Engine, feed_id: int, giver: Session, user_code: str, now: datetime
) -> FirstPassword:
    """Give a colleague a first password; their old one and every token are void at once.

    Raises:
        Trouble: not_allowed, no_person, not_yourself, or not_held: it would open more than the giver may.
    """
    if RIGHT not in giver.grants:
        raise Trouble("not_allowed", Text(N_("You are not allowed to do this. Ask your lead.")))
    if user_code == giver.user.code:
        raise Trouble("not_yourself", Text(N_("Change your own password when you sign in.")))
    password = "-".join("".join(secrets.choice(ALPHABET) for _ in range(GROUP)) for _ in range(GROUPS))
    hashed = HASHER.hash(password)
    with writing(engine) as db:
        head = feed.lock(db, feed_id)
        _check(db, feed_id, giver, user_code)
        at = max(head.hub_at + _TICK, now)
        keep_password(db, feed_id, user_code, hashed, now, now + LASTS)
        end_signer(db, feed_id, user_code)
        edition = Edition(head, at)
        _note(db, feed_id, edition, giver.user.code, user_code)
        feed.publish(db, head, edition)
    return FirstPassword(password=password, until=now + LASTS)


def _check(db: Connection, feed_id: int, giver: Session, user_code: str) -> None:
    user = user_of(db, feed_id, user_code)
    if user is None or not user.active:
        raise Trouble("no_person", Text(N_("This person is not known, or their account is closed.")))
    if grants_of(db, feed_id, user) - giver.grants:
        raise Trouble("not_held", Text(N_("This person may do more than you. Ask an administrator.")))


def _note(db: Connection, feed_id: int, edition: Edition, by: str, user_code: str) -> None:
    """Put into the history that, not which."""
    done = Revision(kind=PASSWORD, code=user_code, rev=edition.seq, by=by, at=edition.hub_at, after={})
    tbl, pk = revision_key(PASSWORD, user_code, edition.seq)
    doc = msgspec.json.encode(done).decode()
    edition.put(small_scope(tbl, pk), tbl, pk, doc)
    edition.ref_rev += 1
    _REFS.write(db, feed_id, [(tbl, pk, doc, edition.seq)])
