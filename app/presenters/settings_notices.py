"""Where whoever sits here hears of held orders outside the program: their own addresses, masked."""

from __future__ import annotations

from typing_extensions import override

from app.command import Refs
from app.desk import Desk
from app.domain.own_address import WAYS, NewAddress, OwnAddress, OwnAddresses
from app.editor import NEW, Input, Item
from app.hub_editor import HubEditor, Made
from app.ports import HubPort
from app.text import N_, Text


class SettingsNotices(HubEditor):
    """Verbs of the section; what is typed stands nowhere once it is kept."""

    verb = "read_notices"
    why_closed = N_("You read no notices.")

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._has = OwnAddresses()
        self._items: dict[str, OwnAddress] = {}

    @override
    async def load(self) -> None:
        self._has = await self.desk.ask_hub(lambda hub: hub.addresses())
        self._items = {one.id: one for one in self._has.items}

    @override
    def items(self, refs: Refs) -> tuple[Item, ...]:
        return tuple(
            Item(code=one.id, title=one.mask, note=Text(WAYS.get(one.way, one.way)))
            for one in self._items.values()
        )

    @override
    def inputs(self, refs: Refs, code: str) -> tuple[Input, ...]:
        if code == NEW:
            return (
                Input(
                    name="way", label=N_("Way"), value=next(iter(self._has.ways), ""), kind="combo",
                    options=tuple((way, Text(WAYS[way])) for way in self._has.ways if way in WAYS),
                    hint=Text(N_("Who runs the hub decides on e-mail and web hooks.")),
                ),
                Input(
                    name="value", label=N_("Address"), value="",
                    hint=Text(N_("Of a robot all of https://… its group shows; nobody reads it here again.")),
                ),
            )  # fmt: skip
        one = self._items.get(code)
        if one is None:
            return ()
        return (
            self.shown("mask", N_("Address"), one.mask),
            self.shown("made_at", N_("Since"), self.at(one.made_at)),
        )

    @override
    async def make(self, answers: dict[str, str]) -> Made:
        asked = NewAddress(way=answers.get("way", ""), value=answers.get("value", "").strip())
        made = await self.desk.ask_hub(lambda hub: hub.keep_address(asked))
        return Made(made.id, "")

    async def try_this(self) -> None:
        """Have a word sent to the address in front."""
        code = self.state.here
        if self.why_not_end() is None:
            await self.ask(lambda hub: hub.try_address(code), Text(N_("A word is on its way there.")))

    @override
    def end(self, hub: HubPort, code: str) -> None:
        hub.end_address(code)

    @override
    def ended(self, code: str) -> Text:
        return Text(N_("Nothing is sent there any more."))

    @override
    def is_over(self, code: str) -> bool:
        return code not in self._items
