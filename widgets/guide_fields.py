"""The control for each kind of field a form knows, and how a field's state is shown on it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from PySide6.QtWidgets import QWidget

from app.domain.money import written_money
from app.form import Choice
from app.guide_state import FieldState
from app.hint_editor import HintEdit
from widgets import words
from widgets.date_field import DateField
from widgets.fields import Card, ChoiceCards, ComboField, LinesField, MaskedField, TextField
from widgets.file_field import FileField
from widgets.inputs import BEHIND, Control
from widgets.number_fields import DigitsField, MoneyField
from widgets.row_fields import AmountsField, BasketField, Line
from widgets.seek_field import Hit, SeekField
from widgets.words import money, tr, trn

_MASKS: Final = {"phone": words.mask_phone, "name": words.mask_name}


def is_combo(state: FieldState) -> bool:
    """Tell whether one chooses from a list; where there is nothing to choose from, one types."""
    return state.field.widget == "combo" and bool(state.choices)


def control_for(state: FieldState, today: datetime | None, zone: str) -> QWidget:  # noqa: C901 - one arm per kind
    """Return a fresh control for a field. `today` and `zone` place a day that is typed short."""
    field = state.field
    match field.widget:
        case "choice":
            return ChoiceCards([_card(choice) for choice in state.choices])
        case "combo" if is_combo(state):
            return ComboField(_options(state))
        case "lines":
            return LinesField()
        case "number":
            return DigitsField()
        case "money":
            return MoneyField(state.currency)
        case "date" if today is not None:
            return DateField(words.day_there(today, zone), tr("tomorrow, 16, 6-16"))
        case "file":
            return FileField(tr("F4 chooses the file"))
        case "article":
            return SeekField(tr("Code or words of the title"))
        case "order":
            return SeekField(tr("Number or buyer"))
        case "amounts":
            return AmountsField([_line(choice, state.currency) for choice in state.choices])
        case "basket":
            return BasketField(state.currency)
    if field.is_personal and field.name in _MASKS:
        return MaskedField(_MASKS[field.name])
    return TextField()


def offer(control: QWidget, state: FieldState) -> None:
    """Put what may be chosen now into the control, as far as nobody is choosing just then."""
    if isinstance(control, ComboField):
        if not control.view().isVisible():
            control.set_options(_options(state))
    elif isinstance(control, ChoiceCards):
        control.set_cards([_card(choice) for choice in state.choices])
    elif isinstance(control, AmountsField):
        control.set_lines([_line(choice, state.currency) for choice in state.choices])
    elif isinstance(control, BasketField):
        control.set_currency(state.currency)
        control.set_lines([_line(choice, state.currency) for choice in state.choices])
        control.show_hits([_hit(choice, is_order=False) for choice in state.hits])
    elif isinstance(control, SeekField):
        found = {choice.value: choice for choice in (*state.hits, *state.choices)}
        control.show_hits([_hit(choice, is_order=state.field.widget == "order") for choice in found.values()])
    elif isinstance(control, MoneyField):
        control.set_currency(state.currency)


def show_value(control: QWidget, state: FieldState) -> None:
    """Show the answer in force, unless it stands there already."""
    holder: Control = control  # type: ignore[assignment]
    if holder.answer() != state.value:
        holder.set_answer(state.value)


def hint_words(built_in: str, own: Mapping[str, str], edit: HintEdit | None = None) -> str:
    """A hint in the language on screen: as it is being typed, as a trainer wrote it, or as built in."""
    typed = {"zh_CN": edit.zh, "en": edit.en} if edit is not None else own
    return typed.get(words.language(), "").strip() or tr(built_in)


def correction_words(state: FieldState) -> str:
    """The correction a field offers, as a person reads it."""
    value = state.verdict.correction if state.verdict is not None else ""
    mask = _MASKS.get(state.field.name) if state.field.is_personal else None
    if mask is not None:
        return mask(value)
    if state.field.widget == "money" and value.isdecimal():
        return money(int(value), state.currency)
    return value


def _card(choice: Choice) -> Card:
    return Card(choice.value, trn(choice.label), reason=trn(choice.reason) if choice.reason else "")


def _line(choice: Choice, currency: str) -> Line:
    reason = trn(choice.reason) if choice.reason else ""
    price = written_money(choice.price_minor, currency) if choice.price_minor >= 0 else ""
    return Line(choice.value, trn(choice.label), reason, choice.most, price)


def _hit(choice: Choice, *, is_order: bool) -> Hit:
    return Hit(choice.value, trn(choice.label) if is_order else choice.value, _option(choice))


def _options(state: FieldState) -> list[tuple[str, str]]:
    options = [(choice.value, _option(choice)) for choice in state.choices]
    known = {value for value, _ in options}
    if state.value and state.value not in known:
        options.insert(0, (state.value, state.value))
    if state.is_optional or not state.value:
        options.insert(0, ("", "–"))
    return options


def _option(choice: Choice) -> str:
    return BEHIND.join(trn(part) for part in (choice.label, choice.reason) if part is not None)
