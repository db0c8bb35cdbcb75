"""Orders of buyers one knows, some of them wrong in one of twelve ways; who made them knows which and how.

A buyer has a home and an account, an article its price and how many of it are bought, a shop its range. What
is wrong is what happens: a nought too many, a comma that moved, a line twice, a door forgotten.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec
from order_day import GIVEN, PLACES, ROADS, SURNAMES

from app.commands.receive import Receive
from app.domain.catalogue import Sku, SkuMap
from app.domain.order import Line
from app.domain.values import Receiver, Region
from tests.builders import NOW, receive

ARTICLES, BUYERS = 60, 400
SHOPS = ("TM1", "DY1")
WRONG_SHARE = 0.1
BETWEEN = timedelta(minutes=25)
"""From one order to the next."""
POSTCODES = {
    "浙江省": "310012", "江苏省": "215128", "广东省": "518052", "四川省": "610041",
    "湖北省": "430070", "陕西省": "710061", "山东省": "266071",
}  # fmt: skip


class Buyer(NamedTuple):
    account: str
    name: str
    phone: str
    place: tuple[str, str, str]
    street: str
    shop: str


class Made(NamedTuple):
    """An order as its channel sends it; `wrong` names what is wrong with it, "" where nothing is."""

    receive: Receive
    wrong: str


class Trade:
    """One company's buyers and articles, the same for a seed; orders come from dice of their own."""

    def __init__(self, seed: int = 20) -> None:
        dice = random.Random(seed)  # noqa: S311 - dice
        self.skus = [
            Sku(code=f"W-{i:03d}", title=f"商品 {i}", list_price_minor=dice.randrange(1_900, 49_900))
            for i in range(ARTICLES)
        ]
        self.usual_qty = {sku.code: dice.choice((1, 1, 1, 2, 6)) for sku in self.skus}
        self.range = {shop: self.skus[at * 25 : at * 25 + 35] for at, shop in enumerate(SHOPS)}
        self.buyers = [self._buyer(dice, i) for i in range(BUYERS)]

    @property
    def maps(self) -> list[SkuMap]:
        """What each shop calls each article."""
        return [
            SkuMap(shop=shop, ext_sku=f"X{sku.code}", sku=sku.code, by="trainer", at=NOW)
            for shop in SHOPS
            for sku in self.skus
        ]

    def orders(
        self, count: int, seed: int, first_at: datetime, wrong_share: float = WRONG_SHARE
    ) -> Iterator[Made]:
        """Make orders, one after the other; the kinds of what is wrong come in turn."""
        dice = random.Random(seed)  # noqa: S311 - dice
        kinds = list(WAYS)
        wrong = 0
        for i in range(count):
            good = self._order(dice, f"s{seed}-{i}", first_at + i * BETWEEN)
            if dice.random() >= wrong_share:
                yield Made(good, "")
                continue
            kind = kinds[wrong % len(kinds)]
            wrong += 1
            yield Made(WAYS[kind](self, dice, good), kind)

    def _buyer(self, dice: random.Random, i: int) -> Buyer:
        name = dice.choice(SURNAMES) + "".join(dice.choices(GIVEN, k=2))
        door = f"{dice.randrange(1, 300)}号{dice.randrange(1, 20)}幢{dice.randrange(101, 900)}室"
        street = f"{dice.choice(ROADS)}{door}"
        phone = f"13{dice.randrange(10**9):09d}"
        return Buyer(f"account-{i:04d}", name, phone, dice.choice(PLACES), street, dice.choice(SHOPS))

    def _order(self, dice: random.Random, id: str, at: datetime) -> Receive:
        buyer = dice.choice(self.buyers)
        goods = dice.sample(self.range[buyer.shop], dice.choice((1, 1, 1, 2, 3)))
        lines = tuple(self.line(dice, str(at + 1), sku) for at, sku in enumerate(goods))
        province, city, district = buyer.place
        return receive(
            id,
            shop=buyer.shop,
            number=id,
            ext_id=id,
            lines=lines,
            ordered_at=at,
            ship_by_at=at + timedelta(days=2),
            receiver=Receiver(
                name=buyer.name,
                phone=buyer.phone,
                street=buyer.street,
                raw=f"{province}{city}{district}{buyer.street}",
                account=buyer.account,
            ),
            region=Region(province=province, city=city, district=district, postcode=POSTCODES[province]),
        )

    def line(self, dice: random.Random, id: str, sku: Sku) -> Line:
        """One line as it is usual: now and then one more, a few per cent cheaper."""
        qty = max(1, self.usual_qty[sku.code] + dice.choice((-1, 0, 0, 0, 1)))
        price = sku.list_price_minor * dice.choice((100, 100, 97, 95)) // 100
        return Line(id=id, ext_sku=f"X{sku.code}", title=sku.title, qty=qty, unit_price_minor=price)


# --- what goes wrong -------------------------------------------------------------------------------------

Way = Callable[[Trade, random.Random, Receive], Receive]


def _with_line(order: Receive, **changes: int | str) -> Receive:
    lines = (msgspec.structs.replace(order.lines[0], **changes), *order.lines[1:])
    return _paid(order, lines)


def _paid(order: Receive, lines: tuple[Line, ...]) -> Receive:
    total = sum(line.qty * line.unit_price_minor for line in lines)
    return msgspec.structs.replace(
        order, lines=lines, total_minor=total, payable_minor=total, paid_minor=total
    )


def _nought(_trade: Trade, _dice: random.Random, order: Receive) -> Receive:
    return _with_line(order, qty=order.lines[0].qty * 10)


def _comma(_trade: Trade, dice: random.Random, order: Receive) -> Receive:
    price = order.lines[0].unit_price_minor
    return _with_line(order, unit_price_minor=dice.choice((price // 10, price * 10)))


def _third_off(_trade: Trade, _dice: random.Random, order: Receive) -> Receive:
    return _with_line(order, unit_price_minor=order.lines[0].unit_price_minor * 2 // 3)


def _foreign_article(trade: Trade, dice: random.Random, order: Receive) -> Receive:
    known = {sku.code for sku in trade.range[order.shop]}
    other = dice.choice([sku for shop in SHOPS for sku in trade.range[shop] if sku.code not in known])
    return _with_line(
        order, ext_sku=f"X{other.code}", title=other.title, unit_price_minor=other.list_price_minor
    )


def _line_twice(_trade: Trade, _dice: random.Random, order: Receive) -> Receive:
    again = tuple(msgspec.structs.replace(order.lines[0], id=str(10 + at)) for at in range(3))
    return _paid(order, (*order.lines, *again))


def _moved_away(_trade: Trade, dice: random.Random, order: Receive) -> Receive:
    others = [place for place in PLACES if place[0] != order.region.province]
    province, city, district = dice.choice(others)
    receiver = msgspec.structs.replace(
        order.receiver, raw=f"{province}{city}{district}{order.receiver.street}"
    )
    region = Region(province=province, city=city, district=district, postcode=POSTCODES[province])
    return msgspec.structs.replace(order, receiver=receiver, region=region)


def _foreign_postcode(_trade: Trade, dice: random.Random, order: Receive) -> Receive:
    codes = [code for province, code in POSTCODES.items() if province != order.region.province]
    return msgspec.structs.replace(
        order, region=msgspec.structs.replace(order.region, postcode=dice.choice(codes))
    )


def _no_door(_trade: Trade, _dice: random.Random, order: Receive) -> Receive:
    road = next(road for road in ROADS if order.receiver.street.startswith(road))
    region = order.region
    raw = f"{region.province}{region.city}{region.district}{road}"
    return msgspec.structs.replace(
        order, receiver=msgspec.structs.replace(order.receiver, street=road, raw=raw)
    )


def _no_district(_trade: Trade, _dice: random.Random, order: Receive) -> Receive:
    region = msgspec.structs.replace(order.region, city="", district="", postcode="")
    raw = f"{region.province}{order.receiver.street}"
    receiver = msgspec.structs.replace(order.receiver, raw=raw)
    return msgspec.structs.replace(order, region=region, receiver=receiver)


def _short_phone(_trade: Trade, _dice: random.Random, order: Receive) -> Receive:
    receiver = msgspec.structs.replace(order.receiver, phone=order.receiver.phone[:-1])
    return msgspec.structs.replace(order, receiver=receiver)


def _note_says_otherwise(_trade: Trade, dice: random.Random, order: Receive) -> Receive:
    note = dice.choice(("请改寄到我公司，地址私聊", "先不要发货，等我通知", "麻烦换成 220 的尺寸"))
    return msgspec.structs.replace(order, receiver=msgspec.structs.replace(order.receiver, note=note))


def _part_paid(_trade: Trade, _dice: random.Random, order: Receive) -> Receive:
    return msgspec.structs.replace(order, paid_minor=order.payable_minor // 2)


WAYS: dict[str, Way] = {
    "a nought too many": _nought,
    "a comma that moved": _comma,
    "a third off": _third_off,
    "an article of another shop": _foreign_article,
    "a line three times more": _line_twice,
    "another province": _moved_away,
    "a foreign postcode": _foreign_postcode,
    "no door": _no_door,
    "no district": _no_district,
    "a short phone": _short_phone,
    "a note that says otherwise": _note_says_otherwise,
    "half paid": _part_paid,
}
