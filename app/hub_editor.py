"""A list of what only the hub knows, and a form for one of it: made, told once, ended, never published."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec
from typing_extensions import override

from app.desk import Desk, zone_of
from app.editor import NEW, Editor, Input, Wrong
from app.ports import Changes, HubPort, Views, touches
from app.text import N_, Text
from app.trouble import Trouble


class Made(NamedTuple):
    """What was made, and the secret that is told once."""

    code: str
    secret: str


class HubEditor(Editor):
    """Verbs of such a section; without a line to the hub there is no list, and a sentence says so."""

    tables = ("revision",)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._zone = "UTC"

    # what a section fills in

    async def load(self) -> None:
        """Ask the hub for the list.

        Raises:
            Trouble: what the hub says, or that it cannot be reached.
        """
        raise NotImplementedError

    async def make(self, answers: dict[str, str]) -> Made | Wrong:
        """Have one made.

        Raises:
            Trouble: what the hub says, or that it cannot be reached.
        """
        raise NotImplementedError

    def end(self, hub: HubPort, code: str) -> None:
        """End one."""
        raise NotImplementedError

    def ended(self, code: str) -> Text:
        """Say that one has ended."""
        raise NotImplementedError

    def is_over(self, code: str) -> bool:
        """Tell whether one has ended."""
        raise NotImplementedError

    # verbs

    @override
    async def refresh(self, changes: Changes | None = None) -> None:
        """Ask the hub anew; a decision of somebody else shows at once."""
        if changes is not None and not touches(changes, *self.tables):
            return
        await self._load()
        await super().refresh()

    @override
    async def save(self) -> None:
        """Have the one in the form made; its secret is told once."""
        if not (self.state.is_new and self.state.may):
            return
        try:
            made = await self.make(dict(self._answers))
        except Trouble as trouble:
            self.show(msgspec.structs.replace(self.state, notice=trouble.hint))
            return
        if isinstance(made, Wrong):
            self._mark(made)
            return
        await self._stand(made.code)
        self.show(msgspec.structs.replace(self.state, secret=made.secret))

    async def end_this(self) -> None:
        """End the one in front."""
        code = self.state.here
        if self.why_not_end() is None:
            await self.ask(lambda hub: self.end(hub, code), self.ended(code))

    async def ask(self, question: Callable[[HubPort], None], said: Text) -> None:
        """Have the hub do something about the one in front, and say so."""
        try:
            await self.desk.ask_hub(question)
        except Trouble as trouble:
            self.show(msgspec.structs.replace(self.state, notice=trouble.hint))
            return
        await self._stand(self.state.here)
        self.show(msgspec.structs.replace(self.state, notice=said))

    def why_not_end(self) -> Text | None:
        """Say why the one in front cannot be ended; None when it can."""
        if not self.state.may:
            return Text(self.why_closed)
        if self.state.is_new or self.state.here == NEW:
            return Text(N_("Choose one from the list."))
        return Text(N_("It is over already.")) if self.is_over(self.state.here) else None

    def forget(self) -> None:
        """Take the secret off the screen."""
        if self.state.secret:
            self.show(msgspec.structs.replace(self.state, secret=""))

    # inside

    def at(self, at: datetime | None) -> str:
        """Return a moment as the walls of the company show it; nothing where there was none."""
        return f"{at.astimezone(ZoneInfo(self._zone)):%Y-%m-%d %H:%M}" if at is not None else ""

    def shown(self, name: str, label: str, value: str) -> Input:
        """Return a fact as a field nobody changes."""
        return Input(name=name, label=label, value=value, is_fixed=True)

    async def _stand(self, code: str) -> None:
        await self._load()
        await self._turn(code, is_new=False)
        await super().refresh()

    async def _load(self) -> None:
        self._zone = zone_of(await self.desk.look(Views.refs))
        try:
            await self.load()
        except Trouble as trouble:
            self.show(msgspec.structs.replace(self.state, notice=trouble.hint))
