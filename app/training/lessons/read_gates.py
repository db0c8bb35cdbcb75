"""Two orders stand still at different gates: the strip says which, and what clears it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.commands.hold import Hold
from app.domain.order import ChannelState, Order
from app.domain.values import Role
from app.forms.receive_payment import FORM as PAYMENT
from app.forms.resume import FORM as RESUME
from app.text import N_, Text
from app.training.decks import Piece, buyer, lies, sale
from app.training.lesson import Deck, Floor, Given, Goal, Hint, Lesson
from app.training.pointing import at, at_offer, at_step
from app.training.standing import go_on, order_is

SKU = "LP-2W"
GOODS = (Piece(SKU, 2, 15_900),)
PAID = 31_800


def lay(deck: Deck) -> Iterator[Given]:
    """One waits for money that has come, one for a colleague's word, one for money that has not."""
    yield from lies(deck, SKU, 20)
    waits: dict[str, Any] = {"paid_minor": 0, "channel_state": ChannelState.AWAITING_PAYMENT}
    yield sale(deck, "money", GOODS, buyer(deck, "秦岚", "2201", "天目山路31号翠湖天地"), **waits)
    yield sale(deck, "word", GOODS, buyer(deck, "贺之舟", "2202", "古墩路52号书香里"))
    yield sale(deck, "unpaid", GOODS, buyer(deck, "穆青", "2203", "天目山路33号云锦府"), **waits)
    yield Given(Hold(order=deck.id("word"), reason="等买家确认颜色"), Role.LEAD)


def _paid(order: Order) -> bool:
    return order.received_money_minor == PAID


def _unpaid(floor: Floor) -> bool:
    order = floor.order("unpaid")
    return order is not None and order.received_money_minor == 0


LESSON = Lesson(
    code="read_gates",
    title=Text(N_("Read the gates")),
    brief=Text(
        N_(
            "Three orders of Tianmushan Road and Gudun Road do not leave. The bank says that Qin Lan has "
            "paid 318.00. He Zhizhou has confirmed the colour. Of Mu Qing nobody has heard."
        )
    ),
    par_s=90,
    teaches=("receive_payment", PAYMENT.code, "resume", RESUME.code),
    lay=lay,
    goals=(
        Goal("money", Text(N_("Qin Lan's money is noted in full")), order_is("money", _paid)),
        Goal(
            "word",
            Text(N_("He Zhizhou's order is not on hold any more")),
            order_is("word", lambda order: order.pause is None),
        ),
        Goal("on", Text(N_("Both go on")), go_on("money", "word")),
        Goal("unpaid", Text(N_("Mu Qing's order waits for its money")), _unpaid, keeps=True),
    ),
    hints=(
        Hint("money", at("orders", "orders/search")),
        Hint("money", at("order", "order/to_gate")),
        Hint("money", at_offer(PAYMENT)),
        Hint("money", at_step(PAYMENT, PAYMENT.steps[0].name), frozenset({"no_amount", "too_much"})),
        Hint("word", at("order", "order/to_gate")),
        Hint("word", at_offer(RESUME)),
        Hint("on", at("order", "order/to_gate")),
        Hint("unpaid", at_step(PAYMENT, PAYMENT.steps[0].name)),
    ),
    page="orders",
)
