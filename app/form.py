"""A guide (引导): one decision a step, with hints and inline checks, ending in a command. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.command import Command, Facts
from app.domain.order import Order
from app.text import Text

Answers = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to choose from: value, words, the reason or figure beside it."""

    value: str
    label: Text
    reason: Text | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the field says of its value right now. An error keeps the clerk on the step; the rest does not."""

    is_error: bool
    text: Text
    correction: str = ""
    """A value that would be right; Alt+2 takes it."""


def no_verdict(_value: str, _answers: Answers, _order: Order, _facts: Facts) -> Verdict | None:
    """Accept any value."""
    return None


def no_choices(_answers: Answers, _order: Order, _facts: Facts) -> tuple[Choice, ...]:
    """Leave the value free."""
    return ()


@dataclass(frozen=True, slots=True)
class Field:
    """One thing to fill in. `personal` values are masked until asked for."""

    name: str
    label: str
    hint: str
    widget: str = "text"
    """text | lines | choice | combo"""
    check: Callable[[str, Answers, Order, Facts], Verdict | None] = no_verdict
    choices: Callable[[Answers, Order, Facts], tuple[Choice, ...]] = no_choices
    is_optional: bool = False
    is_personal: bool = False


@dataclass(frozen=True, slots=True)
class Advice:
    """A suggestion for a whole step: what to fill in, and why. Alt+1 takes it; it never submits."""

    text: Text
    reason: Text
    answers: Answers


def no_advice(_answers: Answers, _order: Order, _facts: Facts) -> Advice | None:
    """Suggest nothing."""
    return None


@dataclass(frozen=True, slots=True)
class Step:
    """One decision: a short name for the rail, a question, why it is asked, its fields."""

    name: str
    title: str
    question: str
    reason: str
    fields: tuple[Field, ...]
    advice: Callable[[Answers, Order, Facts], Advice | None] = no_advice
    summary: Callable[[Answers], str] = lambda answers: next(iter(answers.values()), "")


@dataclass(frozen=True, slots=True)
class Form:
    """One guide: its steps, the answers it starts with, and the command it ends in."""

    code: str
    title: str
    steps: tuple[Step, ...]
    start: Callable[[Order, Facts], dict[str, str]]
    build: Callable[[Order, Answers, Facts], Command]
