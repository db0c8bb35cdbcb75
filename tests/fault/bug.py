"""What a bug put in on purpose is, and where all of them are kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

Put = Callable[[Any, str, Any], None]
"""Puts a value in the place of an attribute: for good in a process, for a while in a test."""


@dataclass(frozen=True, slots=True)
class Bug:
    """One mistake somebody could make. `side`: hub | desk | both."""

    name: str
    side: str
    put_in: Callable[[Put], None]
    why: str
    weather: frozenset[str] = frozenset()
    """The disasters it shows itself in; none named: any."""
    is_whole: bool = False
    """It shows itself only where hubs do all they do by themselves, and people change places."""


BUGS: dict[str, Bug] = {}


def bug(
    side: str, *weather: str, is_whole: bool = False
) -> Callable[[Callable[[Put], None]], Callable[[Put], None]]:
    """Register a mistake under the name of its function."""

    def register(put_in: Callable[[Put], None]) -> Callable[[Put], None]:
        name = put_in.__name__
        why = (put_in.__doc__ or "").strip()
        BUGS[name] = Bug(name, side, put_in, why, frozenset(weather), is_whole)
        return put_in

    return register


@contextmanager
def installed(one: Bug) -> Iterator[None]:
    """Have the bug in this process for a while."""
    patches: list[Any] = []

    def put(place: Any, name: str, value: Any) -> None:
        patches.append(patch.object(place, name, value))
        patches[-1].start()

    try:
        one.put_in(put)
        yield
    finally:
        for one_patch in reversed(patches):
            one_patch.stop()
