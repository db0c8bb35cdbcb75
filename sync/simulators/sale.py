"""One order as its platform holds it, made from a seed: nobody in it ever lived."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

AWAITING, PAID, PART_SHIPPED, SHIPPED, CANCELLED, REFUNDED = (
    "awaiting_payment", "to_ship", "partly_shipped", "shipped", "cancelled", "closed_refunded",
)  # fmt: skip
NO_REFUND, ASKED, GRANTED, WITHDRAWN = "none", "requested", "refunded", "withdrawn"

PLACES = (
    ("浙江省", "杭州市", "西湖区", "310012"),
    ("广东省", "广州市", "海珠区", "510220"),
    ("江苏省", "南京市", "鼓楼区", "210009"),
    ("四川省", "成都市", "武侯区", "610041"),
    ("湖北省", "武汉市", "江汉区", "430021"),
    ("福建省", "厦门市", "思明区", "361001"),
)
GOODS = (
    ("DEMO-MUG-WHITE", "示例马克杯 白色", 3900),
    ("DEMO-LAMP-OAK", "示例台灯 橡木", 15900),
    ("DEMO-TOWEL-BLUE", "示例毛巾 蓝色", 2450),
    ("DEMO-BOX-20L", "示例收纳箱 20L", 4999),
    ("DEMO-PILLOW", "示例枕头", 8800),
    ("DEMO-CHARGER", "示例充电器", 5990),
    ("DEMO-NOTEBOOK", "示例笔记本", 1299),
)
WORDS = ("", "", "", "", "", "", "请尽快发货", "不要放快递柜", "送礼用，请勿放价签")


@dataclass(slots=True)
class Piece:
    """One line: `code` is the seller's own article code, empty where the seller never gave one."""

    place: int
    article: int
    code: str
    title: str
    qty: int
    unit_minor: int
    off_minor: int = 0
    refund: str = NO_REFUND
    sent: int = 0
    comes_back: bool = False
    """The buyer wanted to send it back; `is_called_off`: wanted it not to be sent at all."""
    is_called_off: bool = False
    is_closed: bool = False
    """The seller said that no more of it is sent."""

    @property
    def is_over(self) -> bool:
        """Nothing of it is to be sent any more."""
        return self.sent == self.qty or self.is_closed or self.refund == GRANTED

    @property
    def gross_minor(self) -> int:
        """Price times pieces."""
        return self.unit_minor * self.qty

    @property
    def net_minor(self) -> int:
        """What the buyer pays for this line, without postage."""
        return self.gross_minor - self.off_minor


@dataclass(slots=True)
class Parcel:
    """What the seller said was sent."""

    carrier: str
    tracking: str
    at: int
    inside: dict[int, int] = field(default_factory=dict)
    """Pieces of which lines, where the platform is told."""


@dataclass(slots=True)
class Refund:
    """Money that went back: for so many pieces of lines, by their place, and beside it or alone a sum."""

    no: int
    at: int
    pieces: dict[int, int]
    minor: int


@dataclass(slots=True)
class Sale:
    """One order. Times are seconds since 1970; `version` counts its changes."""

    no: int
    created: int
    paid: int
    modified: int
    state: str
    pieces: list[Piece]
    postage_minor: int
    platform_minor: int
    buyer: int
    place: tuple[str, str, str, str]
    words: str
    memo: str = ""
    flag: int = 0
    version: int = 1
    parcels: list[Parcel] = field(default_factory=list)
    refunds: list[Refund] = field(default_factory=list)
    moved: dict[str, str] = field(default_factory=dict)
    """Fields of the address as the seller changed them."""

    @property
    def goods_minor(self) -> int:
        """All lines at their prices."""
        return sum(piece.gross_minor for piece in self.pieces)

    @property
    def seller_off_minor(self) -> int:
        """What the shop itself takes off."""
        return sum(piece.off_minor for piece in self.pieces)

    @property
    def pay_minor(self) -> int:
        """What the buyer pays: goods without both discounts, with postage."""
        return self.goods_minor - self.seller_off_minor - self.platform_minor + self.postage_minor

    def share_minor(self, place: int, qty: int) -> int:
        """What so many pieces of a line cost, the discount of the platform taken off the dearest line."""
        piece = self.pieces[place]
        dearest = max(self.pieces, key=lambda one: one.net_minor)
        off = self.platform_minor if piece is dearest else 0
        return (piece.net_minor - off) * qty // piece.qty

    @property
    def asked(self) -> list[Piece]:
        """The lines a buyer asks the money back for, and has not got it."""
        return [piece for piece in self.pieces if piece.refund == ASKED]

    @property
    def refunded_minor(self) -> int:
        """What went back so far."""
        return sum(refund.minor for refund in self.refunds)

    @property
    def is_paid_back(self) -> bool:
        """All of the money went back."""
        return bool(self.refunds) and self.refunded_minor >= self.pay_minor

    @property
    def is_paid(self) -> bool:
        """Money came in."""
        return self.state not in (AWAITING, CANCELLED)

    @property
    def name_mask(self) -> str:
        """The buyer's name as a platform shows it."""
        return f"示{self.buyer % 10}*"

    @property
    def phone_mask(self) -> str:
        """The buyer's phone as a platform shows it."""
        return f"1380000****{self.buyer % 10}"[:11]

    @property
    def street_mask(self) -> str:
        """The buyer's street as a platform shows it."""
        return f"示例路{self.buyer % 200 + 1}号***"


def make_sale(
    seed: int, no: int, modified: int, codes: tuple[str, ...] = (), *, only_paid: bool = False
) -> Sale:
    """Make the order of a number; the same seed and number give the same order everywhere.

    `codes`: the seller's article codes to sell instead of the made-up ones.
    """
    chance = random.Random(f"{seed}/{no}")  # noqa: S311 - examples, not secrets
    pieces = [_piece(chance, place, codes) for place in range(chance.choice((1, 1, 1, 1, 2, 2, 3)))]
    room = min(piece.net_minor for piece in pieces) // 4
    state = chance.choices((PAID, AWAITING, CANCELLED), (90, 7, 3))[0]
    if only_paid and state == AWAITING:
        state = PAID
    created = modified - chance.randrange(5, 3600)
    return Sale(
        no=no,
        created=created,
        paid=min(modified, created + chance.randrange(2, 300)) if state == PAID else 0,
        modified=modified,
        state=state,
        pieces=pieces,
        postage_minor=chance.choice((0, 0, 0, 600, 1000)),
        platform_minor=chance.choice((0, 0, 0, room)),
        buyer=chance.randrange(10**9),
        place=chance.choice(PLACES),
        words=chance.choice(WORDS),
    )


def _piece(chance: random.Random, place: int, codes: tuple[str, ...]) -> Piece:
    article = chance.randrange(len(codes) or len(GOODS))
    code, title, unit_minor = GOODS[article % len(GOODS)]
    qty = chance.choice((1, 1, 1, 2, 2, 3, 5))
    return Piece(
        place=place,
        article=article,
        code="" if chance.random() < 0.03 else codes[article] if codes else code,
        title=title,
        qty=qty,
        unit_minor=unit_minor,
        off_minor=unit_minor * qty // 10 if chance.random() < 0.2 else 0,
    )
