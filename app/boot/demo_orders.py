"""A day of 2,000 orders as four shops would send them: most are fine, the rest have the faults clerks know.

Seeded and pure: the same orders come out on every machine.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import chain, count
from typing import NamedTuple

import msgspec

from app.boot.demo_beside import demo_beside
from app.boot.demo_company import OPENED_AT, SEED, SHOPS, STARTS_AT, ext_code, is_nearly_gone
from app.commands.receive import Receive
from app.domain.catalogue import Sku
from app.domain.company import Company
from app.domain.order import ChannelState, Line
from app.domain.values import Receiver, Region

ORDERS = 2_000
_SHARES = (0.42, 0.22, 0.21, 0.15)
_HOURS = (2, 3, 5, 7, 9, 8, 6, 6, 8, 9, 8, 7, 9, 6)
"""Orders by hour from 07:00 to 20:59, as weights."""

_FAMILY = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余于杜叶程苏魏吕丁任沈姚卢"
)
_GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰飞鑫波斌莉玲辉宁琳雪佳浩然子涵欣怡雨桐梓轩诗晨乐"
)
_PLACES = (
    ("浙江省", "杭州市", "西湖区", "310012", ("文三路", "天目山路", "古墩路")),
    ("浙江省", "杭州市", "拱墅区", "310014", ("文晖路", "莫干山路", "湖墅南路")),
    ("浙江省", "宁波市", "鄞州区", "315100", ("天童北路", "四明中路")),
    ("江苏省", "南京市", "鼓楼区", "210008", ("中山北路", "湖南路")),
    ("江苏省", "苏州市", "吴中区", "215128", ("宝带西路", "石湖西路")),
    ("江苏省", "无锡市", "滨湖区", "214062", ("蠡湖大道", "隐秀路")),
    ("上海市", "上海市", "浦东新区", "200120", ("张杨路", "世纪大道", "锦绣路")),
    ("上海市", "上海市", "闵行区", "201100", ("莘松路", "七莘路")),
    ("北京市", "北京市", "朝阳区", "100020", ("建国路", "望京街", "朝阳北路")),
    ("北京市", "北京市", "海淀区", "100080", ("中关村大街", "学院路")),
    ("天津市", "天津市", "和平区", "300041", ("南京路", "成都道")),
    ("广东省", "广州市", "天河区", "510630", ("天河路", "黄埔大道西")),
    ("广东省", "深圳市", "南山区", "518052", ("深南大道", "后海大道", "科技园路")),
    ("广东省", "佛山市", "顺德区", "528300", ("东乐路", "南国东路")),
    ("四川省", "成都市", "武侯区", "610041", ("人民南路四段", "武侯大道")),
    ("四川省", "成都市", "锦江区", "610011", ("春熙路", "东大街")),
    ("湖北省", "武汉市", "洪山区", "430070", ("珞喻路", "雄楚大道")),
    ("湖北省", "武汉市", "江汉区", "430021", ("解放大道", "建设大道")),
    ("山东省", "青岛市", "市南区", "266071", ("香港中路", "东海西路")),
    ("山东省", "济南市", "历下区", "250011", ("泉城路", "经十路")),
    ("河南省", "郑州市", "金水区", "450003", ("花园路", "农业路")),
    ("湖南省", "长沙市", "岳麓区", "410013", ("麓山南路", "枫林三路")),
    ("陕西省", "西安市", "雁塔区", "710061", ("长安南路", "小寨东路")),
    ("福建省", "厦门市", "思明区", "361001", ("湖滨南路", "厦禾路")),
    ("重庆市", "重庆市", "渝中区", "400010", ("中山三路", "民权路")),
    ("辽宁省", "大连市", "中山区", "116001", ("人民路", "中山路")),
    ("安徽省", "合肥市", "蜀山区", "230031", ("长江西路", "黄山路")),
    ("云南省", "昆明市", "五华区", "650031", ("人民中路", "学府路")),
)
_ABOLISHED = (
    ("浙江省", "杭州市", "下城区", "310000", "文晖路"),
    ("浙江省", "杭州市", "江干区", "310000", "凤起东路"),
    ("江苏省", "南京市", "下关区", "210000", "热河南路"),
    ("浙江省", "宁波市", "江东区", "315000", "百丈东路"),
    ("北京市", "北京市", "宣武区", "100053", "广安门内大街"),
    ("上海市", "上海市", "闸北区", "200070", "共和新路"),
    ("黑龙江省", "伊春市", "美溪区", "153021", "美溪大街"),
)
_NOTES = (
    "工作日勿送，放东门快递柜", "送人用的，请不要放小票", "麻烦发顺丰", "请换成 220 的尺寸",
    "周六之前要到，婚房用", "门铃坏了，到了打电话", "和我昨天那单一起发",
)  # fmt: skip
_ESTATES = (
    "水岸嘉园",
    "金桂苑",
    "阳光花园",
    "翠湖天地",
    "云锦府",
    "书香里",
    "橡树湾",
    "丽景名苑",
    "江畔人家",
    "星河湾",
)

_HEARD_LATE = {"late": timedelta(hours=22), "part_paid": timedelta(minutes=45)}
"""Orders with these faults were made so long before we heard of them."""
FAULTS = (
    ("abolished", 0.012), ("no_district", 0.008), ("wrong_postcode", 0.006), ("unmapped", 0.010),
    ("cheap", 0.006), ("twin", 0.007), ("note", 0.009), ("unpaid", 0.010), ("part_paid", 0.003),
    ("short", 0.005), ("late", 0.004), ("dear", 0.002),
)  # fmt: skip
"""Fault and share of all orders; together about eight in a hundred."""
RUSH, RUSH_EVERY = timedelta(minutes=40), 4
RUSH_FAULTS = (
    "abolished", "part_paid", "unmapped", "note", "short", "twin", "cheap", "no_district",
    "unmapped", "late", "abolished", "short", "dear", "twin", "wrong_postcode", "note",
)  # fmt: skip
"""The day ends in a rush: every fourth order has one of these in turn, work of every kind lies there."""


def orders(company: Company, number: int = ORDERS, *, seed: int = SEED) -> Iterator[Receive]:
    """Yield the day's orders in the order they arrive, each `ordered_at` its arrival."""
    rng = random.Random(seed)  # noqa: S311 - made-up orders, not secrets
    by_code = {sku.code: sku for sku in company.skus}
    mapped = {shop.code: [m.sku for m in company.sku_maps if m.shop == shop.code] for shop in SHOPS}
    unmapped = {shop.code: sorted(set(by_code) - set(mapped[shop.code])) for shop in SHOPS}
    gone = {sku.code for i, sku in enumerate(company.skus) if is_nearly_gone(i)}
    rare = {shop.code: [code for code in mapped[shop.code] if code in gone] for shop in SHOPS}
    rush = count()
    last: Receive | None = None
    for i, at in enumerate(_times(rng, number)):
        fault = _fault(rng)
        if at > STARTS_AT - RUSH:
            at_turn, is_turn = divmod(next(rush), RUSH_EVERY)
            fault = "" if is_turn else RUSH_FAULTS[at_turn % len(RUSH_FAULTS)]
        if fault == "twin" and last is not None:
            yield _twin(last, i, at, rng)
            continue
        shop = rng.choices(SHOPS, _SHARES)[0]
        goods = Goods(by_code, mapped[shop.code], unmapped[shop.code], rare[shop.code])
        lines = _lines(rng, shop.code, goods, fault)
        last = _order(rng, i, at, shop.code, lines, fault)
        yield last


def later_orders(company: Company, known: int) -> Iterator[Callable[[datetime], Receive]]:
    """Yield, for each next sale, how it looks when it happens at a given time; `known` orders came before."""
    days = (orders(company, seed=SEED + known + more) for more in count(1))
    for i, sale in enumerate(chain.from_iterable(days), known):

        def at(now: datetime, sale: Receive = sale, i: int = i) -> Receive:
            return msgspec.structs.replace(
                sale,
                order=f"01890000-0000-7000-8001-{i:012d}",
                number=f"DK-{117_000 + i}",
                ext_id=f"{sale.shop}{now:%y%m%d%H%M%S}{i:06d}",
                ext_version=f"{now:%Y-%m-%dT%H:%M:%SZ}",
                ordered_at=now,
                ship_by_at=now + timedelta(hours=24),
            )

        yield at


def _times(rng: random.Random, number: int) -> list[datetime]:
    hours = rng.choices(range(len(_HOURS)), _HOURS, k=number)
    begun = [OPENED_AT + timedelta(hours=h) for h in hours]
    last_s = int((STARTS_AT - OPENED_AT).total_seconds()) % 3600 - 5  # the hour in which one sits down
    return sorted(at + timedelta(seconds=rng.randrange(3600 if _is_whole(at) else last_s)) for at in begun)


def _is_whole(hour_at: datetime) -> bool:
    return hour_at + timedelta(hours=1) <= STARTS_AT


def _fault(rng: random.Random) -> str:
    dice = rng.random()
    for name, share in FAULTS:
        if dice < share:
            return name
        dice -= share
    return ""


class Goods(NamedTuple):
    """What a shop sells: codes it knows, codes nobody mapped, and those of which hardly any are left."""

    by_code: dict[str, Sku]
    mapped: list[str]
    unmapped: list[str]
    rare: list[str]


def _lines(rng: random.Random, shop: str, goods: Goods, fault: str) -> tuple[Line, ...]:
    lines = []
    for i in range(rng.choices((1, 2, 3, 4), (58, 27, 11, 4))[0]):
        is_unknown = fault == "unmapped" and i == 0 and bool(goods.unmapped)
        is_short = fault == "short" and i == 0 and bool(goods.rare)
        at = min(int(rng.expovariate(1 / 90)), len(goods.mapped) - 1)
        code = rng.choice(goods.unmapped) if is_unknown else goods.mapped[at]
        sku = goods.by_code[rng.choice(goods.rare) if is_short else code]
        percent = (
            45
            if fault == "cheap" and i == 0
            else 165
            if fault == "dear" and i == 0
            else rng.choice((100, 100, 95, 90))
        )
        qty = rng.randint(3, 5) if is_short else rng.choices((1, 2, 3), (80, 16, 4))[0]
        lines.append(
            Line(
                id=str(i + 1),
                ext_sku=ext_code(shop, sku.code),
                title=sku.title,
                qty=qty,
                unit_price_minor=sku.list_price_minor * percent // 100,
            )
        )
    return tuple(lines)


def _order(
    rng: random.Random, i: int, at: datetime, shop: str, lines: tuple[Line, ...], fault: str
) -> Receive:
    receiver, region = _address(rng, fault)
    if fault == "note":
        receiver = msgspec.structs.replace(receiver, note=rng.choice(_NOTES))
    total_minor = sum(line.qty * line.unit_price_minor for line in lines)
    paid_minor = {"unpaid": 0, "part_paid": total_minor * 3 // 10}.get(fault, total_minor)
    return Receive(
        order=f"01890000-0000-7000-8000-{i:012d}",
        number=f"DK-{117_000 + i}",
        shop=shop,
        ext_id=f"{shop}{at:%y%m%d}{rng.randrange(10**9):09d}{i:04d}",
        ext_version=f"{at:%Y-%m-%dT%H:%M:%SZ}",
        channel_state=ChannelState.AWAITING_PAYMENT if fault == "unpaid" else ChannelState.TO_SHIP,
        currency="CNY",
        total_minor=total_minor,
        payable_minor=total_minor,
        paid_minor=paid_minor,
        refunded_minor=0,
        receiver=receiver,
        region=region,
        lines=lines,
        ordered_at=at - _HEARD_LATE.get(fault, timedelta()),
        ship_by_at=at + (timedelta(hours=2) if fault == "late" else timedelta(hours=24)),
        beside=demo_beside(i),
    )


def _address(rng: random.Random, fault: str) -> tuple[Receiver, Region]:
    name = rng.choice(_FAMILY) + "".join(rng.choices(_GIVEN, k=rng.choice((1, 2, 2))))
    phone = f"1000{rng.randrange(10**7):07d}"
    block = f"{rng.randrange(1, 30)}幢{rng.randrange(1, 4)}单元{rng.randrange(1, 25)}0{rng.randrange(1, 5)}"
    house = f"{rng.randrange(1, 400)}号{rng.choice(_ESTATES)}{block}"
    if fault == "abolished":
        province, city, district, postcode, road = rng.choice(_ABOLISHED)
        if rng.random() < 0.4:  # the buyer moved: nobody can tell which of the two is right
            postcode = rng.choice([p[3] for p in _PLACES if p[0] != province])
    else:
        province, city, district, postcode, roads = rng.choice(_PLACES)
        road = rng.choice(roads)
    street = road + house
    if fault == "wrong_postcode":
        postcode = rng.choice([p[3] for p in _PLACES if p[0] != province])
    if fault == "no_district":
        city, district, postcode = "", "", ""
        street = f"鼓楼区{street}" if rng.random() < 0.5 else street
        province = "" if "鼓楼区" in street else province
    raw = f"{province}{city if city != province else ''}{district}{street}"
    if fault in ("wrong_postcode", "abolished"):
        raw += f" 邮编{postcode}"
    return (
        Receiver(name=name, phone=phone, street=street, raw=raw),
        Region(province=province, city=city, district=district, postcode=postcode),
    )


def _twin(first: Receive, i: int, at: datetime, rng: random.Random) -> Receive:
    """Buy the same again a few minutes later, in the same shop: a double click or a change of mind."""
    shift = timedelta(minutes=rng.randrange(1, 9))
    return msgspec.structs.replace(
        first,
        order=f"01890000-0000-7000-8000-{i:012d}",
        number=f"DK-{117_000 + i}",
        ext_id=f"{first.shop}{at:%y%m%d}{rng.randrange(10**9):09d}{i:04d}",
        ext_version=f"{at:%Y-%m-%dT%H:%M:%SZ}",
        ordered_at=max(at, first.ordered_at + shift),
        ship_by_at=at + timedelta(hours=24),
    )
