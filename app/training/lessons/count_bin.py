"""The shelf holds fewer pieces than the screen says."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.goods import DocKind, DocState
from app.domain.values import Role
from app.forms.count_bin import FORM
from app.text import N_, Text
from app.training.decks import PLACE, lies
from app.training.lesson import Deck, Floor, Given, Goal, Hint, Lesson
from app.training.pointing import at, at_field, at_offer, at_step

SKU, SAID, THERE = "LP-2K", 20, 18


def lay(deck: Deck) -> Iterator[Given]:
    """The screen says twenty."""
    yield from lies(deck, SKU, SAID)


def _is_so(floor: Floor) -> bool:
    shelf = floor.stock(PLACE, SKU)
    return shelf is not None and shelf.on_hand == THERE


def _was_counted(floor: Floor) -> bool:
    counts = [doc for doc in floor.docs(PLACE) if doc.kind is DocKind.COUNT and doc.sku == SKU]
    return [(doc.state, doc.qty) for doc in counts] == [(DocState.DONE, THERE)]


LESSON = Lesson(
    code="count_bin",
    title=Text(N_("Count a bin")),
    brief=Text(
        N_(
            "In the Suzhou warehouse the screen says 20 lamps LP-2K. You stand before the bin and count "
            "18. Write down what you counted."
        )
    ),
    par_s=30,
    teaches=(FORM.code,),
    lay=lay,
    goals=(
        Goal("stock", Text(N_("18 lamps are on hand in Suzhou")), _is_so),
        Goal("count", Text(N_("A count says so, and it is booked")), _was_counted),
    ),
    hints=(
        Hint("stock", at("stock", "stock/filter")),
        Hint("stock", at_offer(FORM)),
        Hint("stock", at_field(FORM, "counted"), frozenset({"bad_count", "unchanged"})),
        Hint("count", at_step(FORM, "paper")),
    ),
    page="stock",
    role=Role.WAREHOUSE,
)
