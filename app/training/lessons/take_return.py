"""One buyer wants to send something back; for another a colleague has asked already."""

from __future__ import annotations

from collections.abc import Iterator

from app.commands.open_return import OpenReturn
from app.domain.aftersale import Asked, ReturnKind, ReturnState
from app.domain.order import Order
from app.domain.values import Role
from app.forms.open_return import FORM
from app.snags.return_due import KIND
from app.text import N_, Text
from app.training.decks import Piece, buyer, lies, sale, shipped
from app.training.lesson import Deck, Floor, Given, Goal, Hint, Lesson
from app.training.pointing import at, at_offer, at_repair, at_step
from app.training.standing import order_is

TOWEL, BOX = "TW-1G", "ST-1B"
TOWELS, BOXES = (Piece(TOWEL, 2, 5_900),), (Piece(BOX, 1, 3_900),)


def lay(deck: Deck) -> Iterator[Given]:
    """Both parcels have arrived."""
    for sku in (TOWEL, BOX):
        yield from lies(deck, sku, 10)
    yield sale(deck, "towels", TOWELS, buyer(deck, "尹相逢", "6161", "文三路55号丽景名苑"))
    yield sale(deck, "box", BOXES, buyer(deck, "白露", "6262", "古墩路19号云锦府"))
    yield from shipped(deck, "towels", TOWELS)
    yield from shipped(deck, "box", BOXES)
    asked = OpenReturn(
        order=deck.id("box"), case=deck.id("asked"), kind=ReturnKind.RETURN, asked=(Asked("1", 1),),
        reason="changed_mind",
    )  # fmt: skip
    yield Given(asked, Role.LEAD)


def _one_towel(order: Order) -> bool:
    return [(case.kind, case.reason, case.lines) for case in order.returns] == [
        (ReturnKind.RETURN, "damaged", (Asked("1", 1),))
    ]


def _money_stays(floor: Floor) -> bool:
    found = [floor.order(name) for name in ("towels", "box")]
    return all(one is not None and not any(case.refunds for case in one.returns) for one in found)


LESSON = Lesson(
    code="take_return",
    title=Text(N_("Take a return")),
    brief=Text(
        N_(
            "A buyer whose phone ends in 6161 got two towels; one of them is torn, and it comes back. "
            "For Bai Lu a colleague has written down that the box comes back: it is within the days, so "
            "accept it."
        )
    ),
    par_s=60,
    teaches=(KIND.code, FORM.code, "accept_return"),
    lay=lay,
    goals=(
        Goal("opened", Text(N_("One torn towel is awaited, not two")), order_is("towels", _one_towel)),
        Goal(
            "accepted",
            Text(N_("Bai Lu's return is accepted")),
            order_is("box", lambda order: [one.state for one in order.returns] == [ReturnState.AWAITED]),
        ),
        Goal("money", Text(N_("No money moves before the goods are here")), _money_stays, keeps=True),
    ),
    hints=(
        Hint("opened", at("orders", "orders/search")),
        Hint("opened", at_offer(FORM)),
        Hint("opened", at_step(FORM, "pieces"), frozenset({"no_lines", "too_many"})),
        Hint("opened", at_step(FORM, "reason"), frozenset({"no_reason"})),
        Hint("accepted", at_repair(KIND, "accept"), frozenset({"own_case"})),
        Hint("money", at_repair(KIND, "refund")),
    ),
    page="orders",
)
