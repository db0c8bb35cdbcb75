"""The class table: the first row that fits an order says who works on it and which invoice it gets."""

from __future__ import annotations

from collections.abc import Mapping

from typing_extensions import override

from app.clause_fields import JOINED, clause_inputs, options_of, read_clauses, ticked
from app.command import Command, Refs
from app.commands.set_order_class import SetOrderClass
from app.domain.event import listed
from app.domain.order_class import INVOICES, QUEUES, RANK_MOST, OrderClass, class_name
from app.domain.snag_rule import clause_said
from app.editor import NEW, Editor, Input, Item, Wrong, in_use_first
from app.ports import Views
from app.text import N_, Text

FRESH = OrderClass(code="", title="")
FORESEEN_MOST = 1_000
"""So many orders, the newest, are looked at before a row is published."""


class SettingsClasses(Editor):
    """Verbs of the section."""

    verb = "set_order_class"
    tables = ("order_class",)

    @override
    def items(self, refs: Refs) -> tuple[Item, ...]:
        return in_use_first(refs.order_classes.values(), _note, class_name, lambda one: one.rank)

    @override
    def inputs(self, refs: Refs, code: str) -> tuple[Input, ...]:
        one = refs.order_classes.get(code, FRESH)
        about = (
            Input(
                name="code", label=N_("Code"), value=one.code,
                hint=Text(N_("Short: VIP. It stays for ever.")),
            ),
            Input(
                name="title", label=N_("Title"), value=one.title, hint=Text(N_("What the class is called.")),
            ),
            Input(
                name="title_en", label=N_("Title in English"), value=one.title_en,
                hint=Text(N_("For colleagues who read English. Empty: the same title, with its code.")),
            ),
            Input(
                name="rank", label=N_("Place in the table"), value=str(one.rank), kind="number",
                least=0, most=RANK_MOST,
                hint=Text(N_("The lowest is asked first; the first row that fits decides.")),
            ),
            Input(
                name="queue", label=N_("Who works on it"), value=one.queue, kind="combo",
                options=options_of(QUEUES),
                hint=Text(N_("Exceptions of such orders go there, unless their type names a group.")),
            ),
            Input(
                name="invoice", label=N_("Invoice"), value=one.invoice, kind="combo",
                options=options_of(INVOICES),
            ),
            Input(name="active", label=N_("In use"), value=ticked(one.active), kind="check"),
            Input(
                name="is_any", label=N_("Fits when"), value=ticked(one.is_any), kind="combo",
                options=options_of(JOINED),
                hint=Text(N_("Without any condition it fits every order: put such a row last.")),
            ),
        )  # fmt: skip
        asked = (*about, *clause_inputs(one.clauses))
        return asked if code == NEW else asked[1:]

    @override
    def command(self, refs: Refs, code: str, answers: Mapping[str, str]) -> Command | Wrong:
        before = refs.order_classes.get(code)
        row = _read(answers, code, before.rev if before is not None else 0)
        return row if isinstance(row, Wrong) else SetOrderClass(row=row)

    @override
    def done(self, code: str) -> Text:
        return Text(N_("Row published"))

    @override
    async def foresee(self, refs: Refs, answers: Mapping[str, str]) -> tuple[Text, ...]:
        row = _read(answers, self.state.here or "new", 0)
        if isinstance(row, Wrong) or not row.active:
            return ()
        others = tuple(one for one in refs.order_classes.values() if one.code != row.code)
        here, none, looked = await self.desk.look(Views.classed_by, (*others, row), row.code, FORESEEN_MOST)
        counts: dict[str, str | int | Text] = {"here": here, "none": none, "looked": looked}
        message = N_("Of the last {looked} orders {here} would be of this class, {none} of none.")
        return (Text(message, counts),)


def _read(answers: Mapping[str, str], code: str, rev: int) -> OrderClass | Wrong:
    clauses = read_clauses(answers)
    if isinstance(clauses, Wrong):
        return clauses
    return OrderClass(
        code=code,
        title=answers.get("title", "").strip(),
        title_en=answers.get("title_en", "").strip(),
        rank=int(answers.get("rank") or 0),
        clauses=clauses,
        is_any=bool(answers.get("is_any")),
        queue=answers.get("queue", ""),
        invoice=answers.get("invoice", ""),
        active=bool(answers.get("active")),
        rev=rev,
    )


def _note(one: OrderClass) -> Text:
    said = listed([clause_said(clause) for clause in one.clauses]) if one.clauses else Text(N_("all others"))
    return Text(N_("row {rank}: {said}"), {"rank": one.rank, "said": said})
