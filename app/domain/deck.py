"""A deck that a company makes of its own exceptions: their shapes, with nobody in them.

Nothing a buyer, a shop or a colleague wrote is kept: names of divisions, postcodes, numbers of pieces,
shares of a price, and that is all. Who bought, what, and where exactly is made up when the deck is laid out.
Source: capabilities 11, decks built from last month's anonymised exceptions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Annotated

import msgspec
from msgspec import Meta

from app.domain.address import read
from app.domain.gazetteer import Gazetteer
from app.domain.order import Line, Order
from app.domain.reading import ACCEPT
from app.domain.rules import Rules
from app.domain.values import Region

ADDRESS, ARTICLE, PRICE, STOCK, TWIN, NOTE = (
    "address_invalid", "sku_unmapped", "price_anomaly", "short_stock", "duplicate_suspect", "note_request",
)  # fmt: skip
KINDS = (ADDRESS, ARTICLE, PRICE, STOCK, TWIN, NOTE)
"""What can be laid out anew without anything of whoever had it."""
SHAPES_MOST, EACH_MOST = 12, 3
"""So many exceptions make a deck, and so many of them are of one type."""
LINES_MOST, PIECES_MOST = 3, 5
USUAL = Rules()
_POSTCODE = re.compile(r"\d{0,6}")
Name = Annotated[str, Meta(max_length=30)]


class Place(msgspec.Struct, frozen=True):
    """A division by its names, each of them known to everybody, and the postcode that was written."""

    province: Name = ""
    city: Name = ""
    district: Name = ""
    postcode: Annotated[str, Meta(max_length=6, pattern=r"^\d*$")] = ""


class Shape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One exception without anybody in it. Units: `pieces` of each line; `price_pct` of the list price."""

    kind: str
    pieces: Annotated[tuple[Annotated[int, Meta(ge=1, le=5)], ...], Meta(max_length=3)] = (1,)
    price_pct: Annotated[int, Meta(ge=1, le=1_000)] = 100
    wrong: Place = Place()
    right: Place = Place()


class OwnDeck(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A lesson of the company's own. `code` is the month its exceptions were of: 2026_06."""

    code: Annotated[str, Meta(max_length=7, pattern=r"^(\d{4}_\d{2})?$")]
    shapes: Annotated[tuple[Shape, ...], Meta(max_length=12)] = ()
    rev: int = 0

    @property
    def title(self) -> str:
        """What it is called where its words are not at hand."""
        return self.code.replace("_", "-")


def shape_of(kind: str, order: Order, gazetteer: Gazetteer, list_price: Callable[[str], int]) -> Shape | None:
    """Return the shape of an exception an order once had; None where it cannot be laid out anew.

    `list_price` of an article is 0 where nobody knows it. Units: minor units.
    """
    if kind not in KINDS or not order.lines:
        return None
    pieces = tuple(min(PIECES_MOST, max(1, line.qty)) for line in order.lines[:LINES_MOST])
    if kind == ADDRESS:
        wrong, right = order.original, order.region
        if wrong is None or right.verdict != ACCEPT or right.country != "CN":
            return None
        before, after = _place(wrong, gazetteer), _place(right, gazetteer)
        is_whole = bool(after.province and after.city)
        return Shape(kind=kind, pieces=pieces, wrong=before, right=after) if is_whole else None
    if kind == PRICE:
        shares = [_share(line, list_price) for line in order.lines]
        odd = max(shares, key=lambda pct: abs(pct - 100))
        return Shape(kind=kind, pieces=pieces[:1], price_pct=odd) if odd != 100 else None
    return Shape(kind=kind, pieces=pieces)


def _place(region: Region, gazetteer: Gazetteer) -> Place:
    def known(name: str) -> str:
        return name if name and len(name) <= 30 and gazetteer.meaning(name) else ""

    names = known(region.province), known(region.city), known(region.district)
    return Place(*names, region.postcode if _POSTCODE.fullmatch(region.postcode) else "")


def has_somebody(deck: OwnDeck, gazetteer: Gazetteer) -> bool:
    """Tell whether a word of a deck is no name of a place: it could be anybody's."""
    places = [place for shape in deck.shapes for place in (shape.wrong, shape.right)]
    names = [name for place in places for name in (place.province, place.city, place.district) if name]
    return not all(gazetteer.meaning(name) for name in names)


def _share(line: Line, list_price: Callable[[str], int]) -> int:
    """Return what a piece cost before anybody put it right, in percent of its list price."""
    usual = list_price(line.sku)
    was = line.priced_from if line.priced_from is not None else line.unit_price_minor
    return min(1_000, max(1, round(100 * was / usual))) if usual > 0 else 100


def picked(shapes: Iterable[Shape]) -> tuple[Shape, ...]:
    """Choose what makes a deck: no two alike, of each type a few, types that came most often first."""
    by_kind: dict[str, list[Shape]] = {}
    for shape in shapes:
        known = by_kind.setdefault(shape.kind, [])
        if shape not in known:
            known.append(shape)
    turns: Mapping[str, list[Shape]] = dict(sorted(by_kind.items(), key=lambda pair: -len(pair[1])))
    found = [each[n] for n in range(EACH_MOST) for each in turns.values() if n < len(each)]
    return tuple(found[:SHAPES_MOST])


STREETS = (
    "建设路",
    "人民东路",
    "学院街",
    "滨江大道",
    "解放路",
    "和平街",
    "长江路",
    "新华街",
    "中心路",
    "花园街",
    "团结路",
    "青年街",
)


def street_of(at: int) -> str:
    """Return a made-up door for the shape at this place of a deck."""
    return f"{STREETS[at % len(STREETS)]}{11 + at}号"


def written(place: Place, at: int) -> str:
    """Return an address as somebody writes it who lives at a made-up door there."""
    names = (place.province, place.city if place.city != place.province else "", place.district)
    return f"{''.join(names)}{street_of(at)}" + (f" 邮编{place.postcode}" if place.postcode else "")


def is_unclear(place: Place, at: int, gazetteer: Gazetteer) -> bool:
    """Tell whether such an address still needs a person; what can be read today is no exercise."""
    found = read(
        written(place, at),
        gazetteer,
        province=place.province,
        city=place.city,
        district=place.district,
        postcode=place.postcode,
    )
    return not found.can_go


def made(code: str, shapes: Iterable[Shape], gazetteer: Gazetteer) -> OwnDeck:
    """Make a deck of the shapes of a month, as far as they can be laid out anew."""
    return OwnDeck(code=code, shapes=picked(one for one in shapes if _is_exercise(one, gazetteer)))


def _is_exercise(shape: Shape, gazetteer: Gazetteer) -> bool:
    """Tell whether it would need a person in a company with the usual rules."""
    if shape.kind == PRICE:
        return not USUAL.price_floor_pct <= shape.price_pct <= USUAL.price_ceiling_pct
    return shape.kind != ADDRESS or is_unclear(shape.wrong, 0, gazetteer)
