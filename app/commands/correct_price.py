"""Put the price of a line right, and what is to be paid with it."""

from __future__ import annotations

from app.command import NO_ORDER, Authority, Command, Decided, Facts, Spec, Undo, order_of, refuse
from app.domain.events import PriceCorrected
from app.domain.order import EDITABLE
from app.text import N_


class CorrectPrice(Command, frozen=True, kw_only=True):
    """`moves_total`: what the buyer pays changes by the same amount; else only the line was wrong.

    Units: `unit_price_minor` in the order's currency.
    """

    order: str
    line: str
    unit_price_minor: int
    reason: str
    moves_total: bool = True


def decide(command: CorrectPrice, facts: Facts) -> Decided:
    """Change one price; the sums of the order follow where they shall.

    Refuses: `no_order`, `picked`, `no_line`, `bad_price`, `costs_nothing`, `unchanged`, `no_reason`,
        `below_zero`.
    """
    order = facts.order(command.order)
    if order is None:
        return NO_ORDER
    if order.status not in EDITABLE:
        return refuse("picked", N_("The warehouse has begun. Refund the difference instead."))
    line = next((line for line in order.lines if line.id == command.line), None)
    if line is None:
        return refuse("no_line", N_("This line is not in the order. Choose another one."))
    if command.unit_price_minor < 0:
        return refuse("bad_price", N_("A price is not negative. Change the price."))
    if command.unit_price_minor and order.makes_good is not None:
        return refuse("costs_nothing", N_("It makes good what was paid for already. It costs nothing."))
    if command.unit_price_minor == line.unit_price_minor:
        return refuse("unchanged", N_("The price is that already. Nothing to do."))
    if not command.reason.strip():
        return refuse("no_reason", N_("Write why, so that the next person knows."))
    delta = (command.unit_price_minor - line.unit_price_minor) * line.qty if command.moves_total else 0
    if order.payable_minor + delta < 0 or order.total_minor + delta < 0:
        return refuse("below_zero", N_("More would be taken off than is to be paid. Type a higher price."))
    return [
        PriceCorrected(
            order=order.id,
            line=line.id,
            before_minor=line.unit_price_minor,
            after_minor=command.unit_price_minor,
            delta_minor=delta,
            currency=order.currency,
            reason=command.reason.strip(),
            by=facts.by.user,
        )
    ]


def inverse(command: CorrectPrice, facts: Facts) -> Undo | None:
    """Bring the price of before back, and the sums with it."""
    order = facts.order(command.order)
    line = next((line for line in order.lines if line.id == command.line), None) if order else None
    if line is None:
        return None
    args = {name: getattr(command, name) for name in command.__struct_fields__}
    return Undo("correct_price", args | {"unit_price_minor": line.unit_price_minor})


SPEC = Spec(
    "correct_price",
    CorrectPrice,
    order_of,
    decide,
    Authority.DESK,
    changes=("lines", "payable_minor"),
    inverse=inverse,
)
