"""Desks at a real hub without a wire, and a search for what none of them may hold."""

from __future__ import annotations

import gzip
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
from hub_world import FEED, SEAL, HubWorld, bought
from sqlalchemy import select

from app.commands.set_user import SetUser
from app.domain.company import GRANTS, User
from app.domain.order import Order
from app.domain.scopes import Reach, covers, reach_of
from app.domain.values import Receiver, Role
from app.ports import Changes, Login
from app.text import Text
from app.trouble import Trouble
from sync import tables
from sync.chain import ChainReply
from sync.hub.access import grants_of, user_of
from sync.hub.database import reading
from sync.hub.pages import Pages
from sync.hub.snapshot import Snapshots
from sync.hub.witness.heads import chain
from sync.mark import Mark, Snapshot
from sync.replica.loop import Loop
from sync.replica.store import Store
from sync.replica.views import Views
from sync.transport import Stopped
from sync.wire import PullReply, Stop

WORD = "zq"
"""Begins every name, phone, street and id of these tests, so that a search of bytes means something."""


class Wire:
    """What `Transport` does, in this process: the answers of the hub for the person at a desk."""

    def __init__(self, world: ScopeWorld, desk: Seat) -> None:
        self._world, self._desk = world, desk
        self.cuts: list[int] = []
        """After so many bytes a download breaks off."""

    def pull(self, **ask: Any) -> PullReply:
        reach = self._world.reach(self._desk.user)
        if ask["scope_rev"] not in ("", reach.rev):
            raise Stopped(Stop(code="scope", reach=_there(reach)))
        page, floor = self._world.pages.read(
            self._desk.name, ask["cursor"], ask["limit"], reach, own=ask["own"]
        )
        if not floor <= ask["cursor"] <= page.head:
            raise Stopped(Stop(code="floor"))
        return _there(self._world.pages.opened(page, ask["limit"], reach, self._world.hub.clock()))

    def chain(self, since: int, to: int) -> ChainReply:
        with reading(self._world.hub.engine) as db:
            return chain(db, FEED, since, to)

    def snapshot(self, had: Reach | None = None, begun: str = "", since: int = 0) -> Snapshot:
        reach = self._world.reach(self._desk.user)
        built = self._world.snapshots.current(reach, had, begun, since=since)
        return Snapshot(built.sha256, built.path.stat().st_size, built.size)

    def download(
        self, snapshot: Snapshot, start: int, had: Reach | None = None, since: int = 0
    ) -> Iterator[bytes]:
        reach = self._world.reach(self._desk.user)
        built = self._world.snapshots.current(reach, had, snapshot.sha256, since=since)
        if built.sha256 != snapshot.sha256:
            raise Stopped(Stop(code="gone"))
        rest = built.path.read_bytes()[start:]
        if self.cuts:
            yield rest[: self.cuts.pop()]
            raise Trouble("hub_unreachable", Text("gone"), retry=True)
        yield rest


class _Link:
    """What the loop asks of its link."""

    is_online, may_wait, note = True, True, None

    def __init__(self) -> None:
        self.user = ""
        self.shrunk: list[Reach] = []
        self.on_sign_in: Callable[[], None] = lambda: None

    def heard(self, _took_s: float, *, pulled: bool = False) -> None:
        """The hub answered."""

    def say(self, _note: Text | None) -> None:
        """Nobody looks at the line."""

    def say_reach(self, was: Reach | None, now: Reach) -> None:
        if was is not None and not covers(now, was):
            self.shrunk.append(now)

    def link(self) -> Any:
        return msgspec.convert({"state": "online", "since": "2026-06-13T12:30:00Z"}, _LinkState)


class _LinkState(msgspec.Struct):
    state: str
    since: str
    updated_s: int = 0


class Seat:
    """One PC: its files, its loop, whoever sits there."""

    def __init__(self, world: ScopeWorld, name: str, folder: Path) -> None:
        self.world, self.name, self.folder = world, name, folder
        self.store = Store(folder)
        self.wire = Wire(world, self)
        self.link = _Link()
        self.told = Changes()
        self.loop = Loop(store=self.store, link=self.link, on_store=lambda work: work(), tell=self._tell)  # type: ignore[arg-type]
        self.loop._look_back = lambda *_: None  # type: ignore[method-assign]
        self.views = Views(self.store)

    @property
    def user(self) -> str:
        return self.link.user

    def sit(self, user: str) -> None:
        """Let a person sign in."""
        self.link.user = user
        self.store.seat(self.world.reach(user))

    def pull(self) -> None:
        """Do one exchange."""
        try:
            self.loop.pull_once(self.wire)  # type: ignore[arg-type]
        except Stopped as stopped:
            self.loop._answer_stop("pull", stopped, "")

    def level(self) -> None:
        """Pull until the desk stands where the hub stands, with all it may hold."""
        for _ in range(50):
            self.pull()
            mark = self.store.mark
            whole = mark.had is None and not mark.lacks_own and mark.reach == self.world.reach(self.user)
            if whole and mark.epoch and mark.cursor == self.world.hub.head():
                return
        raise AssertionError(f"never level: {self.store.mark}")

    def login(self) -> Login:
        user = self.world.user(self.user)
        return Login(login_id=f"login-{self.user}", user=user, grants=GRANTS[user.role])

    def orders(self) -> dict[str, Order]:
        rows = self.store._db.execute("SELECT pk, doc FROM row WHERE tbl = 'order'")
        return {pk: msgspec.json.decode(doc, type=Order) for pk, doc in rows}

    def close(self) -> None:
        self.loop.stop()
        self.views.close()
        self.store.close()

    def _tell(self, changes: Changes) -> None:
        self.told |= changes


class ScopeWorld:
    """A hub with two shops and two warehouses, and desks at it."""

    def __init__(self, hub: HubWorld, folder: Path) -> None:
        self.hub, self.folder = hub, folder
        self.pages = Pages(hub.engine, FEED, SEAL)
        self.snapshots = Snapshots(hub.engine, FEED, SEAL, folder / "snapshots")
        self.admin = hub.desk(Role.ADMIN)
        self.seats: dict[str, Seat] = {}

    def seat(self, name: str) -> Seat:
        if name not in self.seats:
            self.seats[name] = Seat(self, name, self.folder / name)
        return self.seats[name]

    def close(self) -> None:
        for seat in self.seats.values():
            seat.close()

    def user(self, code: str) -> User:
        with reading(self.hub.engine) as db:
            found = user_of(db, FEED, code)
        assert found is not None
        return found

    def reach(self, code: str) -> Reach:
        with reading(self.hub.engine) as db:
            user = user_of(db, FEED, code)
            assert user is not None
            return reach_of(user, grants_of(db, FEED, user))

    def set(self, code: str, **changes: Any) -> str:
        """Change what a person works for; return how the hub answered."""
        user = msgspec.structs.replace(self.user(code), **changes)
        return self.admin.ask(SetUser(user=user)).status

    def receive(self, order: str, **changes: Any) -> None:
        """Let a channel bring an order of a buyer whose name, phone and street are found again as bytes."""
        digits = f"{sum(order.encode()) * 7919 % 10**8:08d}"
        buyer = Receiver(name=f"{WORD}name{order}", phone=f"139{digits}", street=f"{WORD}street{order}")
        self.hub.channel.must(bought(order, receiver=buyer, **changes))

    def orders(self) -> dict[str, Order]:
        """Every order of the company, opened."""
        with reading(self.hub.engine) as db:
            ids = list(db.execute(select(tables.orders.c.id)).scalars())
        return {one: self.hub.order(one) for one in ids}


def _there(message: Any) -> Any:
    """Send a message over a wire."""
    return msgspec.json.decode(msgspec.json.encode(message), type=type(message))


# --- what nobody may hold ---------------------------------------------------------------------------


def may_hold(user: User, order: Order) -> bool:
    """Say it once more, in other words than the product does."""
    if user.shops and order.shop not in user.shops:
        return False
    if user.role is Role.WAREHOUSE:
        return order.warehouse != "" and (not user.warehouses or order.warehouse in user.warehouses)
    return user.role is not Role.REVIEWER or order.signatures_needed > 0


def leaks(world: ScopeWorld, seat: Seat) -> list[str]:
    """Search the open replica of a desk for what the person at it may not hold."""
    user, company = world.user(seat.user), world.orders()
    allowed = {one for one, order in company.items() if may_hold(user, order)}
    db = seat.store._db
    found = [f"order {one}" for one in seat.orders().keys() - allowed]
    for table, column in (("orders", "id"), ("history", "order_id"), ("return_case", "order_id")):
        named = {one for (one,) in db.execute(f"SELECT DISTINCT {column} FROM {table}")}
        found += [f"{table} of {one}" for one in named - allowed]
    places = user.warehouses or ("SZ", "WH")
    found += [
        f"shelf {row}" for row in db.execute("SELECT warehouse, sku FROM stock") if row[0] not in places
    ]
    found += [
        f"paper {row}"
        for row in db.execute("SELECT id, warehouse, target FROM stock_doc")
        if row[1] not in places and row[2] not in places
    ]
    for tbl, pk, doc in db.execute(
        "SELECT tbl, pk, doc FROM row WHERE tbl IN ('snag', 'revision', 'customer')"
    ):
        owner = msgspec.json.decode(doc).get("owner", "")
        if (tbl == "snag" and owner not in ("", user.code)) or (
            tbl == "revision" and user.role not in (Role.LEAD, Role.ADMIN)
        ):
            found.append(f"{tbl} {pk}")
    if user.role is Role.WAREHOUSE:
        found += [f"in clear: {one}" for one, order in seat.orders().items() if WORD in order.receiver.name]
    return found


def leaked_bytes(world: ScopeWorld, seat: Seat) -> list[str]:
    """Search every byte the open replica leaves on the disk for people its reader may not read about.

    What moved on from a desk that read it masked leaves masks behind, no names.
    """
    user, company = world.user(seat.user), world.orders()
    seat.store._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    whole = seat.store.path.read_bytes()
    hidden = [order for order in company.values() if user.role is Role.WAREHOUSE or not may_hold(user, order)]
    return [
        f"{what} of {order.id}"
        for order in hidden
        for what, word in (("name", order.receiver.name), ("street", order.receiver.street))
        if word.encode() in whole
    ]


def leaked_files(world: ScopeWorld) -> list[str]:
    """Search every snapshot file of the hub for orders outside of the reach it was made for."""
    found: list[str] = []
    company = world.orders()
    for packed in (world.folder / "snapshots").glob("*.gz"):
        plain = world.folder / "looked-at.db"
        plain.write_bytes(gzip.decompress(packed.read_bytes()))
        with closing(sqlite3.connect(plain)) as db:
            (doc,) = db.execute("SELECT value FROM meta WHERE key = 'mark'").fetchone()
            held = {pk for (pk,) in db.execute("SELECT pk FROM row WHERE tbl = 'order'")}
        reach = msgspec.json.decode(doc, type=Mark).reach
        assert reach is not None
        whole = plain.read_bytes()
        for one, order in company.items():
            is_inside = not reach.shops or order.shop in reach.shops
            if reach.masked or not is_inside:
                found += [f"{word} in {packed.name}" for word in _personal(order) if word.encode() in whole]
            if one in held and not is_inside:
                found.append(f"{one} in {packed.name}")
    return found


def _personal(order: Order) -> tuple[str, str]:
    return order.receiver.name, order.receiver.street
