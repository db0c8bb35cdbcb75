"""The lesson of a deck a company made of its own exceptions: the same goals and hints for any of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Final, NamedTuple

from app.domain.catalogue import Sku
from app.domain.clock import Wait
from app.domain.deck import (
    ADDRESS,
    ARTICLE,
    NOTE,
    PRICE,
    STOCK,
    TWIN,
    OwnDeck,
    Place,
    Shape,
    street_of,
    written,
)
from app.domain.events import in_a_row
from app.domain.order import Order, Status
from app.domain.reading import ACCEPT
from app.domain.values import Region, sku_key
from app.forms.fix_address import FORM as FIX_ADDRESS
from app.forms.match_sku import FORM as MATCH_SKU
from app.snag import Kind
from app.snags import (
    address_invalid,
    duplicate_suspect,
    note_request,
    price_anomaly,
    short_stock,
    sku_unmapped,
)
from app.text import N_, Text
from app.training.decks import Piece, buyer, lies, sale
from app.training.lesson import Deck, Floor, Given, Goal, Hint, Lesson
from app.training.pointing import at_kind, at_repair, at_step, at_verb

PREFIX: Final = "own/"
"""Begins the code of a lesson that is none of the built-in course."""
EACH_S = 25
NAMES = ("顾一", "沈二", "韩三", "杨四", "朱五", "秦六", "尤七", "许八", "何九", "吕十", "施一一", "张一二")
NOTES = ("这几天不在家，等我电话再发", "门铃坏了，到了打电话", "请放物业，谢谢")
GOODS = (
    "ST-1Y",
    "LP-1D",
    "TC-1Y",
    "ST-2Y",
    "LP-2D",
    "TC-2K",
    "ST-3Y",
    "LP-1R",
    "TC-1R",
    "ST-1R",
    "LP-2R",
    "ST-2R",
)
"""Articles of the practice company; each order has one of its own."""
GONE = ("RG-1Y", "RG-2Y", "RG-3Y")
"""What lies nowhere."""
HERE = Place("浙江省", "杭州市", "西湖区", "310012")


class _Part(NamedTuple):
    """What there is of one type: its words, its goal, its hints."""

    kind: Kind
    says: str
    met: Callable[[Shape, int, Floor], bool]
    hints: tuple[str, ...]
    """Repairs that help, the likeliest first."""


def _order(at: int, floor: Floor) -> Order | None:
    return floor.order(f"c{at}")


def _address(shape: Shape, at: int, floor: Floor) -> bool:
    order, right = _order(at, floor), shape.right
    if order is None or order.region.verdict != ACCEPT:
        return False
    region = order.region
    is_there = (region.province, region.city) == (right.province, right.city)
    return is_there and right.district in ("", region.district)


def _article(_shape: Shape, at: int, floor: Floor) -> bool:
    order = _order(at, floor)
    return order is not None and order.lines[0].sku == GOODS[at]


def _answered(kind: str, _shape: Shape, at: int, floor: Floor) -> bool:
    orders = floor.heirs(f"c{at}")
    return bool(orders) and all(order.snag(kind) is None for order in orders)


def _short(_shape: Shape, at: int, floor: Floor) -> bool:
    order = _order(at, floor)
    snag = order.snag(STOCK) if order is not None else None
    is_asleep = snag is not None and snag.snooze is not None and snag.snooze.wait == Wait.STOCK
    is_asked = snag is not None and snag.escalation is not None
    return order is not None and (snag is None or is_asleep or is_asked)


def _twin(_shape: Shape, at: int, floor: Floor) -> bool:
    orders = floor.heirs(f"c{at}", f"c{at}b")
    going = [order for order in orders if order.status is not Status.CANCELLED]
    return bool(going) and all(order.snag(TWIN) is None for order in going)


PARTS: Mapping[str, _Part] = {
    ADDRESS: _Part(
        address_invalid.KIND, N_("{who}: the parcel goes to the right place"), _address, ("use_suggestion",)
    ),
    ARTICLE: _Part(sku_unmapped.KIND, N_("{who}: the article is known"), _article, ("match_likeliest",)),
    PRICE: _Part(
        price_anomaly.KIND, N_("{who}: somebody answers for the price"), partial(_answered, PRICE),
        ("list_price", "accept_price"),
    ),
    STOCK: _Part(
        short_stock.KIND, N_("{who}: the order waits for stock, and for nobody to look"), _short, ()
    ),
    TWIN: _Part(
        duplicate_suspect.KIND, N_("{who}: it is settled whether one or two go out"), _twin, ("keep_both",)
    ),
    NOTE: _Part(
        note_request.KIND, N_("{who}: the note was read"), partial(_answered, NOTE), ("mark_read",)
    ),
}  # fmt: skip


# --- the deck ---------------------------------------------------------------------------------------


def _lay(shapes: tuple[Shape, ...], deck: Deck) -> Iterator[Given]:
    for at, shape in enumerate(shapes):
        sku = GONE[at % len(GONE)] if shape.kind == STOCK else GOODS[at]
        beside = [GOODS[at - n] for n in range(1, len(shape.pieces))]
        yield from lies(deck, sku, 0 if shape.kind == STOCK else 60)
        for other in beside:
            yield from lies(deck, other, 60)
        article = deck.before(sku_key(sku))
        usual_minor = article.list_price_minor if isinstance(article, Sku) else 0
        piece = Piece(sku, shape.pieces[0], usual_minor * shape.price_pct // 100)
        if shape.kind == ARTICLE and isinstance(article, Sku):
            piece = piece._replace(ext_sku=f"NEW-{deck.id(f'c{at}')[:8].upper()}", title=article.title)
        more = [
            Piece(code, qty, _price(deck, code)) for code, qty in zip(beside, shape.pieces[1:], strict=True)
        ]
        yield from _sales(deck, at, shape, (piece, *more))


def _price(deck: Deck, sku: str) -> int:
    article = deck.before(sku_key(sku))
    return article.list_price_minor if isinstance(article, Sku) else 0


def _sales(deck: Deck, at: int, shape: Shape, pieces: tuple[Piece, ...]) -> Iterator[Given]:
    place = shape.wrong if shape.kind == ADDRESS else HERE
    region = Region(
        province=place.province, city=place.city, district=place.district, postcode=place.postcode,
        verdict="" if shape.kind == ADDRESS else ACCEPT,
    )  # fmt: skip
    note = NOTES[at % len(NOTES)] if shape.kind == NOTE else ""
    who = buyer(deck, NAMES[at], f"80{at:02d}", street_of(at), raw=written(place, at), note=note)
    yield sale(deck, f"c{at}", pieces, who, region, before_min=30)
    if shape.kind == TWIN:
        yield sale(deck, f"c{at}b", pieces, who, region, before_min=26)


def _kept(count: int, floor: Floor) -> bool:
    """Whatever was ordered is still there, but for what was ordered twice."""
    found = [floor.heirs(f"c{at}", f"c{at}b") for at in range(count)]
    return all(any(order.status is not Status.CANCELLED for order in orders) for orders in found)


def own_title(code: str) -> Text:
    """Say what a deck is called, by its code or by that of its lesson."""
    return Text(N_("Our exceptions of {month}"), {"month": OwnDeck(code=code.removeprefix(PREFIX)).title})


def own_lesson(own: OwnDeck) -> Lesson:
    """Return the lesson of a deck; what is of a type that nobody here knows is left out."""
    shapes = tuple(shape for shape in own.shapes if shape.kind in PARTS)
    goals, hints = list[Goal](), list[Hint]()
    for at, shape in enumerate(shapes):
        part, code = PARTS[shape.kind], f"case_{at + 1}"
        goals.append(Goal(code, Text(part.says, {"who": NAMES[at]}), partial(part.met, shape, at)))
        hints.append(Hint(code, at_kind(part.kind)))
        hints += [Hint(code, at_repair(part.kind, repair)) for repair in part.hints]
        if shape.kind == ADDRESS:
            hints.append(Hint(code, at_step(FIX_ADDRESS, "place")))
        if shape.kind == ARTICLE:
            hints.append(Hint(code, at_step(MATCH_SKU, "article")))
        if shape.kind == STOCK:
            hints.append(Hint(code, at_verb("snooze", "inbox/actions", part.kind.hint, "H")))
    kept = Text(N_("No order is called off that somebody still wants"))
    goals.append(Goal("kept", kept, partial(_kept, len(shapes)), keeps=True))
    hints.append(Hint("kept", at_verb("restore", "inbox/actions", kept.message)))
    return Lesson(
        code=f"{PREFIX}{own.code}",
        title=own_title(own.code),
        brief=Text(
            N_("{count} exceptions as we had them in that month, with made-up buyers. {answers}"),
            {"count": len(shapes), "answers": _answers(shapes)},
        ),
        par_s=max(30, EACH_S * len(shapes)),
        teaches=tuple(dict.fromkeys(shape.kind for shape in shapes)),
        lay=partial(_lay, shapes),
        goals=tuple(goals),
        hints=tuple(hints),
        page="inbox",
        version=own.rev + 1,
    )


def _answers(shapes: tuple[Shape, ...]) -> Text:
    """Say what those buyers answer whose address does not say it."""
    said = []
    for at, shape in enumerate(shapes):
        if shape.kind == ADDRESS:
            right = shape.right
            place = " ".join(name for name in (right.province, right.city, right.district) if name)
            said.append(Text(N_("{who} lives in {place}."), {"who": NAMES[at], "place": place}))
    return in_a_row(said) if said else Text(N_("Nobody can be reached just now."))
