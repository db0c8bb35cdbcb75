"""Two pieces should have come back, one did: money goes back for one."""

from __future__ import annotations

from collections.abc import Iterator

from app.commands.accept_return import AcceptReturn
from app.commands.grade_return import GradeReturn
from app.commands.open_return import OpenReturn
from app.domain.aftersale import Asked, Grade, Graded, ReturnKind, ReturnState
from app.domain.order import Order
from app.domain.values import Role
from app.forms.refund_return import FORM
from app.snags.return_due import KIND
from app.text import N_, Text
from app.training.decks import PLACE, Piece, buyer, lies, sale, shipped
from app.training.lesson import Deck, Given, Goal, Hint, Lesson
from app.training.pointing import at_kind, at_offer, at_repair, at_step
from app.training.standing import order_is

SKU, PRICE = "SC-1B", 15_900
GOODS = (Piece(SKU, 2, PRICE),)


def lay(deck: Deck) -> Iterator[Given]:
    """The floor has looked at what came back."""
    yield from lies(deck, SKU, 10)
    yield sale(deck, "covers", GOODS, buyer(deck, "沈归舟", "7171", "文晖路300号橡树湾"))
    yield from shipped(deck, "covers", GOODS)
    order, case = deck.id("covers"), deck.id("case")
    asked = (Asked("1", 2),)
    why = "wrong_size"
    yield Given(
        OpenReturn(order=order, case=case, kind=ReturnKind.RETURN, asked=asked, reason=why), Role.LEAD
    )
    yield Given(AcceptReturn(order=order, case=case), Role.ADMIN)
    grades = (Graded("1", Grade.SELLABLE, 1), Graded("1", Grade.SHORT, 1))
    yield Given(GradeReturn(order=order, case=case, warehouse=PLACE, grades=grades), Role.WAREHOUSE)


def _given_back(order: Order) -> int:
    return sum(refund.amount_minor for case in order.returns for refund in case.refunds)


LESSON = Lesson(
    code="refund_buyer",
    title=Text(N_("Refund a buyer")),
    brief=Text(
        N_(
            "A buyer wanted to send two sofa covers back. The floor found one in the parcel; the other "
            "one did not arrive. Give back what was paid for what came."
        )
    ),
    par_s=30,
    teaches=(KIND.code, FORM.code),
    lay=lay,
    goals=(
        Goal(
            "money",
            Text(N_("The buyer has the money for one cover, no more and no less")),
            order_is("covers", lambda order: _given_back(order) == PRICE),
        ),
        Goal(
            "closed",
            Text(N_("The case is settled")),
            order_is("covers", lambda order: [one.state for one in order.returns] == [ReturnState.CLOSED]),
        ),
    ),
    hints=(
        Hint("money", at_kind(KIND)),
        Hint("money", at_repair(KIND, "refund")),
        Hint("money", at_offer(FORM)),
        Hint("money", at_step(FORM, "amount"), frozenset({"too_much"})),
        Hint("closed", at_repair(KIND, "refund")),
    ),
    page="inbox",
)
