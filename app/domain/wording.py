"""The words of messages to buyers: with places for what only the order knows, and by which way they go.

A company may put words of its own in the place of the built-in ones, in both languages.
"""

from __future__ import annotations

import string
from collections.abc import Mapping

import msgspec

from app.domain.clock import Wait
from app.domain.order import Order
from app.domain.phone import judge_phone
from app.domain.values import digest
from app.text import N_

WORDS_MOST = 300
"""Characters: what one reads on a phone without scrolling."""
CHINESE = frozenset({"CN", "HK", "MO", "TW"})
CHANNEL, PHONE = "channel", "phone"


class Wording(msgspec.Struct, frozen=True, kw_only=True):
    """The words of one message; a language without any has the built-in ones."""

    code: str
    zh: str = ""
    en: str = ""
    rev: int = 0

    @property
    def title(self) -> str:
        """What it is called where nobody translates."""
        return self.code


class Built(msgspec.Struct, frozen=True):
    """A built-in message: its name, its words, the places they may have, and whom one waits for then."""

    title: str
    zh: str
    en: str
    places: frozenset[str]
    wait: str = Wait.CUSTOMER


COMMON = frozenset({"number", "shop"})
"""Every message may name the order as the buyer knows it, and the shop."""
BUILT: Mapping[str, Built] = {
    "address": Built(
        N_("Ask for the address"),
        "您好，订单 {number} 的收货地址还不完整，请回复：{asked}。货品先为您留着。{shop}",
        "Hello, the address of order {number} is not complete. Please reply with: {asked}. "
        "Your goods are kept meanwhile. {shop}",
        COMMON | {"asked"},
    ),
    "phone": Built(
        N_("Ask for a phone"),
        "您好，订单 {number} 的收货电话打不通，请回复一个快递员能联系到的号码。货品先为您留着。{shop}",
        "Hello, the phone of order {number} cannot be called. Please reply with one the courier can reach. "
        "Your goods are kept meanwhile. {shop}",
        COMMON,
    ),
    "unlock": Built(
        N_("Remind of the channel"),
        "您好，订单 {number} 还被平台锁定，请在平台的订单页完成待办（拼单、领取或核实），"
        "完成后我们马上发货。{shop}",
        "Hello, order {number} is still held by the platform. Please finish what its page asks of you; "
        "we ship right after. {shop}",
        COMMON,
    ),
    "awaited": Built(
        N_("Goods are awaited"),
        "您好，订单 {number} 中的 {articles} 正在补货，到货后会自动发出。"
        "不想等的话请回复，我们为您换货或退款。{shop}",
        "Hello, {articles} of order {number} is on its way to us and goes out as soon as it arrives. "
        "Reply if you would rather swap it or have your money back. {shop}",
        COMMON | {"articles"},
        Wait.STOCK,
    ),
    "later": Built(
        N_("Goods arrive later"),
        "您好，订单 {number} 中的 {articles} 到货延期，现预计 {day} 发出。"
        "不想等的话请回复，我们为您换货或退款。{shop}",
        "Hello, {articles} of order {number} arrives later than we promised; we now expect to send it "
        "by {day}. Reply if you would rather swap it or have your money back. {shop}",
        COMMON | {"articles", "day"},
        Wait.STOCK,
    ),
    "payment": Built(
        N_("Ask for the payment"),
        "您好，订单 {number} 还有 {amount} 未付。请在下单的平台订单页付款，"
        "或按约定方式转账并注明订单号。{shop}",
        "Hello, {amount} of order {number} is not paid yet. Please pay on the order page of the shop, "
        "or transfer it as agreed and name the order. {shop}",
        COMMON | {"amount"},
    ),
    "invoice": Built(
        N_("Ask for invoice data"),
        "您好，订单 {number} 需要开票信息，请回复发票抬头和税号，个人发票请回复“个人”和姓名。{shop}",
        "Hello, we need invoice data for order {number}. Please reply with the title and the tax number, "
        "or say that the invoice is a private one. {shop}",
        COMMON,
    ),
}  # fmt: skip
PLACES: Mapping[str, str] = {
    "number": N_("number of the order"),
    "shop": N_("name of the shop"),
    "asked": N_("what is asked of the address"),
    "articles": N_("articles that are missing"),
    "day": N_("day the goods are sent"),
    "amount": N_("what is to be paid"),
}
"""What stands in each place."""
ASKED: Mapping[str, tuple[str, str]] = {
    "province": ("省份", "province"),
    "city": ("城市", "city"),
    "district": ("区县", "district"),
    "street": ("街道和门牌号", "street and house number"),
    "postcode": ("邮编", "postcode"),
}
"""Parts of an address, in the words of a message."""


def is_chinese(country: str) -> bool:
    """Tell in which language the buyers of a country are written to."""
    return country in CHINESE


def words_of(code: str, wordings: Mapping[str, Wording], *, chinese: bool) -> str:
    """Return the words in force of a message: the company's own, else the built-in ones."""
    own, built = wordings.get(code), BUILT[code]
    if chinese:
        return (own.zh if own is not None else "") or built.zh
    return (own.en if own is not None else "") or built.en


def written(words: str, values: Mapping[str, str]) -> str:
    """Put values into their places; a value with a place of its own in it stays as it is."""
    parts = []
    for plain, place, _, _ in string.Formatter().parse(words):
        parts.append(plain)
        if place is not None:
            parts.append(values.get(place, ""))
    return "".join(parts)


def wrong_places(words: str, code: str) -> tuple[str, ...]:
    """Return what stands in braces and is no place of this message; "{" where braces do not match."""
    try:
        found = list(string.Formatter().parse(words))
    except ValueError:
        return ("{",)
    odd = [place for _, place, form, way in found if place is not None and (form or way)]
    named = [place for _, place, _, _ in found if place is not None and place not in BUILT[code].places]
    return (*odd, *named)


def way_to(order: Order) -> str:
    """Return how a message reaches the buyer: over the channel, by phone, or not at all.

    A phone with stars is nobody's, and one that cannot be called takes no message.
    """
    if order.ext_id:
        return CHANNEL
    phone = order.receiver.phone.strip()
    if not phone or "*" in phone:
        return ""
    return PHONE if judge_phone(phone, order.region.country) is None else ""


def message_key(order: Order, kind: str, code: str) -> str:
    """Name the next message of an order: the same until it was sent, so that nobody sends it twice."""
    last = order.messages[-1].key if order.messages else ""
    return f"notify:{order.id}:{digest(order.id, kind, code, last)}"
