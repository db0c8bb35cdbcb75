"""Note that a paper of an order goes to the printer: before it does, so that no second one looks first."""

from __future__ import annotations

from app.command import NO_ORDER, Authority, Command, Decided, Facts, Spec, order_of, refuse
from app.domain.events import PaperPrinted
from app.domain.order import DEAD, Order
from app.domain.paper import PRINTABLE, Paper, is_printable
from app.text import N_


class PrintPaper(Command, frozen=True, kw_only=True):
    """`paper`: label | slip | list | contract."""

    order: str
    paper: str


def decide(command: PrintPaper, facts: Facts) -> Decided:
    """Count the print; every one after the first is a copy.

    Refuses: `no_order`, `no_paper`, `on_hold`, `called_off`, `not_packed`, `not_picking`, `not_released`,
    `no_contract`.
    Source: sync.md section 10, a reprint says copy; capabilities 14, commit before print.
    """
    order = facts.order(command.order)
    if order is None:
        return NO_ORDER
    if command.paper not in PRINTABLE:
        return refuse("no_paper", N_("There is no such paper. Choose label, slip or list."))
    paper = Paper(command.paper)
    leaves = paper not in {Paper.SLIP, Paper.CONTRACT}
    if leaves and order.pause is not None:
        return refuse("on_hold", N_("This order is on hold. Put it aside until it is resumed."))
    if leaves and order.channel_state in DEAD:
        return refuse("called_off", N_("The channel cancelled this order. Put the goods back."))
    if not is_printable(paper, order):
        return TOO_SOON[paper]
    return [PaperPrinted(order=order.id, paper=paper, copy=copies(order, paper), by=facts.by.user)]


def copies(order: Order, paper: str) -> int:
    """Return how often this paper was printed already: the number the next copy bears."""
    return order.prints.get(paper, 0)


TOO_SOON = {
    Paper.LABEL: refuse("not_packed", N_("The label comes with the closed parcel. Pick and pack first.")),
    Paper.SLIP: refuse("not_picking", N_("The slip comes with the goods. Begin picking first.")),
    Paper.CONTRACT: refuse("no_contract", N_("This order has no such contract. Send one first.")),
    Paper.LIST: refuse("not_released", N_("There is nothing to pick here. Choose a released order.")),
}

SPEC = Spec("print_paper", PrintPaper, order_of, decide, Authority.DESK, touches=False)
