"""A day of orders for sourcing: what an operator sent on a day of Double 11, to buyers all over the country.

Warehouses, regions, products and quantities are those of mathorcup2023b_warehouses. What it does not say is
made up, the same every time: the city of each warehouse, where buyers live (any district of the region that a
regional warehouse serves, of the country for a central one), weights by category, and what carriers charge.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import NamedTuple

from app.boot.divisions import load_atlas, load_gazetteer
from app.domain.carrier import Carrier
from app.domain.distance import Atlas
from app.domain.freight import Fare, Zone
from app.domain.values import Region
from app.sourcing.case import Order, Place, Policy, Want

FOLDER = "mathorcup2023b_warehouses"
DAY = "2022-11-10"
NOW = datetime(2022, 11, 10, 1, 0, tzinfo=UTC)
PROMISE_H = 72
STOCK_PCT = 125
"""So much of what the day wants lies somewhere."""
SPREAD_MOST = 4
PROVINCES = {
    "华东": ("上海市", "江苏省", "浙江省", "安徽省", "福建省", "江西省", "山东省"),
    "华北": ("北京市", "天津市", "河北省", "山西省", "内蒙古自治区"),
    "华中": ("河南省", "湖北省", "湖南省"),
    "华南": ("广东省", "广西壮族自治区", "海南省"),
    "西南": ("重庆市", "四川省", "贵州省", "云南省", "西藏自治区"),
    "西北": ("陕西省", "甘肃省", "青海省", "宁夏回族自治区", "新疆维吾尔自治区"),
    "东北": ("辽宁省", "吉林省", "黑龙江省"),
}
CITIES = {
    "华东": ("苏州市", "杭州市", "济南市", "合肥市", "福州市", "南昌市"),
    "华北": ("天津市", "北京市", "石家庄市", "太原市"),
    "华中": ("武汉市", "郑州市", "长沙市"),
    "华南": ("佛山市", "广州市", "南宁市"),
    "西南": ("成都市", "重庆市", "昆明市", "贵阳市"),
    "西北": ("西安市", "兰州市"),
    "东北": ("沈阳市", "长春市"),
}
FAR = ("西藏自治区", "新疆维吾尔自治区", "青海省", "甘肃省", "宁夏回族自治区", "内蒙古自治区", "海南省")
GRAMS = {
    "家用电器": 4_500, "家装建材": 3_000, "家具": 9_000, "食品饮料": 1_800, "酒类": 2_500, "宠物生活": 2_500,
    "厨具": 1_200, "生活日用": 900, "电脑、办公": 1_100, "运动户外": 900,
}  # fmt: skip
LIGHT_G = 350
ZONES = (*(Zone(name, places) for name, places in PROVINCES.items()), Zone("偏远", FAR))


def carriers() -> dict[str, Carrier]:
    """Return three: one by zones, one for what is heavy, one that is fast."""
    own = tuple(
        Fare(origin=zone, province=province, first_minor=600, step_minor=120)
        for zone, provinces in PROVINCES.items()
        for province in provinces
        if province not in FAR
    )
    far = (Fare(province=province, first_minor=1_800, step_minor=1_000) for province in FAR)
    parcels = Carrier(
        code="ZT", title="Parcels", zones=ZONES, volume_divisor=8_000,
        fares=(Fare(first_minor=850, step_minor=350), *own, *far),
    )  # fmt: skip
    heavy = Carrier(
        code="DB", title="Heavy", zones=ZONES, first_g=5_000, volume_divisor=6_000,
        fares=(
            Fare(first_minor=1_500, step_minor=130),
            *(Fare(province=province, first_minor=2_600, step_minor=380) for province in FAR),
        ),
    )  # fmt: skip
    fast = Carrier(
        code="SF", title="Fast", zones=ZONES, volume_divisor=6_000, takes_battery=False,
        fares=(Fare(first_minor=1_800, step_minor=700, hours=36),),
    )  # fmt: skip
    return {one.code: one for one in (parcels, heavy, fast)}


class Day(NamedTuple):
    """What there is in the morning. `stock[place][article]`: pieces."""

    places: list[Place]
    stock: dict[str, dict[str, int]]
    orders: list[Order]
    carriers: dict[str, Carrier]
    atlas: Atlas
    policy: Policy


class _Row(NamedTuple):
    seller: str
    product: str
    warehouse: str
    qty: int


def day(data: Path, orders: int, sites: int) -> Day:
    """Return the day with so many orders and so many warehouses, the busiest."""
    chance = Random(11)  # noqa: S311 - the same day every time
    regions = {row["warehouse_no"]: row["warehouse_region"] for row in _read(data, "warehouses")}
    central = {
        row["warehouse_no"] for row in _read(data, "warehouses") if row["warehouse_category"] == "中心仓"
    }
    categories = {row["product_no"]: row["category1"] for row in _read(data, "products")}
    sent: Counter[tuple[str, str]] = Counter()
    rows = []
    for row in _read(data, "promo_1111_shipments"):
        qty = int(float(row["qty"]))
        if qty > 0 and row["warehouse_no"] in regions:
            sent[row["product_no"], row["warehouse_no"]] += qty
            if row["date"] == DAY:
                rows.append(_Row(row["seller_no"], row["product_no"], row["warehouse_no"], qty))
    busiest = _busiest(rows, regions, sites)
    bought = _orders(chance, rows, regions, central, categories, orders)
    stock = _stock(bought, sent, busiest)
    places = [
        Place(code=code, region=Region(city=city), free=stock[code], parcels_left=None)
        for code, city in busiest.items()
    ]
    named = [_with_province(place) for place in places]
    policy = Policy(code="day", split_most=3, split_minor=200, late_minor=20)
    return Day(named, stock, bought, carriers(), load_atlas(), policy)


def _read(data: Path, name: str) -> list[dict[str, str]]:
    with (data / FOLDER / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _busiest(rows: list[_Row], regions: dict[str, str], sites: int) -> dict[str, str]:
    """Give the busiest warehouses a city of their region each."""
    sums: Counter[str] = Counter()
    for row in rows:
        sums[row.warehouse] += row.qty
    cities = {region: list(names) for region, names in CITIES.items()}
    chosen = {}
    for code, _ in sums.most_common():
        if cities[regions[code]] and len(chosen) < sites:
            chosen[code] = cities[regions[code]].pop(0)
    return chosen


def _orders(
    chance: Random,
    rows: list[_Row],
    regions: dict[str, str],
    central: set[str],
    categories: dict[str, str],
    count: int,
) -> list[Order]:
    homes = _homes()
    everywhere = [home for region in homes.values() for home in region]
    by_seller: dict[str, list[_Row]] = defaultdict(list)
    for row in rows:
        by_seller[row.seller].append(row)
    weights = list(accumulate(row.qty**0.5 for row in rows))  # not one article in every second order
    bought = []
    for n, row in enumerate(chance.choices(rows, cum_weights=weights, k=count)):
        others = chance.choices(by_seller[row.seller], k=chance.choice((0, 0, 0, 1, 1, 2, 3)))
        products = dict.fromkeys((row.product, *(other.product for other in others)))
        wants = tuple(
            Want(
                line=str(k), sku=product, qty=chance.choice((1, 1, 1, 1, 2, 3)),
                weight_g=_grams(product, categories), has_battery=categories.get(product) == "手机通讯",
            )
            for k, product in enumerate(products, 1)
        )  # fmt: skip
        home = chance.choice(everywhere if row.warehouse in central else homes[regions[row.warehouse]])
        promised = NOW + timedelta(hours=PROMISE_H)
        bought.append(Order(id=str(n), region=home, wants=wants, promised_at=promised))
    return bought


def _homes() -> dict[str, list[Region]]:
    gazetteer = load_gazetteer()
    region_of = {province: region for region, provinces in PROVINCES.items() for province in provinces}
    homes: dict[str, list[Region]] = defaultdict(list)
    for province in gazetteer.provinces():
        for city in gazetteer.children(province.code) if province.name in region_of else ():
            for district in gazetteer.children(city.code):
                names = {"province": province.name, "city": city.name, "district": district.name}
                homes[region_of[province.name]].append(Region(**names))
    return homes


def _grams(product: str, categories: dict[str, str]) -> int:
    number = int(product.rpartition("_")[2])
    return GRAMS.get(categories.get(product, ""), LIGHT_G) * (50 + number * 37 % 100) // 100


def _stock(
    bought: list[Order], sent: Counter[tuple[str, str]], busiest: dict[str, str]
) -> dict[str, dict[str, int]]:
    """Lay what the day wants, and some more, where it was sent from in these weeks."""
    wanted: Counter[str] = Counter()
    for order in bought:
        wanted.update({want.sku: want.qty for want in order.wants})
    codes = list(busiest)
    stock: dict[str, dict[str, int]] = {code: {} for code in codes}
    for sku, qty in wanted.items():
        shares = {code: sent[sku, code] for code in codes if sent[sku, code]}
        n = int(sku.rpartition("_")[2])
        for k in range(SPREAD_MOST - len(shares)):  # the country's big sellers lie in several places
            shares.setdefault(codes[(n * 7 + k * 5) % len(codes)], 1)
        total = sum(value**0.5 for value in shares.values())
        for code, value in shares.items():
            stock[code][sku] = max(1, round(qty * STOCK_PCT / 100 * value**0.5 / total))
    return stock


def _with_province(place: Place) -> Place:
    gazetteer = load_gazetteer()
    for province in gazetteer.provinces():
        for city in gazetteer.children(province.code):
            if city.name == place.region.city:
                there = Region(province=province.name, city=city.name)
                return Place(code=place.code, region=there, free=place.free)
    return place
