"""What a batch knows of second signatures: each for one command, once, in time, on that PC.

It is looked at in the transaction that decides the command, so of two that come with one signature one is
refused, whichever hub they come to.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, update

from app.command import Refusal, refuse
from app.domain.presence import PREFIX, digest_of
from app.text import N_
from sync.columns import instant
from sync.hub.bulk import Of
from sync.tables import presence, signer
from sync.wire import Wish

_COLUMNS = ("login_id", "user_code", "device_id", "command", "digest", "until", "used_by")
_PRESENCES = Of(presence, _COLUMNS, ("login_id",))
NOT_PRESENT = refuse(
    "not_present", N_("This second signature is for something else, was used, or came too late. Sign again.")
)


def is_presence(login: str) -> bool:
    """Tell whether a command was signed on the screen of another."""
    return login.startswith(PREFIX)


def end_signer(db: Connection, feed_id: int, user_code: str) -> None:
    """Void somebody's PIN and badge."""
    db.execute(delete(signer).where(signer.c.feed_id == feed_id, signer.c.user_code == user_code))


class Presences:
    """The second signatures of one batch."""

    def __init__(self, db: Connection, feed_id: int, logins: Collection[str]) -> None:
        self._db, self._feed_id = db, feed_id
        keys = [(login,) for login in sorted(logins) if "\0" not in login]
        rows = _PRESENCES.read(db, feed_id, keys) if keys else []
        self._rows: dict[str, Any] = {row[0]: row[1:] for row in rows}
        self._used: dict[str, str] = {login: row[5] for login, row in self._rows.items()}

    @property
    def people(self) -> list[tuple[str, str]]:
        """Whose they are, and on which PCs."""
        return [(row[0], row[1]) for row in self._rows.values()]

    def taken(self, wish: Wish, device: str, args: bytes, now: datetime) -> str | Refusal:
        """Use a signature up for this command; return whose it is.

        Refuses: `not_present`.
        """
        row = self._rows.get(wish.login)
        if row is None:
            return NOT_PRESENT
        user, signed_on, command, digest, until, _ = row
        fits = signed_on == device and command == wish.name and digest == digest_of(wish.name, args)
        if not fits or self._used[wish.login] or instant(until) < now:
            return NOT_PRESENT
        self._used[wish.login] = wish.id
        mine = (presence.c.feed_id == self._feed_id) & (presence.c.login_id == wish.login)
        self._db.execute(update(presence).where(mine).values(used_by=wish.id))
        return str(user)
