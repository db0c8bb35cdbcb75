"""The whole desk behind its window: pages, presenters, the replica and the line to the hub meet only here."""

from __future__ import annotations

import asyncio
import importlib
import platform
import sys
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from app import leases
from app.boot.counts import Counts
from app.boot.demo_company import PASSWORD, USERS
from app.boot.divisions import load_atlas, load_gazetteer
from app.boot.embedded import EmbeddedHub, demo_hub
from app.boot.places import desk_key
from app.boot.screens import SCREENS, Screens, load_ahead
from app.desk import Desk
from app.domain.distance import Atlas
from app.domain.gazetteer import Gazetteer
from app.lanes import Lane
from app.ports import Changes
from app.presenters.sign_in import SignIn
from app.sourcing.ways import Ways
from app.text import N_
from app.trouble import Trouble
from sync.replica.link import Link
from sync.replica.loop import Loop
from sync.replica.store import Store
from sync.replica.views import Views as ReplicaViews
from sync.signing import Signer
from sync.trust import PUBLIC, Trust
from widgets import words
from widgets.aio import Tasks
from widgets.bridge import Bridge
from widgets.page import Page
from widgets.rubbish import Rubbish
from widgets.screen_page import ScreenPage
from widgets.shell import Shell
from widgets.sync_line import SyncState
from widgets.top_bar import PersonState

if TYPE_CHECKING:  # loads with the first search
    from widgets.finder import Finder
    from widgets.palette import PaletteRow

FLUSH_MS = 33
"""Changes of this long are drawn at once: 30 pictures a second are enough. Source: qt.md 3e."""
LOOK_MS = 1_000
SLOW_MS = 15_000
"""How often what only time changes (limits, cut-offs) is drawn again."""
LEASES_MS = 60_000
LEAVE_S = 2.0
"""How long a window that closes waits for what the desk gives back to reach the hub."""
TIMED = frozenset({"today", "inbox", "warehouse"})

ROLES = {
    "clerk": N_("Order clerk"),
    "warehouse": N_("Warehouse"),
    "reviewer": N_("Night review"),
    "trainer": N_("Trainer"),
    "lead": N_("Lead"),
    "admin": N_("Administrator"),
}

AHEAD_MS = 400
"""So long after the start nothing is loaded ahead: the first page has the machine for itself."""
SWITCH_S = 0.001
"""The window waits at most so long for another lane to give the interpreter up. Source: qt.md 3d."""
NOTHING = Changes()
_one_reads = threading.Lock()


def gazetteer() -> Gazetteer:
    """Return the divisions of the country, read once and off the main thread."""
    with _one_reads:
        return _gazetteer()


@cache
def _gazetteer() -> Gazetteer:
    return load_gazetteer()


@cache
def atlas() -> Atlas:
    """Return where the divisions of the country lie, read when somebody asks for the first time."""
    return load_atlas()


@dataclass
class Workstation:
    """One open desk: its window, its lanes, its files and its line to the hub."""

    shell: Shell
    desk: Desk
    store: Store
    views: ReplicaViews
    link: Link
    loop: Loop
    tasks: Tasks
    lanes: tuple[Lane, ...]
    read: Lane
    files: Lane
    hub: EmbeddedHub | None
    presenters: Screens
    sign_in: SignIn
    bridge: Bridge
    counts: Counts
    news: Changes = NOTHING
    """What changed since the last picture."""
    seated: str = ""
    """The login whose name stands in the top bar."""

    def note(self, changes: object) -> None:
        """Remember what changed; the timer tells the page in front, the others look when they come there."""
        if not isinstance(changes, Changes):
            return
        self.news |= changes
        if self.desk.is_signed_in and self.desk.login.login_id != self.seated:
            self.seat()

    def flush(self) -> None:
        """Tell the page in front what changed, all of it at once."""
        page = self.shell.page
        if self.news == NOTHING or not self.desk.is_signed_in or not isinstance(page, ScreenPage):
            return
        news, self.news = self.news, NOTHING
        page.changed(news)
        self.tasks.latest("rail", self.counts.show)
        self.look()

    def again(self) -> None:
        """Time has passed: what is in front may be late now."""
        page = self.shell.page
        if self.desk.is_signed_in and isinstance(page, ScreenPage) and page.code in TIMED:
            page.opened({})

    def tend(self) -> None:
        """Hold what this desk sells most, while there is a line."""
        self.tasks.latest("leases", self._tend)

    async def _tend(self) -> None:
        with suppress(Trouble):  # nobody asked for it; whoever works here is told by their own next step
            await leases.tend(self.desk)

    async def leave(self) -> None:
        """Give back what is held, as far as the line allows it at once."""
        with suppress(Trouble):  # a window closes, whatever happens; what is held runs out by itself
            if await leases.give_back(self.desk):
                await asyncio.to_thread(self._wait_until_sent)

    def _wait_until_sent(self) -> None:
        until_s = time.monotonic() + LEAVE_S
        while self.desk.link().waiting and time.monotonic() < until_s:
            time.sleep(FLUSH_MS / 1_000)

    async def read_ahead(self) -> None:
        """Load while somebody signs in what will be asked for soon."""
        await self.files.run(gazetteer)
        await self.files.run(load_ahead)

    def look(self) -> None:
        """Draw how the desk stands to its hub."""
        link = self.desk.link()
        now = self.store.clock.now()
        self.shell.show_sync(
            SyncState(
                link="offline" if link.state == "starting" else link.state,
                link_for_s=(now - link.since).total_seconds(),
                outbox=link.waiting,
                oldest_s=link.oldest_s,
                delivered="saved" if link.waiting else "protected" if link.is_protected else "accepted",
                note=words.trn(link.note) if link.note else _fresh(link.state, link.updated_s),
            )
        )

    def seat(self) -> None:
        """Somebody signed in."""
        login = self.desk.login
        self.seated = login.login_id
        role = ROLES.get(login.user.role, login.user.role)
        self.shell.show_person(PersonState(name=login.user.title, team=role))
        self.tasks.latest("rail", self.counts.show)
        self.shell.go("warehouse" if login.user.role == "warehouse" else "today")

    def switch_person(self) -> None:
        """Ctrl+L: the next person sits down; drafts and outbox stay."""
        self.seated = ""
        self.sign_in.leave()
        self.link.sign_out()
        self.shell.go("sign_in")

    def unplug(self) -> None:
        """Pull the cable: the hub of this PC is gone at once."""
        if self.hub is not None:
            self.hub.kill()

    def plug_in(self) -> None:
        """Bring the hub of this PC back."""
        if self.hub is not None:
            self.hub.start(self.loop.nudge)

    def close(self) -> None:
        """Send what can be sent, then let go of everything."""
        self.bridge.changed.disconnect(self.note)
        self.loop.stop()
        for lane in self.lanes:
            lane.close()
        self.views.close()
        self.store.close()
        if self.hub is not None:
            self.hub.stop()


def _fresh(state: str, updated_s: int) -> str:
    if state == "online":
        return words.tr("updated {time} ago", time=words.span(updated_s))
    return words.tr("Go on working; everything is kept here and sent later.")


def open_station(
    shell: Shell,
    home: Path,
    *,
    hub_url: str = "",
    hub_arguments: Sequence[str] = (),
    trust: Trust = PUBLIC,
    key_of: Callable[[Path, str], bytes] = desk_key,
    practice: EmbeddedHub | None = None,
) -> Workstation:
    """Open a desk on the files in `home` behind its window; nothing is asked of the network yet.

    Without `hub_url` the hub of this PC with the demo company is meant, or that of a `practice` round.
    """
    bridge, tasks = Bridge(), Tasks()
    store_lane, read_lane, push_lane, file_lane, export_lane = (
        Lane(name) for name in ("store", "read", "sign-in", "files", "export")
    )
    key = key_of(home, "files")
    store = Store(home / "desk", gazetteer=gazetteer, key=key, ways=Ways(atlas))
    views = ReplicaViews(store, gazetteer=gazetteer, key=key, ways=Ways(atlas))
    hub = None if hub_url else practice or demo_hub(home, hub_arguments)
    link = Link(
        url=hub.address if hub else lambda: hub_url,
        store=store,
        on_store=store_lane.call,
        device=_device(store),
        signer=Signer(key_of(home, "signs")),
        tell=bridge.tell,
        title=platform.node(),
        trust=trust,
    )
    if hub is not None:
        hub.on_note = link.say
    loop = Loop(store=store, link=link, on_store=store_lane.call, tell=bridge.tell)
    desk = Desk(
        views=views,
        replica=store,
        hub=link,
        read=read_lane,
        store=store_lane,
        push=push_lane,
        tell=bridge.tell,
    )
    people, password = ((), "") if hub_url else (USERS, PASSWORD)
    is_practice = practice is not None
    sign_in = SignIn(desk, hub=hub_url, demo_people=people, demo_password=password, is_practice=is_practice)
    screens = Screens(
        desk, link, hub_url, files=file_lane, exports=export_lane, left=shell.person_wanted.emit
    )
    _use_search(shell, desk, tasks)
    shell.use_bridge(bridge)
    shell.files_dropped.connect(lambda paths: shell.go("import_file", {"files": "\n".join(paths)}))
    _add_pages(shell, screens, sign_in, tasks)
    station = Workstation(
        shell=shell,
        desk=desk,
        store=store,
        views=views,
        link=link,
        loop=loop,
        tasks=tasks,
        lanes=(store_lane, read_lane, push_lane, file_lane, export_lane),
        read=read_lane,
        files=file_lane,
        hub=hub,
        presenters=screens,
        sign_in=sign_in,
        bridge=bridge,
        counts=Counts(shell, desk),
    )
    bridge.changed.connect(station.note)
    shell.person_wanted.connect(station.switch_person)
    Rubbish(shell)
    sys.setswitchinterval(SWITCH_S)  # no other lane stops the window for long
    return station


def _use_search(shell: Shell, desk: Desk, tasks: Tasks) -> None:
    """Tell the shell how Ctrl+K finds; what it takes loads with the first search."""

    @cache
    def finder() -> Finder:
        from app.presenters.palette import Palette
        from widgets.finder import Finder

        made = Finder(Palette(desk))
        made.shell = shell
        return made

    async def search(text: str) -> Sequence[PaletteRow]:
        return await finder().search(text)

    shell.use_search(tasks, search)


def _add_pages(shell: Shell, screens: Screens, sign_in: SignIn, tasks: Tasks) -> None:
    """Tell the shell how each page is made; it and its presenter load when somebody first goes there."""

    def go(place: str, /, **args: str) -> None:
        shell.go(place, args)

    def page(code: str) -> Page:
        module = importlib.import_module(f"widgets.pages.{code}")
        kind: Callable[..., Page] = getattr(
            module, "".join(part.title() for part in code.split("_")) + "Page"
        )
        return kind(sign_in if code == "sign_in" else screens[code], tasks, go)

    def settings() -> Page:
        from app.boot.settings import settings_page

        return settings_page(screens.settings["settings"], screens.settings, tasks, go)

    for code in ("sign_in", *SCREENS):
        shell.add_page(code, partial(page, code))
    shell.add_page("settings", settings)


def _device(store: Store) -> str:
    """Return the name under which the hub knows this PC, made at first use."""
    device = store.setting("device")
    if not device:
        device = uuid.uuid4().hex
        store.set_setting("device", device)
    return device


async def run(station: Workstation, first: str = "sign_in") -> None:
    """Start the rest behind the window, with its first page; live until it is closed."""
    QApplication.setQuitOnLastWindowClosed(False)  # the loop ends when what runs has ended, not before
    closing: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    station.shell.closing.connect(lambda: None if closing.done() else closing.set_result(None))
    station.shell.go(first)
    timers = (
        _every(FLUSH_MS, station.flush),
        _every(LOOK_MS, station.look),
        _every(SLOW_MS, station.again),
        _once(AHEAD_MS, lambda: station.tasks.spawn(station.read_ahead())),
        _every(LEASES_MS, station.tend),
    )
    if station.hub is not None:
        station.hub.start(station.loop.nudge)
    station.loop.start()
    await closing
    await station.leave()
    for timer in timers:
        timer.stop()
    await station.tasks.cancel_all()


def _every(ms: int, call: Callable[[], None]) -> QTimer:
    timer = QTimer()
    timer.timeout.connect(call)
    timer.start(ms)
    return timer


def _once(ms: int, call: Callable[[], None]) -> QTimer:
    timer = _every(ms, call)
    timer.setSingleShot(True)
    return timer
