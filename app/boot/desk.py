"""The desk process: the window stands before anything else is loaded; `station` then furnishes it."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QApplication

from app import __version__
from app.boot.chosen_hub import chosen_hub
from app.boot.places import data_dir
from app.choices import CHOICES
from app.trouble import Trouble
from sync.replica.remembered import remembered
from widgets import fonts, motion, theme, words
from widgets.rail import PLACES
from widgets.shell import Shell

if TYPE_CHECKING:  # loads behind the window
    from app.boot.station import Workstation
    from widgets.pages.connect import ConnectPage

SPINE: Final = frozenset(
    {"today", "inbox", "orders", "new_order", "review", "warehouse", "stock", "figures", "help", "settings"}
)


def open_window(app: QApplication, home: Path) -> Shell:
    """Make the window as this desk remembers it to look; it is empty until it is furnished."""
    app.setApplicationName("Docket")
    fonts.install(app)
    dress(app, CHOICES | remembered(home / "desk"))
    return Shell(places=tuple(place for place in PLACES if place.code in SPINE))


def dress(app: QApplication, chosen: Mapping[str, str]) -> None:
    """Put on a language, a theme and a density."""
    words.set_language(chosen["language"])
    theme.apply(app, chosen["theme"], chosen["density"])
    motion.motion().is_reduced = chosen["motion"] == "reduced"


def first_paint(shell: Shell) -> None:
    """Show the window now, before the rest is loaded."""
    shell.show()
    shell.repaint()


def furnish(
    shell: Shell,
    home: Path,
    *,
    hub_url: str = "",
    hub_arguments: Sequence[str] = (),
    ca: str = "",
    may_be_plain: bool = False,
    is_same_hub: bool = False,
    keys: Mapping[str, bytes] | None = None,
) -> Workstation:
    """Load the rest and put it behind the window; `keys` are those a passphrase opened."""
    from app.boot.chosen_hub import HubChoice, begin_anew, unsent_in
    from app.boot.places import desk_key
    from app.boot.station import open_station
    from app.presenters.connect import Connect
    from sync.trust import Trust

    def key_of(place: Path, name: str) -> bytes:
        return desk_key(place, name) if keys is None else keys[name]

    looks = begin_anew(
        home, hub_url, unsent=lambda: unsent_in(home, key_of(home, "files")), is_same=is_same_hub
    )
    station = open_station(
        shell,
        home,
        hub_url=hub_url,
        hub_arguments=hub_arguments,
        trust=Trust(ca, may_be_plain),
        key_of=key_of,
    )
    for name, value in looks.items():
        station.store.set_setting(name, value)

    def connect() -> ConnectPage:
        from widgets.pages.connect import ConnectPage

        presenter = Connect(station.desk, HubChoice(home, hub_url, ca), station.files)
        return ConnectPage(presenter, station.tasks, lambda place, /, **args: shell.go(place, args))

    shell.add_page("connect", connect)
    return station


def main(argv: list[str]) -> int:
    """`docket desk [--hub URL]`."""
    parser = argparse.ArgumentParser(prog="docket desk", description=__doc__)
    parser.add_argument("--hub", default=os.environ.get("DOCKET_HUB", ""), help="URL of the central hub")
    parser.add_argument("--hub-ca", default=os.environ.get("DOCKET_HUB_CA", ""), help="who vouches for it")
    parser.add_argument("--same-hub", action="store_true", help="its address changed, it is the one before")
    parser.add_argument("--plain-http", action="store_true", help="accept a line to the hub nobody protects")
    parser.add_argument("--passphrase", action="store_true", help="choose one instead of a key store")
    asked = parser.parse_args(argv)
    if asked.hub_ca and not Path(asked.hub_ca).is_file():
        parser.error(f"--hub-ca: {asked.hub_ca}?")
    home = data_dir()
    chosen = chosen_hub(home)
    hub, ca = (asked.hub, asked.hub_ca) if asked.hub else (chosen.url, asked.hub_ca or chosen.ca)
    app = QApplication(sys.argv[:1])
    shell = open_window(app, home)
    first_paint(shell)
    try:
        is_open, keys = _opened(app, shell, home, is_wanted=asked.passphrase)
        if not is_open:
            return 0
        station = furnish(
            shell,
            home,
            hub_url=hub,
            ca=ca,
            may_be_plain=asked.plain_http,
            is_same_hub=asked.same_hub,
            keys=keys,
        )
    except Trouble as trouble:  # before there is a page to say it on
        print(words.trn(trouble.hint), file=sys.stderr)
        return 2
    from app.boot.at_orders import AtOrders
    from app.boot.coaching import Coaching
    from app.boot.practising import Practising

    Coaching(shell, station.desk, station.tasks)
    AtOrders(shell, station.desk, station.tasks)
    decks = partial(station.read.run, station.views.own_decks)
    Practising(shell, station.desk, station.tasks, station.bridge, home, decks)
    live(app, station, home)
    return 0


def _opened(
    app: QApplication, shell: Shell, home: Path, *, is_wanted: bool
) -> tuple[bool, Mapping[str, bytes] | None]:
    """Ask for the passphrase where the desk has one, or is to have one; say whether it opened, and with what.

    A desk without one opens with the keys of the key store.
    """
    from app.boot.phrase import PhraseKeys

    if not is_wanted and not PhraseKeys(home).is_set():
        return True, None
    from app.boot.unlock import unlock

    keys = unlock(app, shell, home)
    return keys is not None, keys


def live(app: QApplication, station: Workstation, home: Path) -> None:
    """Work until the window is closed; a bug is kept as a report and told in the window."""
    import qasync

    from app.boot.station import run
    from widgets.crash import CrashHook

    hook = CrashHook(home / "log", station.bridge.tell, now=lambda: datetime.now(UTC), version=__version__)
    hook.install()
    with qasync.QEventLoop(app) as events:
        events.run_until_complete(run(station))
    station.close()
    hook.remove()
