"""How this desk stands to its hub, what waits to be sent, and how everything is taken off this PC."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import msgspec

from app.desk import Desk, Screen, only_copy, zone_of
from app.ports import Changes, Link, Views
from app.text import N_, Text


class State(msgspec.Struct, frozen=True, kw_only=True):
    hub: str = ""
    link: Link | None = None
    now: datetime | None = None
    zone: str = "Asia/Shanghai"
    off: Text | None = None
    """Why this desk cannot be cleared just now."""
    warning: Text | None = None
    """What would be lost with the hub's disk, once this desk no longer holds it."""
    is_asked: bool = False
    """Whoever asked to clear it is told what cannot come back, and asks once more."""
    is_loaded: bool = False
    notice: Text | None = None


class SettingsHub(Screen[State]):
    """Verbs of the section. `left` brings the next person to the door."""

    def __init__(self, desk: Desk, hub: str, left: Callable[[], object] = lambda: None) -> None:
        super().__init__(desk, State(hub=hub))
        self._left = left

    async def refresh(self, changes: Changes | None = None) -> None:
        """Look at the line."""
        if changes is not None and not changes.sync:
            return
        refs, now = await self.desk.look(Views.refs), await self.desk.now()
        link = self.desk.link()
        off = None
        if link.waiting:
            off = Text(N_("{count} are only saved here and would be lost"), {"count": link.waiting})
        elif link.unprotected and link.makes_copies:
            off = Text(
                N_("{count} have no second copy yet: wait for the hub's next backup"),
                {"count": link.unprotected},
            )
        self.show(
            msgspec.structs.replace(
                self.state,
                link=link,
                now=now,
                zone=zone_of(refs),
                off=off,
                warning=only_copy(link),
                is_asked=self.state.is_asked and off is None,
                is_loaded=True,
            )
        )

    async def clear(self) -> None:
        """Take everything off this PC: the first time say what that means, the second time do it.

        Raises:
            Trouble: something is only saved here.
        """
        if not self.state.is_asked:
            self.show(msgspec.structs.replace(self.state, is_asked=self.state.off is None))
            return
        self.show(msgspec.structs.replace(self.state, is_asked=False))
        await self.desk.clear()
        self._left()

    def keep(self) -> None:
        """Leave this desk as it is."""
        self.show(msgspec.structs.replace(self.state, is_asked=False))
