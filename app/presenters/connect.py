"""Which hub this desk works with: its address, who vouches for it, a try, and the change to it."""

from __future__ import annotations

from typing import Protocol

import msgspec

from app.desk import Desk, Screen, only_copy
from app.lanes import Lane
from app.ports import Changes
from app.text import N_, Text
from app.trouble import Trouble


class Connection(Protocol):
    """What this desk was told about its hub; the hub of this PC has no address."""

    def chosen(self) -> tuple[str, str]:
        """Return the address and the file of who vouches for it."""
        ...

    def check(self, url: str, ca: str) -> None:
        """Speak to a hub, or raise Trouble that says why not."""
        ...

    def keep(self, url: str, ca: str) -> None:
        """Use this hub from the next start on."""
        ...


class State(msgspec.Struct, frozen=True, kw_only=True):
    url: str = ""
    ca: str = ""
    found: Text | None = None
    """That a hub answers there."""
    off: Text | None = None
    """Why this desk stays with its hub just now; who vouches for the same one may change any time."""
    is_busy: bool = False
    is_kept: bool = False
    """It works with another hub from the next start on; nothing more is done in this one."""
    notice: Text | None = None


class Connect(Screen[State]):
    """Verbs of the page. `lane`: where hubs are spoken to."""

    def __init__(self, desk: Desk, connection: Connection, lane: Lane) -> None:
        url, ca = connection.chosen()
        super().__init__(desk, State(url=url, ca=ca))
        self._connection, self._lane = connection, lane

    async def refresh(self, _changes: Changes | None = None) -> None:
        """See whether anything waits for the hub this desk has."""
        waiting, off = self.desk.link().waiting, None
        if waiting:
            off = Text(N_("{count} not sent to the present hub yet: send them first"), {"count": waiting})
        self.show(msgspec.structs.replace(self.state, off=off))

    def typed(self) -> None:
        """What was found is no longer about what stands there."""
        if self.state.found is not None or self.state.notice is not None:
            self.show(msgspec.structs.replace(self.state, found=None, notice=None))

    async def check(self, url: str, ca: str) -> bool:
        """Speak to the hub and say what is there, or what is wrong."""
        self.show(msgspec.structs.replace(self.state, is_busy=True, found=None, notice=None))
        try:
            if url.strip():
                await self._lane.run(self._connection.check, url.strip(), ca.strip())
        except Trouble as trouble:
            self.show(msgspec.structs.replace(self.state, is_busy=False, notice=trouble.hint))
            return False
        said = Text(N_("A hub answers there, and this PC trusts it."))
        if not url.strip():
            said = Text(N_("Without an address this is the hub of this PC with its made-up company."))
        loses = only_copy(self.desk.link()) if url.strip() != self.state.url else None
        self.show(msgspec.structs.replace(self.state, is_busy=False, found=said, notice=loses))
        return True

    async def use(self, url: str, ca: str) -> None:
        """Work with this hub from the next start on, if it answers and nothing would be lost.

        What only this desk could send again is said first; who goes on then means it.
        """
        await self.refresh()
        said = self.state.notice
        is_other = url.strip() != self.state.url
        if (is_other and self.state.off is not None) or not await self.check(url, ca):
            return
        if self.state.notice is not None and self.state.notice != said:
            return
        try:
            if is_other:
                await self.desk.clear()
            await self._lane.run(self._connection.keep, url.strip(), ca.strip())
        except Trouble as trouble:
            self.show(msgspec.structs.replace(self.state, notice=trouble.hint))
            return
        self.show(msgspec.structs.replace(self.state, is_kept=True, url=url.strip(), ca=ca.strip()))
