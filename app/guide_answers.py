"""What a guide has been answered so far, field by field and step by step, as it is judged and shown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from app.command import Facts
from app.domain.hint import hint_code
from app.domain.mask import mask_name, mask_phone
from app.form import Choice, Field, Form, Step, Subject, said
from app.guide_state import FieldState, StepState, blocks
from app.text import Text

_MASKS = {"name": mask_name, "phone": mask_phone}


class Answers(NamedTuple):
    """The answers of one guide at one moment, with what they are judged by; `hits` is what was looked for."""

    form: Form[Any]
    subject: Subject
    facts: Facts
    given: Mapping[str, str]
    hits: Mapping[str, tuple[Choice, ...]]

    def field(self, field: Field[Any], step: str = "") -> FieldState:
        """Return one field as it stands."""
        value = self.given.get(field.name, "")
        return FieldState(
            field=field,
            value=value,
            verdict=field.check(value, self.given, self.subject, self.facts),
            choices=field.choices(self.given, self.subject, self.facts),
            hits=self.hits.get(field.name, ()),
            currency=field.currency(self.given, self.subject, self.facts),
            is_optional=field.is_optional and not self._is_needed(field),
            own_hint=self.own_hint(step, field.name),
        )

    def _is_needed(self, field: Field[Any]) -> bool:
        """Tell whether what is open elsewhere is refused empty here: a lot, of goods kept in lots."""
        empty = field.check("", self.given, self.subject, self.facts)
        return field.is_needed(self.given) or (empty is not None and empty.is_error)

    def fields(self, step: Step[Any]) -> tuple[FieldState, ...]:
        """Return the fields a step asks for."""
        asked = step.arranged(step.fields, self.given, self.subject)
        return tuple(self.field(field, step.name) for field in asked if field.is_asked(self.given))

    def own_hint(self, *place: str) -> dict[str, str]:
        """Return what a trainer wrote in the place of a built-in hint."""
        hint = self.facts.refs.hints.get(hint_code(self.form.code, *place))
        return hint.words() if hint is not None else {}

    def steps(self, now: int) -> tuple[StepState, ...]:
        """Return all steps, of which one is shown."""
        return tuple(self._step(at, now, step) for at, step in enumerate(self.form.steps))

    def blocks(self, step: Step[Any]) -> bool:
        """Tell whether a field keeps one on this step."""
        return any(blocks(field) for field in self.fields(step))

    def _step(self, at: int, now: int, step: Step[Any]) -> StepState:
        state = "done" if at < now else "now" if at == now else "later"
        told = step.told or (step.fields[0].name,)
        answered = [self._said(field) for field in step.fields if field.name in told and state != "later"]
        done = tuple(one for one in answered if one is not None)
        return StepState(name=step.name, title=step.title, said=done, state=state)

    def _said(self, field: Field[Any]) -> Text | date | None:
        value = self.given.get(field.name, "")
        if not field.is_asked(self.given):
            return None
        if field.is_personal:
            return Text(_MASKS.get(field.name, str)(value)) if value else None
        return said(field, value, self.given, self.subject, self.facts, self.hits.get(field.name, ()))
