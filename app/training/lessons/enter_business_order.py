"""A hotel orders on account: its prices, its terms and its credit decide."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.order import Order
from app.forms.new_order import FORM
from app.text import N_, Text
from app.training.decks import WHOLESALE, lies
from app.training.lesson import Deck, Floor, Given, Goal, Hint, Lesson
from app.training.pointing import at, at_field, at_step
from app.training.standing import goes_on

CUSTOMER, SKU, QTY, AGREED = "LH", "TW-2W", 40, 3_900


def lay(deck: Deck) -> Iterator[Given]:
    """The goods are there; the order is not."""
    yield from lies(deck, SKU, 60)


def entered(floor: Floor) -> Order | None:
    """Return the newest order that was typed in for this customer."""
    found = [order for order in floor.typed() if order.customer == CUSTOMER]
    return found[-1] if found else None


def _lines(floor: Floor) -> bool:
    order = entered(floor)
    return order is not None and [(line.sku, line.qty) for line in order.lines] == [(SKU, QTY)]


def _agreed(floor: Floor) -> bool:
    order = entered(floor)
    return order is not None and {line.unit_price_minor for line in order.lines} == {AGREED}


def _later(floor: Floor) -> bool:
    order = entered(floor)
    is_right = order is not None and order.is_on_account and order.paid_minor == 0
    return is_right and order is not None and order.shop == WHOLESALE


LESSON = Lesson(
    code="enter_business_order",
    title=Text(N_("Enter an order on account")),
    brief=Text(
        N_(
            "The hotel supplier 临湖酒店用品 orders 40 bath towels TW-2W at its agreed price, for "
            "“周经理 10000004040 浙江省杭州市西湖区文三路 88 号临湖酒店”. It pays later, as always."
        )
    ),
    par_s=75,
    teaches=(FORM.code,),
    lay=lay,
    goals=(
        Goal("lines", Text(N_("The order of this customer has 40 pieces of TW-2W")), _lines),
        Goal("price", Text(N_("Each costs what was agreed with this customer")), _agreed),
        Goal("account", Text(N_("It is on account, in the wholesale shop")), _later),
        Goal(
            "on", Text(N_("It goes on")), lambda floor: (one := entered(floor)) is not None and goes_on(one)
        ),
    ),
    hints=(
        Hint("lines", at("new_order", "guide/customer/field")),
        Hint("lines", at_step(FORM, "goods"), frozenset({"no_lines", "unknown_sku"})),
        Hint("price", at_field(FORM, "customer")),
        Hint("account", at_field(FORM, "payment")),
        Hint("on", at_step(FORM, "receiver"), frozenset({"incomplete_address"})),
    ),
    page="today",
)
