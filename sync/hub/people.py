"""Who a command really comes from, and what they may do, read in the transaction that decides it."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection

from app.command import Refusal, refuse
from app.domain.company import GRANTS, User
from app.domain.scopes import Reach, reach_of
from app.domain.systems import KEY, rights_of
from app.domain.values import Actor, Role
from app.text import N_
from sync import tables
from sync.hub.bulk import Into, Of
from sync.hub.login_names import whose_login
from sync.hub.numbering import ReplicaInfo
from sync.hub.presences import Presences, is_presence
from sync.hub.working_set import WorkingSet
from sync.tables import micros
from sync.wire import Wish

_LOGINS = Of(tables.login, ("login_id", "user_code", "device_id", "revoked_at"), ("login_id",))
_INTO_LOGINS = Into(
    tables.login,
    ("login_id", "token_sha256", "user_code", "device_id", "replica_id", "made_at", "expires_at"),
    skips=True,
)
_DEVICES = Of(tables.device, ("device_id", "revoked_at"), ("device_id",))
_SYSTEMS = Of(tables.api_key, ("scopes", "revoked_at"), ("code",))
_GRANTS = Of(tables.user_grant, ("user_code", "code", "allowed"), ("user_code",))

NO_LOGIN = refuse("no_login", N_("The hub does not know who did this. Sign in and do it again."))
REVOKED = refuse("revoked", N_("The right to work here was withdrawn before this arrived. Ask your lead."))
MACHINES = {"channel": Role.CHANNEL, "worker": Role.WORKER}


class People:
    """The logins of one batch. A token that has run out since does not matter: the work was done before."""

    def __init__(
        self, db: Connection, feed_id: int, logins: Collection[str], work: WorkingSet, now: datetime
    ) -> None:
        self._db, self._feed_id, self._work, self._now = db, feed_id, work, now
        rows = _LOGINS.read(db, feed_id, [(login,) for login in logins if "\0" not in login])
        self._logins = {login: (user, device, revoked_at) for login, user, device, revoked_at in rows}
        self._beside = Presences(db, feed_id, {login for login in logins if is_presence(login)})
        self._lost: set[str] = set()
        self._users: dict[str, User] = {}
        self._grants: dict[str, set[str]] = {}
        self._systems: dict[tuple[str, str], Actor | Refusal] = {}
        here = [(row[1], row[2]) for row in rows] + self._beside.people
        self._load({user for user, _ in here}, {device for _, device in here})

    def _load(self, codes: Collection[str], devices: Collection[str]) -> None:
        db, feed_id = self._db, self._feed_id
        found = _DEVICES.read(db, feed_id, [(device,) for device in devices])
        self._lost |= {device for device, revoked_at in found if revoked_at}
        for code in codes:
            user = self._work.rows.get(("user", code))
            if isinstance(user, User):
                self._users[code], self._grants[code] = user, set(GRANTS[user.role])
        known = [(code,) for code in codes if code in self._users]
        for code, grant, is_allowed in _GRANTS.read(db, feed_id, known):
            (self._grants[code].add if is_allowed else self._grants[code].discard)(grant)

    def actor(self, replica: ReplicaInfo, device: str, wish: Wish, args: bytes) -> Actor | Refusal:
        """Return who asks; `device` is the replica's, `args` are the wish's as we write them.

        Refuses: `no_login`, `revoked`, `not_present`.
        Source: sync.md section 14, revocation is checked per batch.
        """
        role = MACHINES.get(replica.kind)
        if role is not None and replica.owner.startswith(KEY):
            return self._system(replica, role)
        if role is not None:
            return Actor(replica.owner, role, GRANTS[role])
        revoked_at = None
        if is_presence(wish.login):
            found = self._beside.taken(wish, device, args, self._now)
            if isinstance(found, Refusal):
                return found
            code = found
        else:
            known = self._logins.get(wish.login) or self._recovered(wish.login, device)
            if known is None or known[1] != device:
                return NO_LOGIN
            code, _, revoked_at = known
        user = self._users.get(code)
        if revoked_at is not None or device in self._lost or user is None or not user.active:
            return REVOKED
        return Actor(user.code, user.role, frozenset(self._grants[code]), replica.replica_id)

    def _system(self, replica: ReplicaInfo, role: Role) -> Actor | Refusal:
        """Return another system with the rights of its key.

        What it has delivered stays delivered, also where its key was taken back before the hub got to it.
        """
        known = self._systems.get((replica.owner, replica.kind))
        if known is None:
            is_channel = role is Role.CHANNEL
            found = _SYSTEMS.read(self._db, self._feed_id, [(replica.owner.removeprefix(KEY),)])
            if not found or (found[0][1] is not None and not is_channel):
                known = REVOKED
            else:
                rights = rights_of(tuple(msgspec.json.decode(found[0][0])))
                known = Actor(replica.owner, role, GRANTS[role] if is_channel else rights)
            self._systems[replica.owner, replica.kind] = known
        return known

    def reach(self, by: Actor | Refusal) -> Reach | None:
        """Return what the desk of a person may hold; None where nobody was made out."""
        return reach_of(self._users[by.user], by.grants) if isinstance(by, Actor) else None

    def _recovered(self, login: str, device: str) -> tuple[str, str, Any] | None:
        """Know a login again that a restore took away; it stands in its table again, without a token."""
        code = whose_login(self._db, self._feed_id, login, device) if device else ""
        if not code:
            return None
        at = micros(self._now)
        _INTO_LOGINS.write(
            self._db, self._feed_id, [(login, secrets.token_bytes(32), code, device, "", at, at)]
        )
        self._logins[login] = (code, device, None)
        self._load({code}, {device})
        return self._logins[login]
