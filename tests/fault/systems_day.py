"""A day of orders between ERP, CRM, warehouse and books, one of which is always away or says nothing.

The hub does it with the very jobs it starts in earnest, each in its thread; only its clock is moved.
"""

from __future__ import annotations

import argparse
import base64
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from unittest.mock import patch

import msgspec
from builders import WAREHOUSES, stock
from errand_hub import QIMEN
from errand_world import Crm, Kingdee, Wms
from hub_world import FEED, SEAL, HubWorld, bought
from service_world import Simulated, served
from services_room import HERE
from sqlalchemy import select
from system_that_listens import System

import app.boot.hub
import app.boot.outgoing
import sync.hub.outward.addresses
import sync.hub.outward.connected_services
from app.boot.divisions import load_gazetteer
from app.boot.hub import jobs
from app.boot.opening import Running
from app.boot.outgoing import outgoing
from app.domain.effect import EffectState
from app.domain.order import ChannelState, Status
from app.domain.outbound import AskService
from app.domain.systems import NewHook
from sync import tables
from sync.channel import Channel
from sync.hub.api import Hub
from sync.hub.database import reading
from sync.hub.drain import Drain
from sync.hub.outward.hooks import make_hook
from sync.hub.outward.service_file import Named, ready
from sync.hub.outward.services_api import done
from sync.hub.prepare import Preparer
from sync.hub.snapshot import Snapshots
from sync.manifest.errands import Service

NAMES = ("wms", "crm", "k3", "erp")
SAFE = ("127.0.0.1",)
CANCELLED_EACH = 10
"""Of the orders in a warehouse one of so many is cancelled."""
PAGE = 50
TIDE = timedelta(seconds=30)
"""So far the clock moves between two looks."""
LOOK_S = 0.03
PAUSE_S = 0.1
SOONER = 0.8
"""Within this share of the hub's patience with one that hangs the others have what is theirs."""
NIGHT = timedelta(hours=27)
"""After so long the day before is over, and booked."""


@dataclass
class Day:
    """What became of it."""

    orders: int = 0
    documents: int = 0
    missing: int = 0
    doubled: int = 0
    out_of_order: int = 0
    waited: int = 0
    """Documents that had not come to the systems that were there when the one that was away came back."""
    typed: int = 0
    false: int = 0
    unended: int = 0
    hung: int = 0
    sent_again: int = 0
    """What came again under its own number, after a silence."""
    documents_per_s: float = 0.0
    """Of a warehouse that is there."""
    seconds: float = 0.0
    notes: list[str] = field(default_factory=list)


class House:
    """A hub with what it does by itself, and four systems around it."""

    def __init__(self, hub: HubWorld, folder: Path, stack: ExitStack) -> None:
        self.hub, self.wms, self.crm, self.k3, self.erp = hub, Wms(), Crm(), Kingdee(), System()
        self.day, self.told, self.doomed = Day(), set[str](), set[str]()
        self.by_name: dict[str, Simulated] = {"wms": self.wms, "crm": self.crm, "k3": self.k3}
        self.at: dict[str, ExitStack] = {name: ExitStack() for name in self.by_name}
        stack.callback(self.erp.stop)
        urls = {name: self.at[name].enter_context(served(one)) for name, one in self.by_name.items()}
        self.ports = {name: int(url.rpartition(":")[2]) for name, url in urls.items()}
        for one in self.at.values():
            stack.callback(one.close)
        epoch = hub.rows(tables.feed)[0].epoch
        snapshots = Snapshots(hub.engine, FEED, SEAL, folder / "files")
        self.api = Hub(
            hub.engine, FEED, epoch, SEAL, hub.writer, snapshots, hub.clock, hook_hosts=frozenset(SAFE)
        )
        self._connect(urls)
        channels: dict[str, Channel] = {}
        drain = Drain(hub.engine, FEED, SEAL, hub.writer, channels, Preparer(None), hub.clock)
        running = Running(self.api, load_gazetteer(), drain)
        self.jobs = [one for one in jobs(running) if one.name == "hooks"]
        self.jobs += outgoing(running, argparse.Namespace(outgoing="", invoices=[], services=""))
        for one in self.jobs:
            one.start()
        stack.callback(self._rest)

    def _rest(self) -> None:
        for one in (*self.by_name.values(), self.erp):
            one.awake.set()
        for job in self.jobs:
            job.stop()

    def _connect(self, urls: dict[str, str]) -> None:
        """Connect all four as a desk does: by words alone."""
        k3 = {
            "app_id": Kingdee.app_id, "app_secret": Kingdee.secret, "appdata": Kingdee.appdata,
            "appdata_base64": base64.b64encode(Kingdee.appdata.encode()).decode(), "base_url": urls["k3"],
        }  # fmt: skip
        shops, crm = {"TM1": "001"}, {"key": Crm.token, "base_url": urls["crm"]}
        keep: dict[str, AskService] = {
            "wms": AskService(
                deed="keep", manifest="qimen", settings=QIMEN | {"base_url": urls["wms"]},
                warehouses={"SZ": "WMS-SZ"}, carriers={"SF": "SF"},
            ),
            "crm": AskService(deed="keep", manifest="crm", settings=crm, shops=shops),
            "k3": AskService(
                deed="keep", manifest="kingdee", settings=k3, shops=shops, accounts={"tax": "2221"}
            ),
        }  # fmt: skip
        for name, asked in keep.items():
            done(self.api.services(), name, asked, HERE)
        clock, hook = self.hub.clock, NewHook(code="erp", url=self.erp.url)
        self.erp.secret = make_hook(self.hub.engine, FEED, "fang", hook, clock(), SAFE).secret

    # --- one system goes, and comes again -----------------------------------------------------------

    def one(self, name: str) -> Simulated | System:
        return self.erp if name == "erp" else self.by_name[name]

    def leave(self, name: str, how: str) -> None:
        if how == "hangs":
            self.one(name).hung = 0
            self.one(name).awake.clear()
        elif name == "erp":
            self.erp.stop()
        else:
            self.at[name].close()

    def come(self, name: str, how: str) -> None:
        if how == "hangs":
            self.day.hung += self.one(name).hung
            self.one(name).awake.set()
        elif name == "erp":
            self.erp.start(int(self.erp.url.rpartition(":")[2].partition("/")[0]))
        else:
            self.at[name].enter_context(served(self.by_name[name], self.ports[name]))

    # --- what there is to bring ---------------------------------------------------------------------

    def buy(self, ids: Sequence[str]) -> None:
        for at in range(0, len(ids), PAGE):
            self.hub.channel.must(*(bought(each) for each in ids[at : at + PAGE]))
        self.day.orders += len(ids)

    def cancel(self, ids: Sequence[str]) -> None:
        self.doomed.update(ids)
        for each in ids:
            no = msgspec.structs.replace(bought(each), ext_version="2", channel_state=ChannelState.CANCELLED)
            self.hub.channel.must(no)

    def ship(self) -> None:
        """Let the warehouse tell of every parcel it has and has not told of."""
        ear = self.api.services().ear("wms")
        assert ear is not None
        for code in list(self.wms.made):
            if code in self.told or code.rpartition("-")[0] in self.doomed:
                continue
            self.told.add(code)
            self.wms.sent.add(code)
            body, query = self.wms.confirm(code, f"SF{len(self.told):08d}")
            assert b"success" in ear.take(body, query)[0]

    # --- what came ----------------------------------------------------------------------------------

    def shipped(self) -> list[Any]:
        o = tables.orders.c
        found = select(o.id, o.number, o.payable_minor).where(o.feed_id == FEED, o.status == Status.SHIPPED)
        with reading(self.hub.engine) as db:
            return list(db.execute(found))

    def news(self) -> list[str]:
        """Return what the ERP must hear of, in its order."""
        n = tables.news.c
        with reading(self.hub.engine) as db:
            rows = db.execute(select(n.seq, n.i).where(n.feed_id == FEED).order_by(n.seq, n.i)).all()
        return [f"erp:{row.seq}.{row.i}" for row in rows]

    def owed(self, wanted: set[str], booked: int, *, to: Sequence[str] = NAMES) -> dict[str, int]:
        """Return how many documents each system has not got; of vouchers it is one for all."""
        left = {
            "wms": len(wanted - {code.rpartition("-")[0] for code in list(self.wms.made)})
            + len(self.doomed - {code.rpartition("-")[0] for code in list(self.wms.cancelled)}),
            "crm": len(
                {row.number for row in self.shipped()}
                - {one["order"] for one in list(self.crm.made.values())}
            ),
            "k3": int(sum(one["sum"] for one in list(self.k3.made.values())) < booked),
            "erp": len(set(self.news()) - set(self.erp.ids)),
        }
        return {name: left[name] for name in to if left[name]}

    def served(self, wanted: set[str], booked: int, patience_s: float, *, to: Sequence[str] = NAMES) -> bool:
        """Wait until these have all that is theirs; tell whether it came to that."""
        return self.until(lambda: not self.owed(wanted, booked, to=to), patience_s)

    def hung(self, name: str, times: int, patience_s: float) -> bool:
        """Wait until it was asked so often and said nothing; tell whether it came to that."""
        return self.until(lambda: self.one(name).hung >= times, patience_s)

    def until(self, is_so: Callable[[], bool], patience_s: float, *, most: timedelta = NIGHT) -> bool:
        """Let time pass until it is so; tell whether it came to that."""
        end_s, end, pause = time.monotonic() + patience_s, self.hub.clock.now + most, threading.Event()
        while not (so := is_so()) and time.monotonic() < end_s:
            if self.hub.clock.now < end:
                self.hub.clock.now += TIDE
            pause.wait(LOOK_S)
        return so


@contextmanager
def _house(folder: Path, orders: int, timeout_s: int) -> Iterator[House]:
    opening = tuple(stock(warehouse, "LN-220", 10 * orders + 100) for warehouse in WAREHOUSES)
    hub = HubWorld(f"sqlite:///{folder / 'hub.db'}", opening=opening)

    def hasty(name: str, one: Named) -> tuple[Service, Any]:
        service, settings = ready(name, one)
        line = msgspec.structs.replace(service.transport, timeout=f"PT{timeout_s}S")
        return msgspec.structs.replace(service, transport=line), settings

    with ExitStack() as stack:
        stack.callback(hub.close)
        stack.enter_context(patch.object(sync.hub.outward.connected_services, "ready", hasty))
        stack.enter_context(patch.object(sync.hub.outward.addresses, "TIMEOUT_S", float(timeout_s)))
        stack.enter_context(patch.object(app.boot.hub, "HOOKS_PAUSE_S", PAUSE_S))
        for pause in ("EFFECTS_PAUSE_S", "BOOKS_PAUSE_S"):
            stack.enter_context(patch.object(app.boot.outgoing, pause, PAUSE_S))
        yield House(hub, folder, stack)


def day(
    folder: Path,
    orders: int,
    aways: Sequence[tuple[str, str]],
    *,
    timeout_s: int,
    to_the_end: bool = True,
    say: Callable[[str], None] = lambda _text: None,
) -> Day:
    """Let so many orders come while one after the other is away; say what became of the documents.

    Where one hangs, the others must have all of theirs before the first question to it is given up;
    `to_the_end`: it hangs until that is given up, and another one is asked.
    """
    begun_s, patience_s = time.monotonic(), 30.0 + orders * 0.2
    with _house(folder, orders, timeout_s) as house:
        hub, found, wanted, spent_s = house.hub, house.day, set[str](), 0.0
        share = orders // len(aways)
        for k, (name, how) in enumerate(aways):
            mine = [f"d{k}n{n}" for n in range(share if k else orders - share * (len(aways) - 1))]
            before, during = mine[: len(mine) // 2], mine[len(mine) // 2 :]
            rest = [one for one in NAMES if one != name]
            house.buy(before)
            wanted.update(before)
            began_s = time.monotonic()
            house.served(wanted, 0, patience_s, to=["wms"])
            spent_s += time.monotonic() - began_s
            doomed = before[::CANCELLED_EACH]
            house.leave(name, how)
            left_at = hub.clock.now
            house.doomed.update(doomed)
            house.ship()
            house.cancel(doomed)
            house.buy(during)
            wanted.update(during)
            due = sum(row.payable_minor for row in house.shipped())
            hub.clock.now += NIGHT
            ends_s = time.monotonic() + (timeout_s * SOONER if how == "hangs" else patience_s)
            if name != "wms":
                house.served(wanted, due, ends_s - time.monotonic(), to=["wms"])
                house.ship()
            is_met = house.served(wanted, due, ends_s - time.monotonic(), to=rest)
            late = {} if is_met else house.owed(wanted, due, to=rest)
            owed = house.owed(wanted, due, to=[name])
            found.waited += sum(late.values())
            if how == "hangs":
                waits_s = 2.0 * timeout_s + patience_s if to_the_end else patience_s
                assert house.hung(name, 2 if to_the_end else 1, waits_s), f"nobody asked {name}"
            assert hub.clock.now - left_at > timedelta(hours=1)
            house.come(name, how)
            house.served(wanted, due, patience_s)
            say(f"{name} {how}: others lacked {late}, it {owed}, after it came {house.owed(wanted, due)}")
            hub.clock.now += NIGHT
        due = sum(row.payable_minor for row in house.shipped())
        house.served(wanted, due, patience_s)
        house.until(lambda: not _unended(hub), patience_s)
        _judge(house, wanted, due)
        found.documents_per_s = round(len(wanted) / 2 / max(spent_s, 0.001), 1)
        found.seconds = round(time.monotonic() - begun_s, 1)
    return found


def _judge(house: House, wanted: set[str], due: int) -> None:
    found, wms, crm, k3, erp = house.day, house.wms, house.crm, house.k3, house.erp
    found.missing = sum(house.owed(wanted, due).values()) + len(wanted - house.doomed) - len(house.shipped())
    told = Counter(one["order"] for one in crm.made.values())
    asked = Counter(code.rpartition("-")[0] for code in wms.made)
    back = Counter(wms.cancelled)
    found.doubled = (
        sum(n - 1 for one in (told, asked, back, Counter(erp.ids)) for n in one.values())
        + k3.again
        + sum(one["sum"] for one in k3.made.values()) // max(due, 1)
        - 1
    )
    found.out_of_order = len(wms.early) + _behind(erp.ids)
    found.false = wms.false + crm.false + k3.false + erp.false
    found.sent_again = wms.again + crm.again + erp.again
    found.documents = len(wms.made) + len(wms.cancelled) + len(crm.made) + len(k3.made) + len(erp.ids)
    found.unended = _unended(house.hub)
    found.typed = typed(house.hub)
    if found.doubled:
        twice = [key for one in (told, asked, back) for key, n in one.items() if n > 1]
        found.notes.append(f"twice: {twice}, vouchers {k3.again}")
    found.notes += [str(one) for one in house.hub.verify().findings]


def _behind(ids: Sequence[str]) -> int:
    """Count what came after something that is newer than it."""
    places = [tuple(int(part) for part in one.partition(":")[2].split(".")) for one in ids]
    return sum(one < before for before, one in pairwise(places))


def _unended(hub: HubWorld) -> int:
    """Count the documents that still wait or are doubted."""
    x = tables.effect.c
    kinds = x.kind.in_(("deliver", "recall", "customer", "voucher"))
    with reading(hub.engine) as db:
        rows = db.execute(select(x.effect_key).where(x.feed_id == FEED, kinds, x.state != EffectState.DONE))
        return len(rows.all())


def typed(hub: HubWorld) -> int:
    """Count, from the journal, the documents a person brought from one system to another."""
    c, r = tables.command.c, tables.replica.c
    same = (r.feed_id == c.feed_id) & (r.replica_id == c.replica_id)
    found = select(c.name).join_from(tables.command, tables.replica, same).where(r.kind == "desk")
    with reading(hub.engine) as db:
        return len(db.execute(found).all())
