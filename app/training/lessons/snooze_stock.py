"""Nothing can be done before goods arrive: it is put off, and its clock stands still."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.clock import Wait
from app.domain.order import Order, Status
from app.snags.short_stock import KIND
from app.text import N_, Text
from app.training.decks import Piece, buyer, lies, sale
from app.training.lesson import Deck, Given, Goal, Hint, Lesson
from app.training.pointing import at, at_kind, at_verb
from app.training.standing import order_is

SKU = "RG-3K"


def lay(deck: Deck) -> Iterator[Given]:
    """The carpet lies nowhere."""
    yield from lies(deck, SKU, 0)
    yield sale(deck, "carpet", (Piece(SKU, 1, 30_800),), buyer(deck, "简宁", "3434", "古墩路7号金桂苑"))


def _asleep(order: Order) -> bool:
    snag = order.snag(KIND.code)
    return snag is not None and snag.snooze is not None and snag.snooze.wait == Wait.STOCK


LESSON = Lesson(
    code="snooze_stock",
    title=Text(N_("Put off until stock arrives")),
    brief=Text(
        N_(
            "A carpet is sold out; a delivery is on its way. The buyer knows and waits. Nobody needs to "
            "look at this exception before the goods are here."
        )
    ),
    par_s=20,
    teaches=(KIND.code, "snooze"),
    lay=lay,
    goals=(
        Goal("asleep", Text(N_("The exception sleeps until stock arrives")), order_is("carpet", _asleep)),
        Goal(
            "kept",
            Text(N_("The order is neither called off nor held")),
            order_is("carpet", lambda order: order.status is not Status.CANCELLED and order.pause is None),
            keeps=True,
        ),
    ),
    hints=(
        Hint("asleep", at("inbox", "inbox/rows")),
        Hint("asleep", at_kind(KIND)),
        Hint("asleep", at_verb("snooze", "inbox/actions", KIND.hint, "H"), frozenset({"no_wait", "past"})),
        Hint("kept", at_verb("restore", "inbox/actions", KIND.hint)),
    ),
    page="inbox",
)
