"""What was ordered is sold out, and the buyer takes another colour."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.order import Order
from app.forms.swap_item import FORM
from app.snags.short_stock import KIND
from app.text import N_, Text
from app.training.decks import Piece, buyer, lies, sale
from app.training.lesson import Deck, Given, Goal, Hint, Lesson
from app.training.pointing import at_kind, at_offer, at_step
from app.training.standing import go_on, order_is

GREY, BLUE = "RG-1G", "RG-1B"
GOODS = (Piece(GREY, 1, 26_800),)


def lay(deck: Deck) -> Iterator[Given]:
    """Mist grey is gone everywhere, mist blue is there."""
    yield from lies(deck, GREY, 0)
    yield from lies(deck, BLUE, 10)
    yield sale(deck, "carpet", GOODS, buyer(deck, "方知微", "8801", "天目山路200号翠湖天地"))


def _blue(order: Order) -> bool:
    return [(line.sku, line.qty) for line in order.lines] == [(BLUE, 1)]


LESSON = Lesson(
    code="swap_item",
    title=Text(N_("Swap an article")),
    brief=Text(
        N_(
            "A carpet in mist grey is sold out everywhere. The buyer answers by chat: mist blue (RG-1B) "
            "is fine, at the same price."
        )
    ),
    par_s=40,
    teaches=(KIND.code, FORM.code, "swap_item"),
    lay=lay,
    goals=(
        Goal("blue", Text(N_("The carpet that goes out is the blue one")), order_is("carpet", _blue)),
        Goal("on", Text(N_("It goes on")), go_on("carpet")),
        Goal(
            "price",
            Text(N_("The buyer pays what they paid before")),
            order_is("carpet", lambda order: (order.payable_minor, order.paid_minor) == (26_800, 26_800)),
            keeps=True,
        ),
    ),
    hints=(
        Hint("blue", at_kind(KIND)),
        Hint("blue", at_offer(FORM)),
        Hint("blue", at_step(FORM, "article"), frozenset({"unknown_sku", "no_reason", "unchanged"})),
        Hint("on", at_step(FORM, "article")),
        Hint("price", at_step(FORM, "line")),
    ),
    page="inbox",
)
