"""Who may speak to the hub: names, passwords, locks. PCs are in `devices`, what opens afterwards in `tokens`.

Source: sync.md section 14, OWASP password storage (Argon2id, 19 MiB, 2 passes).
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import msgspec
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import Connection, Engine, Select, insert, select, update

from app.domain.company import User
from app.text import N_, Text
from app.trouble import Trouble
from sync.hub.database import reading, writing
from sync.hub.devices import is_let_in, known
from sync.hub.tokens import LASTS, Session, end_tokens, grants_of, open_login, owner_of
from sync.signing import is_signed, public_key, sign_in_bytes
from sync.tables import credential, ref
from sync.wire import SignIn

HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
FRESH = timedelta(minutes=2)
"""How old the hub's time in a sign-in may be: whoever copied one comes too late with it."""
DESK_IS_OLD = N_("This Docket is too old for the hub. Update it; your work is kept.")
FAILURES = 5
LOCK = timedelta(minutes=1)
LONGEST_LOCK = timedelta(minutes=15)
PASSWORD_LIMIT = 1_024
PASSWORD_LEAST = 10
NAME_LIMIT = 64
_DESK_ID = re.compile(rf"[A-Za-z0-9-]{{1,{NAME_LIMIT}}}")
"""Devices and replicas of desks. Channel accounts and workers have a colon: no desk passes for one."""


def sign_in(
    engine: Engine,
    feed_id: int,
    asked: SignIn,
    now: datetime,
    *,
    is_trusted: bool = False,
    count: Callable[[bool], None] = lambda _is_known: None,
) -> tuple[str, Session]:
    """Check password and PC and return a fresh token with its session; hashing is outside of any transaction.

    Wrong tries on a PC that was let in lock the person. Those on any other PC do not, or anybody could keep
    anybody from work: `count` is told of each try whether its PC is known, and may refuse it.
    With `new_password` the person has that one from now on, and every other token of theirs has run out.
    `is_trusted`: nobody but the desk of this PC can ask this hub, so it lets that in by itself.

    Raises:
        Trouble: wrong_password, locked (too many tries), inactive, new_password (a first one opens only with
            a new one), first_over, weak_password, or bad_request; and of the PC: enrol (it waits to be let
            in), revoked, other_key, unproved, or upgrade (it has no key yet).
    """
    key = _proved(asked, now)
    with reading(engine) as db:
        stored = db.execute(_credential(feed_id, asked.user)).one_or_none()
        is_known = is_trusted or is_let_in(db, feed_id, asked.device, key)
    count(is_known)
    if is_known:
        _check_lock(stored, now)
    is_right = verified(stored.password_hash if stored else decoy(), asked.password)
    new = asked.new_password
    new_hash = _new_hash(asked.user, asked.password, new) if is_right and new else ""
    with writing(engine) as db:
        # Read again: somebody may have changed or locked it while we computed.
        stored = db.execute(_credential(feed_id, asked.user).with_for_update()).one_or_none()
        if is_known:
            _check_lock(stored, now)
        user = user_of(db, feed_id, asked.user)
        if is_right and stored is not None and user is not None:
            entered = _enter(db, feed_id, user, stored, asked, key, new_hash, now, is_trusted=is_trusted)
        else:
            entered = Trouble("wrong_password", Text(N_("Name or password is wrong.")))
            if stored is not None and is_known:
                _count_failure(db, feed_id, asked.user, stored.failures + 1, now)
    if isinstance(entered, Trouble):
        raise entered
    return entered


def _proved(asked: SignIn, now: datetime) -> bytes:
    """Return the key of the PC that asks, if it has shown just now that it has it.

    Raises:
        Trouble: bad_request, upgrade, unproved.
    """
    is_named = _DESK_ID.fullmatch(asked.device) and _DESK_ID.fullmatch(asked.replica)
    longest = max(len(asked.password), len(asked.new_password))
    is_short = 1 <= len(asked.user) <= NAME_LIMIT and longest <= PASSWORD_LIMIT
    if not is_named or not is_short or not asked.user.isprintable():
        raise Trouble(
            "bad_request", Text(N_("This desk sent something the hub does not understand. Update it."))
        )
    key = public_key(asked.key)
    if not asked.key or asked.told_at is None:
        raise Trouble("upgrade", Text(DESK_IS_OLD))
    is_fresh = abs(now - asked.told_at) <= FRESH
    if not key or not is_fresh or not is_signed(key, asked.proof, sign_in_bytes(asked)):
        raise Trouble("unproved", Text(N_("This PC could not show who it is. Try again.")))
    return key


def _enter(
    db: Connection,
    feed_id: int,
    user: User,
    stored: Any,
    asked: SignIn,
    key: bytes,
    new_hash: str,
    now: datetime,
    *,
    is_trusted: bool,
) -> tuple[str, Session] | Trouble:
    _check_first(stored, new_hash, now)
    if not user.active:
        raise Trouble("inactive", Text(N_("This account is closed. Ask your lead.")))
    grants = grants_of(db, feed_id, user)
    stop = known(
        db, feed_id, asked.device, asked.title, key, user, grants, now, is_trusted=is_trusted
    ) or owner_of(db, feed_id, asked.device, asked.replica, now)
    if stop is not None:
        return stop
    if new_hash:
        keep_password(db, feed_id, user.code, new_hash, now)
    db.execute(
        update(credential)
        .where(credential.c.feed_id == feed_id, credential.c.user_code == user.code)
        .values(failures=0, locked_until=None)
    )
    token, login_id = open_login(db, feed_id, user, asked.device, asked.replica, asked.next, now)
    return token, Session(login_id, user, asked.device, asked.replica, grants, now + LASTS, key)


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
    end_tokens(db, feed_id, user_code, now)


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


def check_password(engine: Engine, feed_id: int, user_code: str, password: str, now: datetime) -> None:
    """See that whoever sits at a desk knows the password of its person; wrong tries lock as at the door.

    Raises:
        Trouble: wrong_password, locked.
    """
    with reading(engine) as db:
        stored = db.execute(_credential(feed_id, user_code)).one_or_none()
    _check_lock(stored, now)
    is_right = verified(stored.password_hash if stored else decoy(), password)
    if is_right and stored is not None and stored.first_until is None:
        return
    with writing(engine) as db:
        stored = db.execute(_credential(feed_id, user_code).with_for_update()).one_or_none()
        _check_lock(stored, now)
        if stored is not None and not is_right:
            _count_failure(db, feed_id, user_code, stored.failures + 1, now)
    raise Trouble("wrong_password", Text(N_("This is not your password.")))


@cache
def decoy() -> str:
    """Return a hash nobody has the password of.

    An unknown name costs the same time as a wrong password, so names cannot be guessed by the clock.
    """
    return HASHER.hash(secrets.token_urlsafe(16))


def verified(hashed: str, password: str) -> bool:
    """Tell whether a hash is of this password, or PIN."""
    try:
        return HASHER.verify(hashed, password)
    except (VerifyMismatchError, InvalidHashError):
        return False


def locked() -> Trouble:
    """Return what somebody is told whose name was tried too often."""
    return Trouble(
        "locked", Text(N_("Too many wrong tries. Wait a few minutes, then try again.")), retry=True
    )


def _check_lock(stored: Any, now: datetime) -> None:
    if stored is not None and stored.locked_until is not None and stored.locked_until > now:
        raise locked()


def _count_failure(db: Connection, feed_id: int, user_code: str, failures: int, now: datetime) -> None:
    """Count a wrong try; every fifth in a row locks, each time for twice as long."""
    db.execute(
        update(credential)
        .where(credential.c.feed_id == feed_id, credential.c.user_code == user_code)
        .values(failures=failures, locked_until=locked_until(failures, now))
    )


def locked_until(failures: int, now: datetime) -> datetime | None:
    """Return how long nobody tries again after so many wrong tries in a row."""
    lock = min(LOCK * 2 ** min(failures // FAILURES - 1, 10), LONGEST_LOCK) if failures >= FAILURES else LOCK
    return now + lock if failures % FAILURES == 0 else None
