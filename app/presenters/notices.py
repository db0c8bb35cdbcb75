"""Notices: the orders somebody was told of, what is over, and for leads what became of every notice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec
from typing_extensions import override

from app.desk import Act, Desk, zone_of
from app.domain.bell import Bell, Notice, Told
from app.domain.company import READS_FIGURES
from app.domain.values import bell_key
from app.engine import GATES, SPECS
from app.listing import Listing
from app.ports import Changes, Views
from app.text import N_, Text
from app.trouble import Trouble

MINE, LOG = "mine", "log"
_OPEN = Act(code="open", label=N_("Open order"), key="Enter", kind="primary")
_READ = Act(code="read", label=N_("Mark read"), key="R")
_READ_ALL = Act(code="read_all", label=N_("Mark all read"), key="A")
_AWAY = Text(N_("The hub is out of reach. The log comes from it; look again when it is back."))


class State(msgspec.Struct, frozen=True, kw_only=True):
    split: str = MINE
    may_read_log: bool = False
    notices: tuple[Notice, ...] = ()
    log: tuple[Told, ...] | None = None
    gates: Mapping[str, str] = {}
    """What gates are called."""
    names: Mapping[str, str] = {}
    here: str = ""
    acts: tuple[Act, ...] = ()
    now: datetime | None = None
    zone: str = "UTC"
    is_loaded: bool = False
    notice: Text | None = None

    @property
    def current(self) -> Notice | None:
        """The notice under the keys."""
        if self.split != MINE:
            return None
        return next((one for one in self.notices if one.key == self.here), None)

    @property
    def order(self) -> str:
        """The order under the keys."""
        if self.current is not None:
            return self.current.order
        rows = self.log if self.split == LOG and self.log else ()
        return next((one.order for one in rows if one.key == self.here), "")


class Notices(Listing[State]):
    """Verbs of the page."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, State())

    @override
    async def refresh(self, changes: Changes | None = None) -> None:
        """Read what the person was told; the log is asked of the hub when somebody turns to it."""
        if changes is not None and not changes.touches("bell"):
            return
        login = self.desk.login
        key = bell_key(login.user.code)
        facts = await self.desk.look(Views.known, frozenset({key}), login)
        bell: Bell = facts.row(key) or Bell(person=login.user.code)
        now = await self.desk.now()
        state = msgspec.structs.replace(
            self.state,
            may_read_log=self.desk.may(READS_FIGURES),
            notices=bell.notices,
            gates={code: gate.title for code, gate in GATES.items()},
            names={code: user.title for code, user in facts.refs.users.items()},
            now=now,
            zone=zone_of(facts.refs),
            is_loaded=True,
        )
        if not state.may_read_log:
            state = msgspec.structs.replace(state, split=MINE, log=None)
        self._show(state)
        if state.split == LOG:
            await self._ask()

    @override
    async def turn(self, split: str) -> None:
        """Show one's own notices, or what became of everybody's."""
        if split != self.state.split and (split == MINE or self.state.may_read_log):
            self._show(msgspec.structs.replace(self.state, split=split, here="", notice=None))
            if split == LOG:
                await self._ask()

    @override
    def choose(self, key: str) -> None:
        """Look at another line."""
        if key != self.state.here:
            self._show(msgspec.structs.replace(self.state, here=key))

    async def read(self) -> None:
        """Note that the one under the keys was read."""
        one = self.state.current
        if one is not None:
            await self._note([one])

    async def read_all(self) -> None:
        """Note that all of them were read."""
        await self._note(self.state.notices)

    async def _note(self, notices: Sequence[Notice]) -> None:
        """Keep it; the new row comes back as any change does."""
        keys = tuple(one.key for one in notices if one.read_at is None)
        if keys:
            person = self.desk.login.user.code
            await self.desk.submit(SPECS["read_notices"].type(person=person, notices=keys))
            await self.refresh()

    async def _ask(self) -> None:
        found: dict[str, object] = {"notice": _AWAY}
        if self.desk.link().state != "offline":
            try:
                found = {"log": tuple(await self.desk.ask_hub(lambda hub: hub.deliveries())), "notice": None}
            except Trouble as trouble:
                found = {"notice": trouble.hint}
        if self.state.split == LOG:
            self._show(msgspec.structs.replace(self.state, **found))

    def _show(self, state: State) -> None:
        acts: list[Act] = []
        if state.order:
            acts.append(_OPEN)
        if state.current is not None and state.current.read_at is None:
            acts.append(_READ)
        if state.split == MINE and any(one.read_at is None for one in state.notices):
            acts.append(_READ_ALL)
        self.show(msgspec.structs.replace(state, acts=tuple(acts)))
