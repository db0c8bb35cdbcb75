"""How the conditions of a rule are written in the fields of a form, and read from them."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.snag_rule import CLAUSES_MOST, FIELDS, FITTING, OPERATORS, Clause, clause_fault
from app.editor import Input, Wrong
from app.text import N_, Text

JOINED = {"": N_("All conditions"), "1": N_("Any condition")}
NOTHING = ("", Text(N_("nothing")))
TITLES = (N_("First condition"), N_("Second condition"), N_("Third condition"), N_("Fourth condition"))


def clause_inputs(clauses: tuple[Clause, ...], *, first: str = "is") -> tuple[Input, ...]:
    """Return the fields of up to four conditions; while there is none the first is compared by `first`."""
    empty = (Clause("", first if not clauses else "is", ""), *[Clause("", "is", "")] * CLAUSES_MOST)
    shown = (*clauses, *empty)[:CLAUSES_MOST]
    return tuple(each for at, clause in enumerate(shown) for each in _inputs(clause, at + 1))


def _inputs(clause: Clause, number: int) -> tuple[Input, ...]:
    group = TITLES[number - 1]
    return (
        Input(
            name=f"field{number}", label=N_("Field"), value=clause.field, kind="combo", group=group,
            options=(NOTHING, *options_of({name: field.title for name, field in FIELDS.items()})),
        ),
        Input(
            name=f"op{number}", label=N_("Comparison"), value=clause.op, kind="combo", group=group,
            options=options_of(OPERATORS),
        ),
        Input(name=f"value{number}", label=N_("Value"), value=clause.value, group=group),
    )  # fmt: skip


def read_clauses(answers: Mapping[str, str]) -> tuple[Clause, ...] | Wrong:
    """Read the conditions somebody named."""
    clauses = []
    for number in range(1, CLAUSES_MOST + 1):
        field = answers.get(f"field{number}", "")
        if not field:
            continue
        clause = Clause(field, answers.get(f"op{number}", ""), answers.get(f"value{number}", "").strip())
        fault = clause_fault(clause)
        if fault is not None:
            is_op = clause.field in FIELDS and clause.op not in FITTING[FIELDS[clause.field].sort]
            return Wrong(f"op{number}" if is_op else f"value{number}", fault)
        clauses.append(clause)
    return tuple(clauses)


def options_of(words: Mapping[str, str]) -> tuple[tuple[str, Text], ...]:
    """Return codes and their words as a list offers them."""
    return tuple((code, Text(title)) for code, title in words.items())


def ticked(is_so: bool) -> str:
    """Return what a box answers."""
    return "1" if is_so else ""
