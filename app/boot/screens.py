"""The presenter of every screen, made when somebody first goes there: none waits for the others to load."""

from __future__ import annotations

import importlib
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from functools import cached_property
from typing import Any, Final, Protocol

from typing_extensions import override

from app.desk import Desk
from app.lanes import Lane
from app.ports import Changes
from sync.replica.link import Link
from widgets import words

SCREENS: Final = {
    "today": "Today", "inbox": "Inbox", "orders": "Orders", "order": "OrderSheet", "guide": "Guide",
    "review": "Review", "warehouse": "Warehouse", "stock": "Stock", "paper": "Papers", "outbox": "Outbox",
    "import_file": "ImportFile", "figures": "Figures", "notices": "Notices",
    "wave": "Wave", "handover": "HandoverDesk", "training": "Training",
    "connect_shop": "ConnectShop", "mend_channel": "MendChannel",
}  # fmt: skip
"""Module of `app.presenters`, and its class."""


class Presenter(Protocol):
    """What every screen can do: look again."""

    def refresh(self, changes: Changes | None = None) -> Awaitable[None]: ...


class Screens(Mapping[str, Presenter]):
    """Presenters by the code of their page, the settings and their sections among them."""

    def __init__(
        self, desk: Desk, link: Link, hub: str, *, files: Lane, exports: Lane, left: Callable[[], object]
    ) -> None:
        self._desk, self._link, self._hub, self._left = desk, link, hub, left
        self._files, self._exports = files, exports
        self._made: dict[str, Presenter] = {}

    @override
    def __getitem__(self, code: str) -> Presenter:
        if code not in SCREENS:
            section: Presenter = self.settings[code]
            return section
        if code not in self._made:
            kind = getattr(importlib.import_module(f"app.presenters.{code}"), SCREENS[code])
            self._made[code] = kind(self._desk, *self._needed(code))
        return self._made[code]

    @override
    def __iter__(self) -> Iterator[str]:
        return iter((*SCREENS, *self.settings))

    @override
    def __len__(self) -> int:
        return len(SCREENS) + len(self.settings)

    def _needed(self, code: str) -> tuple[Any, ...]:
        """Return what a presenter works with besides the desk."""
        if code in {"orders", "figures", "handover", "training"}:
            from app.boot.sheets import Files

            return Files(), self._exports
        if code == "wave":
            return self._files, _within
        if code == "import_file":
            from sync.replica.imports import Imports

            return Imports(self._link, words.language), self._files
        return ()

    @cached_property
    def settings(self) -> Mapping[str, Any]:
        """The frame of the settings and every section."""
        from app.boot.settings import settings_sections
        from app.presenters.settings import Settings
        from app.presenters.settings_tariffs import SheetReader
        from sync.replica.imports import Imports

        sheets = SheetReader(Imports(self._link, words.language), self._files)
        sections = settings_sections(self._desk, self._hub, self._left, sheets)
        return {"settings": Settings(self._desk), **sections}


def _within(seconds: float) -> Callable[[], float]:
    """Say from now on how many of these seconds are left."""
    ends = time.monotonic() + seconds
    return lambda: ends - time.monotonic()


def load_ahead() -> None:
    """Load what no screen has needed yet, while nobody waits for it; on a lane."""
    for code in SCREENS:
        importlib.import_module(f"app.presenters.{code}")
    importlib.import_module("app.boot.settings")
