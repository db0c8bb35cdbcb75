"""A parcel is lost; the same goods go out again and cost nothing."""

from __future__ import annotations

from collections.abc import Iterator

from app.commands.accept_return import AcceptReturn
from app.commands.open_return import OpenReturn
from app.domain.aftersale import Asked, ReturnKind
from app.domain.order import Order
from app.domain.values import Role
from app.forms.reship import FORM
from app.snags.exchange_due import KIND
from app.text import N_, Text
from app.training.decks import Piece, buyer, lies, sale, shipped
from app.training.lesson import Deck, Floor, Given, Goal, Hint, Lesson
from app.training.pointing import at_kind, at_repair, at_step
from app.training.standing import goes_on

SKU = "LP-1B"
GOODS = (Piece(SKU, 1, 13_900),)


def lay(deck: Deck) -> Iterator[Given]:
    """The carrier has given the parcel up, and a lead has agreed to send it again."""
    yield from lies(deck, SKU, 10)
    yield sale(deck, "lamp", GOODS, buyer(deck, "纪南星", "8181", "天目山路121号江畔人家"))
    yield from shipped(deck, "lamp", GOODS)
    order, case = deck.id("lamp"), deck.id("case")
    asked = (Asked("1", 1),)
    yield Given(
        OpenReturn(order=order, case=case, kind=ReturnKind.RESHIP, asked=asked, reason="lost"), Role.LEAD
    )
    yield Given(AcceptReturn(order=order, case=case), Role.ADMIN)


def _replacements(floor: Floor) -> list[Order]:
    rows = (row for row in floor.rows.values() if isinstance(row, Order))
    order = floor.deck.id("lamp")
    return [row for row in rows if row.makes_good is not None and row.makes_good.order == order]


def _one_goes(floor: Floor) -> bool:
    found = _replacements(floor)
    lines = [(line.sku, line.qty) for order in found for line in order.lines]
    return lines == [(SKU, 1)] and all(map(goes_on, found))


def _costs_nothing(floor: Floor) -> bool:
    lamp = floor.order("lamp")
    refunded = lamp is None or any(case.refunds for case in lamp.returns)
    return not refunded and all(order.payable_minor == 0 for order in _replacements(floor))


LESSON = Lesson(
    code="reship_lost",
    title=Text(N_("Send lost goods again")),
    brief=Text(
        N_(
            "A lamp got lost on its way. The buyer still wants it, and the lead has agreed. Send it once "
            "more, and see to it that the buyer pays nothing and is paid nothing."
        )
    ),
    par_s=25,
    teaches=(KIND.code, FORM.code, "send_replacement"),
    lay=lay,
    goals=(
        Goal("sent", Text(N_("One lamp goes out again")), _one_goes),
        Goal("free", Text(N_("Nobody pays for it, and no money goes back")), _costs_nothing, keeps=True),
    ),
    hints=(
        Hint("sent", at_kind(KIND)),
        Hint("sent", at_repair(KIND, "send"), frozenset({"short", "not_ready"})),
        Hint("free", at_step(FORM, "pieces")),
    ),
    page="inbox",
)
