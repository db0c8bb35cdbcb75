"""Who may speak to the hub: sign-in, tokens, devices, grants.

Passwords are Argon2id; tokens are opaque, bound to one device, and stored only as their SHA-256.
Source: sync.md section 14, OWASP password storage (Argon2id, 19 MiB, 2 passes).
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import msgspec
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import Connection, Engine, Select, insert, select, update
from sqlalchemy.exc import IntegrityError

from app.domain.company import GRANTS, User
from app.text import N_, Text
from app.trouble import Trouble
from sync.hub.database import reading, writing
from sync.hub.login_names import name_login
from sync.tables import credential, device, login, ref, replica, user_grant

HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
SHIFT = timedelta(hours=12)
"""How long a token lasts: one shift and its overtime."""
FAILURES = 5
LOCK = timedelta(minutes=1)
LONGEST_LOCK = timedelta(minutes=15)
PASSWORD_LIMIT = 1_024
PASSWORD_LEAST = 10
NAME_LIMIT = 64
_DESK_ID = re.compile(rf"[A-Za-z0-9-]{{1,{NAME_LIMIT}}}")
"""Devices and replicas of desks. Channel accounts and workers have a colon: no desk passes for one."""


@dataclass(frozen=True, slots=True)
class Session:
    """One confirmed login."""

    login_id: str
    user: User
    device_id: str
    replica_id: str
    grants: frozenset[str]
    expires_at: datetime


def sign_in(
    engine: Engine,
    feed_id: int,
    user_code: str,
    password: str,
    device_id: str,
    replica_id: str,
    now: datetime,
    new_password: str = "",
) -> tuple[str, Session]:
    """Check the password and return a fresh token with its session. It is checked outside of any transaction.

    With `new_password` the person has that one from now on, and every other token of theirs has run out.

    Raises:
        Trouble: wrong_password, locked (too many tries), inactive, revoked (this PC), new_password (a first
            one opens only with a new one), first_over, weak_password, or bad_request.
    """
    is_named = _DESK_ID.fullmatch(device_id) and _DESK_ID.fullmatch(replica_id)
    longest = max(len(password), len(new_password))
    is_short = 1 <= len(user_code) <= NAME_LIMIT and longest <= PASSWORD_LIMIT
    if not is_named or not is_short or not user_code.isprintable():
        raise Trouble(
            "bad_request", Text(N_("This desk sent something the hub does not understand. Update it."))
        )
    with reading(engine) as db:
        stored = db.execute(_credential(feed_id, user_code)).one_or_none()
    _check_lock(stored, now)
    is_right = _verify(stored.password_hash if stored else _decoy(), password)
    new_hash = _new_hash(user_code, password, new_password) if is_right and new_password else ""
    with writing(engine) as db:
        # Read again: somebody may have changed or locked it while we computed.
        stored = db.execute(_credential(feed_id, user_code).with_for_update()).one_or_none()
        _check_lock(stored, now)
        user = user_of(db, feed_id, user_code)
        if is_right and stored is not None and user is not None:
            _check_first(stored, new_hash, now)
            if new_hash:
                keep_password(db, feed_id, user_code, new_hash, now)
            return _enter(db, feed_id, user, device_id, replica_id, now)
        if stored is not None:
            _count_failure(db, feed_id, user_code, stored.failures + 1, now)
    raise Trouble("wrong_password", Text(N_("Name or password is wrong.")))


def _enter(
    db: Connection, feed_id: int, user: User, device_id: str, replica_id: str, now: datetime
) -> tuple[str, Session]:
    if not user.active:
        raise Trouble("inactive", Text(N_("This account is closed. Ask your lead.")))
    _know_device(db, feed_id, device_id, now)
    _know_replica(db, feed_id, device_id, replica_id, now)
    db.execute(
        update(credential)
        .where(credential.c.feed_id == feed_id, credential.c.user_code == user.code)
        .values(failures=0, locked_until=None)
    )
    token, login_id = secrets.token_urlsafe(32), name_login(db, feed_id, user.code, device_id)
    db.execute(
        insert(login).values(
            feed_id=feed_id,
            login_id=login_id,
            token_sha256=_sha(token),
            user_code=user.code,
            device_id=device_id,
            replica_id=replica_id,
            made_at=now,
            expires_at=now + SHIFT,
        )
    )
    grants = grants_of(db, feed_id, user)
    return token, Session(login_id, user, device_id, replica_id, grants, now + SHIFT)


def session_of(db: Connection, feed_id: int, token: str, now: datetime) -> Session:
    """Return the session of a token.

    Raises:
        Trouble: sign_in: unknown, expired or revoked.
    """
    row = db.execute(
        select(login, device.c.revoked_at.label("device_revoked_at"), ref.c.doc.label("user"))
        .join(device, (device.c.feed_id == login.c.feed_id) & (device.c.device_id == login.c.device_id))
        .outerjoin(
            ref, (ref.c.feed_id == login.c.feed_id) & (ref.c.tbl == "user") & (ref.c.pk == login.c.user_code)
        )
        .where(login.c.feed_id == feed_id, login.c.token_sha256 == _sha(token))
    ).one_or_none()
    user = msgspec.json.decode(row.user, type=User) if row and row.user else None
    is_dead = (
        row is None
        or row.revoked_at is not None
        or row.device_revoked_at is not None
        or row.expires_at <= now
    )
    if row is None or user is None or is_dead or not user.active:
        raise Trouble("sign_in", Text(N_("Sign in again. Your work is kept.")))
    return Session(
        row.login_id, user, row.device_id, row.replica_id, grants_of(db, feed_id, user), row.expires_at
    )


def grants_of(db: Connection, feed_id: int, user: User) -> frozenset[str]:
    """Return what a person may do: the role's bundle, with single rights added or taken."""
    grants = set(GRANTS[user.role])
    rows = db.execute(
        select(user_grant.c.code, user_grant.c.allowed).where(
            user_grant.c.feed_id == feed_id, user_grant.c.user_code == user.code
        )
    )
    for code, allowed in rows:
        (grants.add if allowed else grants.discard)(code)
    return frozenset(grants)


def set_password(db: Connection, feed_id: int, user_code: str, password: str) -> None:
    """Give a person a password; the old one and every lock are gone."""
    set_passwords(db, feed_id, [user_code], password)


def set_passwords(db: Connection, feed_id: int, user_codes: Collection[str], password: str) -> None:
    """Give several people one password, as a demo has it: it is hashed once."""
    values = {"password_hash": HASHER.hash(password), "first_until": None, **_UNLOCKED}
    for code in user_codes:
        _write(db, feed_id, code, values)


def keep_password(
    db: Connection,
    feed_id: int,
    user_code: str,
    hashed: str,
    now: datetime,
    first_until: datetime | None = None,
) -> None:
    """Store a password's hash; every token of the person has run out, what was done before still counts."""
    _write(db, feed_id, user_code, {"password_hash": hashed, "first_until": first_until, **_UNLOCKED})
    db.execute(
        update(login)
        .where(login.c.feed_id == feed_id, login.c.user_code == user_code, login.c.expires_at > now)
        .values(expires_at=now)
    )


_UNLOCKED: dict[str, Any] = {"failures": 0, "locked_until": None}


def _write(db: Connection, feed_id: int, user_code: str, values: dict[str, Any]) -> None:
    mine = (credential.c.feed_id == feed_id) & (credential.c.user_code == user_code)
    if db.execute(update(credential).where(mine).values(**values)).rowcount == 0:
        db.execute(insert(credential).values(feed_id=feed_id, user_code=user_code, **values))


def _new_hash(user_code: str, password: str, new_password: str) -> str:
    """Hash a password that a person chose.

    Raises:
        Trouble: weak_password.
    """
    is_guessed = new_password == password or user_code.casefold() in new_password.casefold()
    if len(new_password) < PASSWORD_LEAST or is_guessed or len(set(new_password)) < PASSWORD_LEAST // 2:
        message = N_("Choose {count} characters or more, not your name, not the old one.")
        raise Trouble("weak_password", Text(message, {"count": PASSWORD_LEAST}))
    return HASHER.hash(new_password)


def _check_first(stored: Any, new_hash: str, now: datetime) -> None:
    """Let a first password open the door once, and only for a new one."""
    if stored.first_until is None:
        return
    if stored.first_until <= now:
        raise Trouble("first_over", Text(N_("This first password is too old. Ask for another one.")))
    if not new_hash:
        raise Trouble("new_password", Text(N_("This was your first password. Choose your own now.")))


def _credential(feed_id: int, user_code: str) -> Select[Any]:
    return select(credential).where(credential.c.feed_id == feed_id, credential.c.user_code == user_code)


def user_of(db: Connection, feed_id: int, code: str) -> User | None:
    """Return a colleague, active or not."""
    doc = db.execute(
        select(ref.c.doc).where(ref.c.feed_id == feed_id, ref.c.tbl == "user", ref.c.pk == code)
    ).scalar_one_or_none()
    return msgspec.json.decode(doc, type=User) if doc is not None else None


@cache
def _decoy() -> str:
    """Return a hash nobody has the password of.

    An unknown name costs the same time as a wrong password, so names cannot be guessed by the clock.
    """
    return HASHER.hash(secrets.token_urlsafe(16))


def _verify(hashed: str, password: str) -> bool:
    try:
        return HASHER.verify(hashed, password)
    except (VerifyMismatchError, InvalidHashError):
        return False


def _check_lock(stored: Any, now: datetime) -> None:
    if stored is not None and stored.locked_until is not None and stored.locked_until > now:
        raise Trouble(
            "locked", Text(N_("Too many wrong tries. Wait a few minutes, then try again.")), retry=True
        )


def _count_failure(db: Connection, feed_id: int, user_code: str, failures: int, now: datetime) -> None:
    """Count a wrong try; every fifth in a row locks, each time for twice as long."""
    lock = min(LOCK * 2 ** min(failures // FAILURES - 1, 10), LONGEST_LOCK) if failures >= FAILURES else LOCK
    is_locked = failures % FAILURES == 0
    db.execute(
        update(credential)
        .where(credential.c.feed_id == feed_id, credential.c.user_code == user_code)
        .values(failures=failures, locked_until=now + lock if is_locked else None)
    )


def _know_device(db: Connection, feed_id: int, device_id: str, now: datetime) -> None:
    row = db.execute(
        select(device.c.revoked_at).where(device.c.feed_id == feed_id, device.c.device_id == device_id)
    ).one_or_none()
    if row is None:
        db.execute(insert(device).values(feed_id=feed_id, device_id=device_id, enrolled_at=now))
    elif row.revoked_at is not None:
        raise Trouble("revoked", Text(N_("This PC is no longer allowed. Ask your administrator.")))


def _know_replica(db: Connection, feed_id: int, device_id: str, replica_id: str, now: datetime) -> None:
    known = db.execute(
        select(replica.c.owner, replica.c.kind).where(
            replica.c.feed_id == feed_id, replica.c.replica_id == replica_id
        )
    ).one_or_none()
    if known is None:
        try:
            db.execute(
                insert(replica).values(
                    feed_id=feed_id, replica_id=replica_id, kind="desk", owner=device_id, made_at=now
                )
            )
        except IntegrityError:
            raise Trouble("busy", Text(N_("The hub is busy. Try again.")), retry=True) from None
    elif known.owner != device_id or known.kind != "desk":
        raise Trouble(
            "bad_request", Text(N_("This desk's files belong to another PC. Ask your administrator."))
        )


def _sha(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
