"""PCs: which may work with the hub, which wait, and letting them in or putting them out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

import msgspec

from app.command import Refs
from app.desk import Desk, Screen, zone_of
from app.domain.company import LETS_PCS_IN
from app.ports import Changes, Pc, Views
from app.text import N_, Text
from app.trouble import Trouble

STATES = {"waits": N_("Waits"), "approved": N_("Allowed"), "revoked": N_("Not allowed")}


class State(msgspec.Struct, frozen=True, kw_only=True):
    """`here`: the PC in front. The list comes from the hub itself: without a line there is none."""

    pcs: tuple[Pc, ...] = ()
    here: str = ""
    zone: str = "Asia/Shanghai"
    now: datetime | None = None
    is_loaded: bool = False
    notice: Text | None = None

    def pc(self) -> Pc | None:
        """The PC in front."""
        return next((pc for pc in self.pcs if pc.id == self.here), None)


def _named(pc: Pc, refs: Refs) -> Pc:
    """Put the name of today in the place of who asked."""
    return msgspec.structs.replace(pc, asked_by=refs.called("user", pc.asked_by))


class SettingsPcs(Screen[State]):
    """Verbs of the section."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, State())

    async def refresh(self, changes: Changes | None = None) -> None:
        """Ask the hub for the PCs; a decision of somebody else shows at once."""
        if changes is not None and not changes.touches("revision"):
            return
        await self._ask()

    def choose(self, id: str) -> None:
        """Put a PC in front."""
        if id != self.state.here and any(pc.id == id for pc in self.state.pcs):
            self.show(msgspec.structs.replace(self.state, here=id))

    async def approve(self) -> None:
        """Let the PC in front in."""
        pc = self.state.pc()
        if pc is not None and self.why_not_approve() is None:
            message = N_("{title} may work with the hub now.")
            await self._decide(self.desk.approve_pc, pc, Text(message, {"title": pc.title or pc.code}))

    async def revoke(self) -> None:
        """Put the PC in front out."""
        pc = self.state.pc()
        if pc is not None and self.why_not_revoke() is None:
            message = N_("{title} is out: its sign-ins are over, what it sends is refused.")
            await self._decide(self.desk.revoke_pc, pc, Text(message, {"title": pc.title or pc.code}))

    def why_not_approve(self) -> Text | None:
        """Say why the PC in front cannot be let in; None when it can."""
        return self._why_not("approved", Text(N_("It is let in already.")))

    def why_not_revoke(self) -> Text | None:
        """Say why the PC in front cannot be put out; None when it can."""
        return self._why_not("revoked", Text(N_("It is out already.")))

    def _why_not(self, done: str, text: Text) -> Text | None:
        pc = self.state.pc()
        if not self.desk.may(LETS_PCS_IN):
            return Text(N_("You may not let PCs in. An administrator may."))
        if pc is None:
            return Text(N_("Choose a PC."))
        if done == "approved" and pc.alarm_at is not None:
            return None  # letting it in again takes the alarm back
        return text if pc.state == done else None

    async def _decide(self, decide: Callable[[str], Awaitable[None]], pc: Pc, said: Text) -> None:
        try:
            await decide(pc.id)
        except Trouble as trouble:
            self.show(msgspec.structs.replace(self.state, notice=trouble.hint))
            return
        await self._ask()
        self.show(msgspec.structs.replace(self.state, notice=said))

    async def _ask(self) -> None:
        refs, now = await self.desk.look(Views.refs), await self.desk.now()
        try:
            pcs = tuple(_named(pc, refs) for pc in await self.desk.pcs())
        except Trouble as trouble:
            self.show(msgspec.structs.replace(self.state, is_loaded=True, notice=trouble.hint))
            return
        here = self.state.here if any(pc.id == self.state.here for pc in pcs) else pcs[0].id if pcs else ""
        fresh = {
            "pcs": pcs,
            "here": here,
            "zone": zone_of(refs),
            "now": now,
            "is_loaded": True,
            "notice": None,
        }
        self.show(msgspec.structs.replace(self.state, **fresh))
