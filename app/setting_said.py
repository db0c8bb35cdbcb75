"""How values of settings that are no single figure are said in their history."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from app.domain.deck import Shape
from app.domain.event import listed
from app.domain.gate_profile import Limit
from app.domain.order_view import COLUMNS, FILTERS, OrderView
from app.domain.rules import CATALOGUE
from app.domain.skill import Ended, Given, Passed, Proof, Task
from app.text import N_, Text

NOTHING = Text(N_("nothing"))
COLUMNS_SHOWN = 6
PEOPLE_LABELS: Mapping[str, str] = {
    "lessons": N_("Lessons"), "shapes": N_("Exceptions"), "roles": N_("For roles"), "is_on": N_("In force"),
    "holds_days": N_("Days a pass holds"), "passed": N_("Lessons passed"), "given": N_("Opened by hand"),
    "ended": N_("Closed by hand"), "tasks": N_("Lessons asked for"),
    "least_minor": N_("Amounts from"), "below_minor": N_("Orders below"), "when": N_("Holds"),
    "people": N_("Who may sign: people"), "other_role": N_("Signatures of two roles"),
}  # fmt: skip
"""What fields of skills, and of who may sign, are called."""
_RULES = {rule.name: rule for rule in CATALOGUE}


def view_said(stored: Mapping[str, Any] | None) -> Text:
    """Say a shared view by its filters and columns."""
    if stored is None:
        return NOTHING
    view = msgspec.convert(stored, OrderView)
    filters = sum(1 for name in FILTERS if getattr(view.question, name))
    columns = listed([Text(COLUMNS.get(each.code, each.code)) for each in view.columns[:COLUMNS_SHOWN]])
    return Text(N_("{filters} filters; {columns}"), {"filters": filters, "columns": columns})


def limit_said(limit: Limit) -> Text:
    """Say a limit of a gate profile by the title of its rule."""
    rule = _RULES.get(limit.name)
    is_money = rule is not None and rule.unit == "money"
    value = f"{limit.value / 100:,.2f}" if is_money else str(limit.value)
    title = Text(rule.title if rule is not None else limit.name)
    return Text("{title} {value}", {"title": title, "value": value})


def _proof(row: Any, _currency: str) -> str:
    return msgspec.convert(row, Proof).code


def _passed(row: Any, _currency: str) -> str:
    one = msgspec.convert(row, Passed)
    return f"{one.lesson} {one.at.date()}"


def _given(row: Any, _currency: str) -> str:
    one = msgspec.convert(row, Given)
    return (
        f"{one.right} → {one.until} ({one.by}: {one.reason})"
        if one.until
        else (f"{one.right} ({one.by}: {one.reason})")
    )


def _ended(row: Any, _currency: str) -> str:
    one = msgspec.convert(row, Ended)
    return f"{one.right} ({one.by}: {one.reason})"


def _task(row: Any, _currency: str) -> str:
    one = msgspec.convert(row, Task)
    return f"{one.lesson} → {one.due_on}"


def _shape(row: Any, _currency: str) -> str:
    one = msgspec.convert(row, Shape)
    return f"{one.kind} ({sum(one.pieces)})"


TRAINING_ROWS: Mapping[str, Callable[[Any, str], str]] = {
    "lessons": _proof, "shapes": _shape, "passed": _passed, "given": _given, "ended": _ended, "tasks": _task,
}  # fmt: skip
"""How rows of skills are said, by codes: names of lessons change with the program."""
