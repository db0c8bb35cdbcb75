"""The life of a hub in a process born from one with everything loaded; told and heard over one line."""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
from collections.abc import Mapping, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import app.boot.hub  # noqa: F401 - loaded before the first is born
import sync.hub.crash
from app.__main__ import main


class _Line:
    """What a hub says goes out whole, line by line; what it hears ends when somebody asks, or is gone."""

    def __init__(self, line: Connection) -> None:
        self._line, self._begun = line, ""

    def write(self, words: str) -> int:
        *said, self._begun = (self._begun + words).split("\n")
        for each in said:
            self._line.send(each)
        return len(words)

    def flush(self) -> None:
        """Whole lines are gone already."""

    def read(self) -> str:
        with contextlib.suppress(EOFError, OSError):
            self._line.recv()
        return ""


def live(words: Sequence[str], told: Mapping[str, str], log: Path, line: Connection, bug: str | None) -> None:
    """Be `python -m app WORDS` with this environment; `bug`: in the world of `abroad.py`, "" without one."""
    os.environ.clear()
    os.environ.update(told)
    importlib.reload(sync.hub.crash)  # it reads its environment once
    os.dup2(os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), sys.stderr.fileno())
    ends: Any = _Line(line)
    sys.stdin = sys.stdout = ends
    if bug is not None:
        import abroad

        abroad.go_abroad(bug)
    sys.exit(main(list(words)))
