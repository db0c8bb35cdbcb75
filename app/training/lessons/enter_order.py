"""A private buyer wrote by chat what they want, and has paid."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.order import Order
from app.forms.new_order import FORM
from app.text import N_, Text
from app.training.decks import lies
from app.training.lesson import Deck, Floor, Given, Goal, Hint, Lesson
from app.training.pointing import at, at_field, at_step
from app.training.standing import goes_on

WANTED = {"LN-2W": 1, "TW-1W": 4, "PL-1W": 2}


def lay(deck: Deck) -> Iterator[Given]:
    """The goods are there; the order is not."""
    for sku in WANTED:
        yield from lies(deck, sku, 20)


def entered(floor: Floor) -> Order | None:
    """Return the newest order that was typed in for nobody's business."""
    found = [order for order in floor.typed() if not order.customer]
    return found[-1] if found else None


def _lines(floor: Floor) -> bool:
    order = entered(floor)
    return order is not None and {line.sku: line.qty for line in order.lines} == WANTED


def _address(floor: Floor) -> bool:
    order = entered(floor)
    if order is None:
        return False
    region, to = order.region, order.receiver
    is_there = (region.city, region.district) == ("杭州市", "西湖区") and "88" in to.street
    return is_there and (to.name, to.phone) == ("郁兰舟", "10000005678")


def _paid(floor: Floor) -> bool:
    order = entered(floor)
    return order is not None and order.is_paid and order.payable_minor == order.paid_minor > 0


LESSON = Lesson(
    code="enter_order",
    title=Text(N_("Enter an order")),
    brief=Text(
        N_(
            "By chat: “郁兰舟 10000005678 浙江省杭州市西湖区文三路 88 号临湖酒店后勤入口”. One LN-2W, "
            "four TW-1W, two PL-1W, all paid at list price. Enter the order so that it goes out today."
        )
    ),
    par_s=75,
    teaches=(FORM.code,),
    lay=lay,
    goals=(
        Goal("lines", Text(N_("The order has the three articles in these numbers")), _lines),
        Goal("address", Text(N_("Name, phone and address are those of the chat")), _address),
        Goal("paid", Text(N_("It is paid in full")), _paid),
        Goal(
            "on", Text(N_("It goes on")), lambda floor: (one := entered(floor)) is not None and goes_on(one)
        ),
    ),
    hints=(
        Hint("lines", at("new_order", "guide/shop/field")),
        Hint("lines", at_step(FORM, "goods"), frozenset({"no_lines", "unknown_sku"})),
        Hint("lines", at_field(FORM, "lines")),
        Hint("address", at_step(FORM, "receiver")),
        Hint("address", at_field(FORM, "address"), frozenset({"incomplete_address"})),
        Hint("paid", at_step(FORM, "payment")),
        Hint("on", at_step(FORM, "payment")),
    ),
    page="today",
)
