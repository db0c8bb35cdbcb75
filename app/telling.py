"""What a message would say to the buyer of an order."""

from __future__ import annotations

from app.command import Facts
from app.domain.destination import reading_of
from app.domain.money import shown
from app.domain.order import Order
from app.domain.reading import DOUBTFUL
from app.domain.sourcing import missing, wanted
from app.domain.wording import ASKED, BUILT, is_chinese, words_of, written


def words_for(order: Order, code: str, facts: Facts) -> str:
    """Return what a message would say to the buyer of an order."""
    shop = facts.shop_of(order)
    chinese = is_chinese(shop.country if shop is not None else order.region.country)
    comma, space = ("、", "") if chinese else (", ", " ")
    values = {
        "number": order.ext_id or order.number,
        "shop": shop.title if shop is not None else order.shop,
        "amount": shown(order.payable_minor - order.received_money_minor, order.currency),
    }
    places = BUILT[code].places
    if order.awaits is not None:
        values["day"] = order.awaits.due_on.isoformat()
    if "asked" in places:
        values["asked"] = comma.join(_asked(order, facts, chinese=chinese))
    if "articles" in places:
        values["articles"] = comma.join(_articles(order, facts, space))
    return written(words_of(code, facts.refs.wordings, chinese=chinese), values)


def _asked(order: Order, facts: Facts, *, chinese: bool) -> list[str]:
    """Name the parts of an address that are missing or doubtful; all of them where none stands out."""
    region = order.region
    parts = {"province": region.province, "city": region.city, "district": region.district}
    if region.country != "CN":
        parts = {"city": region.city, "postcode": region.postcode}
    lacking = {name for name, value in {**parts, "street": order.receiver.street}.items() if not value}
    reading = reading_of(order, facts.refs.gazetteer)
    if reading is not None:
        lacking |= {part.field for part in reading.parts if part.verdict == DOUBTFUL}
    asked = lacking & ASKED.keys() or {*parts, "street"}
    return [zh if chinese else en for name, (zh, en) in ASKED.items() if name in asked]


def _articles(order: Order, facts: Facts, space: str) -> list[str]:
    """Name what is missing, with the pieces where it is more than one."""
    short = missing(order, facts.warehouses_of(order), facts.free)
    if order.awaits is not None:
        short = {sku: qty for sku, qty in wanted(order).items() if sku in order.awaits.later}
    named = []
    for code, count in sorted(short.items()):
        article = facts.sku(code)
        title = article.title if article is not None else code
        named.append(title if count == 1 else f"{title}{space or ' '}× {count}")
    return named or [line.title or line.ext_sku for line in order.lines]
