"""A day of a shop with known duplicates: 100,000 orders and more, the same on every machine.

Some purchases come in twice, as they do in life: a double click, a second shop, an address written in another
way, a phone behind stars. As many look alike and are none: a buyer who orders again, a gift to two doors, the
neighbours of a dormitory who all want the article of the day.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from msgspec.structs import replace

from app.domain.order import Line, Order
from app.domain.values import Receiver, Region

BEGAN = datetime(2026, 11, 8, tzinfo=UTC)
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰建国文斌雪梅晨宇欣怡子涵浩然"
PLACES = (
    ("浙江省", "杭州市", "西湖区"), ("浙江省", "宁波市", "鄞州区"), ("江苏省", "苏州市", "吴中区"),
    ("广东省", "深圳市", "南山区"), ("广东省", "广州市", "天河区"), ("四川省", "成都市", "武侯区"),
    ("湖北省", "武汉市", "洪山区"), ("陕西省", "西安市", "雁塔区"), ("山东省", "青岛市", "市南区"),
)  # fmt: skip
ROADS = (
    "文三路", "解放路", "人民路", "中山路", "建设路", "和平路", "新华路",
    "学院路", "滨江大道", "科技路", "长江路", "黄河路", "青年路", "胜利路",
)  # fmt: skip
SHOPS = ("TM1", "JD1", "DY1", "PD1")
WINDOW_DAYS = 3
TWICE = 0.02
"""So many purchases come in twice."""
DECOYS = 0.04
"""So many more only look like it."""


class Arrival(NamedTuple):
    """An order and the purchase it stands for."""

    order: Order
    purchase: int


def day(count: int, seed: int = 20) -> list[Arrival]:
    """Return `count` orders in the order in which they come in."""
    dice = random.Random(seed)  # noqa: S311 - no secret
    found: list[Arrival] = []
    purchase = 0
    while len(found) < count:
        purchase += 1
        first = _order(dice, purchase)
        found.append(Arrival(first, purchase))
        fate = dice.random()
        if fate < TWICE:
            found.append(Arrival(_again(dice, first, len(found)), purchase))
        elif fate < TWICE + DECOYS:
            for decoy in _decoys(dice, first, len(found)):
                purchase += 1
                found.append(Arrival(decoy, purchase))
    return sorted(found[:count], key=lambda one: one.order.received_at)


def _order(dice: random.Random, purchase: int) -> Order:
    province, city, district = dice.choice(PLACES)
    at = BEGAN + timedelta(seconds=dice.randrange(WINDOW_DAYS * 86_400))
    lines = tuple(_line(dice, i) for i in range(1, 1 + min(int(dice.expovariate(0.9)) + 1, 6)))
    return Order(
        id=f"o{purchase}",
        number=f"DK-{purchase}",
        shop=dice.choice(SHOPS),
        ext_id=f"e{purchase}",
        payable_minor=sum(line.qty * line.unit_price_minor for line in lines),
        receiver=Receiver(name=_name(dice), phone=_phone(dice), street=_street(dice)),
        region=Region(province=province, city=city, district=district),
        lines=lines,
        ordered_at=at,
        received_at=at + timedelta(seconds=30),
    )


def _line(dice: random.Random, i: int) -> Line:
    article = min(int(dice.paretovariate(1.1)), 800)
    return Line(
        id=str(i), ext_sku=f"A-{article}", sku=f"S-{article}", qty=1 + int(dice.random() < 0.15),
        unit_price_minor=1_000 + article * 37 % 9_000,
    )  # fmt: skip


def _name(dice: random.Random) -> str:
    return dice.choice(SURNAMES) + "".join(dice.choice(GIVEN) for _ in range(dice.choice((1, 2, 2))))


def _phone(dice: random.Random) -> str:
    return f"1{dice.choice('3578')}{dice.randrange(10**9):09d}"


def _street(dice: random.Random) -> str:
    house, block, room = dice.randrange(1, 900), dice.randrange(1, 20), dice.randrange(101, 2_600)
    return f"{dice.choice(ROADS)}{house}号{block}幢{dice.randrange(1, 5)}单元{room}室"


def _again(dice: random.Random, first: Order, number: int) -> Order:
    """The same purchase once more."""
    receiver, shop, gap_s = first.receiver, first.shop, dice.randrange(5, 1_800)
    way = dice.randrange(5)
    if way >= 1:
        receiver = replace(receiver, street=_written_otherwise(receiver.street))
    if way >= 2:
        shop, gap_s = dice.choice(SHOPS), dice.randrange(60, 40 * 3_600)
    if way == 3:
        receiver = replace(receiver, phone=receiver.phone[:3] + "****" + receiver.phone[-4:])
    if way == 4:  # told to somebody over the phone
        receiver = replace(
            receiver, street=receiver.street.replace("路", "街"), name=receiver.name[:1] + "先生"
        )
    return _later(first, f"d{number}", gap_s, receiver=receiver, shop=shop)


def _decoys(dice: random.Random, first: Order, number: int) -> Iterator[Order]:
    """Yield what looks alike and is a purchase of its own."""
    way = dice.randrange(4)
    if way == 0:  # the buyer comes back for something else
        lines = tuple(replace(line, ext_sku=line.ext_sku + "x", sku=line.sku + "x") for line in first.lines)
        yield _later(first, f"r{number}", dice.randrange(60, 200_000), lines=lines)
    elif way == 1:  # and for the same again, days later
        yield _later(first, f"r{number}", dice.randrange(73 * 3_600, 90 * 3_600))
    elif way == 2:  # a gift to another door, the day after
        gift = replace(first.receiver, name=_name(dice), street=_street(dice))
        yield _later(first, f"g{number}", dice.randrange(30 * 3_600, 60 * 3_600), receiver=gift)
    else:  # one gate house, many people, the article of the day
        article = (Line(id="1", ext_sku="A-1", sku="S-1", qty=1, unit_price_minor=1_037),)
        for i in range(4):
            other = replace(first.receiver, name=_name(dice), phone=_phone(dice))
            yield _later(
                first, f"n{number}-{i}", dice.randrange(60, 80_000),
                receiver=other, lines=article, payable_minor=1_037,
            )  # fmt: skip


def _later(first: Order, id: str, gap_s: int, **changes: object) -> Order:
    at = first.ordered_at + timedelta(seconds=gap_s)
    changed = {
        "number": f"DK-{id}",
        "ext_id": id,
        "ordered_at": at,
        "received_at": at + timedelta(seconds=30),
    }
    return replace(first, id=id, **changed, **changes)


def _written_otherwise(street: str) -> str:
    """文三路12号3幢1单元601室 → 文三路12-3-1-601."""
    for unit in ("号", "幢", "单元"):
        street = street.replace(unit, "-")
    return street.removesuffix("室")
