"""Two pairs look like one purchase each: one buyer clicked twice, the other wants both."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.order import Status
from app.forms.cancel_one import FORM
from app.forms.merge import FORM as MERGE
from app.snags.duplicate_suspect import KIND
from app.text import N_, Text
from app.training.decks import Piece, buyer, lies, sale
from app.training.lesson import Deck, Floor, Given, Goal, Hint, Lesson
from app.training.pointing import at, at_kind, at_repair, at_step
from app.training.standing import go_on, goes_on

SKU, OTHER = "TC-1W", "TC-2W"
TWICE, BOTH = (Piece(SKU, 1, 7_900),), (Piece(OTHER, 2, 9_900),)


def lay(deck: Deck) -> Iterator[Given]:
    """Each pair: the same goods for the same door, three minutes apart."""
    for sku in (SKU, OTHER):
        yield from lies(deck, sku, 20)
    clicks = buyer(deck, "邵一鸣", "4401", "文晖路61号丽景名苑")
    yield sale(deck, "first", TWICE, clicks, before_min=20)
    yield sale(deck, "again", TWICE, clicks, before_min=17)
    wants = buyer(deck, "柳如眉", "4402", "凤起东路29号星河湾")
    yield sale(deck, "own", BOTH, wants, before_min=15)
    yield sale(deck, "gift", BOTH, wants, before_min=11)


def _one_goes(floor: Floor) -> bool:
    pair = [floor.order(name) for name in ("first", "again")]
    going = [one for one in pair if one is not None and goes_on(one)]
    off = [one for one in pair if one is not None and one.status is Status.CANCELLED]
    return len(going) == len(off) == 1


def _all_pieces(floor: Floor) -> bool:
    going = floor.heirs("own", "gift")
    return sum(line.qty for order in going if goes_on(order) for line in order.lines) == 4


LESSON = Lesson(
    code="settle_duplicate",
    title=Text(N_("Settle a duplicate")),
    brief=Text(
        N_(
            "Two buyers seem to have ordered twice. Shao Yiming says that he clicked twice and wants one "
            "tablecloth. Liu Rumei wants all four: two of them are a gift that may travel in the same "
            "parcel."
        )
    ),
    par_s=45,
    teaches=(KIND.code, FORM.code, MERGE.code),
    lay=lay,
    goals=(
        Goal("one", Text(N_("One order of Shao Yiming goes on, the other is called off")), _one_goes),
        Goal("all", Text(N_("All four pieces for Liu Rumei go on, in one parcel or in two")), _all_pieces),
        Goal("open", Text(N_("No question is left open")), go_on("own", "gift")),
    ),
    hints=(
        Hint("one", at("inbox", "inbox/rows")),
        Hint("one", at_kind(KIND)),
        Hint("one", at_repair(KIND, "cancel_newer")),
        Hint("all", at_repair(KIND, "keep_both")),
        Hint("all", at_repair(KIND, "merge")),
        Hint("open", at_step(MERGE, "check")),
    ),
    page="inbox",
)
