"""The desk process: window first, then the rest. Only here do pages, presenters and the replica meet."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from widgets.finder import Finder

import resources
from app.boot.demo_company import PASSWORD
from app.boot.embedded import EmbeddedHub
from app.boot.places import demo_database
from app.desk import Desk
from app.domain.gazetteer import Gazetteer
from app.lanes import Lane
from app.ports import Changes, Views
from app.presenters.guide import Guide
from app.presenters.inbox import Inbox
from app.presenters.order import OrderSheet
from app.presenters.orders import Orders
from app.presenters.palette import Palette
from app.presenters.review import Review
from app.presenters.settings import Settings
from app.presenters.sign_in import SignIn
from app.presenters.stock import Stock
from app.presenters.today import Today
from app.presenters.warehouse import Warehouse
from app.text import N_, Text
from sync.replica.link import Link
from sync.replica.loop import Loop
from sync.replica.store import Store
from sync.replica.views import Views as ReplicaViews
from widgets import words
from widgets.aio import Tasks
from widgets.bridge import Bridge
from widgets.rail import PLACES, RailState
from widgets.shell import Shell
from widgets.sync_line import SyncState
from widgets.top_bar import PersonState

FLUSH_MS = 33
"""Changes of this long are drawn at once: 30 pictures a second are enough. Source: qt.md 3e."""
LOOK_MS = 1_000
SLOW_MS = 15_000
"""How often what only time changes (limits, cut-offs) is drawn again."""
SPINE = frozenset({"today", "inbox", "orders", "review", "warehouse", "stock", "help", "settings"})

ROLES = {
    "clerk": N_("Order clerk"),
    "warehouse": N_("Warehouse"),
    "reviewer": N_("Night review"),
    "trainer": N_("Trainer"),
    "lead": N_("Lead"),
    "admin": N_("Administrator"),
}


class Presenter(Protocol):
    """What every screen can do: look again."""

    def refresh(self, changes: Changes | None = None) -> Awaitable[None]: ...


@cache
def gazetteer() -> Gazetteer:
    """Return the divisions of the country, read once and off the main thread."""
    return Gazetteer.from_bytes(resources.read("geo", "regions.json.gz"))


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
    hub: EmbeddedHub | None
    presenters: Mapping[str, Presenter]
    sign_in: SignIn
    waiting: dict[str, Changes] = field(default_factory=dict)
    """What each screen has not looked at yet."""

    def note(self, changes: object) -> None:
        """Remember news for every screen; the timer draws them together."""
        if isinstance(changes, Changes):
            for code in self.presenters:
                self.waiting[code] = self.waiting.get(code, Changes()) | changes

    def flush(self) -> None:
        """Draw what is in front; the rest waits until somebody goes there."""
        page = self.shell.page
        if page is None or not self.desk.is_signed_in:
            return
        changes = self.waiting.pop(page.code, None)
        if changes is not None:
            self._refresh(page.code, changes)
        if self.waiting.pop("", None) is not None or changes is not None:
            self.tasks.latest("rail", self.count)
        self.look()

    def _refresh(self, code: str, changes: Changes | None) -> None:
        presenter = self.presenters.get(code)
        if presenter is not None:
            self.tasks.once(f"refresh {code}", lambda: _refreshed(self, code, presenter, changes))

    def went(self, code: str) -> None:
        """A page came to the front: it looks at everything it missed."""
        self.waiting.pop(code, None)
        if self.desk.is_signed_in:
            self.tasks.latest(f"open {code}", lambda: _refreshed(self, code, self.presenters.get(code), None))

    def again(self) -> None:
        """Time has passed: what is in front may be late now."""
        page = self.shell.page
        if page is not None and self.desk.is_signed_in and page.code in ("today", "inbox", "warehouse"):
            self.went(page.code)

    async def count(self) -> None:
        """Put the counts on the rail."""
        counts = await self.desk.look(Views.counts, self.desk.login)
        self.shell.show_rail(
            RailState(counts={"inbox": counts.snags, "review": counts.reviews, "warehouse": counts.to_pick})
        )

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
        role = Text(ROLES.get(login.user.role, login.user.role))
        self.shell.show_person(PersonState(name=login.user.title, team=words.trn(role)))
        self.note(Changes(sync=True))
        self.tasks.latest("rail", self.count)
        self.shell.go("warehouse" if login.user.role == "warehouse" else "today")

    def switch_person(self) -> None:
        """Ctrl+L: the next person sits down; drafts and outbox stay."""
        self.sign_in.leave()
        self.link.sign_out()
        self.shell.go("sign_in")

    def close(self) -> None:
        """Send what can be sent, then let go of everything."""
        self.loop.stop()
        for lane in self.lanes:
            lane.close()
        self.views.close()
        self.store.close()
        if self.hub is not None:
            self.hub.stop()


async def _refreshed(
    station: Workstation, code: str, presenter: Presenter | None, changes: Changes | None
) -> None:
    if presenter is not None and station.desk.is_signed_in:
        await presenter.refresh(changes)


def _fresh(state: str, updated_s: int) -> str:
    if state == "online":
        return words.tr("updated {time} ago", time=words.span(updated_s))
    return words.tr("Go on working; everything is kept here and sent later.")


def open_station(home: Path, *, hub_url: str = "", demo: bool = True) -> Workstation:
    """Open a desk on the files in `home`; nothing is asked of the network yet."""
    bridge, tasks = Bridge(), Tasks()
    store_lane, read_lane, push_lane = Lane("store"), Lane("read"), Lane("sign-in")
    store = Store(home / "desk", gazetteer=gazetteer)
    views = ReplicaViews(store, gazetteer=gazetteer)
    hub = None
    if not hub_url:
        hub = EmbeddedHub(demo_database(), demo=demo, log=home / "log" / "hub.log")
    embedded = hub

    def url() -> str:
        return hub_url or (embedded.url if embedded else "")

    link = Link(url=url, store=store, on_store=store_lane.call, device=_device(store), tell=bridge.tell)
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
    sign_in = SignIn(desk, is_demo=demo and not hub_url, password=PASSWORD, hub=hub_url)
    presenters: dict[str, Any] = {
        "today": Today(desk),
        "inbox": Inbox(desk),
        "orders": Orders(desk),
        "order": OrderSheet(desk),
        "guide": Guide(desk),
        "review": Review(desk),
        "warehouse": Warehouse(desk),
        "stock": Stock(desk),
        "settings": Settings(desk, hub_url),
    }
    shell = Shell(
        tasks=tasks,
        search=lambda text: finder.search(text),
        places=tuple(place for place in PLACES if place.code in SPINE),
    )
    finder = Finder(shell, Palette(desk))
    shell.use_bridge(bridge)
    _add_pages(shell, presenters, sign_in, tasks)
    station = Workstation(
        shell=shell,
        desk=desk,
        store=store,
        views=views,
        link=link,
        loop=loop,
        tasks=tasks,
        lanes=(store_lane, read_lane, push_lane),
        hub=hub,
        presenters=presenters,
        sign_in=sign_in,
    )
    bridge.changed.connect(station.note)
    shell.went.connect(station.went)
    shell.person_wanted.connect(station.switch_person)
    return station
