"""How this desk stands to its hub, and what waits to be sent."""

from __future__ import annotations

from datetime import datetime

import msgspec

from app.desk import Desk, Screen, zone_of
from app.ports import Changes, Link, OutboxRow, Views
from app.text import Text


class State(msgspec.Struct, frozen=True, kw_only=True):
    hub: str = ""
    link: Link | None = None
    outbox: tuple[OutboxRow, ...] = ()
    now: datetime | None = None
    zone: str = "Asia/Shanghai"
    is_loaded: bool = False
    notice: Text | None = None


class SettingsHub(Screen[State]):
    """Verbs of the section."""

    def __init__(self, desk: Desk, hub: str) -> None:
        super().__init__(desk, State(hub=hub))

    async def refresh(self, changes: Changes | None = None) -> None:
        """Look at the line and at the outbox."""
        if changes is not None and not changes.sync:
            return
        outbox = tuple(await self.desk.look(Views.outbox))
        refs = await self.desk.look(Views.refs)
        self.show(
            msgspec.structs.replace(
                self.state,
                link=self.desk.link(),
                outbox=outbox,
                now=await self.desk.now(),
                zone=zone_of(refs),
                is_loaded=True,
            )
        )
