"""Contracts (合同) of an order: what was agreed, the text as it was sent, and who signed which file.

A contract says what is sold to whom at what price; where it goes may be put right without signing anew.
Source: capabilities 7; DECISIONS 86.
"""

from __future__ import annotations

import re
from datetime import date, datetime

import msgspec

from app.domain.kit import KitOf
from app.text import N_

TEXT_MOST = 6_000
"""Characters of a template; a contract is two or three pages."""
_PLACE = re.compile(r"\{(\w*)\}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
PLACES: dict[str, str] = {
    "number": N_("Number of the order"),
    "code": N_("Check code of the contract"),
    "buyer": N_("The customer"),
    "tax_no": N_("Its tax number"),
    "seller": N_("The shop"),
    "day": N_("Day it is sent"),
    "goods": N_("Lines with pieces and prices"),
    "total": N_("What is to be paid"),
    "pay": N_("Days to pay"),
    "place": N_("Province, city, district"),
}
"""What a template may name between braces, and what stands there then."""


class Sold(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line as it was agreed. Units: pieces; minor units of the order's currency."""

    id: str
    ext_sku: str
    title: str = ""
    sku: str = ""
    qty: int
    unit_price_minor: int
    swapped_from: str = ""
    kit: KitOf | None = None


class Terms(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a signature binds. Units: minor units of `currency`; `pay_days` None: paid before."""

    customer: str
    currency: str
    lines: tuple[Sold, ...]
    total_minor: int
    payable_minor: int
    pay_days: int | None = None


class Contract(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One text that was sent. `digest` names its terms; `file_sha256` the signed file, empty until it is."""

    id: str
    terms: Terms
    digest: str
    text: str
    template: str
    sent_at: datetime
    sent_by: str
    file_sha256: str = ""
    signed_on: date | None = None
    noted_by: str = ""

    @property
    def is_signed(self) -> bool:
        """Somebody noted the signed file."""
        return bool(self.file_sha256)


class Template(msgspec.Struct, frozen=True, kw_only=True):
    """A text with places between braces, see `PLACES`."""

    code: str
    title: str
    text: str
    active: bool = True
    rev: int = 0


USUAL = Template(
    code="",
    title=N_("Built-in text"),
    text="""购销合同 Sales contract

订单 Order：{number}    核对码 Code：{code}
供方 Seller：{seller}
需方 Buyer：{buyer}    税号 Tax No.：{tax_no}
签订日期 Date：{day}

一、商品、数量和价格 Goods, quantities, prices
{goods}
合计 Total：{total}

二、付款 Payment：{pay}

三、交货地区 Place of delivery：{place}

四、本合同只对以上商品、数量、价格和付款有效；其中任何一项有变，须另签。
This contract holds for these goods, quantities, prices and terms; if one of them changes, it is signed anew.

供方签章 Seller：                        需方签章 Buyer：
""",
)
"""The text of a company that has written none."""


def is_sha256(text: str) -> bool:
    """Tell whether a text is the SHA-256 of a file."""
    return _SHA256.fullmatch(text) is not None


def strange_places(text: str) -> list[str]:
    """Return what a text names between braces that nobody fills in."""
    return sorted({name for name in _PLACE.findall(text) if name not in PLACES})


def filled(text: str, words: dict[str, str]) -> str:
    """Put words into the places of a text; what it names besides stays as it is."""
    return _PLACE.sub(lambda found: words.get(found[1], found[0]), text)
