"""Stock: is every piece promised to this order?"""

from __future__ import annotations

from app.command import Facts
from app.domain.order import Order
from app.domain.sourcing import missing, wanted
from app.domain.values import Role
from app.domain.waiver import is_funded
from app.gate import ARTICLES_CLEAR, HUB_CLEARS, MONEY_CLEARS, Gate, Measure, State
from app.text import N_, Text

ARRIVAL_CLEARS = N_("It goes on by itself when the goods are booked in.")


def measure(order: Order, facts: Facts) -> Measure:
    """Count promised pieces; reservation is all or nothing. Source: architecture section 9."""
    if not order.matched:
        return Measure(State.NOT_YET, Text(N_("Articles first")), ARTICLES_CLEAR)
    pieces = sum(wanted(order).values())
    if pieces == 0:
        text = Text(N_("Nothing to ship: every quantity is 0"))
        return Measure(State.STOPS, text, N_("Cancel the order, or wait for what the shop says next."))
    if order.fully_reserved:
        said: dict[str, str | int | Text] = {
            "promised": sum(item.qty for item in order.reserved),
            "pieces": pieces,
        }
        words = N_("{promised}/{pieces} from this desk's lease") if order.by_lease else "{promised}/{pieces}"
        if order.kept_until is not None and not is_funded(order, facts.now):
            words = N_("{promised}/{pieces} kept unpaid, {minutes} min more")
            said["minutes"] = max(0, int((order.kept_until - facts.now).total_seconds()) // 60)
        return Measure(State.MET, Text(words, said))
    warehouses = facts.warehouses_of(order)
    if not warehouses:
        clears = N_("A lead names one in the settings of the shop.")
        return Measure(State.STOPS, Text(N_("No warehouse serves this shop")), clears)
    if not is_funded(order, facts.now):
        return Measure(State.NOT_YET, Text(N_("Payment first")), MONEY_CLEARS)
    if order.awaits is not None:
        day: dict[str, str | int | Text] = {
            "on": order.awaits.due_on.isoformat(),
            "reference": order.awaits.reference,
        }
        return Measure(State.WAITS, Text(N_("Expected on {on}, {reference}"), day), ARRIVAL_CLEARS)
    short = sum(missing(order, warehouses, facts.free).values())
    if short:
        text = Text(N_("{short} of {pieces} short"), {"short": short, "pieces": pieces})
        return Measure(State.WAITS, text, N_("It goes on by itself as soon as stock is free."))
    return Measure(State.WAITS, Text(N_("Available, to be confirmed by the hub")), HUB_CLEARS)


GATE = Gate("stock", N_("Stock"), 40, measure, owner=Role.WAREHOUSE)
