"""The filters of the orders page that do not stand in its head, and what each filter says as a chip."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.aftersale import STAGES
from app.domain.order_view import PERIODS, Question, day_of, minor_of
from app.presenters.orders import State
from app.text import N_
from widgets import theme
from widgets.fields import ComboField, DateField, TextField
from widgets.labelled import Labelled
from widgets.phrases import status_words
from widgets.prose import META, Prose
from widgets.words import count, short_day, tr

_NAMES: Final = {
    "period": N_("Received"),
    "since_on": N_("From day"),
    "until_on": N_("To day"),
    "warehouse": N_("Warehouse"),
    "held": N_("On hold"),
    "touched": N_("Touched by a person"),
    "after_sales": N_("After-sales"),
    "least": N_("Amount from"),
    "most": N_("Amount up to"),
}
HITS_MAX: Final = 10_000
"""More hits of a search are not counted. Source: qt.md 3b."""
_SWITCH: Final = (("", N_("Either")), ("yes", N_("Yes")), ("no", N_("No")))


class FilterPanel(QWidget):
    """Period, warehouse, hold, touch and amount; each answer holds at once."""

    changed = Signal(str, str)

    def __init__(self, today_on: date) -> None:
        super().__init__()
        self.fields: dict[str, ComboField | DateField | TextField] = {
            "period": ComboField(),
            "since_on": DateField(today_on),
            "until_on": DateField(today_on),
            "warehouse": ComboField(),
            "held": ComboField(),
            "touched": ComboField(),
            "after_sales": ComboField(),
            "least": TextField(),
            "most": TextField(),
        }
        self._labels: dict[str, Labelled] = {}
        column = QVBoxLayout(self)
        px = theme.current().px
        column.setContentsMargins(px("space.4"), 0, px("space.4"), px("space.4"))
        column.setSpacing(px("space.3"))
        for name, field in self.fields.items():
            field.answered.connect(partial(self.changed.emit, name))
            self._labels[name] = Labelled(f"orders/filter/{name}", field)
            column.addWidget(self._labels[name])
        self._hint = Prose("", META)
        column.addWidget(self._hint)
        column.addStretch(1)

    def say(self, state: State) -> None:
        """Take names and answers in the language on screen."""
        for name, label in self._labels.items():
            label.say(tr(_NAMES[name]))
        self._offer("period", [(code, tr(words)) for code, words in PERIODS.items()])
        self._offer("warehouse", [("", tr("All warehouses")), *state.warehouses])
        for name in ("held", "touched"):
            self._offer(name, [(code, tr(words)) for code, words in _SWITCH])
        stages = [(code, tr(words)) for code, words in STAGES.items()]
        self._offer("after_sales", [("", tr("Either")), *stages])
        self._hint.show_words(
            tr("Filters add to the words of the search. Esc closes this, once more takes all off.")
        )
        self.show_question(state.view.question)

    def show_today(self, today_on: date) -> None:
        """Take the day from which "16" and "tomorrow" count."""
        for field in self.fields.values():
            if isinstance(field, DateField):
                field.set_today(today_on)

    def show_question(self, question: Question) -> None:
        """Show what is chosen; what somebody types stays as it is typed."""
        for name, field in self.fields.items():
            wanted = getattr(question, name)
            if field.answer() != wanted:
                field.set_answer(wanted)

    def focus_first(self) -> None:
        """Put the keys where the panel begins."""
        self.fields["period"].setFocus()

    def _offer(self, name: str, options: Sequence[tuple[str, str]]) -> None:
        field = self.fields[name]
        if isinstance(field, ComboField):
            field.set_options(options)


def filter_words(state: State) -> list[tuple[str, str]]:
    """Say every filter that is on: its code and its words."""
    asked = state.view.question
    kinds = {code: tr(words) for code, words, _ in state.kinds}
    said = [
        ("status", status_words(asked.status) if asked.status else ""),
        ("shop", dict(state.shops).get(asked.shop, asked.shop)),
        ("kind", kinds.get(asked.kind, asked.kind)),
        ("period", tr(PERIODS.get(asked.period, "")) if asked.period else ""),
        ("since_on", _day(N_("From {day}"), asked.since_on)),
        ("until_on", _day(N_("Until {day}"), asked.until_on)),
        ("warehouse", dict(state.warehouses).get(asked.warehouse, asked.warehouse)),
        ("held", _switch(asked.held, N_("On hold"), N_("Not on hold"))),
        ("touched", _switch(asked.touched, N_("Touched"), N_("Not touched"))),
        ("after_sales", _stage(asked.after_sales)),
        ("least", _amount(N_("At least {amount}"), asked.least)),
        ("most", _amount(N_("At most {amount}"), asked.most)),
    ]
    return [(code, words) for code, words in said if words]


def _switch(answer: str, yes: str, no: str) -> str:
    return tr({"yes": yes, "no": no}.get(answer, ""))


def _stage(stage: str) -> str:
    return tr("After-sales: {stage}", stage=tr(STAGES[stage])) if stage in STAGES else ""


def _day(message: str, typed: str) -> str:
    day = day_of(typed)
    return tr(message, day=short_day(day)) if day is not None else ""


def _amount(message: str, typed: str) -> str:
    return tr(message, amount=typed) if minor_of(typed) is not None else ""


def one_period(field: str, value: str) -> dict[str, str]:
    """A day takes the place of a period in words, and the other way round."""
    if field == "period" and value:
        return {"period": value, "since_on": "", "until_on": ""}
    return {field: value, "period": ""} if field in ("since_on", "until_on") and value else {field: value}


def count_words(state: State) -> str:
    """How many orders answer the question, as far as is known."""
    if not state.is_counted:
        return tr("At least {count} hits", count=count(state.count))
    if state.view.question.text and state.count >= HITS_MAX:
        return tr("First {count} hits, type more to refine", count=count(HITS_MAX))
    if state.view.question != Question():
        return tr("1 hit") if state.count == 1 else tr("{count} hits", count=count(state.count))
    return tr("1 order") if state.count == 1 else tr("{count} orders", count=count(state.count))
