"""How this desk looks and feels: language, theme, density, motion, single keys."""

from __future__ import annotations

import msgspec

from app.choices import CHOICES
from app.desk import Desk, Screen
from app.ports import Changes, Replica
from app.text import N_, Text

LANGUAGES = (("zh_CN", "中文"), ("en", "English"))
THEMES = (("light", N_("Light")), ("dark", N_("Dark")), ("contrast", N_("High contrast")))
DENSITIES = (("cosy", N_("Cosy")), ("compact", N_("Compact")))
MOTIONS = (("full", N_("Normal")), ("reduced", N_("Reduced")))
SINGLE_KEYS = (("on", N_("On")), ("off", N_("Off, with Alt")))


class State(msgspec.Struct, frozen=True, kw_only=True):
    language: str = "zh_CN"
    theme: str = "light"
    density: str = "cosy"
    motion: str = "full"
    single_keys: str = "on"
    is_loaded: bool = False
    notice: Text | None = None


class SettingsLook(Screen[State]):
    """Verbs of the section."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, State())

    async def refresh(self, changes: Changes | None = None) -> None:
        """Read what this desk remembers."""
        if changes is not None:
            return
        kept = {k: await self.desk.keep(Replica.setting, k, default) for k, default in CHOICES.items()}
        self.show(msgspec.structs.replace(self.state, **kept, is_loaded=True))

    async def choose(self, key: str, value: str) -> None:
        """Keep one choice; the page applies it at once."""
        await self.desk.keep(Replica.set_setting, key, value)
        self.show(msgspec.structs.replace(self.state, **{key: value}))
