"""Keys of a shop are renewed by a call of its channel, and kept for whoever else talks to the shop."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime, timedelta
from typing import Any, Protocol

import msgspec

from sync.channel import Unreadable
from sync.manifest.blocks import Renewal, Sign, Transport
from sync.manifest.paths import BadPath, filled, get, number, written
from sync.manifest.request import Request, build
from sync.manifest.values import document

LONGEST_S = 3650 * 86_400


class Keys(Protocol):
    """Where the keys of a shop are kept."""

    def alone(self) -> AbstractContextManager[Any]:
        """Let one at a time renew them."""
        ...

    def newer(self, settings: Mapping[str, Any]) -> Mapping[str, str] | None:
        """Return what somebody else renewed meanwhile; None where these are the newest."""
        ...

    def keep(self, gained: Mapping[str, str]) -> None:
        """Keep what a renewal gave."""
        ...


class Unkept:
    """Keys that are kept nowhere: they last as long as whoever talks."""

    def alone(self) -> AbstractContextManager[Any]:
        """Nobody else renews them."""
        return nullcontext()

    def newer(self, _settings: Mapping[str, Any]) -> Mapping[str, str] | None:
        """Nobody else renews them."""
        return None

    def keep(self, gained: Mapping[str, str]) -> None:
        """Nothing is kept."""


def asks(
    transport: Transport, renewal: Renewal, settings: Mapping[str, Any], now: datetime, nonce: str
) -> Request:
    """Make the call for new keys."""
    if renewal.base:
        transport = msgspec.structs.replace(
            transport, base=renewal.base, path="", sign=Sign(), clock=None, pack=None, common={}, query={}
        )
    return build(transport, filled(renewal.call, settings), settings, now, nonce=nonce)


def gained(renewal: Renewal, data: Any, now: datetime) -> dict[str, str]:
    """Read new keys; empty where one of them is not there."""
    if renewal.unpack:
        try:
            data = document(written(get(data, renewal.unpack)).encode())
        except Unreadable:
            return {}
    found = {name: written(get(data, path)) for name, path in renewal.gives.items()}
    if not all(found.values()):
        return {}
    try:
        lives_s = int(number(get(data, renewal.ttl))) if renewal.ttl else 0
    except BadPath:
        lives_s = 0
    if renewal.ends and 0 < lives_s < LONGEST_S:
        found[renewal.ends] = (now + timedelta(seconds=lives_s)).isoformat()
    return found
