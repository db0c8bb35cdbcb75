"""Tokens: short ones to ask with, and long ones that are changed for the next at every use.

The desk makes its refresh tokens up and says beforehand, by digest, with which it will come next. So the same
request twice is an honest repetition after a lost answer, and the same token with another successor is theft:
then no token of that login opens anything any more.
Source: sync.md section 14; RFC 9700 section 4.14.2, refresh token rotation.
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from app.domain.company import GRANTS, User
from app.domain.scopes import Reach, reach_of
from app.text import N_, Text
from app.trouble import Trouble
from sync.hub.bulk import Into
from sync.hub.database import writing
from sync.hub.login_names import name_login
from sync.hub.minted import mint
from sync.signing import is_signed, refresh_bytes, wish_bytes
from sync.tables import device, login, micros, ref, refresh_token, replica, user_grant
from sync.wire import Push, Refresh

LASTS = timedelta(minutes=15)
"""How long an access token opens. A desk changes it without asking anybody."""
REFRESH_LASTS = timedelta(hours=72)
"""As long as a person may work without the hub. Source: sync.md section 12."""
_TOKENS = Into(refresh_token, ("token_sha256", "login_id", "until"), skips=True)
"""A sign-in that arrives twice names the same token twice: it stays with the first."""
_DIGEST = re.compile(r"[0-9a-f]{64}")
log = logging.getLogger(__name__)

_LOGINS = (
    select(
        login,
        device.c.revoked_at.label("device_revoked_at"),
        device.c.title,
        device.c.public_key,
        ref.c.doc.label("user"),
    )
    .join(device, (device.c.feed_id == login.c.feed_id) & (device.c.device_id == login.c.device_id))
    .outerjoin(
        ref, (ref.c.feed_id == login.c.feed_id) & (ref.c.tbl == "user") & (ref.c.pk == login.c.user_code)
    )
)
_SESSIONS = _LOGINS.where(
    login.c.feed_id == bindparam("feed"), login.c.token_sha256.in_(bindparam("tokens", expanding=True))
)
_GRANTS = select(user_grant.c.user_code, user_grant.c.code, user_grant.c.allowed).where(
    user_grant.c.feed_id == bindparam("feed"),
    user_grant.c.user_code.in_(bindparam("users", expanding=True)),
)
"""Asked with every request of every desk, so made once: to build a statement costs more than to run it."""


@dataclass(frozen=True, slots=True)
class Session:
    """One confirmed login. `public_key`: what its desk signs with."""

    login_id: str
    user: User
    device_id: str
    replica_id: str
    grants: frozenset[str]
    expires_at: datetime
    public_key: bytes = b""

    @property
    def reach(self) -> Reach:
        """What the person's desk may hold."""
        return reach_of(self.user, self.grants)


class Stolen(Trouble):
    """A refresh token came from another hand; of which login, on which PC."""

    def __init__(self, login_id: str, device_id: str, title: str) -> None:
        hint = Text(N_("This login was used from elsewhere and is over. Sign in again."))
        super().__init__("stolen", hint)
        self.login_id, self.device_id, self.title = login_id, device_id, title


def sign_in_again() -> Trouble:
    """Say that a token opens nothing, whyever."""
    return Trouble("sign_in", Text(N_("Sign in again. Your work is kept.")))


def open_login(
    db: Connection, feed_id: int, user: User, device_id: str, replica_id: str, next_: str, now: datetime
) -> tuple[str, str]:
    """Begin a login; return its first access token and its id. `next_`: the digest of its refresh token."""
    token, login_id = mint(db, feed_id), name_login(db, feed_id, user.code, device_id)
    db.execute(
        insert(login).values(
            feed_id=feed_id,
            login_id=login_id,
            token_sha256=_sha(token),
            user_code=user.code,
            device_id=device_id,
            replica_id=replica_id,
            made_at=now,
            expires_at=now + LASTS,
        )
    )
    db.execute(delete(refresh_token).where(refresh_token.c.feed_id == feed_id, refresh_token.c.until <= now))
    if is_digest(next_):
        _keep(db, feed_id, bytes.fromhex(next_), login_id, now)
    return token, login_id


def is_digest(text: str) -> bool:
    """Tell whether this is a SHA-256 in hex."""
    return _DIGEST.fullmatch(text) is not None


def session_of(db: Connection, feed_id: int, token: str, now: datetime) -> Session:
    """Return the session of an access token.

    Raises:
        Trouble: sign_in: unknown, expired or revoked.
    """
    found = sessions_of(db, feed_id, [token], now).get(token)
    if found is None:
        raise sign_in_again()
    return found


def sessions_of(db: Connection, feed_id: int, tokens: Iterable[str], now: datetime) -> dict[str, Session]:
    """Return the sessions of some access tokens; one that is unknown, expired or revoked has none."""
    asked = {_sha(token): token for token in tokens}
    found = db.execute(_SESSIONS, {"feed": feed_id, "tokens": list(asked)}).all()
    open_ = [
        (row, user)
        for row in found
        if (user := _user(row)) is not None and not _is_over(row) and row.expires_at > now
    ]
    grants = _grants(db, feed_id, [user for _, user in open_])
    return {
        asked[bytes(row.token_sha256)]: Session(
            row.login_id, user, row.device_id, row.replica_id, grants[user.code], row.expires_at,
            bytes(row.public_key or b""),
        )
        for row, user in open_
    }  # fmt: skip


def change_token(engine: Engine, feed_id: int, asked: Refresh, now: datetime) -> tuple[str, Session]:
    """Change a refresh token for an access token; a stolen one ends the login and marks its PC.

    Raises:
        Trouble: sign_in: it opens nothing; stolen: it came from another hand; bad_request.
    """
    with writing(engine) as db:
        changed = _changed(db, feed_id, asked, now)
    if isinstance(changed, Trouble):
        raise changed
    return changed


def _changed(db: Connection, feed_id: int, asked: Refresh, now: datetime) -> tuple[str, Session] | Trouble:
    row = db.execute(
        _LOGINS.add_columns(refresh_token.c.next_sha256, refresh_token.c.until)
        .join(
            refresh_token,
            (refresh_token.c.feed_id == login.c.feed_id) & (refresh_token.c.login_id == login.c.login_id),
        )
        .where(login.c.feed_id == feed_id, refresh_token.c.token_sha256 == _sha(asked.refresh))
        .with_for_update(of=login)
    ).one_or_none()
    user = _user(row)
    if row is None or user is None or _is_over(row) or row.until <= now or not is_digest(asked.next):
        return sign_in_again()
    if _is_theft(db, feed_id, row, asked):
        _lock_out(db, feed_id, row, now)
        return Stolen(row.login_id, row.device_id, row.title)
    strange = owner_of(db, feed_id, row.device_id, asked.replica, now)
    if strange is not None:
        return strange
    if row.next_sha256 is None:
        _follow(db, feed_id, asked, row.login_id, now)
    token, until = mint(db, feed_id), now + LASTS
    db.execute(
        update(login)
        .where(login.c.feed_id == feed_id, login.c.login_id == row.login_id)
        .values(token_sha256=_sha(token), expires_at=until, replica_id=asked.replica)
    )
    grants, key = grants_of(db, feed_id, user), bytes(row.public_key or b"")
    return token, Session(row.login_id, user, row.device_id, asked.replica, grants, until, key)


def owner_of(db: Connection, feed_id: int, device_id: str, replica_id: str, now: datetime) -> Trouble | None:
    """Make sure that a replica belongs to this PC; a new one does from now on."""
    row = db.execute(
        select(replica.c.owner, replica.c.kind).where(
            replica.c.feed_id == feed_id, replica.c.replica_id == replica_id
        )
    ).one_or_none()
    if row is None:
        made = {"feed_id": feed_id, "replica_id": replica_id, "kind": "desk", "owner": device_id}
        try:
            db.execute(insert(replica).values(**made, made_at=now))
        except IntegrityError:
            raise Trouble("busy", Text(N_("The hub is busy. Try again.")), retry=True) from None
    elif row.owner != device_id or row.kind != "desk":
        return Trouble(
            "bad_request", Text(N_("This desk's files belong to another PC. Ask your administrator."))
        )
    return None


def check_signatures(who: Session, asked: Push) -> None:
    """Look at what a desk signed, before anything of it is done: nothing of a forged push is kept.

    Raises:
        Trouble: signature: a command without one, or with one that is not of this PC for exactly this.
    """
    for wish in asked.commands:
        if not is_signed(who.public_key, wish.sig, wish_bytes(asked.replica, wish)):
            raise Trouble(
                "signature", Text(N_("The hub does not believe that this PC sent this. Sign in again."))
            )


def end_tokens(db: Connection, feed_id: int, user_code: str, now: datetime) -> None:
    """Let every token of a person run out; what was done before still counts."""
    mine = (login.c.feed_id == feed_id) & (login.c.user_code == user_code)
    db.execute(update(login).where(mine, login.c.expires_at > now).values(expires_at=now))
    db.execute(
        delete(refresh_token).where(
            refresh_token.c.feed_id == feed_id,
            refresh_token.c.login_id.in_(select(login.c.login_id).where(mine)),
        )
    )


def _user(row: Any) -> User | None:
    """Return whose login this is, if they may still come in."""
    user = msgspec.json.decode(row.user, type=User) if row and row.user else None
    return user if user is not None and user.active else None


def _is_over(row: Any) -> bool:
    return any(at is not None for at in (row.revoked_at, row.stolen_at, row.device_revoked_at))


def _is_theft(db: Connection, feed_id: int, row: Any, asked: Refresh) -> bool:
    """Tell whether a token came from another hand: without the key, or in another line of succession."""
    if not is_signed(bytes(row.public_key or b""), asked.proof, refresh_bytes(asked)):
        return True
    if row.next_sha256 is None:
        return False
    if bytes(row.next_sha256) != bytes.fromhex(asked.next):
        return True
    successor = db.execute(
        select(refresh_token.c.next_sha256).where(
            refresh_token.c.feed_id == feed_id, refresh_token.c.token_sha256 == bytes.fromhex(asked.next)
        )
    ).scalar_one_or_none()
    return successor is not None  # the desk has gone on with the next one: it never comes back to this


def _lock_out(db: Connection, feed_id: int, row: Any, now: datetime) -> None:
    db.execute(
        update(login)
        .where(login.c.feed_id == feed_id, login.c.login_id == row.login_id)
        .values(stolen_at=now, expires_at=now)
    )
    db.execute(
        update(device)
        .where(device.c.feed_id == feed_id, device.c.device_id == row.device_id)
        .values(alarm_at=now)
    )
    log.warning("a refresh token of login %s came from another hand; the login is over", row.login_id)


def _follow(db: Connection, feed_id: int, asked: Refresh, login_id: str, now: datetime) -> None:
    """Note which token comes next."""
    next_ = bytes.fromhex(asked.next)
    db.execute(
        update(refresh_token)
        .where(refresh_token.c.feed_id == feed_id, refresh_token.c.token_sha256 == _sha(asked.refresh))
        .values(next_sha256=next_)
    )
    _keep(db, feed_id, next_, login_id, now)


def _keep(db: Connection, feed_id: int, digest: bytes, login_id: str, now: datetime) -> None:
    _TOKENS.write(db, feed_id, [(digest, login_id, micros(now + REFRESH_LASTS))])


def grants_of(db: Connection, feed_id: int, user: User) -> frozenset[str]:
    """Return what a person may do: the role's bundle, with single rights added or taken."""
    return _grants(db, feed_id, [user])[user.code]


def _grants(db: Connection, feed_id: int, users: Sequence[User]) -> dict[str, frozenset[str]]:
    grants = {user.code: set(GRANTS[user.role]) for user in users}
    if grants:
        for code, right, allowed in db.execute(_GRANTS, {"feed": feed_id, "users": sorted(grants)}):
            (grants[code].add if allowed else grants[code].discard)(right)
    return {code: frozenset(rights) for code, rights in grants.items()}


def _sha(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
