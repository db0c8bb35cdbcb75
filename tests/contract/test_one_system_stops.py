"""ERP, CRM, WMS and books connected by configuration alone; one after the other stops for an hour.

Every document arrives once, in order for each order; nobody waits for who stopped, nobody types one.
Source: capabilities 1.8.
"""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from builders import WAREHOUSES, stock
from errand_hub import QIMEN
from errand_world import Crm, Kingdee, Wms
from hub_world import FEED, HubWorld, bought
from service_world import Simulated, served
from services_room import Room
from sqlalchemy import select
from system_that_listens import System

from app.domain.effect import EffectState
from app.domain.order import ChannelState, Status
from app.domain.outbound import AskService
from app.domain.systems import NewHook
from sync import tables
from sync.hub.asking import Worker
from sync.hub.database import reading
from sync.hub.jobs import open_worker
from sync.hub.outward.booking import BOOKS, Booking
from sync.hub.outward.hooks import make_hook
from sync.hub.outward.posting import Posting
from sync.hub.outward.service_file import books

EACH = 6
"""Orders while each of them is away."""
CANCELLED = 2
"""Of them so many are cancelled once the warehouse has them."""
HERE = ("127.0.0.1",)


class Desk:
    """What is connected, and what each got."""

    def __init__(self, room: Room, stack: ExitStack) -> None:
        self.room, self.hub, self.erp = room, room.hub, System()
        stack.callback(self.erp.stop)
        self.by_name: dict[str, Simulated] = {"wms": Wms(), "crm": Crm(), "k3": Kingdee()}
        self.at: dict[str, ExitStack] = {name: ExitStack() for name in self.by_name}
        urls = {name: self.at[name].enter_context(served(one)) for name, one in self.by_name.items()}
        self.ports = {name: int(url.rpartition(":")[2]) for name, url in urls.items()}
        for one in self.at.values():
            stack.callback(one.close)
        k3 = {
            "app_id": Kingdee.app_id, "app_secret": Kingdee.secret, "appdata": Kingdee.appdata,
            "appdata_base64": base64.b64encode(Kingdee.appdata.encode()).decode(), "base_url": urls["k3"],
        }  # fmt: skip
        shops, crm = {"TM1": "001"}, {"key": Crm.token, "base_url": urls["crm"]}
        wms = {"warehouses": {"SZ": "WMS-SZ"}, "carriers": {"SF": "SF"}}
        self.keep("wms", "qimen", QIMEN | {"base_url": urls["wms"]}, **wms)
        self.keep("crm", "crm", crm, shops=shops)
        self.keep("k3", "kingdee", k3, shops=shops, accounts={"tax": "2221"})
        made = make_hook(
            self.hub.engine, FEED, "fang", NewHook(code="erp", url=self.erp.url), self.hub.clock(), HERE
        )
        self.erp.secret = made.secret
        self.posting = Posting(self.hub.engine, FEED, self.hub.clock, HERE)
        info = open_worker(self.hub.engine, FEED, BOOKS, self.hub.clock())
        self.books = Worker(self.hub.engine, FEED, self.hub.writer, info)
        self.told: set[str] = set()

    def keep(self, name: str, manifest: str, settings: dict[str, str], **more: Any) -> None:
        self.room.ask(name, AskService(deed="keep", manifest=manifest, settings=settings, **more))

    def stop(self, name: str) -> None:
        self.at[name].close()

    def start(self, name: str) -> None:
        self.at[name].enter_context(served(self.by_name[name], self.ports[name]))

    def round(self, minutes: int) -> None:
        """Let every lane do what it can; a warehouse that is there tells of what left."""
        self.room.round()
        now = self.room.services.current()
        booking = Booking(self.hub.engine, FEED, books(now.file, now.online), self.hub.clock, self.books)
        while booking.step():
            pass
        wms, ear = self.by_name["wms"], self.room.services.ear("wms")
        assert isinstance(wms, Wms)
        assert ear is not None
        for code in [] if wms.is_down else wms.made.keys() - self.told - set(wms.cancelled):
            if not code.startswith("z"):
                self.told.add(code)
                body, query = wms.confirm(code, f"SF{len(self.told):08d}")
                assert b"success" in ear.take(body, query)[0]
        self.posting.step()
        self.posting.rest()
        self.hub.clock.now += timedelta(minutes=minutes - 20)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    opening = tuple(stock(warehouse, "LN-220", 1_000) for warehouse in WAREHOUSES)
    hub = HubWorld(f"sqlite:///{tmp_path / 'hub.db'}", opening=opening)
    with ExitStack() as stack:
        yield Desk(Room(hub), stack)
    assert hub.verify().findings == ()
    hub.close()


def test_whoever_stops_gets_every_document_once_and_in_order_and_nobody_else_waits(desk: Desk):
    hub, wms, crm, kingdee = desk.hub, desk.by_name["wms"], desk.by_name["crm"], desk.by_name["k3"]
    assert isinstance(wms, Wms)
    sent = 0
    for away in ("", "wms", "crm", "k3"):
        ids = [f"{away or 'all'}{n}" for n in range(EACH - CANCELLED)]
        doomed = [f"z{away}{n}" for n in range(CANCELLED)]
        hub.channel.must(*(bought(each) for each in (*ids, *doomed)))
        desk.round(20)
        if away:
            desk.stop(away)
        more = [f"x{away}{n}" for n in range(3)]
        hub.channel.must(*(bought(each) for each in more))
        hub.channel.must(*(
            msgspec.structs.replace(bought(each), ext_version="2", channel_state=ChannelState.CANCELLED)
            for each in doomed
        ))  # fmt: skip
        if away == "k3":
            hub.clock.now += timedelta(hours=25)
        for _ in range(3):
            desk.round(20)
        sent += len(ids) + len(more)
        if away != "wms":
            assert len(desk.told) == sent, "the warehouse waited"
        if away not in ("wms", "crm"):
            assert len(crm.made) == sent, "the CRM waited"
        waited = {news["about"].get("order", news["subject"]) for news in desk.erp.got}
        assert {*ids, *more} <= waited, "the ERP waited"
        if away:
            desk.start(away)
        for _ in range(3):
            desk.round(20)
        assert (len(desk.told), len(crm.made)) == (sent, sent)

    hub.clock.now += timedelta(hours=25)
    for _ in range(2):
        desk.round(20)
    shipped = [row for row in hub.rows(tables.orders) if row.status == Status.SHIPPED]
    assert len(shipped) == sent
    assert (wms.again, wms.false, crm.false, kingdee.false, kingdee.again) == (0, 0, 0, 0, 0)
    assert Counter(told["order"] for told in crm.made.values()) == Counter(row.number for row in shipped)
    assert sorted(wms.cancelled) == sorted(code for code in wms.made if code.startswith("z"))
    assert len(desk.erp.ids) == len(set(desk.erp.ids)) == len(desk.erp.got)
    booked = sum(voucher["sum"] for voucher in kingdee.made.values())
    assert booked == sum(row.payable_minor for row in shipped)
    left = {row.kind: row.state for row in hub.rows(tables.effect) if row.state != EffectState.DONE}
    assert left.keys() <= {"errand", "stock", "confirm"}
    assert typed(hub) == 0


def typed(hub: HubWorld) -> int:
    """Count, from the journal, the documents a person brought from one system to another."""
    c, r = tables.command.c, tables.replica.c
    same = (r.feed_id == c.feed_id) & (r.replica_id == c.replica_id)
    found = select(c.name).join_from(tables.command, tables.replica, same).where(r.kind == "desk")
    with reading(hub.engine) as db:
        return len(db.execute(found).all())
