"""The demo company: home textiles, four shops and wholesale, 5 warehouses, 600 articles, a kit, six people.

Everything is made by rule from a seed; nothing is taken from real files. Phones are in an unassigned range.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, time

from app.boot import demo_carriers
from app.domain.carrier import Carrier, NotServed, PickUp
from app.domain.catalogue import Sku, SkuMap
from app.domain.company import Company, Customer, Holidays, PriceList, Shift, Shop, User, Warehouse
from app.domain.kit import Part
from app.domain.route import Lane
from app.domain.rules import Rules
from app.domain.stock import Stock
from app.domain.values import Role
from app.domain.visit import Area, Outlet

SEED = 20260613
PASSWORD = "docket-demo"  # noqa: S105 - public on purpose: the sign-in page of the demo shows it
OPENED_AT = datetime(2026, 6, 12, 23, 0, tzinfo=UTC)
"""07:00 shop time on 13 June: the day begins."""
STARTS_AT = datetime(2026, 6, 13, 12, 30, tzinfo=UTC)
"""20:30 shop time on 13 June: where the demo clock starts for a person."""

SHOPS = (
    Shop(
        code="TM1",
        title="天猫 青禾旗舰店",
        channel="TM",
        warehouses=("SZ", "WH", "TJ", "CD", "FS"),
        invoicers=("hx", "nn"),
    ),
    Shop(code="JD1", title="京东 青禾家居", channel="JD", warehouses=("TJ", "SZ", "WH", "FS", "CD")),
    Shop(code="DY1", title="抖音 青禾生活", channel="DY", warehouses=("FS", "SZ", "WH", "CD", "TJ")),
    Shop(
        code="PD1",
        title="拼多多 青禾百货",
        channel="PD",
        warehouses=("WH", "SZ", "CD", "FS", "TJ"),
        merge_wait_min=240,
    ),
)
WAREHOUSES = (
    Warehouse(code="SZ", title="苏州仓", city="苏州市", cut_off=time(22, 0)),
    Warehouse(code="FS", title="佛山仓", city="佛山市", cut_off=time(21, 30), by_cost=True),
    Warehouse(code="CD", title="成都仓", city="成都市", cut_off=time(21, 0), by_cost=True),
    Warehouse(code="TJ", title="天津仓", city="天津市", cut_off=time(22, 30)),
    Warehouse(code="WH", title="武汉仓", city="武汉市", cut_off=time(22, 0)),
)
_FAR = ("新疆维吾尔自治区", "西藏自治区")
LANES = (
    Lane(code="G1", start="成都市", end="武汉分拨", cost_minor=220, hours=20, cut_off=time(23, 0), most=400),
    Lane(code="G2", start="佛山市", end="武汉分拨", cost_minor=200, hours=16, cut_off=time(23, 30), most=600),
    Lane(code="M1", start="武汉分拨", end="湖北省", cost_minor=260, hours=18, cut_off=time(7, 0)),
    Lane(code="M2", start="武汉分拨", end="湖南省", cost_minor=280, hours=22, cut_off=time(7, 0)),
    Lane(code="M3", start="武汉分拨", end="河南省", cost_minor=290, hours=24, cut_off=time(7, 0)),
    Lane(code="M4", start="武汉分拨", end="江西省", cost_minor=290, hours=24, cut_off=time(7, 0)),
)
"""Trunk lines to a hub, and the last leg from there; Chengdu and Foshan choose by cost and time."""
CARRIERS = demo_carriers.priced((
    Carrier(
        code="SJ", title="山脊快运", services=("标准快递", "次日达"),
        not_served=tuple(NotServed(province=name) for name in _FAR),
        points=(PickUp(province="浙江省", city="杭州市", district="西湖区", street="文三路 90 号 山脊驿站"),),
        lanes=LANES,
    ),
    Carrier(
        code="YX", title="远信物流", services=("标准快递",),
        not_served=(NotServed(province="西藏自治区", city="那曲市", until_on=date(2026, 9, 30)),),
    ),
    Carrier(
        code="ZX", title="知行速运", services=("标准快递", "当日达"),
        not_served=tuple(NotServed(province=name) for name in _FAR),
        gives_labels=True,
    ),
))  # fmt: skip
"""Made-up carriers; the second goes where the first does not, for more, the third gives labels."""
USERS = (
    User(code="lin", title="林小满", role=Role.CLERK),
    User(code="qiao", title="乔木生", role=Role.WAREHOUSE, warehouse="SZ"),
    User(code="gu", title="顾南乔", role=Role.REVIEWER),
    User(code="shen", title="沈知夏", role=Role.TRAINER),
    User(code="zhou", title="周予安", role=Role.LEAD),
    User(code="fang", title="方其然", role=Role.ADMIN),
)
SHIFTS = (
    Shift(code="day", title="白班", since=time(8, 0), until=time(18, 0), holidays="CN"),
    Shift(code="night", title="夜班", since=time(18, 0), until=time(2, 0), holidays="CN"),
)
_CLOSED = ((1, 1, 3), (2, 15, 23), (4, 4, 6), (5, 1, 5), (6, 19, 21), (9, 25, 27), (10, 1, 7))
"""Month, first and last day. Source: the State Council's notice on the public holidays of 2026."""
_WORKED = ((1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10))
HOLIDAYS = (
    Holidays(
        code="CN",
        title="全国法定假日",
        closed=tuple(date(2026, m, day) for m, first, last in _CLOSED for day in range(first, last + 1)),
        worked=tuple(date(2026, month, day) for month, day in _WORKED),
    ),
)
WHOLESALE = Shop(code="B21", title="批发 青禾企业购", channel="B2", warehouses=("SZ", "WH", "FS", "TJ", "CD"))
"""Nobody but people types its orders in."""
PRICE_LISTS = (
    PriceList(code="WS", title="批发价", share_pct=72),
    PriceList(
        code="HT", title="酒店协议价", share_pct=78, prices={"LN-4W": 23_800, "TW-2W": 3_900, "DV-4W": 58_000}
    ),
)
CUSTOMERS = (
    Customer(
        code="LH", title="临湖酒店用品", credit_minor=100_000_000, terms_days=30, price_list="HT",
        invoice_title="杭州临湖酒店用品有限公司", tax_no="91330106MA00LH001U",
    ),
    Customer(
        code="SL", title="石榴亲子农庄", credit_minor=20_000_000, terms_days=15, price_list="WS",
        invoice_title="湖州石榴农业开发有限公司", tax_no="91330502MA00AL0022",
    ),
    Customer(
        code="YJ", title="雁溪民宿联盟", credit_minor=30_000_000, terms_days=30, price_list="HT",
        invoice_title="丽水雁溪旅游管理有限公司", tax_no="91331100MA00YX003U",
    ),
    Customer(code="BX", title="白榆家居集合店", price_list="WS"),
    Customer(code="QZ", title="启程月子会所", credit_minor=8_000_000, terms_days=7),
)  # fmt: skip

# (prefix, name, list price in yuan, weight in g, sizes)
_FAMILIES = (
    ("LN", "四件套 水洗棉", 329, 2400, ("150", "180", "200", "220")),
    ("DV", "羽绒被 秋冬", 899, 2800, ("150", "180", "200", "220")),
    ("TW", "浴巾 加厚", 59, 480, ("60×120", "70×140", "80×160")),
    ("PL", "亚麻抱枕", 49, 620, ("45", "50", "60")),
    ("CU", "遮光窗帘", 219, 1900, ("150×220", "200×270", "300×270")),
    ("SC", "沙发套 弹力", 159, 1100, ("单人", "双人", "三人")),
    ("RG", "短绒地毯", 268, 3200, ("120×160", "160×230", "200×300")),
    ("LP", "台灯 纸罩", 139, 1300, ("小", "大")),
    ("TB", "橡木边几", 459, 5200, ("圆 45", "方 50")),
    ("MT", "床垫 独立簧", 1599, 26000, ("150×200", "180×200")),
    ("ST", "收纳箱 折叠", 39, 900, ("30 L", "50 L", "80 L")),
    ("TC", "桌布 棉麻", 79, 520, ("90×140", "130×180")),
)
KIT = Sku(
    code="KIT-01",
    title="卧室焕新套装 四件套 雾灰 200 配抱枕两只",
    list_price_minor=41_800,
    parts=(Part(sku="LN-3G", qty=1), Part(sku="PL-1G", qty=2)),
    recipe=1,
)  # fmt: skip
"""Bedding and two cushions for less than they cost by themselves; it lies on no shelf."""
_COLOURS = (
    ("W", "白"), ("G", "雾灰"), ("B", "雾蓝"), ("N", "奶白"), ("K", "深灰"), ("P", "豆沙"), ("Y", "姜黄"),
    ("L", "浅绿"), ("C", "焦糖"), ("D", "藏青"), ("R", "砖红"), ("V", "藕紫"), ("M", "米色"), ("S", "石青"),
    ("O", "燕麦"), ("T", "茶褐"), ("Q", "青瓷"), ("E", "米咖"),
)  # fmt: skip
INSTALLED = ("CU-", "MT-")
"""Articles that somebody comes to put up: curtains and mattresses."""
_ZHEJIANG = Area(province="浙江省")
OUTLETS = (
    Outlet(
        code="HZ1", title="杭州安装站", areas=(Area(province="浙江省"),), per_part=3, days=(0, 1, 2, 3, 4, 5)
    ),
    Outlet(code="NJ1", title="南京安装站", areas=(Area(province="江苏省"),), per_part=2),
    Outlet(
        code="SH1", title="上海安装站", areas=(Area(province="上海市"), Area(province="浙江省")), per_part=4
    ),
    Outlet(code="GZ1", title="广州安装站", areas=(Area(province="广东省"),), per_part=4),
)
SKU_COUNT = 600
RARE_FROM = 360
"""Articles from here on sell once in a while only."""


def company() -> Company:
    """Return the company as it stands on the morning of 13 June."""
    rng = random.Random(SEED)  # noqa: S311 - made-up goods, not secrets
    skus = _skus()
    return Company(
        title="青禾家纺",
        shops=(*SHOPS, WHOLESALE),
        warehouses=WAREHOUSES,
        skus=(*skus, KIT),
        sku_maps=(*_maps(skus, rng), *_kit_maps()),
        users=USERS,
        customers=CUSTOMERS,
        price_lists=PRICE_LISTS,
        shifts=SHIFTS,
        holidays=HOLIDAYS,
        carriers=CARRIERS,
        outlets=OUTLETS,
        opening=_opening(skus, rng),
        rules=Rules(),
    )


def _skus() -> tuple[Sku, ...]:
    made: list[Sku] = []
    for prefix, name, yuan, weight_g, sizes in _FAMILIES:
        for i, size in enumerate(sizes):
            for letter, colour in _COLOURS:
                number = len(made) + 1
                made.append(
                    Sku(
                        code=f"{prefix}-{i + 1}{letter}",
                        title=f"{name} {colour} {size}",
                        list_price_minor=(yuan + 20 * i) * 100,
                        barcode=f"690{number:09d}{_check_digit(f'690{number:09d}')}",
                        weight_g=weight_g + 150 * i,
                        needs_install=f"{prefix}-" in INSTALLED,
                    )
                )
    return tuple(made[:SKU_COUNT])


def _kit_maps() -> Iterator[SkuMap]:
    for shop in ("TM1", "DY1"):
        yield SkuMap(shop=shop, ext_sku=ext_code(shop, KIT.code), sku=KIT.code, by="fang", at=OPENED_AT)


def _check_digit(digits: str) -> int:
    """Source: EAN-13, weights 1 and 3."""
    return -sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(digits)) % 10


def ext_code(shop: str, sku: str) -> str:
    """Return what a shop calls an article."""
    return f"{shop[:2]}{sku.replace('-', '')}"


def _maps(skus: tuple[Sku, ...], rng: random.Random) -> tuple[SkuMap, ...]:
    """Every shop knows nearly every article; two in a hundred were never mapped, and wait for a clerk."""
    return tuple(
        SkuMap(shop=shop.code, ext_sku=ext_code(shop.code, sku.code), sku=sku.code, by="fang", at=OPENED_AT)
        for shop in SHOPS
        for sku in skus
        if rng.random() > 0.02
    )


def is_nearly_gone(at: int) -> bool:
    """Tell whether an article, by its place among all, lies in no warehouse in more than two pieces."""
    return at >= RARE_FROM and at % 40 == 0


def _opening(skus: tuple[Sku, ...], rng: random.Random) -> tuple[Stock, ...]:
    rows = []
    for place in WAREHOUSES:
        for i, sku in enumerate(skus):
            is_scarce = rng.random() < 0.01 or is_nearly_gone(i)
            rows.append(
                Stock(
                    warehouse=place.code,
                    sku=sku.code,
                    on_hand=rng.randint(0, 2) if is_scarce else rng.randint(20, 90),
                    safety=0 if is_scarce else rng.choice((0, 1, 2)),
                    bin=f"{'ABCD'[i % 4]}-{i // 60 + 1:02d}-{i // 6 % 10 + 1:02d}-{i % 6 + 1}",
                )
            )
    return tuple(rows)
