"""Make a row of the class table, change it, or put it out of use."""

from __future__ import annotations

import msgspec

from app.command import Authority, Command, Decided, Facts, Refusal, Spec, Undo, go_back, publish, refuse
from app.domain.company import is_code, is_title
from app.domain.order_class import CLASSES_MOST, INVOICES, QUEUES, RANK_MOST, OrderClass
from app.domain.snag_rule import CLAUSES_MOST, clause_fault
from app.domain.values import Keys
from app.text import N_


class SetOrderClass(Command, frozen=True, kw_only=True):
    """`row.rev` is the revision the person started from, 0 for a new one."""

    row: OrderClass


def needs(command: SetOrderClass) -> Keys:
    """Name the row."""
    return frozenset({("order_class", command.row.code)})


def decide(command: SetOrderClass, facts: Facts) -> Decided:
    """Publish the row under its next revision; open orders are looked at again.

    Refuses: `bad_code`, `bad_title`, `bad_clause`, `bad_choice`, `bad_rank`, `too_many`, `stale_content`,
    `unchanged`.
    """
    wrong = _wrong(command.row, facts)
    return wrong if wrong is not None else publish("order_class", command.row.code, command.row, facts)


def _wrong(row: OrderClass, facts: Facts) -> Refusal | None:
    known = facts.refs.order_classes
    if row.code not in known:
        if not is_code(row.code):
            return refuse("bad_code", N_("A code has up to 32 letters and digits. Shorten it."))
        if len(known) >= CLASSES_MOST:
            return refuse("too_many", N_("There are 100 classes. Change one you do not need."))
    if not is_title(row.title) or (row.title_en and not is_title(row.title_en)):
        return refuse("bad_title", N_("Give it a name of up to 60 characters."))
    if len(row.clauses) > CLAUSES_MOST:
        return refuse("bad_clause", N_("A class has up to four conditions. Take some away."))
    fault = next((wrong for clause in row.clauses if (wrong := clause_fault(clause)) is not None), None)
    if fault is not None:
        return Refusal("bad_clause", fault)
    if row.queue not in QUEUES or row.invoice not in INVOICES:
        return refuse("bad_choice", N_("Choose who gets it and which invoice from the lists."))
    if not 0 <= row.rank <= RANK_MOST:
        return refuse("bad_rank", N_("The place in the table is 0 to 999. Change it."))
    return None


def inverse(command: SetOrderClass, facts: Facts) -> Undo | None:
    """Publish the row as it was; one that is new is put out of use."""
    before = facts.refs.order_classes.get(command.row.code)
    if before is None:
        gone = msgspec.structs.replace(command.row, rev=command.row.rev + 1, active=False)
        return Undo("set_order_class", {"row": gone})
    return go_back("set_order_class", "row", before)


SPEC = Spec("set_order_class", SetOrderClass, needs, decide, Authority.HUB, inverse=inverse, touches=False)
