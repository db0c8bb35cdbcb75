"""What lies before the hands bench: the demo company with a few orders for each task, and nobody else's.

Everything is decided by the hub's own writer, as it would be on any night.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import msgspec
from goods import SOURCE

from app.boot.demo import DayClock
from app.boot.demo_company import OPENED_AT, PASSWORD, STARTS_AT, USERS, company, ext_code
from app.boot.demo_day import Day
from app.boot.opening import FEED_ID, open_hub
from app.command import Command
from app.commands.pack import Pack
from app.commands.pick import Pick
from app.commands.receive import Receive
from app.commands.ship import Ship
from app.domain.company import Company
from app.domain.order import ChannelState, Line
from app.domain.reading import ACCEPT, CONFIRM
from app.domain.values import Receiver, Region
from sync.hub.access import set_passwords
from sync.hub.company import install_company
from sync.hub.database import open_database, writing
from sync.hub.writer import Job, ReplicaInfo
from sync.wire import Wish

SHOP = "TM1"
NIGHT = STARTS_AT + timedelta(hours=1)
"""21:30 shop time: what comes in now and costs much is looked at by two people."""
POSTCODES, PARCELS = 50, 10
UNCLEAR, TWIN, SPLIT, ASLEEP, SOLD, LARGE = "HD-101", "HD-112", "HD-121", "HD-131", "HD-141", "HD-151"
TAIL = "7316"
CALLER = "HD-161"
"""Who calls and says the last digits of a phone."""
WIDE, PARCEL = "HD-2", "HD-3"
"""How the numbers of the orders with a wrong postcode begin, and those of the parcels."""
CARRIER = "山脊快运"
RIGHT_CODE, WRONG_CODE = "310000", "610041"
TO = Region(province="浙江省", city="杭州市", district="西湖区", postcode=RIGHT_CODE, verdict=ACCEPT)


def articles(business: Company) -> list[str]:
    """The articles this shop knows, the usual ones first."""
    mapped = {each.sku for each in business.sku_maps if each.shop == SHOP}
    return [sku.code for sku in business.skus if sku.code in mapped]


def business() -> Company:
    """The demo company; one article, which stands apart, is nearly gone in every building."""
    small = company()
    scarce = scarce_article(small)
    opening = tuple(
        msgspec.structs.replace(row, on_hand=1 if row.sku == scarce else 90, safety=0)
        for row in small.opening
    )
    return msgspec.structs.replace(small, opening=opening)


def scarce_article(business: Company) -> str:
    """Return what hardly anything is left of."""
    return articles(business)[60]


def sales(business: Company) -> Iterator[Receive]:
    """Yield every order the tasks are about.

    A postcode of another province in a whole address is put right today without anybody; those here were
    judged by a reading that did not know the codes.
    """
    usual, scarce = articles(business), scarce_article(business)
    moved = msgspec.structs.replace(TO, district="下城区", verdict=CONFIRM)
    yield _sale(business, UNCLEAR, [(usual[0], 1)], region=moved, road="文晖路")
    yield _sale(business, "HD-111", [(usual[1], 1), (usual[2], 2)], phone="10000000112")
    yield _sale(business, TWIN, [(usual[1], 1), (usual[2], 2)], phone="10000000112", after_min=4)
    yield _sale(business, SPLIT, [(usual[3], 1), (scarce, 4)])
    yield _sale(business, ASLEEP, [(usual[4], 1), (scarce, 5)])
    yield _sale(business, SOLD, [(usual[5], 1), (usual[145], 2)])
    yield _sale(business, LARGE, [(usual[6], 4), (usual[81], 2)])
    yield _sale(business, CALLER, [(usual[7], 1)], phone=f"1000000{TAIL}")
    wrong = msgspec.structs.replace(TO, postcode=WRONG_CODE, verdict=CONFIRM)
    for n in range(POSTCODES):
        yield _sale(business, f"{WIDE}{n:02d}", [(usual[10 + n % 40], 1)], region=wrong)
    for n in range(PARCELS):
        yield _sale(business, f"{PARCEL}{n:02d}", [(usual[20 + n], 1)])


def _sale(
    business: Company,
    number: str,
    goods: Sequence[tuple[str, int]],
    *,
    phone: str = "",
    region: Region = TO,
    road: str = "文三路",
    after_min: int = 0,
) -> Receive:
    """One paid order of list prices; each has a door of its own unless it shares a phone."""
    by_code = {sku.code: sku for sku in business.skus}
    tail = int(number[3:])
    door = int(phone[-3:]) if phone else tail
    street = f"{road}{door}号水岸嘉园{door % 29 + 1}幢2单元{door % 9 + 1}01"
    at = NIGHT - timedelta(minutes=20) + timedelta(minutes=after_min)
    lines = tuple(
        Line(
            id=str(n), ext_sku=ext_code(SHOP, code), title=by_code[code].title, qty=qty,
            unit_price_minor=by_code[code].list_price_minor,
        )
        for n, (code, qty) in enumerate(goods, 1)
    )  # fmt: skip
    total_minor = sum(line.qty * line.unit_price_minor for line in lines)
    surname = "王李张刘陈杨黄赵吴周"[door % 10]
    return Receive(
        order=f"hands-{tail:06d}",
        number=number,
        shop=SHOP,
        ext_id=f"{SHOP}{tail:012d}",
        ext_version="1",
        channel_state=ChannelState.TO_SHIP,
        currency="CNY",
        total_minor=total_minor,
        payable_minor=total_minor,
        paid_minor=total_minor,
        refunded_minor=0,
        receiver=Receiver(
            name=f"{surname}{'伟芳娜敏静丽强磊军洋'[door // 10 % 10]}",
            phone=phone or f"1000{door:07d}",
            street=street,
            raw=f"{region.province}{region.city}{region.district}{street}",
        ),
        region=region,
        lines=lines,
        ordered_at=at,
        ship_by_at=at + timedelta(hours=24),
    )


def fill(database: str) -> None:
    """Make the company; parcels are picked and packed, one order was shipped."""
    engine, house = open_database(database), business()
    with writing(engine) as db:
        install_company(db, FEED_ID, house, OPENED_AT)
        set_passwords(db, FEED_ID, [user.code for user in USERS], PASSWORD)
    engine.dispose()
    clock = DayClock(NIGHT - timedelta(minutes=10))
    running = open_hub(database, clock=clock)
    try:
        all_sales = list(sales(house))
        wishes = [_wish(n, sale, clock.at) for n, sale in enumerate(all_sales, 1)]
        running.hub.writer.submit(Job(ReplicaInfo(SOURCE, "channel", SOURCE), wishes)).result()
        day = Day(running, NIGHT)
        day._give(day._packer, [deed for sale in all_sales for deed in _on_the_floor(sale)])
    finally:
        running.close()


def _on_the_floor(sale: Receive) -> list[Command]:
    """What the packer did with an order before."""
    is_sold = sale.number == SOLD
    if not is_sold and not sale.number.startswith(PARCEL):
        return []
    deeds: list[Command] = [Pick(order=sale.order, line=line.id, qty=line.qty) for line in sale.lines]
    deeds.append(Pack(order=sale.order, weight_g=0))
    if is_sold:
        deeds.append(Ship(order=sale.order, carrier=CARRIER, tracking_no=f"SJ{sale.order[-9:]}"))
    return deeds


def _wish(n: int, sale: Receive, at: datetime) -> Wish:
    args = msgspec.Raw(msgspec.json.encode(sale))
    return Wish(n=n, id=f"{SOURCE}#{n}", name="receive", rev=1, args=args, login="", at=at)
