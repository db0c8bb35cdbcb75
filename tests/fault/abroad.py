"""The world outside of a fault run, moody as carriers are; and a hub in a world where a day lasts a minute.

What really happened outside stands in the folder of `--outgoing`: see `times_told`.
"""

from __future__ import annotations

import csv
import random
import time
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

from bugs import put_in

import app.boot.hub
import app.boot.lanes
import app.boot.outgoing
import app.commands.lease_stock
import app.commands.redo_effect
import app.domain.leasing
import sync.hub.effects
import sync.hub.leases
from app.domain.rules import Rules
from app.text import Text
from sync.hub.asking import Worker
from sync.hub.effects import Effects
from sync.hub.leases import expire_page
from sync.hub.outgoing import WRITTEN, Folder, file_name
from sync.hub.provider import Done, Rejected, Unclear, Unsent
from sync.hub.stock_figures import Figures

MOODS = ("well", "unreached", "rejected", "lost", "unanswered")
WEIGHTS = (40, 10, 20, 10, 20)
BLIND = 0.3
"""How often nobody there can tell what became of a key."""
LEASE_LIFE, LEASE_GRACE = timedelta(seconds=30), timedelta(seconds=3)
LEASES_PAUSE_S = FIGURES_PAUSE_S = 1.0
HOLD = timedelta(seconds=4)
YOUNG_S = 3.0
"""From the first import on."""
LOOKS_MOST = 2


class Moody(Folder):
    """A channel that takes no keys: whatever is sent twice happens twice. It answers when it likes."""

    takes_keys = False
    settle_s = 0.2

    def send(self, key: str, payload: bytes) -> Done | Rejected:
        """Take it, or not, and say so, or not.

        Raises:
            Unsent: nobody was reached.
            Unclear: no answer, whether it happened or not.
        """
        (mood,) = random.choices(MOODS, WEIGHTS)  # noqa: S311 - dice
        if mood == "unreached":
            raise Unsent("nobody answers", 0.1)
        if mood == "rejected":
            return Rejected(Text("they do not know this order"))
        if mood == "lost":
            raise Unclear("the line broke on the way there")
        done = super().send(key, payload)
        if mood == "unanswered":
            raise Unclear("the line broke on the way back")
        return done

    def look_up(self, key: str) -> Done | Rejected | None:
        """Tell what happened, where somebody knows.

        Raises:
            Unclear: nobody does.
        """
        if random.random() < BLIND:  # noqa: S311 - dice
            raise Unclear("nobody can tell")
        return super().look_up(key)


class LaterEffects(Effects):
    """People first: what leaves the house by itself waits until they had a word with a new hub."""

    def carry_out(self) -> bool:
        """Carry one out, once there was time for people."""
        return not _is_young() and super().carry_out()


class LaterFigures(Figures):
    """Figures of stock leave one by one: to send them all at once is not what these hubs are here for."""

    def step(self) -> bool:
        """Send one, and rest."""
        if not _is_young():
            super().step()
        return False


def _expire_later(worker: Worker, now: datetime) -> int:
    return 0 if _is_young() else expire_page(worker, now)


_BORN_S = time.monotonic()


def _is_young() -> bool:
    return time.monotonic() - _BORN_S < YOUNG_S


def go_abroad(bug: str) -> None:
    """Put this process into that world, for good, with a bug of `bugs.py` where one is named."""
    if bug:
        put_in(bug)
    for place, name, other in (
        (app.boot.outgoing, "Folder", Moody),
        (app.boot.lanes, "Effects", LaterEffects),
        (app.boot.outgoing, "Figures", LaterFigures),
        (app.boot.outgoing, "FIGURES_PAUSE_S", FIGURES_PAUSE_S),
        (app.boot.hub, "expire_page", _expire_later),
        (app.boot.hub, "LEASES_PAUSE_S", LEASES_PAUSE_S),
        (app.commands.lease_stock, "life", lambda _rules: LEASE_LIFE),
        (app.domain.leasing, "renewal", _grace),
        (sync.hub.leases, "renewal", _grace),
        (app.commands.redo_effect, "HOLD", HOLD),
        (sync.hub.effects, "LOOKS_MOST", LOOKS_MOST),
    ):
        assert hasattr(place, name), f"{place.__name__} has no {name} any more"
        setattr(place, name, other)


def _grace(_rules: Rules) -> timedelta:
    return LEASE_GRACE


# --- looking there from outside -------------------------------------------------------------------------


def times_told(folder: Path, key: str) -> int:
    """Return how often something really happened; a file whose writer died before noting it is there too."""
    name = file_name(key)
    index = folder / WRITTEN
    noted = Counter(index.read_text(encoding="utf-8").splitlines()) if index.exists() else Counter[str]()
    return noted[name] or int((folder / name).exists())


def figures_told(folder: Path, shop: str) -> dict[str, str]:
    """Return what a shop was told of its stock, by its own codes."""
    sheet = folder / f"stock-{shop}.csv"
    if not sheet.exists():
        return {}
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        return {row[0]: row[2] for row in list(csv.reader(file))[1:] if row}
