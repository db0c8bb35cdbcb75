"""A hub whose orders leave elsewhere, whose parcels are followed, and whose buyers a CRM hears of."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import msgspec
from errand_world import Crm, Tracker, Wms
from hub_world import FEED, SEAL, HubWorld
from service_world import served
from starlette.applications import Starlette

from app.domain.values import Role
from sync import tables
from sync.hub.asking import Worker
from sync.hub.doorway import Doorway
from sync.hub.effects import LAST_WAIT_S, WORKER, Effects
from sync.hub.jobs import open_worker
from sync.hub.label_requests import LabelRequests
from sync.hub.limits import Limits
from sync.hub.outward.ears import ear_routes
from sync.hub.outward.errand_rows import ErrandRows
from sync.hub.outward.errand_words import ErrandWords
from sync.hub.outward.heard import HEARD
from sync.hub.outward.service_file import ERRANDS, Named, ServiceFile, connectors, ears

QIMEN = {
    "app_key": Wms.app_key, "app_secret": Wms.secret, "customer_id": Wms.customer, "owner_code": "QH",
    "sender_name": "仓库", "sender_phone": "0512-1", "sender_province": "江苏省", "sender_city": "苏州市",
    "sender_address": "园区1号",
}  # fmt: skip
KINDS = tuple(ERRANDS)
FOLLOW = {"key": Tracker.key, "salt": Tracker.salt, "callback_url": "https://hub.example.com/services/kd"}


class World:
    """A hub, a warehouse that sends for it, and somebody who follows the parcels of one carrier."""

    def __init__(self, hub: HubWorld, wms: Wms, tracker: Tracker, crm: Crm, urls: tuple[str, ...]) -> None:
        self.hub, self.wms, self.tracker, self.crm = hub, wms, tracker, crm
        qimen = Named("qimen", QIMEN | {"base_url": urls[0]}, {"SF": "SF"}, {"SZ": "WMS-SZ"})
        follow = Named("kuaidi100_follow", FOLLOW | {"base_url": urls[1]}, {"SF": "shunfeng"})
        tells = Named("crm", {"key": Crm.token, "base_url": urls[2]}, shops={"TM1": "tmall"})
        fully = msgspec.structs.replace(tells, shops={"DY1": "douyin"}, reads="full")
        self.file = ServiceFile({"wms": qimen, "kd": follow, "crm": tells, "crm_dy": fully})
        worker = Worker(hub.engine, FEED, hub.writer, open_worker(hub.engine, FEED, WORKER, hub.clock()))
        heard = Worker(hub.engine, FEED, hub.writer, open_worker(hub.engine, FEED, HEARD, hub.clock()))
        words = ErrandWords(LabelRequests(hub.engine, FEED, SEAL, hub.clock, WORKER), self.file)
        online = connectors(self.file, hub.clock)
        self.rows = ErrandRows(hub.engine, FEED, self.file.served(), hub.clock)
        self.effects = Effects(
            worker, lambda whose, kind: online.get((whose, kind)), hub.clock,
            kinds=KINDS, compose=words.compose(), prepare=words.prepare(),
        )  # fmt: skip
        doorway = Doorway(hub.engine, FEED, hub.clock, Limits())
        routes = ear_routes(ears(self.file, heard, hub.clock).get, doorway)
        self.door = Starlette(routes=routes)
        self.lead = hub.desk(Role.LEAD, "lead")
        self.floor = hub.desk(Role.WAREHOUSE, "floor")

    def round(self, times: int = 1) -> None:
        for _ in range(times):
            while self.rows.step():
                pass
            while self.effects.carry_out():
                pass
            self.hub.clock.now += timedelta(seconds=LAST_WAIT_S)

    def states(self) -> dict[str, str]:
        rows = self.hub.rows(tables.effect)
        return {
            row.effect_key: row.state
            for row in rows
            if row.kind in ("follow", "deliver", "recall", "customer")
        }

    def told(self, pushed: tuple[bytes, dict[str, str]], name: str = "wms") -> tuple[int, str]:
        """Send what a service sends by itself; return the status and the words of the answer."""
        (body, query), said = pushed, list[dict[str, Any]]()
        scope = {
            "type": "http", "http_version": "1.1", "method": "POST", "path": f"/services/{name}",
            "headers": [], "query_string": urlencode(query).encode(),
            "client": ("127.0.0.1", 1), "server": ("hub", 80),
        }  # fmt: skip

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            said.append(message)

        asyncio.run(self.door(scope, receive, send))
        return said[0]["status"], said[1]["body"].decode()


@contextmanager
def errand_hub(folder: Path) -> Iterator[World]:
    """Start it; what it did must hold when it ends."""
    hub, wms, tracker, crm = HubWorld(f"sqlite:///{folder / 'hub.db'}"), Wms(), Tracker(), Crm()
    with ExitStack() as stack:
        urls = tuple(stack.enter_context(served(one)) for one in (wms, tracker, crm))
        yield World(hub, wms, tracker, crm, urls)
        assert hub.verify().findings == ()
        hub.close()
