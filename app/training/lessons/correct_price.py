"""A price tag was wrong in the shop: one buyer agrees to the right price, the other's was a promotion."""

from __future__ import annotations

from collections.abc import Iterator

from app.forms.correct_price import FORM
from app.snags.price_anomaly import KIND
from app.text import N_, Text
from app.training.decks import Piece, buyer, lies, sale
from app.training.lesson import Deck, Floor, Given, Goal, Hint, Lesson
from app.training.pointing import at_kind, at_repair, at_step
from app.training.standing import go_on

DEAR, PROMOTED = "TB-1W", "ST-2W"
WRONG, LIST, OFFER = 75_900, 45_900, 2_900


def lay(deck: Deck) -> Iterator[Given]:
    """A side table for far too much, boxes for half the price."""
    yield from lies(deck, DEAR, 10)
    yield from lies(deck, PROMOTED, 20)
    table = (Piece(DEAR, 1, WRONG),)
    yield sale(deck, "dear", table, buyer(deck, "易水寒", "9901", "文晖路130号江畔人家"))
    boxes = (Piece(PROMOTED, 3, OFFER),)
    yield sale(deck, "cheap", boxes, buyer(deck, "唐果", "9902", "莫干山路66号云锦府"))


def _price(name: str, price_minor: int, floor: Floor) -> bool:
    order = floor.order(name)
    return order is not None and [line.unit_price_minor for line in order.lines] == [price_minor]


LESSON = Lesson(
    code="correct_price",
    title=Text(N_("Put a price right")),
    brief=Text(
        N_(
            "Two prices are unusual. The side table was marked 759.00 by mistake: its buyer shall pay "
            "the list price of 459.00. The boxes at 29.00 were on offer this week, and their buyer pays "
            "no more."
        )
    ),
    par_s=45,
    teaches=(KIND.code, FORM.code),
    lay=lay,
    goals=(
        Goal("table", Text(N_("The side table costs its list price")), lambda f: _price("dear", LIST, f)),
        Goal(
            "due",
            Text(N_("Its buyer owes no more than the list price")),
            lambda f: (order := f.order("dear")) is not None and order.payable_minor == LIST,
        ),
        Goal("on", Text(N_("Both go on")), go_on("dear", "cheap")),
        Goal("offer", Text(N_("The boxes stay on offer")), lambda f: _price("cheap", OFFER, f), keeps=True),
    ),
    hints=(
        Hint("table", at_kind(KIND)),
        Hint("table", at_repair(KIND, "list_price")),
        Hint("table", at_step(FORM, "price"), frozenset({"no_reason"})),
        Hint("due", at_step(FORM, "scope")),
        Hint("on", at_repair(KIND, "accept_price")),
        Hint("offer", at_repair(KIND, "accept_price")),
    ),
    page="inbox",
)
