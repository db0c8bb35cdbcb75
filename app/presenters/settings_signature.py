"""With what somebody signs on the screen of another: a PIN, a badge, both, or neither."""

from __future__ import annotations

import msgspec

from app.desk import Desk, Screen, zone_of
from app.domain.presence import KeepSigner, SignerState
from app.ports import Changes, Views
from app.text import N_, Text
from app.trouble import Trouble


class State(msgspec.Struct, frozen=True, kw_only=True):
    """What is typed stands in no State; `has` is what the hub says of it."""

    has: SignerState | None = None
    zone: str = "Asia/Shanghai"
    is_loaded: bool = False
    notice: Text | None = None


class SettingsSignature(Screen[State]):
    """Verbs of the section."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, State())

    async def refresh(self, changes: Changes | None = None) -> None:
        """Ask the hub what whoever sits here has; only the hub knows."""
        if changes is not None and not changes.line:
            return
        zone = zone_of(await self.desk.look(Views.refs))
        try:
            has = await self.desk.ask_hub(lambda hub: hub.signer())
        except Trouble as trouble:
            self.put(has=None, zone=zone, is_loaded=True, notice=trouble.hint)
            return
        self.put(has=has, zone=zone, is_loaded=True)

    async def keep(self, password: str, pin: str, again: str, badge: str) -> bool:
        """Keep a new PIN, a new badge, or both; tell whether that was done."""
        if not (pin or badge):
            self.put(notice=Text(N_("Type a PIN or scan a badge.")))
            return False
        if pin != again:
            self.put(notice=Text(N_("The PIN is not the same twice. Type it again.")))
            return False
        return await self._keep(KeepSigner(password=password, pin=pin, badge=badge), N_("Kept at the hub."))

    async def end(self, password: str) -> bool:
        """Sign with neither from now on: a lost badge, a PIN somebody saw."""
        return await self._keep(KeepSigner(password=password), N_("PIN and badge sign nothing any more."))

    async def _keep(self, asked: KeepSigner, said: str) -> bool:
        if not asked.password:
            self.put(notice=Text(N_("Type your password: it says that it is you.")))
            return False
        try:
            await self.desk.ask_hub(lambda hub: hub.keep_signer(asked))
        except Trouble as trouble:
            self.put(notice=trouble.hint)
            return False
        await self.refresh()
        self.put(notice=Text(said))
        return True
