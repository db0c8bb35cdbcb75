"""A guide as it stands, ready to draw: its steps, the fields and hints of this one, what would change."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import msgspec

from app import engine
from app.command import Command, Facts, Refusal
from app.desk import Undo
from app.domain.destination import reading_of
from app.domain.order import Order
from app.form import Advice, Choice, Field, Note, Subject, Verdict
from app.hint_editor import HintEdit
from app.preview import Preview, goes_on
from app.text import Text


class FieldState(msgspec.Struct, frozen=True, kw_only=True):
    """One field as it stands."""

    field: Field[Any]
    value: str
    verdict: Verdict | None
    choices: tuple[Choice, ...]
    hits: tuple[Choice, ...] = ()
    """What was found for the words typed last."""
    currency: str = "CNY"
    is_optional: bool = False
    own_hint: dict[str, str] = {}
    """The hint as a trainer wrote it, by language; the built-in one stands where there is none."""


class StepState(msgspec.Struct, frozen=True, kw_only=True):
    """One step on the rail. `state`: done | now | later."""

    name: str
    title: str
    said: tuple[Text | date, ...]
    """What was answered in it, as people say it."""
    state: str


class State(msgspec.Struct, frozen=True, kw_only=True):
    form: str = ""
    title: str = ""
    subject: Subject | None = None
    heading: str = ""
    """What the subject is called: an order's number, an article and its warehouse, nothing."""
    steps: tuple[StepState, ...] = ()
    at: int = 0
    question: str = ""
    reason: str = ""
    own_reason: dict[str, str] = {}
    """The reason as a trainer wrote it, by language."""
    fields: tuple[FieldState, ...] = ()
    is_folded: bool = False
    """Its hints rest behind an icon: this person knows the step."""
    is_known: bool = False
    may_edit: bool = False
    """This person may change the words of hints."""
    edit: HintEdit | None = None
    advice: Advice | None = None
    problems: int = 0
    is_last: bool = False
    preview: Preview | None = None
    gates: tuple[tuple[str, str, Text], ...] = ()
    """(state, title, sentence) after this command; as they are now while it cannot be given yet."""
    is_after: bool = False
    """The gates are those after the command."""
    offending: tuple[str, ...] = ()
    """What the reading stumbles over in the buyer's own words."""
    notes: tuple[Note, ...] = ()
    today: datetime | None = None
    """Now, for fields that ask for a day."""
    zone: str = "Asia/Shanghai"
    """Where the shop is: its clock dates the draft."""
    draft_at: datetime | None = None
    is_restored: bool = False
    off: Text | None = None
    """Why its command cannot be given just now, said before anybody fills it in."""
    notice: Text | None = None
    undo: Undo | None = None
    is_done: bool = False

    @property
    def order(self) -> Order | None:
        """The order it is about, if it is about one."""
        return self.subject if isinstance(self.subject, Order) else None


def after(command: Command, order: Order | None, facts: Facts) -> tuple[Order, Facts] | None:
    """The order and its facts as the command would leave them; nothing is kept."""
    trial = Facts(facts.rows, facts.refs, facts.by, facts.now, at_hub=False)
    if isinstance(engine.apply(command, trial), Refusal):
        return None
    if order is None:  # one that begins here
        made = [row for row in trial.changed.values() if isinstance(row, Order)]
        return (made[0], trial) if len(made) == 1 else None
    return goes_on(trial.order(order.id), trial) or order, trial


def gates_of(order: Order, facts: Facts) -> tuple[tuple[str, str, Text], ...]:
    """Measure every gate: state, title, sentence."""
    measured = engine.measures(order, facts)
    return tuple((one.state, engine.GATES[code].title, one.text) for code, one in measured.items())


def offending_in(order: Order, facts: Facts) -> tuple[str, ...]:
    """Return what the reading of the address stumbles over."""
    reading = reading_of(order, facts.refs.gazetteer) if order.snag("address_invalid") else None
    return reading.offending if reading is not None else ()


def blocks(field: FieldState) -> bool:
    """Tell whether a field keeps one on its step."""
    is_missing = not field.value.strip() and not field.is_optional
    return is_missing or (field.verdict is not None and field.verdict.is_error)
