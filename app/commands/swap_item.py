"""Send another article in the place of the one that was ordered; the buyer pays what was agreed."""

from __future__ import annotations

from app.command import NO_ORDER, Authority, Command, Decided, Facts, Spec, Undo, refuse
from app.domain.events import ItemSwapped
from app.domain.order import EDITABLE
from app.domain.values import Keys, order_key, sku_key
from app.text import N_


class SwapItem(Command, frozen=True, kw_only=True):
    """`line` keeps its quantity and its price."""

    order: str
    line: str
    sku: str
    reason: str


def needs(command: SwapItem) -> Keys:
    return frozenset({order_key(command.order), sku_key(command.sku)})


def decide(command: SwapItem, facts: Facts) -> Decided:
    """Put another article into a line; what the buyer ordered stays readable beside it.

    Refuses: `no_order`, `picked`, `no_line`, `not_matched`, `unknown_sku`, `no_reason`, `unchanged`.
    """
    order = facts.order(command.order)
    if order is None:
        return NO_ORDER
    if order.status not in EDITABLE:
        return refuse("picked", N_("The warehouse has begun. Put the goods back first."))
    line = next((line for line in order.lines if line.id == command.line), None)
    if line is None:
        return refuse("no_line", N_("This line is not in the order. Choose another one."))
    if not line.sku:
        return refuse("not_matched", N_("This line has no article yet. Match it instead."))
    if facts.sku(command.sku) is None:
        return refuse("unknown_sku", N_("No article {sku}. Choose one from the list."), sku=command.sku)
    if command.sku == line.sku:
        return refuse("unchanged", N_("That article is in the line already. Choose another one."))
    if not command.reason.strip():
        return refuse("no_reason", N_("Write why, so that the next person knows."))
    return [
        ItemSwapped(
            order=order.id,
            line=line.id,
            before=line.sku,
            after=command.sku,
            reason=command.reason.strip(),
            by=facts.by.user,
        )
    ]


def inverse(command: SwapItem, facts: Facts) -> Undo | None:
    """Put the article of before back."""
    order = facts.order(command.order)
    line = next((line for line in order.lines if line.id == command.line), None) if order else None
    if line is None or not line.sku:
        return None
    return Undo(
        "swap_item", {"order": command.order, "line": line.id, "sku": line.sku, "reason": command.reason}
    )


SPEC = Spec("swap_item", SwapItem, needs, decide, Authority.DESK, changes=("lines",), inverse=inverse)
