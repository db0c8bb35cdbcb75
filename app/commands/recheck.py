"""Look at an order again: something outside it may have changed, or time has passed."""

from __future__ import annotations

from app.command import NO_ORDER, NO_SNAG, Authority, Command, Decided, Facts, Spec
from app.domain.drift import KIND as DRIFT
from app.domain.drift import Drift, drift_key, shelf_of_case
from app.domain.events import CaseClosed, Event, LinesMatched
from app.domain.evolve import Case
from app.domain.order import EDITABLE, Order
from app.domain.values import Keys, order_key, snag_key
from app.duties import due_of_case
from app.text import N_, Text

AGREES = Text(N_("Counter and papers agree again"))
"""Why a case of a shelf ends by itself."""


class Recheck(Command, frozen=True, kw_only=True):
    """`case` names a delivery or a command instead of an order."""

    order: str = ""
    case: str = ""


def needs(command: Recheck) -> Keys:
    """Name the order, or the case, and the shelf it is about."""
    if not command.case:
        return frozenset({order_key(command.order)})
    shelf = "/".join(filter(None, shelf_of_case(command.case)))
    return frozenset({snag_key(command.case), *([drift_key(shelf)] if shelf else [])})


def decide(command: Recheck, facts: Facts) -> Decided:
    """Match lines whose code is known by now; the engine looks at the rest by itself.

    A case of a shelf whose counters agree with its papers by now is over.

    Refuses: `no_order`, `no_snag`.
    """
    if command.case:
        case = facts.case(command.case)
        return _of_case(case, facts) if case is not None and case.is_open else NO_SNAG
    order = facts.order(command.order)
    if order is None:
        return NO_ORDER
    return list(_matches(order, facts)) if order.status in EDITABLE else []


def _of_case(case: Case, facts: Facts) -> list[Event]:
    drift = facts.row(drift_key(case.subject_id)) if case.snag.kind == DRIFT else None
    if isinstance(drift, Drift) and drift.is_over:
        return [CaseClosed(id=case.id, why=AGREES)]
    return list(due_of_case(case, facts))


def _matches(order: Order, facts: Facts) -> list[Event]:
    # One event per author of a mapping: whoever mapped the goods made the content and may not sign it.
    by_author: dict[str, list[tuple[str, str]]] = {}
    for line in order.lines:
        if line.sku or not line.ext_sku:
            continue
        mapping = facts.mapping(order.shop, line.ext_sku)
        if mapping is not None and mapping.sku and facts.sku(mapping.sku) is not None:
            by_author.setdefault(mapping.by, []).append((line.id, mapping.sku))
    return [LinesMatched(order=order.id, skus=tuple(skus), by=by) for by, skus in sorted(by_author.items())]


SPEC = Spec("recheck", Recheck, needs, decide, Authority.HUB, concludes=True)
