"""A statement is compiled once for all hubs of a run: each test opens a database, all ask the same things."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine
from sqlalchemy.util import LRUCache

from sync.hub import database

MOST = 2_000


class Compiled(LRUCache[Any, Any]):
    """What SQLAlchemy keeps for the dialect of one engine, for all of its name: here they are alike."""

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(_named(key), default)

    def __setitem__(self, key: Any, value: Any) -> None:
        super().__setitem__(_named(key), value)


SHARED = Compiled(MOST)


def _named(key: Any) -> Any:
    dialect, *more = key
    return dialect.name, *more


@contextmanager
def compiled_once() -> Iterator[None]:
    """Let databases that are opened from here on share what was compiled."""

    def make(*args: Any, **named: Any) -> Engine:
        engine = create_engine(*args, **named)
        engine._compiled_cache = SHARED
        return engine

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "create_engine", make)
        yield
