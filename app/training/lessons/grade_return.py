"""A parcel came back: what can be sold again lies on the shelf, what cannot does not."""

from __future__ import annotations

from collections.abc import Iterator

from app.commands.accept_return import AcceptReturn
from app.commands.open_return import OpenReturn
from app.domain.aftersale import Asked, Grade, Restocked, ReturnKind
from app.domain.order import Order
from app.domain.values import Role
from app.forms.grade_return import FORM
from app.text import N_, Text
from app.training.decks import PLACE, Piece, buyer, lies, sale, shipped
from app.training.lesson import Deck, Given, Goal, Hint, Lesson
from app.training.pointing import at, at_field, at_offer, at_step
from app.training.standing import order_is

SKU = "PL-2G"
GOODS = (Piece(SKU, 3, 5_900),)


def lay(deck: Deck) -> Iterator[Given]:
    """Three cushions were sold from this warehouse; all of them are on their way back."""
    yield from lies(deck, SKU, 0, SZ=12)
    yield sale(deck, "cushions", GOODS, buyer(deck, "顾盼", "9191", "湖墅南路8号星河湾"))
    yield from shipped(deck, "cushions", GOODS)
    order, case = deck.id("cushions"), deck.id("case")
    asked = (Asked("1", 3),)
    why = "not_as_described"
    yield Given(
        OpenReturn(order=order, case=case, kind=ReturnKind.RETURN, asked=asked, reason=why), Role.LEAD
    )
    yield Given(AcceptReturn(order=order, case=case), Role.ADMIN)


def _count(order: Order, *grades: Grade) -> int:
    return sum(one.qty for case in order.returns for one in case.grades if one.grade in grades)


def _restocked(order: Order) -> tuple[Restocked, ...]:
    return tuple(one for case in order.returns for one in case.restocked)


LESSON = Lesson(
    code="grade_return",
    title=Text(N_("Take a return in")),
    brief=Text(
        N_(
            "Three cushions come back to the Suzhou warehouse, from the buyer whose phone ends in 9191. "
            "Two are as new, one is stained and cannot be sold any more."
        )
    ),
    par_s=45,
    teaches=(FORM.code,),
    lay=lay,
    goals=(
        Goal(
            "sellable",
            Text(N_("Two cushions are back on the shelf in Suzhou")),
            order_is("cushions", lambda order: _restocked(order) == (Restocked(PLACE, SKU, 2),)),
        ),
        Goal(
            "stained",
            Text(N_("The stained one is written down as defective")),
            order_is("cushions", lambda order: _count(order, Grade.DEFECT) == 1),
        ),
    ),
    hints=(
        Hint("sellable", at("orders", "orders/search")),
        Hint("sellable", at_offer(FORM)),
        Hint("sellable", at_step(FORM, "grades"), frozenset({"not_complete"})),
        Hint("stained", at_field(FORM, "grades"), frozenset({"not_complete"})),
    ),
    page="orders",
    role=Role.WAREHOUSE,
)
