"""One article of two is short, and the buyer does not want to wait for the other."""

from __future__ import annotations

from collections.abc import Iterator

from app.forms.split import FORM
from app.snags.short_stock import KIND
from app.text import N_, Text
from app.training.decks import Piece, buyer, lies, sale
from app.training.lesson import Deck, Floor, Given, Goal, Hint, Lesson
from app.training.pointing import at_kind, at_offer, at_repair, at_step
from app.training.standing import goes_on, money_of

THERE, SHORT = "ST-1W", "RG-2G"
GOODS = (Piece(THERE, 2, 3_900), Piece(SHORT, 1, 28_800))


def lay(deck: Deck) -> Iterator[Given]:
    """Boxes lie everywhere, the carpet nowhere."""
    yield from lies(deck, THERE, 20)
    yield from lies(deck, SHORT, 0)
    yield sale(deck, "mixed", GOODS, buyer(deck, "乐怡", "6601", "古墩路88号阳光花园"))


def _there_goes(floor: Floor) -> bool:
    going = [line for order in floor.heirs("mixed") if goes_on(order) for line in order.lines]
    return [(line.sku, line.qty) for line in going] == [(THERE, 2)]


def _rest_waits(floor: Floor) -> bool:
    lines = [line for order in floor.heirs("mixed") if not goes_on(order) for line in order.lines]
    return (SHORT, 1) in [(line.sku, line.qty) for line in lines]


LESSON = Lesson(
    code="split_short",
    title=Text(N_("Send what is there")),
    brief=Text(
        N_(
            "An order of two storage boxes and a carpet waits, because the carpet is sold out. The buyer "
            "needs the boxes now and is glad to wait for the carpet."
        )
    ),
    par_s=25,
    teaches=(KIND.code, FORM.code),
    lay=lay,
    goals=(
        Goal("boxes", Text(N_("Both boxes go on, and nothing else with them")), _there_goes),
        Goal("carpet", Text(N_("The carpet is not forgotten")), _rest_waits, keeps=True),
        Goal(
            "money", Text(N_("What was paid is all there")), money_of("mixed", paid_minor=36_600), keeps=True
        ),
    ),
    hints=(
        Hint("boxes", at_kind(KIND)),
        Hint("boxes", at_repair(KIND, "split_off")),
        Hint("boxes", at_offer(FORM)),
        Hint("carpet", at_step(FORM, "pieces")),
        Hint("money", at_step(FORM, "check")),
    ),
    page="inbox",
)
