"""The disk of a simulated desk: full, failing, or gone with the power, at a statement chosen beforehand."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from turns import Gone


@dataclass
class DiskPlan:
    """What will go wrong on this desk's disk next: `left` statements go well before.

    `kind`: gone (power is cut before the statement), gone_after (after it), gone_commit (`left` counts
    commits, and power is cut right after one), full, io.
    """

    kind: str = ""
    left: int = 0
    count: int = 0
    hits: int = 0


class Disk(sqlite3.Connection):
    """A connection whose statements pass the desk's plan. `plans`: by folder of the desk."""

    plans: dict[str, DiskPlan]
    folder = ""

    def execute(self, sql: str, *more: Any) -> sqlite3.Cursor:
        """Run one statement, or fail as the disk would."""
        return self._passed(sql, lambda: super(Disk, self).execute(sql, *more))

    def executemany(self, sql: str, *more: Any) -> sqlite3.Cursor:
        """Run one statement for many rows, or fail as the disk would."""
        return self._passed(sql, lambda: super(Disk, self).executemany(sql, *more))

    def _passed(self, sql: str, run: Callable[[], sqlite3.Cursor]) -> sqlite3.Cursor:
        plan = Disk.plans.get(self.folder)
        if plan is None:
            return run()
        if plan.kind == "dead":
            raise Gone
        plan.count += 1
        if not plan.kind:
            return run()
        if plan.kind == "gone_commit":
            return self._gone_after_commit(plan, run)
        plan.left -= 1
        if plan.left >= 0:
            return run()
        return self._failing(plan, sql, run)

    def _gone_after_commit(self, plan: DiskPlan, run: Callable[[], sqlite3.Cursor]) -> sqlite3.Cursor:
        changed = self.total_changes
        was_open = self.in_transaction
        done = run()
        is_commit = not self.in_transaction and (was_open or self.total_changes != changed)
        plan.left -= is_commit
        if is_commit and plan.left < 0:
            plan.hits += 1
            plan.kind = "dead"
            raise Gone
        return done

    def _failing(self, plan: DiskPlan, sql: str, run: Callable[[], sqlite3.Cursor]) -> sqlite3.Cursor:
        writes = not sql.lstrip().upper().startswith(("SELECT", "PRAGMA", "BEGIN", "ROLLBACK"))
        kind = plan.kind
        if kind in {"full", "io"} and not writes:
            return run()
        plan.hits += 1
        if kind == "gone_after":
            done = run()
            plan.kind = "dead"
            del done
            raise Gone
        if kind == "gone":
            plan.kind = "dead"
            raise Gone
        plan.kind = ""
        fault = sqlite3.OperationalError("database or disk is full" if kind == "full" else "disk I/O error")
        fault.sqlite_errorcode = sqlite3.SQLITE_FULL if kind == "full" else sqlite3.SQLITE_IOERR_WRITE
        raise fault


def no_reserve(_beside: Path) -> None:
    """Hold no disk space back: memory is what these disks are made of."""
