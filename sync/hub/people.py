"""Who a command really comes from, and what they may do, read in the transaction that decides it."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection

from app.command import Refusal, refuse
from app.domain.company import GRANTS, User
from app.domain.values import Actor, Role
from app.text import N_
from sync import tables
from sync.hub.bulk import Of
from sync.hub.numbering import ReplicaInfo
from sync.hub.working_set import WorkingSet

_LOGINS = Of(tables.login, ("login_id", "user_code", "device_id", "revoked_at"), ("login_id",))
_DEVICES = Of(tables.device, ("device_id", "revoked_at"), ("device_id",))
_GRANTS = Of(tables.user_grant, ("user_code", "code", "allowed"), ("user_code",))

NO_LOGIN = refuse("no_login", N_("The hub does not know who did this. Sign in and do it again."))
REVOKED = refuse("revoked", N_("The right to work here was withdrawn before this arrived. Ask your lead."))
MACHINES = {"channel": Role.CHANNEL, "worker": Role.WORKER}


class People:
    """The logins of one batch. A token that has run out since does not matter: the work was done before."""

    def __init__(self, db: Connection, feed_id: int, logins: Collection[str], work: WorkingSet) -> None:
        rows = _LOGINS.read(db, feed_id, [(login,) for login in logins if "\0" not in login])
        self._logins = {login: (user, device, revoked_at) for login, user, device, revoked_at in rows}
        devices = {row[2] for row in rows}
        self._lost = {
            d for d, revoked_at in _DEVICES.read(db, feed_id, [(d,) for d in devices]) if revoked_at
        }
        codes = {row[1] for row in rows}
        self._users: dict[str, User] = {
            code: user for code in codes if isinstance(user := work.rows.get(("user", code)), User)
        }
        self._grants = {code: set(GRANTS[user.role]) for code, user in self._users.items()}
        for code, grant, is_allowed in _GRANTS.read(db, feed_id, [(code,) for code in self._users]):
            (self._grants[code].add if is_allowed else self._grants[code].discard)(grant)

    def actor(self, replica: ReplicaInfo, device: str, login: str) -> Actor | Refusal:
        """Return who asks; `device` is the one the replica belongs to.

        Refuses: `no_login`, `revoked`.
        Source: sync.md section 14, revocation is checked per batch.
        """
        role = MACHINES.get(replica.kind)
        if role is not None:
            return Actor(replica.owner, role, GRANTS[role])
        known = self._logins.get(login)
        if known is None or known[1] != device:
            return NO_LOGIN
        code, _, revoked_at = known
        user = self._users.get(code)
        if revoked_at is not None or device in self._lost or user is None or not user.active:
            return REVOKED
        return Actor(user.code, user.role, frozenset(self._grants[code]), replica.replica_id)
