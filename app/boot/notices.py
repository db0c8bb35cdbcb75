"""Notices of holds, at desks and outside the program, as the hub process begins and shows them."""

from __future__ import annotations

from pathlib import Path

from app.boot.opening import FEED_ID, Running, opened
from app.boot.words import console
from app.domain.own_address import Allowed
from app.gating import GATES
from sync.hub.asking import Worker
from sync.hub.bells import WORKER, Bells
from sync.hub.directory import Apprise, Directory, read_directory
from sync.hub.jobs import Every, open_worker
from sync.hub.notices import Notices, deliveries
from sync.hub.own_addresses import Post
from sync.wire import new_id

BELLS_PAUSE_S = 1.0
"""With what a hold takes to settle, people hear of it within five seconds."""
PAUSE_S = 2.0


def telling(running: Running, path: str) -> list[Every]:
    """Tell people of holds at their desks, their own addresses and those of a file, as this console speaks.

    Raises:
        Trouble: notices: the file says none.
    """
    hub = running.hub
    known = read_directory(Path(path)) if path else Directory(people={})
    worker = Worker(hub.engine, FEED_ID, hub.writer, open_worker(hub.engine, FEED_ID, WORKER, hub.clock()))
    bells = Bells(worker, known.deputies, known.unread_min)
    hub.post = Post(Allowed(known.mail, known.hosts), Apprise(), console)
    name = new_id(hub.clock())
    notices = Notices(hub.engine, FEED_ID, known, Apprise(), console, name, hub.addresses())
    return [
        Every("bells", BELLS_PAUSE_S, lambda: bells.step(hub.clock())),
        Every("notices", PAUSE_S, lambda: notices.step(hub.clock())),
    ]


def show_deliveries(database: str) -> None:
    """Print who was told of which hold, the newest first, and since when that is read."""
    for told in deliveries(opened(database), FEED_ID):
        gate = console(GATES[told.gate].title if told.gate in GATES else told.gate)
        read = f"{told.read_at:%Y-%m-%d %H:%M}Z" if told.read_at is not None else "-"
        where = "outside" if told.is_outside else "desk"
        at = f"{told.told_at:%Y-%m-%d %H:%M}Z"
        print(at, told.number, gate, told.person, where, told.state, read, sep="\t")
