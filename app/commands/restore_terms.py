"""Set articles, prices and terms of an order back to what was agreed."""

from __future__ import annotations

from app.command import NO_ORDER, Authority, Command, Decided, Facts, Spec, Undo, order_of, refuse
from app.domain.agreement import terms_of
from app.domain.contract import Sold, Terms
from app.domain.events import TermsRestored
from app.domain.order import EDITABLE, LINES_MOST
from app.text import N_


class RestoreTerms(Command, frozen=True, kw_only=True):
    order: str
    terms: Terms

    @property
    def lines(self) -> tuple[Sold, ...]:
        """What comes back: the engine loads the articles and their stock."""
        return self.terms.lines


def decide(command: RestoreTerms, facts: Facts) -> Decided:
    """Bring them back while the warehouse has not begun; stock is promised anew.

    Refuses: `no_order`, `picked`, `other_order`, `bad_line`, `unknown_sku`, `unchanged`.
    Source: capabilities 15, contract_void, restore the signed revision.
    """
    order = facts.order(command.order)
    if order is None:
        return NO_ORDER
    if order.status not in EDITABLE or any(line.picked for line in order.lines):
        return refuse("picked", N_("The warehouse has begun. Put the goods back first."))
    terms = command.terms
    signed = ((one.terms.customer, one.terms.pay_days) for one in order.contracts)
    agreed = {(order.customer, order.terms_days), *signed}
    if terms.currency != order.currency or (terms.customer, terms.pay_days) not in agreed:
        return refuse("other_order", N_("These terms are of another order. Look at this one again."))
    ids = {one.id for one in terms.lines}
    if not 0 < len(terms.lines) == len(ids) <= max(LINES_MOST, len(order.lines)):
        return refuse("bad_line", N_("A line stands there twice. Remove one of them."))
    if any(one.qty < 1 or one.unit_price_minor < 0 for one in terms.lines) or terms.payable_minor < 0:
        return refuse("bad_line", N_("A quantity is 1 or more, a price not negative. Change the line."))
    for one in terms.lines:
        if one.sku and facts.sku(one.sku) is None:
            return refuse("unknown_sku", N_("No article {sku}. Choose one from the list."), sku=one.sku)
    if terms == terms_of(order):
        return refuse("unchanged", N_("The order says that already. Nothing to do."))
    return [TermsRestored(order=order.id, terms=terms, by=facts.by.user)]


def inverse(command: RestoreTerms, facts: Facts) -> Undo | None:
    """Bring back what was agreed on without a signature."""
    order = facts.order(command.order)
    if order is None or not order.lines:
        return None
    return Undo("restore_terms", {"order": order.id, "terms": terms_of(order)})


SPEC = Spec(
    "restore_terms",
    RestoreTerms,
    order_of,
    decide,
    Authority.DESK,
    changes=("lines", "payable_minor", "total_minor", "customer", "terms_days"),
    inverse=inverse,
)
