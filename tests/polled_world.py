"""A hub that polls a simulated platform, without a network: both live on one clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from hub_world import FEED, SEAL, HubWorld

from app.text import Text
from app.trouble import Trouble
from sync import tables
from sync.hub.database import writing
from sync.hub.drain import Drain
from sync.hub.polling.connections import connect, connected
from sync.hub.polling.poller import Poller
from sync.hub.polling.taking import Tools
from sync.hub.prepare import Preparer
from sync.manifest.caller import Answer
from sync.manifest.reading import manifest_of
from sync.manifest.request import Request
from sync.simulators.clock import Clock
from sync.simulators.known import PLATFORMS
from sync.simulators.platform import Heard, Platform
from sync.simulators.shop import Shop
from sync.simulators.weather import Weather

BASE = "http://127.0.0.1:1"


class Together(Clock):
    """The platform's clock, which is the hub's."""

    def __init__(self, hub: HubWorld) -> None:
        super().__init__(0.0)
        self._hub = hub

    def now(self) -> int:
        return int(self._hub.clock.now.timestamp())

    def move(self, seconds: float) -> None:
        self._hub.clock.move(seconds=seconds)


class Wire:
    """A `Line` that ends in the platform itself; a dead one raises what HTTP would."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.cut_after: int | None = None
        self.asked = 0

    def __call__(self, request: Request, _timeout_s: float, _most_bytes: int) -> Answer:
        self.asked += 1
        if self.cut_after is not None and self.asked > self.cut_after:
            raise Trouble("channel_unreachable", Text("The channel cannot be reached."), retry=True)
        parts = urlsplit(request.url)
        headers = {name.lower(): value for name, value in request.headers.items()} | {"host": parts.netloc}
        said = self.platform.answer(Heard(request.method, parts.path, parts.query, headers, request.body))
        if said.hangs:
            raise Trouble("channel_silent", Text("The channel does not answer in time."), retry=True)
        return Answer(said.status, dict(said.headers), said.body)


class Polled:
    """One shop on one simulated platform, and the hub that reads it."""

    def __init__(
        self,
        hub: HubWorld,
        code: str,
        count: int = 0,
        weather: Weather | None = None,
        *,
        override: dict[str, Any] | None = None,
        since_s: int = 1600,
        settings: dict[str, str] | None = None,
        **more: Any,
    ) -> None:
        self.hub = hub
        self.shop = Shop(count, Together(hub), **{"span_s": 1500} | more)
        self.platform = PLATFORMS[code](self.shop, weather)
        self.wire = Wire(self.platform)
        self.since = datetime.fromtimestamp(self.shop.clock.now() - since_s, UTC)
        manifest = manifest_of(code)
        keys = {k: v for k, v in self.platform.settings(BASE).items() if k in manifest.settings}
        keys |= settings or {}
        with writing(hub.engine) as db:
            self.hook_key = connect(
                db, FEED, SEAL, "TM1", code, keys, hub.clock(), since=self.since, override=override
            )
        self.restart()

    def restart(self, line: Callable[[], Any] | None = None) -> None:
        """Let another process poll: it knows nothing but what the database says."""
        hub = self.hub
        if hasattr(self, "drain"):
            self.drain.close()
        self.tools = Tools(hub.engine, FEED, SEAL, hub.clock)
        self.poller = Poller(self.tools, line or (lambda: self.wire), self.shop.clock.move)
        self.drain = Drain(hub.engine, FEED, SEAL, hub.writer, {}, Preparer(None), hub.clock)

    def poll(self, rounds: int = 1) -> None:
        """Read what is due, decide it, and let half a minute pass."""
        for _ in range(rounds):
            for one in self.poller.shops():
                self.poller.read_shop(one)
            while self.drain.page():
                pass
            self.shop.clock.move(31)

    def settle(self) -> None:
        """Poll until everything that happened lies behind the lag of the list."""
        self.shop.clock.move(600)
        self.poll(4)

    def orders(self) -> dict[str, Any]:
        """The hub's orders by the number the platform gave them."""
        found = self.hub.rows(tables.orders)
        assert len({row.ext_id for row in found}) == len(found), "doubled"
        return {row.ext_id.rpartition("/")[2]: self.hub.order(row.id) for row in found}

    def faults(self) -> dict[str, list[str]]:
        """What the hub has wrong of the platform's orders; nothing is an empty dict."""
        orders = self.orders()
        sales = {self.platform.ext_id(sale.no): sale for sale in self.shop}
        found = {
            "missing": [ext_id for ext_id in sales if ext_id not in orders],
            "strange": [ext_id for ext_id in orders if ext_id not in sales],
            "amounts": [
                i for i, one in orders.items() if i in sales and one.payable_minor != sales[i].pay_minor
            ],
        }
        return {name: ids for name, ids in found.items() if ids}

    def one(self) -> Any:
        with writing(self.hub.engine) as db:
            return connected(db, FEED, SEAL, shop="TM1")[0]

    def stream(self) -> Any:
        return next(row for row in self.hub.rows(tables.stream) if row.name == "orders")
