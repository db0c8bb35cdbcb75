"""An order is released: every piece is picked, then it is packed."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.order import Order, Status
from app.domain.values import Role
from app.text import N_, Text
from app.training.decks import Piece, buyer, lies, sale
from app.training.lesson import Deck, Given, Goal, Hint, Lesson
from app.training.pointing import at, at_verb
from app.training.standing import order_is
from app.training.tours import SCAN

CLOTH, LAMP = "TC-2B", "LP-1Y"
GOODS = (Piece(CLOTH, 2, 9_900), Piece(LAMP, 1, 13_900))
DONE = frozenset({Status.PACKED, Status.SHIPPED})


def lay(deck: Deck) -> Iterator[Given]:
    """Both articles lie in Suzhou and nowhere else."""
    for sku in (CLOTH, LAMP):
        yield from lies(deck, sku, 0, SZ=10)
    yield sale(deck, "parcel", GOODS, buyer(deck, "冬至", "1313", "文三路70号书香里"))


def _picked(order: Order) -> bool:
    return all(line.picked == line.qty for line in order.lines)


LESSON = Lesson(
    code="pick_and_pack",
    title=Text(N_("Pick and pack")),
    brief=Text(
        N_(
            "An order of two tablecloths and a lamp waits on the floor of the Suzhou warehouse. Pick "
            "what is in it and pack it."
        )
    ),
    par_s=40,
    teaches=("pick", "pack"),
    lay=lay,
    goals=(
        Goal("picked", Text(N_("All three pieces are picked")), order_is("parcel", _picked)),
        Goal(
            "packed",
            Text(N_("The parcel is packed")),
            order_is("parcel", lambda order: order.status in DONE),
        ),
    ),
    hints=(
        Hint("picked", at("warehouse", "warehouse/scan")),
        Hint("picked", at_verb("pick", "warehouse/picks", at("warehouse", "warehouse/scan").reason, SCAN)),
        Hint("packed", at("warehouse", "warehouse/forward"), frozenset({"not_complete", "not_picking"})),
    ),
    page="warehouse",
    role=Role.WAREHOUSE,
)
