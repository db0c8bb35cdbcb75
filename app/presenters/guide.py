"""A guided form at work: one decision a step, drafts kept at every change, back without loss."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

import app.forms
from app import engine
from app.command import Command, Facts, Refusal
from app.desk import Desk, Screen, Undo
from app.domain.destination import reading_of
from app.domain.mask import mask_name, mask_phone
from app.domain.order import Order
from app.form import Advice, Choice, Field, Form, Step, Verdict
from app.ports import Changes, Replica, Views
from app.preview import Preview, preview
from app.registry import collect
from app.text import N_, Text

FORMS: Mapping[str, Form] = collect(app.forms, "FORM", Form)


class FieldState(msgspec.Struct, frozen=True, kw_only=True):
    """One field as it stands."""

    field: Field
    value: str
    verdict: Verdict | None
    choices: tuple[Choice, ...]


class StepState(msgspec.Struct, frozen=True, kw_only=True):
    """One step on the rail. `state`: done | now | later."""

    name: str
    title: str
    summary: str
    state: str


class State(msgspec.Struct, frozen=True, kw_only=True):
    form: str = ""
    title: str = ""
    order: Order | None = None
    steps: tuple[StepState, ...] = ()
    at: int = 0
    question: str = ""
    reason: str = ""
    fields: tuple[FieldState, ...] = ()
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
    zone: str = "Asia/Shanghai"
    """Where the shop is: its clock dates the draft."""
    draft_at: datetime | None = None
    is_restored: bool = False
    notice: Text | None = None
    undo: Undo | None = None
    is_done: bool = False


class Guide(Screen[State]):
    """Verbs of a guide."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, State())
        self._form: Form | None = None
        self._order: Order | None = None
        self._facts: Facts | None = None
        self._answers: dict[str, str] = {}
        self._at = 0
        self._is_done = False

    async def open(self, form: str, order: str) -> None:
        """Begin, or go on where a draft was left."""
        found = await self.desk.look(Views.order, order, self.desk.login)
        if found is None:
            self.show(State(notice=Text(N_("This order is not on this desk."))))
            return
        self._form, (self._order, self._facts) = FORMS[form], found
        draft = await self.desk.keep(Replica.draft, self._key)
        self._answers = self._form.start(self._order, self._facts) | draft
        self._at = 0
        self._is_done = False
        self.show(State())
        await self._draw(is_restored=bool(draft), draft_at=None)

    async def refresh(self, changes: Changes | None = None) -> None:
        """Look again at what the order points to, keeping every answer."""
        if self._order is None or (changes is not None and ("order", self._order.id) not in changes.keys):
            return
        found = await self.desk.look(Views.order, self._order.id, self.desk.login)
        if found is not None and not self._is_done:
            self._order, self._facts = found
            await self._draw()

    async def fill(self, name: str, value: str) -> None:
        """Take one answer; it is kept on this desk at once."""
        if self._form is None or self._answers.get(name) == value:
            return
        self._answers[name] = value
        await self.desk.keep(Replica.save_draft, self._key, dict(self._answers))
        await self._draw(draft_at=await self.desk.now())

    async def take_advice(self) -> None:
        """Fill in what is suggested for this step; nothing is submitted."""
        if self.state.advice is not None:
            self._answers |= self.state.advice.answers
            await self.desk.keep(Replica.save_draft, self._key, dict(self._answers))
            await self._draw(draft_at=await self.desk.now())

    async def take_correction(self) -> None:
        """Take the first correction a field offers."""
        for field in self.state.fields:
            if field.verdict is not None and field.verdict.correction:
                await self.fill(field.field.name, field.verdict.correction)
                return

    async def next(self) -> None:
        """Go on; on the last step, give the command."""
        form, order, facts = self._form, self._order, self._facts
        if form is None or order is None or facts is None or self._is_done:
            return
        if self._step_blocks(form.steps[self._at], order, facts):
            return
        if self._at < len(form.steps) - 1:
            self._at += 1
            await self._draw()
            return
        bad = next((i for i, step in enumerate(form.steps) if self._step_blocks(step, order, facts)), None)
        if bad is not None:  # an earlier answer stopped fitting: go there
            self._at = bad
            await self._draw()
            return
        done = await self.desk.submit(form.build(order, self._answers, facts), form.code, order.ver)
        if done.refusal is not None:
            self.show(msgspec.structs.replace(self.state, notice=done.refusal.text))
            return
        self._is_done = True
        await self.desk.keep(Replica.drop_draft, self._key)
        undo = None
        if done.inverse is not None:
            undo = Undo(text=Text(form.title), number=order.number, command=done.inverse)
        self.show(msgspec.structs.replace(self.state, undo=undo, is_done=True, notice=None))

    async def undo(self) -> None:
        """Take back what the guide did."""
        if self.state.undo is not None:
            await self.desk.submit(self.state.undo.command, "undo")
            self.show(msgspec.structs.replace(self.state, undo=None))

    async def begin_anew(self) -> None:
        """Throw the draft away and begin with what the order has."""
        if self._form is None or self._order is None or self._facts is None:
            return
        await self.desk.keep(Replica.drop_draft, self._key)
        self._answers = self._form.start(self._order, self._facts)
        self._at = 0
        self.show(State())
        await self._draw(is_restored=False)

    async def back(self) -> None:
        """Go one step back; every answer stays."""
        if self._at > 0:
            self._at -= 1
            await self._draw()

    async def go(self, at: int) -> None:
        """Go to a step that was already passed."""
        if at <= self._at:
            self._at = at
            await self._draw()

    @property
    def _key(self) -> str:
        form, order = self._form, self._order
        return f"{form.code if form else ''}/{order.id if order else ''}"

    async def _draw(self, *, is_restored: bool | None = None, draft_at: datetime | None = None) -> None:
        form, order, facts = self._form, self._order, self._facts
        if form is None or order is None or facts is None or self._is_done:
            return
        step = form.steps[self._at]
        fields = tuple(self._field(field, order, facts) for field in step.fields)
        problems = sum(1 for f in fields if _blocks(f))
        shown, after = None, None
        if not any(self._step_blocks(s, order, facts) for s in form.steps):
            command = form.build(order, self._answers, facts)
            needed = await self.desk.look(Views.facts, command, self.desk.login)
            shown, after = preview(command, order, needed), _after(command, order, needed)
        self.show(
            State(
                form=form.code,
                title=form.title,
                order=order,
                steps=tuple(self._step(i, s) for i, s in enumerate(form.steps)),
                at=self._at,
                question=step.question,
                reason=step.reason,
                fields=fields,
                advice=step.advice(self._answers, order, facts),
                problems=problems,
                is_last=self._at == len(form.steps) - 1,
                preview=shown,
                gates=_gates(*(after or (order, facts))),
                is_after=after is not None,
                offending=_offending(order, facts),
                zone=shop.zone if (shop := facts.shop_of(order)) else "Asia/Shanghai",
                draft_at=draft_at or self.state.draft_at,
                is_restored=self.state.is_restored if is_restored is None else is_restored,
            )
        )

    def _field(self, field: Field, order: Order, facts: Facts) -> FieldState:
        value = self._answers.get(field.name, "")
        return FieldState(
            field=field,
            value=value,
            verdict=field.check(value, self._answers, order, facts),
            choices=field.choices(self._answers, order, facts),
        )

    def _step(self, at: int, step: Step) -> StepState:
        state = "done" if at < self._at else "now" if at == self._at else "later"
        answers = {f.name: _shown(f, self._answers.get(f.name, "")) for f in step.fields}
        return StepState(name=step.name, title=step.title, summary=step.summary(answers), state=state)

    def _step_blocks(self, step: Step, order: Order, facts: Facts) -> bool:
        return any(_blocks(self._field(field, order, facts)) for field in step.fields)


def _after(command: Command, order: Order, facts: Facts) -> tuple[Order, Facts] | None:
    """The order and its facts as the command would leave them; nothing is kept."""
    trial = Facts(facts.rows, facts.refs, facts.by, facts.now, at_hub=False)
    if isinstance(engine.apply(command, trial), Refusal):
        return None
    return trial.order(order.id) or order, trial


def _gates(order: Order, facts: Facts) -> tuple[tuple[str, str, Text], ...]:
    return tuple(
        (measure.state, gate.title, measure.text)
        for gate in engine.GATES.values()
        for measure in (gate.measure(order, facts),)
    )


def _offending(order: Order, facts: Facts) -> tuple[str, ...]:
    reading = reading_of(order, facts.refs.gazetteer) if order.snag("address_unparsed") else None
    return reading.offending if reading is not None else ()


def _shown(field: Field, value: str) -> str:
    masks = {"name": mask_name, "phone": mask_phone} if field.is_personal else {}
    return masks.get(field.name, str)(value)


def _blocks(field: FieldState) -> bool:
    is_missing = not field.value.strip() and not field.field.is_optional
    return is_missing or (field.verdict is not None and field.verdict.is_error)
