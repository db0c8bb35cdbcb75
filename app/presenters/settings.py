"""Settings of this desk: language, theme, density, motion, hub; and the rules in force, to read."""

from __future__ import annotations

from datetime import datetime

import msgspec

from app.choices import CHOICES
from app.desk import Desk, Screen
from app.domain.rules import Rules
from app.ports import Changes, Link, OutboxRow, Replica, Views
from app.text import N_, Text

LANGUAGES = (("zh_CN", "中文"), ("en", "English"))
THEMES = (("light", N_("Light")), ("dark", N_("Dark")), ("contrast", N_("High contrast")))
DENSITIES = (("cosy", N_("Cosy")), ("compact", N_("Compact")))
MOTIONS = (("full", N_("Normal")), ("reduced", N_("Reduced")))
SINGLE_KEYS = (("on", N_("On")), ("off", N_("Off, with Alt")))
VERBS = {
    "adjust_stock": N_("Correct the count"),
    "amend": N_("Change the order"),
    "cancel": N_("Cancel order"),
    "fix_address": N_("Fix the address"),
    "hold": N_("Hold"),
    "import_file": N_("Import files"),
    "let_go": N_("Let go"),
    "match_sku": N_("Match an article"),
    "pack": N_("Pack"),
    "pick": N_("Pick"),
    "print_paper": N_("Print"),
    "receive_payment": N_("Note a payment"),
    "recheck": N_("Check again"),
    "reject_review": N_("Send back"),
    "reopen": N_("Open again"),
    "restore": N_("Restore"),
    "resume": N_("Resume"),
    "set_rules": N_("Change the rules"),
    "settle": N_("Decide"),
    "ship": N_("Ship"),
    "sign_off": N_("Sign"),
}
"""What the outbox calls the commands of people."""


class State(msgspec.Struct, frozen=True, kw_only=True):
    language: str = "zh_CN"
    theme: str = "light"
    density: str = "cosy"
    motion: str = "full"
    single_keys: str = "on"
    hub: str = ""
    link: Link | None = None
    outbox: tuple[OutboxRow, ...] = ()
    rules: Rules | None = None
    now: datetime | None = None
    zone: str = "Asia/Shanghai"
    is_loaded: bool = False
    notice: Text | None = None


class Settings(Screen[State]):
    """Verbs of the settings page."""

    def __init__(self, desk: Desk, hub: str) -> None:
        super().__init__(desk, State(hub=hub))

    async def refresh(self, changes: Changes | None = None) -> None:
        """Read what this desk remembers and how it stands to its hub."""
        if changes is not None and not (changes.sync or changes.touches("rules")):
            return
        kept = {k: await self.desk.keep(Replica.setting, k, default) for k, default in CHOICES.items()}
        outbox = tuple(await self.desk.look(Views.outbox))
        refs = await self.desk.look(Views.refs)
        shop = next(iter(refs.shops.values()), None)
        self.show(
            msgspec.structs.replace(
                self.state,
                **kept,
                link=self.desk.link(),
                outbox=outbox,
                rules=refs.rules,
                now=await self.desk.now(),
                zone=shop.zone if shop else self.state.zone,
                is_loaded=True,
            )
        )

    async def choose(self, key: str, value: str) -> None:
        """Keep one choice; the page applies it at once."""
        await self.desk.keep(Replica.set_setting, key, value)
        self.show(msgspec.structs.replace(self.state, **{key: value}))
