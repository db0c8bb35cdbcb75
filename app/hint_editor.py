"""The words of a hint while a trainer changes them: opened, typed, published for every desk, taken back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from app.command import Refs
from app.commands.set_hint import SetHint
from app.desk import Desk, Undo
from app.domain.hint import HintText, hint_code
from app.form import Form, Step
from app.guides import FORMS
from app.text import N_, Text

WHY = N_("Why it is asked")
"""What the sentence under the question is called."""


class HintEdit(msgspec.Struct, frozen=True, kw_only=True):
    """A hint while its words are changed. `built_in` and `label` are words of the catalogue."""

    code: str
    label: str
    built_in: str
    field: str = ""
    """Whose hint it is; empty: the sentence that says why the step is asked."""
    zh: str = ""
    en: str = ""
    rev: int = 0
    wrong: Text | None = None
    """Why these words cannot be published."""

    @property
    def is_own(self) -> bool:
        """A trainer's words stand there, or are being typed."""
        return bool(self.zh or self.en)


def hint_title(code: str) -> Text:
    """Say whose hint it is: guide, step and field, as a clerk reads them."""
    form_code, step_name, *field_name = code.split("/")
    form = FORMS.get(form_code)
    step = next((one for one in form.steps if one.name == step_name), None) if form else None
    if form is None or step is None:
        return Text(code)
    field = next((one for one in step.fields if [one.name] == field_name), None)
    label = field.label if field is not None else WHY
    said: dict[str, str | int | Text] = {"guide": Text(form.title), "step": Text(step.title)}
    return Text("{guide} · {step} · {label}", {**said, "label": Text(label)})


class HintEditor:
    """Holds the one hint that is open, if any."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.open: HintEdit | None = None

    @property
    def is_allowed(self) -> bool:
        """Whoever sits here may change the words of hints."""
        return self._desk.may("set_hint")

    def show(self, form: Form[Any], step: Step[Any], names: Sequence[str], field: str, refs: Refs) -> None:
        """Open the hint of a field; while one is open, the next of `names`, after the last the reason."""
        if not self.is_allowed:
            return
        if self.open is not None:
            turn = [*names, "", *names]
            field = turn[turn.index(self.open.field) + 1]
        found = next((one for one in step.fields if one.name == field), None)
        code = hint_code(form.code, step.name, found.name if found else "")
        kept = refs.hints.get(code, HintText(code=code))
        self.open = HintEdit(
            code=code,
            label=found.label if found else WHY,
            built_in=found.hint if found else step.reason,
            field=found.name if found else "",
            zh=kept.zh,
            en=kept.en,
            rev=kept.rev,
        )

    def write(self, zh: str, en: str) -> None:
        """Take the words as they are typed."""
        if self.open is not None:
            self.open = msgspec.structs.replace(self.open, zh=zh, en=en, wrong=None)

    def leave(self) -> None:
        """Close the words without publishing them."""
        self.open = None

    async def save(self) -> Undo | None:
        """Publish the words for every desk, none are the built-in ones; return the way back."""
        edit = self.open
        if edit is None:
            return None
        hint = HintText(code=edit.code, zh=edit.zh.strip(), en=edit.en.strip(), rev=edit.rev)
        command = SetHint(hint=hint)
        refusal = await self._desk.objection(command)
        done = None if refusal else await self._desk.submit(command, "hint")
        refusal = refusal or (done.refusal if done else None)
        if refusal is not None and refusal.code != "unchanged":
            self.open = msgspec.structs.replace(edit, wrong=refusal.text)
            return None
        self.open = None
        if done is None or done.inverse is None:
            return None
        said = Text(N_("Hint changed: {label}"), {"label": Text(edit.label)})
        return Undo(text=said, number="", command=done.inverse)
