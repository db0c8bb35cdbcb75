"""The class of an order: rows of conditions, the first that fits decides (决策表).

A class says who works on its exceptions and which invoice it gets; a row without conditions fits every order.
Source: capabilities 7, class table; 7.6.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from app.domain.event import listed
from app.domain.invoice import INVOICE_TITLES
from app.domain.order import Order
from app.domain.snag_rule import GROUPS, Around, Clause, SnagRule, holding, observed
from app.text import N_, Text, both

CLASSES_MOST = 100
RANK_MOST = 999
AS_ASKED, NO_INVOICE = "", "none"
INVOICES: Mapping[str, str] = {
    AS_ASKED: N_("As the buyer asks"),
    NO_INVOICE: N_("No invoice"),
    **{kind.value: title for kind, title in INVOICE_TITLES.items()},
}
"""Which invoice the orders of a class get."""
QUEUES = GROUPS
"""Who works on the exceptions of a class, where their type names nobody."""


class OrderClass(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the table. `rank`: the lowest is asked first, of equal ones by their codes.

    `is_any`: one clause is enough. `queue` is a key of `QUEUES`, `invoice` one of `INVOICES`.
    """

    code: str
    title: str
    title_en: str = ""
    rank: int = 100
    clauses: tuple[Clause, ...] = ()
    is_any: bool = False
    queue: str = ""
    invoice: str = AS_ASKED
    active: bool = True
    rev: int = 0


def is_in_use(classes: Iterable[OrderClass]) -> bool:
    """Tell whether there is a table at all."""
    return any(one.active for one in classes)


def class_of(
    order: Order, classes: Iterable[OrderClass], about: Around
) -> tuple[OrderClass, tuple[Clause, ...]] | None:
    """Return the row that decides, and which of its clauses are true; None where none fits."""
    for one in sorted(classes, key=lambda one: (one.rank, one.code)):
        if not one.active:
            continue
        true = holding(_rule(one), order, about) if one.clauses else ()
        if true or not one.clauses:
            return one, true
    return None


def why(one: OrderClass, true: tuple[Clause, ...], order: Order, about: Around) -> Text:
    """Say which row decided, by what of the order; never what is personal."""
    seen = listed([observed(clause, order, about) for clause in true]) if true else Text(N_("all others"))
    return Text(N_("row {rank}: {said}"), {"rank": one.rank, "said": seen})


def class_name(one: OrderClass) -> str:
    """Return what it is called in both languages."""
    fallback = one.title if one.title.isascii() else f"{one.title} ({one.code})"
    return both(one.title, one.title_en or fallback)


def _rule(one: OrderClass) -> SnagRule:
    return SnagRule(code=one.code, title=one.title, clauses=one.clauses, is_any=one.is_any)
