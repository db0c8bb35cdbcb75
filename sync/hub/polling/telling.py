"""Finds who tells the channel of a shop something: one that talks to it, made anew when its keys change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from sync.hub.database import reading
from sync.hub.polling.connections import Connected, connected
from sync.hub.polling.taking import Tools
from sync.manifest.caller import Caller, Line

T = TypeVar("T")


class Telling(Generic[T]):
    """Shops that are connected. Not for several threads at once."""

    def __init__(
        self,
        tools: Tools,
        make: Callable[[Tools, Connected, Caller], T | None],
        line: Callable[[], Line],
        sleep: Callable[[float], None],
    ) -> None:
        self._tools, self._make, self._line, self._sleep = tools, make, line, sleep
        self._kept: dict[str, tuple[int, T | None]] = {}

    def is_any(self) -> bool:
        """Tell whether any shop is to be told."""
        tools = self._tools
        with reading(tools.engine) as db:
            found = connected(db, tools.feed_id, tools.seal)
        return any(self._teller(one) is not None for one in found)

    def of(self, shop: str) -> T | None:
        """Return who tells it; None where it is not connected, rests, or is not to be told."""
        tools = self._tools
        with reading(tools.engine) as db:
            found = connected(db, tools.feed_id, tools.seal, shop=shop)
        return self._teller(found[0]) if found else None

    def _teller(self, one: Connected) -> T | None:
        kept = self._kept.get(one.shop.code)
        if kept is None or kept[0] != one.rev:
            teller = None
            if one.manifest.transport is not None:
                teller = self._make(self._tools, one, self._tools.talk(one, self._line(), self._sleep))
            kept = self._kept[one.shop.code] = (one.rev, teller)
        return kept[1]
