"""A shop writes codes that nobody here knows; two articles look alike."""

from __future__ import annotations

from collections.abc import Iterator

from app.forms.match_sku import FORM
from app.snags.sku_unmapped import KIND
from app.text import N_, Text
from app.training.decks import SHOP, Piece, buyer, lies, sale
from app.training.lesson import Deck, Floor, Given, Goal, Hint, Lesson
from app.training.pointing import at_kind, at_repair, at_step
from app.training.standing import go_on, order_is

WHITE, MILK = "LN-2W", "LN-2N"
"""White and milk white, both 180: only one of them was sold."""
BOX = "ST-2G"


def _code(deck: Deck, name: str) -> str:
    return f"QH-{name}-{deck.id(name)[:6].upper()}"


def lay(deck: Deck) -> Iterator[Given]:
    """Two codes the shop has never sold under before."""
    for sku in (WHITE, MILK, BOX):
        yield from lies(deck, sku, 20)
    linen = Piece(MILK, 1, 34_900, _code(deck, "linen"), "四件套 水洗棉 奶白 180 新款")
    box = Piece(BOX, 3, 5_900, _code(deck, "box"), "收纳箱 折叠 雾灰 50L")
    yield sale(deck, "linen", (linen,), buyer(deck, "钟意", "3301", "莫干山路101号江畔人家"))
    yield sale(deck, "box", (box,), buyer(deck, "洛宁", "3302", "湖墅南路77号橡树湾"))


def _means(name: str, sku: str, floor: Floor) -> bool:
    deck, order = floor.deck, floor.order(name)
    known = floor.article_of(SHOP, _code(deck, name))
    return known in (sku, "") and order is not None and [line.sku for line in order.lines] == [sku]


LESSON = Lesson(
    code="match_sku",
    title=Text(N_("Match an article")),
    brief=Text(
        N_(
            "The shop has renamed two of its articles, and two orders with the new codes wait. Say which "
            "articles they are. Look at colour and size, not only at the name."
        )
    ),
    par_s=45,
    teaches=(KIND.code, FORM.code, "match_sku"),
    lay=lay,
    goals=(
        Goal(
            "linen",
            Text(N_("The bed linen is the milk white one of 180")),
            lambda floor: _means("linen", MILK, floor),
        ),
        Goal(
            "box",
            Text(N_("The storage box is the mist grey one of 50 litres")),
            lambda floor: _means("box", BOX, floor),
        ),
        Goal("on", Text(N_("Both go on")), go_on("linen", "box")),
        Goal(
            "pieces",
            Text(N_("Nobody's pieces or prices change")),
            order_is("box", lambda order: (order.lines[0].qty, order.payable_minor) == (3, 17_700)),
            keeps=True,
        ),
    ),
    hints=(
        Hint("linen", at_kind(KIND)),
        Hint("linen", at_repair(KIND, "match_likeliest")),
        Hint("linen", at_step(FORM, "article"), frozenset({"unknown_sku"})),
        Hint("box", at_kind(KIND)),
        Hint("box", at_step(FORM, "article"), frozenset({"unknown_sku"})),
        Hint("on", at_step(FORM, "scope")),
        Hint("pieces", at_kind(KIND)),
    ),
    page="inbox",
)
