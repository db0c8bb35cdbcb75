"""Hooks: which systems are told news by themselves, how far each has got, and what it did not take."""

from __future__ import annotations

from typing_extensions import override

from app.command import Refs
from app.desk import Desk
from app.domain.news import KINDS
from app.domain.systems import MAKES_KEYS, Delivery, Hook, NewHook
from app.editor import NEW, Input, Item
from app.hub_editor import HubEditor, Made
from app.ports import HubPort
from app.text import N_, Text

STATES = {"sent": N_("Taken"), "rejected": N_("Not taken"), "todo": N_("Sent again soon")}


class SettingsHooks(HubEditor):
    """Verbs of the section. `deliveries` are those of the hook in front, what it did not take first."""

    verb = MAKES_KEYS
    why_closed = N_("Administrators let other systems in.")

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._hooks: dict[str, Hook] = {}
        self.deliveries: tuple[Delivery, ...] = ()

    @override
    async def load(self) -> None:
        self._hooks = {hook.code: hook for hook in await self.desk.ask_hub(lambda hub: hub.hooks())}
        await self._read_deliveries(self.state.here or next(iter(self._hooks), ""))

    @override
    async def choose(self, code: str) -> None:
        """Look at another one, and at what it got."""
        if code != self.state.here:
            await self._read_deliveries(code)
        await super().choose(code)

    async def send_again(self, news: str) -> None:
        """Have one piece of news sent once more to the hook in front."""
        code = self.state.here
        if any(one.id == news and one.state != "todo" for one in self.deliveries):
            await self.ask(lambda hub: hub.send_again(code, news), Text(N_("It is sent again in a moment.")))

    @override
    def items(self, refs: Refs) -> tuple[Item, ...]:
        return tuple(
            Item(code=hook.code, title=hook.url, note=self._how(hook), mark=_mark(hook), state=_state(hook))
            for hook in self._hooks.values()
        )

    def _how(self, hook: Hook) -> Text:
        if hook.waiting:
            return Text(N_("{count} wait"), {"count": hook.waiting})
        return Text(N_("Has everything"))

    @override
    def inputs(self, refs: Refs, code: str) -> tuple[Input, ...]:
        kinds = tuple((kind, Text(title)) for kind, title in KINDS.items())
        if code == NEW:
            return (
                Input(
                    name="code", label=N_("Code"), value="",
                    hint=Text(N_("Letters and digits. Each message is named after it.")),
                ),
                Input(
                    name="url", label=N_("Address"), value="",
                    hint=Text(N_("Where the system listens, like https://erp.example.com/docket")),
                ),
                Input(
                    name="kinds", label=N_("Is told"), value="", kind="many", options=kinds,
                    hint=Text(N_("None ticked: all of it.")),
                ),
            )  # fmt: skip
        hook = self._hooks[code]
        return (
            self.shown("url", N_("Address"), hook.url),
            Input(
                name="kinds", label=N_("Is told"), value=" ".join(hook.kinds) or " ".join(KINDS), kind="many",
                options=kinds, is_fixed=True,
            ),
            self.shown("made_by", N_("Made by"), refs.called("user", hook.made_by)),
            self.shown("again_at", N_("Next try"), self.at(hook.again_at)),
            self.shown("said", N_("Last trouble"), hook.said),
        )  # fmt: skip

    @override
    async def make(self, answers: dict[str, str]) -> Made:
        asked = NewHook(
            code=answers["code"].strip(), url=answers["url"].strip(), kinds=tuple(answers["kinds"].split())
        )
        made = await self.desk.ask_hub(lambda hub: hub.make_hook(asked))
        return Made(made.code, made.secret)

    @override
    def end(self, hub: HubPort, code: str) -> None:
        hub.end_hook(code)

    @override
    def ended(self, code: str) -> Text:
        return Text(N_("{code} is told nothing any more."), {"code": code})

    @override
    def is_over(self, code: str) -> bool:
        hook = self._hooks.get(code)
        return hook is not None and hook.ended_at is not None

    async def _read_deliveries(self, code: str) -> None:
        self.deliveries = ()
        if code in self._hooks:
            self.deliveries = tuple(await self.desk.ask_hub(lambda hub: hub.hook_news(code)))


def _mark(hook: Hook) -> str:
    if hook.ended_at is not None:
        return "not_yet"
    return "stops" if hook.tries else ""


def _state(hook: Hook) -> Text | None:
    if hook.ended_at is not None:
        return Text(N_("Over"))
    return Text(N_("Does not answer")) if hook.tries else None
