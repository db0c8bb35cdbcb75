"""Builders for tests: an order, its facts, and a tiny company that keeps rows in a dictionary."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from app import engine
from app.command import Command, Facts, Refs, Refusal, with_settings
from app.commands.receive import Receive
from app.domain.catalogue import Sku, SkuMap
from app.domain.company import GRANTS, Shop, Warehouse
from app.domain.events import Event, OrderReceived
from app.domain.evolve import evolve_order
from app.domain.gazetteer import Gazetteer
from app.domain.order import ChannelState, Line, Order
from app.domain.revision import TYPES as SETTINGS
from app.domain.rules import Rules
from app.domain.stock import Stock
from app.domain.values import (
    RULES_KEY,
    Actor,
    Key,
    Receiver,
    Region,
    Role,
    order_key,
    sku_key,
    sku_map_key,
    stock_key,
)
from app.sourcing.ways import Ways

NOW = datetime(2026, 6, 13, 12, 30, tzinfo=UTC)
"""20:30 in the shop: the night review begins half an hour later."""
NIGHT = datetime(2026, 6, 13, 14, 0, tzinfo=UTC)

SHOPS = {
    "TM1": Shop(code="TM1", title="青禾旗舰店", channel="TM", warehouses=("SZ", "WH"), merge_wait_min=0),
    "DY1": Shop(code="DY1", title="青禾生活", channel="DY", warehouses=("SZ",), merge_wait_min=0),
}
"""None of them lets an order wait for another one: a test that wants that says so."""
WAREHOUSES = {
    "SZ": Warehouse(code="SZ", title="苏州仓", city="苏州市"),
    "WH": Warehouse(code="WH", title="武汉仓", city="武汉市"),
}
ARTICLES = {
    "LN-220": Sku(
        code="LN-220", title="四件套 酒店款 白 220", list_price_minor=32_000, barcode="6900000000220"
    ),
    "SF-001": Sku(code="SF-001", title="雾蓝沙发套", list_price_minor=19_900),
    "CT-180": Sku(code="CT-180", title="窗帘 遮光 180 cm", list_price_minor=12_900),
}
RECEIVER = Receiver(name="季小雨", phone="13800000000", street="文晖路88号水岸嘉园3幢1单元502")
REGION = Region(province="浙江省", city="杭州市", district="拱墅区", postcode="310014", verdict="accept")


def actor(role: Role = Role.CLERK, user: str = "") -> Actor:
    """Someone with the grants of their role; the user is named after the role unless told."""
    return Actor(user=user or role.value, role=role, grants=GRANTS[role])


def line(id: str = "1", ext_sku: str = "A-1", **changes: Any) -> Line:
    """One line; not matched unless told."""
    known = {"title": "四件套 白 220", "qty": 1, "unit_price_minor": 32_000}
    return Line(id=id, ext_sku=ext_sku, **(known | changes))


def receive(order: str = "o1", **changes: Any) -> Receive:
    """What a channel says of a paid order with one known article and a good address."""
    lines: tuple[Line, ...] = changes.pop("lines", (line(),))
    total = sum(ln.qty * ln.unit_price_minor for ln in lines)
    known: dict[str, Any] = {
        "order": order,
        "number": f"DK-{order}",
        "shop": "TM1",
        "ext_id": f"ext-{order}",
        "ext_version": "1",
        "channel_state": ChannelState.TO_SHIP,
        "currency": "CNY",
        "total_minor": total,
        "payable_minor": total,
        "paid_minor": changes.get("payable_minor", total),
        "receiver": RECEIVER,
        "region": REGION,
        "lines": lines,
        "ordered_at": NOW - timedelta(minutes=5),
        "ship_by_at": NOW + timedelta(hours=20),
    }
    return Receive(**(known | changes))


def order(id: str = "o1", **changes: Any) -> Order:
    """A paid, matched order with a good address, as evolve would hold it."""
    lines: tuple[Line, ...] = changes.pop("lines", (line(sku="LN-220"),))
    total = sum(ln.qty * ln.unit_price_minor for ln in lines)
    known: dict[str, Any] = {
        "id": id,
        "number": f"DK-{id}",
        "shop": "TM1",
        "ext_id": f"ext-{id}",
        "ext_version": "1",
        "total_minor": total,
        "payable_minor": total,
        "paid_minor": total,
        "receiver": RECEIVER,
        "region": REGION,
        "lines": lines,
        "ordered_at": NOW - timedelta(minutes=5),
        "received_at": NOW,
        "ship_by_at": NOW + timedelta(hours=20),
        "maker": "channel",
    }
    return evolve_order(None, OrderReceived(content=Order(**(known | changes))))


def stock(warehouse: str = "SZ", sku: str = "LN-220", on_hand: int = 10, **changes: Any) -> Stock:
    """Stock of one article in one warehouse."""
    return Stock(warehouse=warehouse, sku=sku, on_hand=on_hand, **changes)


def facts(
    *rows: Order | Stock | Sku | SkuMap,
    by: Actor | None = None,
    now: datetime = NOW,
    at_hub: bool = True,
    rules: Rules | None = None,
    gazetteer: Gazetteer | None = None,
    absent: Iterable[Key] = (),
) -> Facts:
    """Facts that know these rows; every other key one may ask for is answered with `nothing there`."""
    loaded: dict[Key, Any] = {
        **{sku_key(code): sku for code, sku in ARTICLES.items()},
        **dict.fromkeys(absent),
    }
    loaded |= {key_of(row): row for row in rows}
    refs = Refs(SHOPS, WAREHOUSES, rules or Rules(), gazetteer, ARTICLES)
    return Facts(_Lenient(loaded), refs, by or actor(), now, at_hub)


class _Lenient(dict[Key, Any]):
    """Rows where what is not there is known to be absent."""

    def __missing__(self, _key: Key) -> None:
        return None


def key_of(row: Order | Stock | Sku | SkuMap) -> Key:
    """Name the row."""
    match row:
        case Order():
            return order_key(row.id)
        case Stock():
            return stock_key(row.warehouse, row.sku)
        case Sku():
            return sku_key(row.code)
        case SkuMap():
            return sku_map_key(row.shop, row.ext_sku)


@dataclass
class Company:
    """A hub without a database: the same rounds of `follow`, the same `apply`, rows in a dictionary."""

    now: datetime = NOW
    at_hub: bool = True
    gazetteer: Gazetteer | None = None
    ways: Ways = field(default_factory=Ways)
    shops: Mapping[str, Shop] = field(default_factory=lambda: dict(SHOPS))
    rows: dict[Key, Any] = field(default_factory=dict)
    journal: list[Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        for row in (
            *ARTICLES.values(),
            *(stock(warehouse, sku) for warehouse in WAREHOUSES for sku in ARTICLES),
            *(
                SkuMap(shop=shop, ext_sku=ext, sku=sku, by="trainer", at=NOW - timedelta(days=30))
                for shop in SHOPS
                for ext, sku in (("A-1", "LN-220"), ("A-2", "SF-001"), ("A-3", "CT-180"))
            ),
        ):
            self.rows.setdefault(key_of(row), row)
        self.rows.setdefault(RULES_KEY, Rules())

    def twin(self) -> Company:
        """Another one to which all of this has happened; what happens to it stays with it."""
        return replace(self, shops=dict(self.shops), rows=dict(self.rows), journal=list(self.journal))

    @property
    def refs(self) -> Refs:
        """The small tables as they are now."""
        known = Refs(self.shops, WAREHOUSES, self.rows[RULES_KEY], self.gazetteer, ARTICLES, ways=self.ways)
        return with_settings(
            known, {key: row for key, row in self.rows.items() if key[0] in {"sku", *SETTINGS}}
        )

    def facts(self, command: Command, by: Actor) -> Facts:
        """Load what the command needs, round by round, and nothing else."""
        loaded: dict[Key, Any] = {}
        refs = self.refs
        while missing := engine.follow(command, loaded, refs, at_hub=self.at_hub) - loaded.keys():
            loaded |= {key: self.rows.get(key) for key in missing}
        return Facts(loaded, refs, by, self.now, self.at_hub)

    def do(self, command: Command, by: Actor | Role = Role.CLERK, because: str = "") -> list[Event] | Refusal:
        """Decide a command and keep what followed."""
        known = self.facts(command, actor(by) if isinstance(by, Role) else by)
        known.because = because
        done = engine.apply(command, known)
        if isinstance(done, Refusal):
            assert known.changed == {}, f"{done.code} changed {sorted(known.changed)}"
        else:
            self.rows |= known.changed
            self.journal += done
        return done

    def must(self, command: Command, by: Actor | Role = Role.CLERK) -> list[Event]:
        """Decide a command that has to pass."""
        done = self.do(command, by)
        assert not isinstance(done, Refusal), done
        return done

    def refused(self, command: Command, by: Actor | Role = Role.CLERK) -> str:
        """Decide a command that has to be refused; return the code."""
        done = self.do(command, by)
        assert isinstance(done, Refusal), done
        return done.code

    def receive(self, id: str = "o1", **changes: Any) -> Order:
        """Take an order in from its channel and return it."""
        self.must(receive(id, **changes), Role.CHANNEL)
        return self.order(id)

    def order(self, id: str = "o1") -> Order:
        """The order as it is now."""
        row: Order = self.rows[order_key(id)]
        return row

    def stock(self, warehouse: str = "SZ", sku: str = "LN-220") -> Stock:
        """The stock as it is now."""
        row: Stock = self.rows[stock_key(warehouse, sku)]
        return row

    def set_stock(
        self, on_hand: int, sku: str = "LN-220", warehouses: Iterable[str] = tuple(WAREHOUSES)
    ) -> None:
        """Put so many pieces into each warehouse, nothing of it promised."""
        for warehouse in warehouses:
            self.rows[stock_key(warehouse, sku)] = stock(warehouse, sku, on_hand)

    def set_rules(self, **changes: Any) -> None:
        """Change rules without asking."""
        self.rows[RULES_KEY] = msgspec.structs.replace(self.rows[RULES_KEY], **changes)


def pick_all(company: Company, id: str = "o1") -> None:
    """Pick every piece of an order."""
    from app.commands.pick import Pick

    for ln in company.order(id).lines:
        company.must(Pick(order=id, line=ln.id, qty=ln.qty), Role.WAREHOUSE)


def ship_it(company: Company, id: str = "o1") -> None:
    """Pick, pack and ship a released order."""
    from app.commands.pack import Pack
    from app.commands.ship import Ship

    pick_all(company, id)
    company.must(Pack(order=id), Role.WAREHOUSE)
    company.must(Ship(order=id, carrier="SF", tracking_no=f"SF{id}"), Role.WAREHOUSE)


numbers = itertools.count(1)
"""Fresh numbers for ids where a test does not care which."""
