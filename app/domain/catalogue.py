"""Articles we sell, and what each shop calls them."""

from __future__ import annotations

from datetime import datetime

import msgspec

from app.domain.kit import Part
from app.domain.lot import InLots, Recall
from app.text import N_


class Sku(msgspec.Struct, frozen=True, kw_only=True):
    """One article; `needs_install`: somebody comes to put it up; `has_battery`, or is dangerous otherwise.

    Units: `list_price_minor` in `currency`; `weight_g` grams and `volume_cm3` a piece, 0: not known.
    """

    code: str
    title: str
    list_price_minor: int
    currency: str = "CNY"
    barcode: str = ""
    weight_g: int = 0
    needs_install: bool = False
    volume_cm3: int = 0
    has_battery: bool = False
    parts: tuple[Part, ...] = ()
    """What a kit is put together from; none: it lies on a shelf itself."""
    recipe: int = 0
    """How often its parts were written down."""
    is_draft: bool = False
    """Made from what a shop called it; somebody who knows it has not looked yet."""
    in_lots: InLots | None = None
    """Kept in lots, each with the day until which it keeps; none: it is not."""
    recalls: tuple[Recall, ...] = ()


def parts_of(article: Sku) -> tuple[Part, ...]:
    """Return what is taken off shelves for one piece: the parts of a kit, else itself."""
    return article.parts or (Part(sku=article.code, qty=1),)


CODE_MOST, TITLE_MOST, BARCODE_MOST = 40, 120, 40
PRICE_MOST_MINOR = 1_000_000_000
WEIGHT_MOST_G = 2_000_000


def code_fault(code: str) -> str:
    """Say what is wrong with the code of a new article, or nothing."""
    if not code or len(code) > CODE_MOST or not code.isprintable() or any(char in code for char in " /\t"):
        return N_("A code has up to 40 characters, no space and no slash.")
    return ""


def article_fault(article: Sku) -> str:
    """Say what is wrong with what somebody wrote about an article, or nothing."""
    title, barcode = article.title.strip(), article.barcode
    if not title or len(title) > TITLE_MOST or not title.isprintable():
        return N_("Name the article in up to 120 characters.")
    if not 0 < article.list_price_minor <= PRICE_MOST_MINOR:
        return N_("Type the list price.")
    if len(barcode) > BARCODE_MOST or not barcode.isprintable() or " " in barcode:
        return N_("A bar code has up to 40 characters and no space.")
    if not 0 <= article.weight_g <= WEIGHT_MOST_G:
        return N_("Type the weight of a piece in grams.")
    return code_fault(article.code)


class SkuMap(msgspec.Struct, frozen=True, kw_only=True):
    """What a shop's own code means; an empty `sku` is a mapping taken back."""

    shop: str
    ext_sku: str
    sku: str
    by: str
    at: datetime
