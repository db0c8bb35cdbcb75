"""Somebody calls and says four digits: among three alike, theirs waits until tomorrow."""

from __future__ import annotations

from collections.abc import Iterator

from app.forms.hold import FORM
from app.text import N_, Text
from app.training.decks import Piece, buyer, lies, sale
from app.training.lesson import Deck, Floor, Given, Goal, Hint, Lesson
from app.training.pointing import at, at_offer, at_step
from app.training.standing import order_is

SKU = "PL-1W"
GOODS = (Piece(SKU, 1, 4_900),)


def lay(deck: Deck) -> Iterator[Given]:
    """Three buyers of one street, with phones that are easily mistaken for each other."""
    yield from lies(deck, SKU, 20)
    yield sale(deck, "caller", GOODS, buyer(deck, "江予安", "7316", "文三路12号金桂苑"))
    yield sale(deck, "like", GOODS, buyer(deck, "江语安", "7361", "文三路14号金桂苑"))
    yield sale(deck, "alike", GOODS, buyer(deck, "姜予安", "7136", "文三路16号金桂苑"))


def _others(floor: Floor) -> bool:
    found = [floor.order(name) for name in ("like", "alike")]
    return all(one is not None and one.pause is None for one in found)


LESSON = Lesson(
    code="find_order",
    title=Text(N_("Find an order by phone")),
    brief=Text(
        N_(
            "A buyer calls. The phone ends in 7316, nothing else is known. She is away today: her parcel "
            "shall wait until somebody lets it go."
        )
    ),
    par_s=30,
    teaches=("hold", FORM.code),
    lay=lay,
    goals=(
        Goal(
            "held",
            Text(N_("The caller's order is on hold")),
            order_is("caller", lambda order: order.pause is not None),
        ),
        Goal("others", Text(N_("Nobody else's parcel waits")), _others, keeps=True),
    ),
    hints=(
        Hint("held", at("orders", "orders/search")),
        Hint("held", at("orders", "orders/table")),
        Hint("held", at_offer(FORM)),
        Hint("held", at_step(FORM, "reason"), frozenset({"no_reason"})),
        Hint("others", at("orders", "orders/search")),
    ),
    page="orders",
)
