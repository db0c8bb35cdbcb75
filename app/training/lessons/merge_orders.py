"""One buyer, two orders, one parcel."""

from __future__ import annotations

from collections.abc import Iterator

from app.forms.merge import FORM
from app.text import N_, Text
from app.training.decks import Piece, buyer, lies, sale
from app.training.lesson import Deck, Floor, Given, Goal, Hint, Lesson
from app.training.pointing import at, at_offer, at_step
from app.training.standing import go_on, money_of

LAMP, CLOTH = "LP-1G", "TC-2G"


def lay(deck: Deck) -> Iterator[Given]:
    """The same door, different goods."""
    for sku in (LAMP, CLOTH):
        yield from lies(deck, sku, 20)
    who = buyer(deck, "程若曦", "7701", "文三路90号水岸嘉园")
    yield sale(deck, "lamp", (Piece(LAMP, 1, 13_900),), who, before_min=50)
    yield sale(deck, "cloth", (Piece(CLOTH, 1, 9_900),), who, before_min=20)


def _one_parcel(floor: Floor) -> bool:
    heirs = floor.heirs("lamp", "cloth")
    return len(heirs) == 1 and sorted(line.sku for line in heirs[0].lines) == [LAMP, CLOTH]


LESSON = Lesson(
    code="merge_orders",
    title=Text(N_("Merge two orders")),
    brief=Text(
        N_(
            "A buyer whose phone ends in 7701 has bought a lamp, and half an hour later a tablecloth. "
            "She writes: “Please send both together.”"
        )
    ),
    par_s=40,
    teaches=(FORM.code, "merge"),
    lay=lay,
    goals=(
        Goal("one", Text(N_("Lamp and tablecloth are one order")), _one_parcel),
        Goal("on", Text(N_("It goes on")), go_on("lamp", "cloth")),
        Goal(
            "money",
            Text(N_("What was paid for both is all there")),
            money_of("lamp", "cloth", paid_minor=23_800),
            keeps=True,
        ),
    ),
    hints=(
        Hint("one", at("orders", "orders/search")),
        Hint("one", at_offer(FORM)),
        Hint("one", at_step(FORM, "other"), frozenset({"other_receiver", "no_order"})),
        Hint("on", at_step(FORM, "check")),
        Hint("money", at_step(FORM, "check")),
    ),
    page="orders",
)
