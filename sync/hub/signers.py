"""PINs and badges: kept as passwords are, tried as seldom, and what a right one gives.

No row, command, log or answer holds a PIN or what is on a badge.
"""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Select, insert, select, update

from app.domain.presence import (
    PREFIX,
    SIGNABLE,
    AskPresence,
    KeepSigner,
    Present,
    SignerState,
    badge_is_weak,
    pin_is_weak,
)
from app.text import N_, Text
from app.trouble import Trouble
from sync.hub.access import HASHER, check_password, decoy, locked, locked_until, user_of, verified
from sync.hub.database import reading, writing
from sync.hub.kept_secret import secret_of
from sync.hub.presences import end_signer
from sync.hub.tokens import Session, grants_of
from sync.tables import presence, signer

LASTS = timedelta(minutes=5)
"""How long a second signature may be on its way; it is good for one command only."""
_NAME = "badges"


def signer_state(engine: Engine, feed_id: int, who: Session) -> SignerState:
    """Say what somebody has to sign with."""
    with reading(engine) as db:
        row = db.execute(_signer(feed_id, who.user.code)).one_or_none()
    if row is None:
        return SignerState()
    return SignerState(
        has_pin=bool(row.pin_hash),
        has_badge=row.badge_digest is not None,
        pin_at=row.pin_at,
        badge_at=row.badge_at,
    )


def keep_signer(engine: Engine, feed_id: int, who: Session, asked: KeepSigner, now: datetime) -> None:
    """Give whoever is signed in a new PIN or badge, after their password once more; without either end both.

    Raises:
        Trouble: wrong_password, locked, weak_pin, weak_badge, badge_taken.
    """
    if asked.pin and (weak := pin_is_weak(asked.pin)) is not None:
        raise Trouble("weak_pin", weak)
    if asked.badge and (weak := badge_is_weak(asked.badge)) is not None:
        raise Trouble("weak_badge", weak)
    check_password(engine, feed_id, who.user.code, asked.password, now)
    fresh: dict[str, Any] = {"failures": 0, "locked_until": None}
    if asked.pin:
        fresh |= {"pin_hash": HASHER.hash(asked.pin), "pin_at": now}
    with writing(engine) as db:
        if not (asked.pin or asked.badge):
            end_signer(db, feed_id, who.user.code)
            return
        if asked.badge:
            badge = _badge(db, feed_id, asked.badge)
            holder = select(signer.c.user_code).where(
                signer.c.feed_id == feed_id, signer.c.badge_digest == badge
            )
            if db.execute(holder).scalar() not in (None, who.user.code):
                raise Trouble("badge_taken", Text(N_("Somebody else signs with this badge.")))
            fresh |= {"badge_digest": badge, "badge_at": now}
        mine = (signer.c.feed_id == feed_id) & (signer.c.user_code == who.user.code)
        if db.execute(update(signer).where(mine).values(**fresh)).rowcount == 0:
            values = {"user_code": who.user.code, "pin_hash": ""} | fresh
            db.execute(insert(signer).values(feed_id=feed_id, **values))


def let_sign(engine: Engine, feed_id: int, who: Session, asked: AskPresence, now: datetime) -> Present:
    """Check the PIN or badge of a colleague of whoever is signed in; hashing is outside of any transaction.

    Raises:
        Trouble: not_signable, not_allowed, same_person, no_signer, wrong_pin, locked.
    """
    if asked.command not in SIGNABLE:
        raise Trouble("not_signable", Text(N_("This is signed by whoever is signed in.")))
    if asked.user == who.user.code:
        raise Trouble("same_person", Text(N_("You are signed in here. Somebody else signs beside you.")))
    with reading(engine) as db:
        row = db.execute(_signer(feed_id, asked.user)).one_or_none()
    _check_lock(row, now)
    is_pin = verified(row.pin_hash if row is not None and row.pin_hash else decoy(), asked.secret)
    with writing(engine) as db:
        answer = _let_in(db, feed_id, who, asked, is_pin=is_pin, now=now)
    if isinstance(answer, Trouble):
        raise answer
    return answer


def _let_in(
    db: Connection, feed_id: int, who: Session, asked: AskPresence, *, is_pin: bool, now: datetime
) -> Present | Trouble:
    """Read again: somebody may have changed or locked it while we computed."""
    row = db.execute(_signer(feed_id, asked.user).with_for_update()).one_or_none()
    user = user_of(db, feed_id, asked.user)
    if row is None or user is None or not user.active:
        hint = N_("They have no PIN or badge yet. Each sets their own in Settings, My signature.")
        return Trouble("no_signer", Text(hint))
    _check_lock(row, now)
    held = row.badge_digest
    is_badge = held is not None and hmac.compare_digest(bytes(held), _badge(db, feed_id, asked.secret))
    mine = (signer.c.feed_id == feed_id) & (signer.c.user_code == asked.user)
    if not (is_badge or (is_pin and row.pin_hash)):
        failures = row.failures + 1
        fresh = {"failures": failures, "locked_until": locked_until(failures, now)}
        db.execute(update(signer).where(mine).values(**fresh))
        return Trouble("wrong_pin", Text(N_("PIN or badge is wrong. Nothing was signed.")))
    db.execute(update(signer).where(mine).values(failures=0, locked_until=None))
    grants = grants_of(db, feed_id, user)
    if asked.command not in grants:
        return Trouble("not_allowed", Text(N_("They may not sign this. Ask a reviewer or a lead.")))
    made = Present(login=PREFIX + secrets.token_urlsafe(24), user=user, grants=grants, until=now + LASTS)
    db.execute(
        insert(presence).values(
            feed_id=feed_id,
            login_id=made.login,
            user_code=user.code,
            device_id=who.device_id,
            beside=who.user.code,
            command=asked.command,
            digest=asked.digest,
            made_at=now,
            until=made.until,
        )
    )
    return made


def _signer(feed_id: int, user_code: str) -> Select[Any]:
    return select(signer).where(signer.c.feed_id == feed_id, signer.c.user_code == user_code)


def _badge(db: Connection, feed_id: int, badge: str) -> bytes:
    """Return by what a badge is known: short numbers on it cannot be guessed from the table alone."""
    return hmac.digest(secret_of(db, feed_id, _NAME), badge.encode(), "sha256")


def _check_lock(row: Any, now: datetime) -> None:
    if row is not None and row.locked_until is not None and row.locked_until > now:
        raise locked()
