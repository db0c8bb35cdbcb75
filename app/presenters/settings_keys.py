"""Keys of other systems: which systems may come to the hub, and for what."""

from __future__ import annotations

from typing_extensions import override

from app.command import Refs
from app.desk import Desk
from app.domain.event import listed
from app.domain.systems import MAKES_KEYS, SCOPES, NewKey, SystemKey
from app.editor import NEW, Input, Item, Wrong
from app.hub_editor import HubEditor, Made
from app.ports import HubPort
from app.text import N_, Text

LASTS = {
    "365": N_("One year"),
    "30": N_("30 days"),
    "1095": N_("Three years"),
    "0": N_("Until it is taken back"),
}


class SettingsKeys(HubEditor):
    """Verbs of the section."""

    verb = MAKES_KEYS
    why_closed = N_("Administrators let other systems in.")

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._keys: dict[str, SystemKey] = {}

    @override
    async def load(self) -> None:
        self._keys = {key.code: key for key in await self.desk.ask_hub(lambda hub: hub.keys())}

    @override
    def items(self, refs: Refs) -> tuple[Item, ...]:
        return tuple(
            Item(
                code=key.code,
                title=key.title,
                note=listed(
                    [Text(SCOPES[scope].title) for scope in key.scopes if scope in SCOPES] or [Text("")]
                ),
                mark="not_yet" if self.is_over(key.code) else "",
                state=Text(N_("Taken back")) if self.is_over(key.code) else None,
            )
            for key in self._keys.values()
        )

    @override
    def inputs(self, refs: Refs, code: str) -> tuple[Input, ...]:
        scopes = tuple((scope, Text(one.title)) for scope, one in SCOPES.items())
        if code == NEW:
            return (
                Input(
                    name="code", label=N_("Code"), value="",
                    hint=Text(N_("Letters and digits. The history says by it who did something.")),
                ),
                Input(name="title", label=N_("Which system"), value=""),
                Input(
                    name="scopes", label=N_("May do"), value="", kind="many", options=scopes,
                    hint=Text(N_("Who reads buyers in full is written down, order by order.")),
                ),
                Input(
                    name="days", label=N_("Lasts"), value="365", kind="combo",
                    options=tuple((days, Text(title)) for days, title in LASTS.items()),
                ),
            )  # fmt: skip
        key = self._keys[code]
        return (
            Input(
                name="scopes", label=N_("May do"), value=" ".join(key.scopes), kind="many", options=scopes,
                is_fixed=True,
            ),
            self.shown("made_by", N_("Made by"), refs.called("user", key.made_by)),
            self.shown("made_at", N_("Made"), self.at(key.made_at)),
            self.shown("expires_at", N_("Runs out"), self.at(key.expires_at)),
            self.shown("used_at", N_("Last used"), self.at(key.used_at)),
        )  # fmt: skip

    @override
    async def make(self, answers: dict[str, str]) -> Made | Wrong:
        if not answers["scopes"]:
            return Wrong("scopes", Text(N_("Choose at least one thing the system may do.")))
        asked = NewKey(
            code=answers["code"].strip(),
            title=answers["title"].strip(),
            scopes=tuple(answers["scopes"].split()),
            days=int(answers["days"]),
        )
        made = await self.desk.ask_hub(lambda hub: hub.make_key(asked))
        return Made(made.code, made.key)

    @override
    def end(self, hub: HubPort, code: str) -> None:
        hub.revoke_key(code)

    @override
    def ended(self, code: str) -> Text:
        return Text(N_("{code} opens nothing any more."), {"code": code})

    @override
    def is_over(self, code: str) -> bool:
        key = self._keys.get(code)
        return key is not None and key.revoked_at is not None
