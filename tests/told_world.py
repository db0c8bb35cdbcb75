"""A hub that ships orders of a simulated platform, and tells it what left."""

from __future__ import annotations

import pytest
from builders import line
from hub_world import FEED, HubWorld, bought
from polled_world import Polled

from app.commands.pack import Pack
from app.commands.pick import Pick
from app.commands.ship import Ship
from app.domain.order import Line
from app.domain.values import Role
from sync import tables
from sync.hub.asking import Worker
from sync.hub.effects import WORKER, Effects
from sync.hub.jobs import open_worker
from sync.hub.polling.shipping import ship_telling
from sync.hub.polling.telling import Telling
from sync.simulators.platform import Platform
from sync.simulators.sale import Sale
from sync.simulators.weather import Weather

CODES = {"pdd": "44", "jd": "467"}
TOLD = ("pdd", "jd", "taobao", "douyin", "wechat_store", "shopify", "woocommerce", "amazon", "ebay")


class Told(Polled):
    """A hub that ships orders of a simulated platform, and tells it."""

    def ship(self, count: int) -> list[int]:
        """Ship the first orders that can be; return their numbers there."""
        floor = self.hub.desk(Role.WAREHOUSE, "floor")
        open_ones = [sale.no for sale in self.shop if sale.state == "to_ship"][:count]
        for no in open_ones:
            order = f"o{no}"
            sale = self.shop.sale(no)
            lines = sold(self.platform, sale)
            self.hub.channel.must(bought(order, ext_id=self.platform.ext_id(no), lines=lines))
            for one in lines:
                floor.must(Pick(order=order, line=one.id, qty=one.qty))
            floor.must(Pack(order=order), Ship(order=order, carrier="SF", tracking_no=f"SF{no:04d}"))
        self.shop.clock.move(1)
        return open_ones

    def effects(self) -> Effects:
        hub = self.hub
        worker = Worker(hub.engine, FEED, hub.writer, open_worker(hub.engine, FEED, WORKER, hub.clock()))

        confirming = Telling(self.tools, ship_telling, lambda: self.wire, self.shop.clock.move)
        return Effects(worker, lambda shop, _kind: confirming.of(shop), hub.clock, kinds=("confirm", "rest"))

    def tell(self) -> None:
        """Let the worker go on until nothing is left to do."""
        effects = self.effects()
        for _ in range(60):
            while effects.carry_out():
                pass
            if all(row.state in {"done", "rejected"} for row in self.hub.rows(tables.effect)):
                return
            self.shop.clock.move(120)
        pytest.fail("never ended")

    def sent(self) -> list[tuple[str, bool]]:
        return [(write.of, write.again) for write in self.shop.writes if write.kind == "ship"]


def told(hub: HubWorld, code: str, **weather: int) -> Told:
    settings = {"carrier_sf": CODES[code]} if code in CODES else {}
    return Told(hub, code, 12, Weather(**weather), settings=settings)


def send(hub: HubWorld, order: str, tracking_no: str, nth: int) -> None:
    """The warehouse picks, packs and ships all of an order."""
    floor = hub.desk(Role.WAREHOUSE, f"floor{nth}")
    for one in hub.order(order).lines:
        floor.must(Pick(order=order, line=one.id, qty=one.qty))
    floor.must(Pack(order=order), Ship(order=order, carrier="SF", tracking_no=tracking_no))


def sold(platform: Platform, sale: Sale) -> tuple[Line, ...]:
    """The lines of an order as the platform calls them."""
    named = zip(line_ids(platform, sale), sale.pieces, strict=True)
    return tuple(line(id=name, qty=piece.qty) for name, piece in named)


def line_ids(platform: Platform, sale: Sale) -> list[str]:
    """What the platform calls the lines of an order."""
    ext_id = platform.ext_id(sale.no)
    match platform.code:
        case "taobao":
            first = int(ext_id) + 1
        case "douyin":
            first = int(ext_id)
        case "amazon":
            first = 79_000_000_000_000 + sale.no * 10
        case "ebay":
            first = 10_081_000_000_000 + sale.no * 10
        case "wechat_store":
            return _numbered([str(20_000_000 + piece.article) for piece in sale.pieces])
        case "pdd":
            return _numbered([str(1_742_000_000_000 + piece.article) for piece in sale.pieces])
        case _:
            first = int(ext_id) * 10
    return [str(first + piece.place) for piece in sale.pieces]


def _numbered(names: list[str]) -> list[str]:
    """Name the second of two lines that are called alike as the hub does."""
    return [
        name if (nth := names[:at].count(name)) == 0 else f"{name}#{nth + 1}" for at, name in enumerate(names)
    ]
