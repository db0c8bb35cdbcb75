"""A price far from the list price."""

from __future__ import annotations

from app.before_lead import is_asked
from app.command import Command, Facts
from app.commands.correct_price import CorrectPrice
from app.commands.escalate import Escalate
from app.commands.hold import Hold
from app.commands.settle import Settle
from app.domain.clock import Wait
from app.domain.money import shown
from app.domain.order import EDITABLE, Order
from app.domain.pricing import odd_prices, price_digest
from app.profiles import rules_for
from app.snag import Finding, Kind, Repair
from app.text import N_, Text

TITLE = N_("Price unusual")
"""Also why it is held, where that is the answer: said as a sentence, in every language."""
CONSENT = N_("list price, the buyer agreed")


def found(order: Order, facts: Facts) -> Finding | None:
    """Find prices outside the band around the list price.

    Source: capabilities 15, price_anomaly.
    """
    if order.status not in EDITABLE:
        return None
    odd = odd_prices(
        order, facts.sku, rules_for(order, facts), facts.agreed(order.customer, order.shop, order.ordered_at)
    )
    if not odd:
        return None
    line, article, _ = odd[0]
    params: dict[str, str | int | Text] = {
        "title": article.title,
        "price": shown(line.unit_price_minor, order.currency),
        "list_price": shown(article.list_price_minor, article.currency),
    }
    if len(odd) == 1:
        text = Text(N_("{title} sold at {price}, list price {list_price}"), params)
    else:
        params["more"] = len(odd) - 1
        text = Text(N_("{title} sold at {price}, list price {list_price}, and {more} more"), params)
    waits = ("rules", f"customer:{order.customer}") if order.customer else ("rules",)
    return Finding(text, waits_for=(*waits, *_price_list(order, facts)), digest=price_digest(odd))


def _price_list(order: Order, facts: Facts) -> tuple[str, ...]:
    customer = facts.refs.customers.get(order.customer)
    return (f"price_list:{customer.price_list}",) if customer is not None and customer.price_list else ()


def accept(order: Order, _facts: Facts) -> Command | None:
    """Answer for the price as it is."""
    snag = order.snag("price_anomaly")
    return Settle(order=order.id, kind="price_anomaly", digest=snag.digest) if snag else None


def list_price(order: Order, facts: Facts) -> Command | None:
    """Take what was agreed, or the list price, for the first line whose price is unusual; not for a kit."""
    agreed = facts.agreed(order.customer, order.shop, order.ordered_at)
    odd = odd_prices(order, facts.sku, rules_for(order, facts), agreed)
    if not odd or order.status not in EDITABLE:
        return None
    line, _, expected = odd[0]
    if line not in order.lines:
        return None  # a kit has a price for each of its parts
    return CorrectPrice(
        order=order.id, line=line.id, unit_price_minor=expected, reason=CONSENT, moves_total=True
    )


def hold(order: Order, _facts: Facts) -> Command | None:
    """Keep the order back and ask the lead; what is held already is only asked about."""
    snag = order.snag(KIND.code)
    asks = snag is not None and not is_asked(snag)
    if order.pause is None:
        return Hold(order=order.id, reason=TITLE, ask=KIND.code if asks else "")
    return Escalate(order=order.id, kind=KIND.code, reason=TITLE) if asks else None


KIND = Kind(
    code="price_anomaly",
    title=TITLE,
    hint=N_("Compare with the list price and running promotions before the goods leave."),
    severity="bad",
    rank=9,
    found=found,
    repairs=(
        Repair(
            "ask_approval",
            N_("Ask approval"),
            hold,
            N_("The order keeps its stock and waits for the lead, who sees what is lost."),
            off=N_("The lead has it already"),
        ),
        Repair(
            "list_price",
            N_("Apply list price"),
            list_price,
            N_("Only with the buyer's consent: what is to be paid changes with it. It can be undone."),
        ),
        Repair(
            "accept_price",
            N_("Accept price"),
            accept,
            N_("Goods and money stay as ordered. The answer is void as soon as a price changes."),
        ),
    ),
    form="correct_price",
    gate="price",
    stops=(Wait.CUSTOMER,),
)
