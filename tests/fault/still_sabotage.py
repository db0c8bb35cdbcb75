"""What is done to a simulated hub: death at a point, a disk that fails, a commit nobody hears of."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

from sqlalchemy.exc import OperationalError

POINTS = ("mid_tx", "before_commit", "after_commit", "before_ack")
POINTS_OUTSIDE = ("effect_leased", "effect_called", "effect_looked_up", "effect_recorded")
FAULTS_OF_SQL = ("die", "busy", "full")
FAULTS_OF_DISKS = frozenset({"full", "io"})
CODES = {"busy": sqlite3.SQLITE_BUSY, "full": sqlite3.SQLITE_FULL, "io": sqlite3.SQLITE_IOERR_WRITE}
FAULTS_OF_COMMIT = ("die", "die_after", "unknown", "undone")


class HubGone(BaseException):
    """The hub's process was killed in the middle of something."""


@dataclass
class HubDisk:
    """What is wrong with the disk of the database until somebody sees to it: full, io; nothing: empty."""

    wrong: str = ""
    hits: int = 0


@dataclass
class Sabotage:
    """What will go wrong at one hub next. `left`: so many statements (or crash points) go well before."""

    disk: HubDisk
    kind: str = ""
    left: int = 0
    count: int = 0
    """Statements and commits seen so far."""
    hits: int = 0

    def at_point(self, name: str) -> None:
        """Die here, if this is the point.

        Raises:
            HubGone: it is.
        """
        if self.kind == name and self._is_now():
            self._die()

    def at_statement(self, statement: str) -> None:
        """Fail or die before a statement, if this is the one.

        Raises:
            HubGone: power is gone.
            OperationalError: the database says no.
        """
        self.count += 1
        if self.kind == "dead":
            raise HubGone
        writes = statement.lstrip()[:6].upper() in {"INSERT", "UPDATE", "DELETE"}
        if self.disk.wrong and writes:
            self.disk.hits += 1
            raise _said(self.disk.wrong, statement)
        is_due = writes if self.kind in FAULTS_OF_DISKS else self.kind in FAULTS_OF_SQL
        if not is_due or not self._is_now():
            return
        if self.kind == "die":
            self._die()
        kind, self.kind = self.kind, ""
        raise _said(kind, statement)

    def at_commit(self, commit: Callable[[], None]) -> None:
        """Commit, or die before or after it, or hear nothing of it, or find no room for it.

        Raises:
            HubGone: power is gone.
            OperationalError: the outcome is unknown, or nothing was committed.
        """
        self.count += 1
        if self.kind not in FAULTS_OF_COMMIT or not self._is_now():
            commit()
            return
        kind, self.kind = self.kind, ""
        if kind in {"unknown", "die_after"}:
            commit()
        if kind == "unknown":
            raise _said("busy", "COMMIT")
        if kind == "undone":
            raise _said("full", "COMMIT")
        self._die()

    def _is_now(self) -> bool:
        """Count down to the one that is meant."""
        self.left -= 1
        self.hits += self.left < 0
        return self.left < 0

    def _die(self) -> NoReturn:
        self.kind = "dead"
        raise HubGone


def _said(kind: str, statement: str) -> OperationalError:
    fault = sqlite3.OperationalError(f"simulated {kind}")
    fault.sqlite_errorcode = CODES[kind]
    return OperationalError(statement, None, fault)
