"""Notices of holds outside the program, as the hub process begins and shows them."""

from __future__ import annotations

from pathlib import Path

from app.boot.opening import FEED_ID, Running, opened
from app.boot.words import console
from app.gating import GATES
from sync.hub.directory import Apprise, read_directory
from sync.hub.jobs import Every
from sync.hub.notices import Notices, deliveries
from sync.wire import new_id

PAUSE_S = 2.0


def telling(running: Running, path: str) -> list[Every]:
    """Tell people of holds at the addresses of a file, in the language of this console; nobody without one.

    Raises:
        Trouble: notices: the file says none.
    """
    if not path:
        return []
    hub, directory = running.hub, read_directory(Path(path))
    notices = Notices(hub.engine, FEED_ID, directory, Apprise(), console, new_id(hub.clock()))
    return [Every("notices", PAUSE_S, lambda: notices.step(hub.clock()))]


def show_deliveries(database: str) -> None:
    """Print who was told of which hold, the newest first, and since when that is read."""
    for told in deliveries(opened(database), FEED_ID):
        gate = console(GATES[told.gate].title if told.gate in GATES else told.gate)
        read = f"{told.read_at:%Y-%m-%d %H:%M}Z" if told.read_at is not None else "-"
        print(f"{told.told_at:%Y-%m-%d %H:%M}Z", told.number, gate, told.person, told.state, read, sep="\t")
