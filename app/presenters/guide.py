"""A guided form at work: one decision a step, drafts kept at every change, back without loss."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import msgspec

from app import engine
from app.command import Command, Facts, Refusal
from app.commands.let_go import LetGo
from app.desk import Desk, Screen, Undo, zone_of
from app.domain.destination import reading_of
from app.domain.mask import mask_name, mask_phone
from app.domain.order import Order
from app.domain.values import order_key, sku_key, stock_key
from app.form import (
    About,
    Advice,
    Blank,
    Choice,
    Field,
    Form,
    Note,
    Shelf,
    Step,
    Subject,
    Verdict,
    heading,
    no_words,
    said,
)
from app.guides import FORMS, article_hit, order_hit
from app.ports import Changes, Replica, Views
from app.preview import Preview, goes_on, preview
from app.text import N_, Text

CASE = "case"
"""What a guide is handed beside its answers: the refused change that it makes good."""
HITS = 12
"""Articles or orders offered while one types."""
_MASKS = {"name": mask_name, "phone": mask_phone}


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


class Guide(Screen[State]):
    """Verbs of a guide."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, State())
        self._form: Form[Any] | None = None
        self._id = ""
        self._given: dict[str, str] = {}
        self._subject: Subject | None = None
        self._facts: Facts | None = None
        self._answers: dict[str, str] = {}
        self._hits: dict[str, tuple[Choice, ...]] = {}
        self._at = 0
        self._is_done = False

    async def open(self, form: str, about: str = "", given: Mapping[str, str] | None = None) -> None:
        """Begin, or go on where a draft was left; `given` are answers the opener knows already."""
        asked = FORMS[form]
        found = await self._find(asked, about)
        if found is None:
            lost = N_("This order is not on this desk.")
            if asked.about is About.STOCK:
                lost = N_("This article or warehouse is not on this desk.")
            self.show(State(notice=Text(lost)))
            return
        self._form, self._id, self._given = asked, about, dict(given or {})
        self._subject, self._facts = found
        draft = await self.desk.keep(Replica.draft, self._key)
        await self._begin(draft)
        await self._draw(is_restored=bool(draft), draft_at=None)

    async def _find(self, form: Form[Any], id: str) -> tuple[Subject, Facts] | None:
        """Return what the guide is about, with the rows that belong to it."""
        login = self.desk.login
        if form.about is About.ORDER:
            return await self.desk.look(Views.order, id, login)
        if form.about is About.NOTHING:
            return Blank(), await self.desk.look(Views.known, frozenset(), login)
        warehouse, _, sku = id.partition("/")
        keys = frozenset({stock_key(warehouse, sku), sku_key(sku)})
        facts = await self.desk.look(Views.known, keys, login)
        article = facts.sku(sku)
        if warehouse not in facts.refs.warehouses or article is None:
            return None
        return Shelf(warehouse, sku, facts.stock(warehouse, sku), article), facts

    async def _begin(self, draft: Mapping[str, str]) -> None:
        form, subject, facts = self._form, self._subject, self._facts
        if form is None or subject is None or facts is None:
            return
        self._answers = {**form.start(subject, facts), **draft, **self._given}
        for name in form.fresh:
            if not self._answers.get(name):
                self._answers[name] = await self.desk.keep(Replica.fresh_id)
        self._hits = {}
        for step in form.steps:
            for field in step.fields:
                if field.seeks is not no_words:
                    await self._look_for(field, "")
        self._at = 0
        self._is_done = False
        self.show(State())

    async def refresh(self, changes: Changes | None = None) -> None:
        """Look again at what the guide is about, keeping every answer."""
        form, facts = self._form, self._facts
        if form is None or self._subject is None or facts is None or self._is_done:
            return
        mine = {order_key(self._id)} if form.about is About.ORDER else facts.rows.keys()
        if changes is not None and not changes.line and not changes.keys & mine:
            return
        found = await self._find(form, self._id)
        if found is not None:
            self._subject, self._facts = found
            await self._draw()

    async def fill(self, name: str, value: str) -> None:
        """Take one answer; it is kept on this desk at once."""
        if self._form is None or self._answers.get(name) == value:
            return
        self._answers[name] = value
        await self.desk.keep(Replica.save_draft, self._key, dict(self._answers))
        await self._draw(draft_at=await self.desk.now())

    async def seek(self, name: str, text: str) -> None:
        """Look for what one types into a field that finds articles or orders."""
        fields = (field for step in (self._form.steps if self._form else ()) for field in step.fields)
        field = next((field for field in fields if field.name == name), None)
        if field is not None:
            await self._look_for(field, text.strip())
            await self._draw()

    async def _look_for(self, field: Field[Any], typed: str) -> None:
        words = typed or field.seeks(self._subject)
        if not words:
            self._hits.pop(field.name, None)
        elif field.widget == "order":
            rows = await self.desk.look(Views.find, words, HITS)
            self._hits[field.name] = tuple(order_hit(row) for row in rows if row.id != self._id)
        else:
            found = await self.desk.look(Views.skus, words, HITS)
            self._hits[field.name] = tuple(article_hit(*each) for each in found)

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
        form, subject, facts = self._form, self._subject, self._facts
        if form is None or subject is None or facts is None or self._is_done:
            return
        if self._step_blocks(form.steps[self._at]):
            return
        if self._at < len(form.steps) - 1:
            self._at += 1
            await self._draw()
            return
        bad = next((i for i, step in enumerate(form.steps) if self._step_blocks(step)), None)
        if bad is not None:  # an earlier answer stopped fitting: go there
            self._at = bad
            await self._draw()
            return
        command = form.build(subject, self._answers, facts)
        seen_ver = subject.ver if isinstance(subject, Order) else None
        done = await self.desk.submit(command, form.code, seen_ver)
        if done.refusal is not None:
            self.show(msgspec.structs.replace(self.state, notice=done.refusal.text))
            return
        self._is_done = True
        await self.desk.keep(Replica.drop_draft, self._key)
        if case := self._given.get(CASE):  # what was refused is asked with other values now
            await self.desk.submit(LetGo(case=case), form.code)
        undo = None
        if done.inverse is not None:
            named = form.called(subject, self._answers, facts)
            undo = Undo(text=Text(form.title), number=named, command=done.inverse)
        self.show(msgspec.structs.replace(self.state, undo=undo, is_done=True, notice=None))

    async def undo(self) -> None:
        """Take back what the guide did."""
        if self.state.undo is not None:
            await self.desk.submit(self.state.undo.command, "undo")
            self.show(msgspec.structs.replace(self.state, undo=None))

    async def begin_anew(self) -> None:
        """Throw the draft away and begin with what the subject has."""
        if self._form is None:
            return
        await self.desk.keep(Replica.drop_draft, self._key)
        await self._begin({})
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
        return f"{self._form.code if self._form else ''}/{self._id}"

    async def _know(self) -> None:
        """Load what the answers point to, round by round."""
        while (form := self._form) is not None and (facts := self._facts) is not None:
            missing = form.needs(self._answers, self._subject, facts) - facts.rows.keys()
            if not missing:
                return
            more = await self.desk.look(Views.known, missing, self.desk.login)
            self._facts = dataclasses.replace(facts, rows={**facts.rows, **more.rows})

    async def _draw(self, *, is_restored: bool | None = None, draft_at: datetime | None = None) -> None:
        await self._know()
        form, subject, facts = self._form, self._subject, self._facts
        if form is None or subject is None or facts is None or self._is_done:
            return
        step = form.steps[self._at]
        fields = tuple(self._field(field) for field in step.fields if field.is_asked(self._answers))
        order = subject if isinstance(subject, Order) else None
        shown_now, after = None, None
        if not any(self._step_blocks(s) for s in form.steps):
            command = form.build(subject, self._answers, facts)
            needed = await self.desk.look(Views.facts, command, self.desk.login)
            shown_now, after = preview(command, order, needed), _after(command, order, needed)
        off = self.desk.off(form.grant)
        gates = after or ((order, facts) if order is not None else None)
        self.show(
            State(
                form=form.code,
                title=form.title,
                subject=subject,
                heading=heading(subject, self._answers, facts),
                steps=tuple(self._step(i, s) for i, s in enumerate(form.steps)),
                at=self._at,
                question=step.question,
                reason=step.reason,
                fields=fields,
                advice=step.advice(self._answers, subject, facts),
                problems=sum(1 for field in fields if _blocks(field)),
                is_last=self._at == len(form.steps) - 1,
                preview=shown_now,
                gates=_gates(*gates) if gates is not None else (),
                is_after=after is not None,
                off=off,
                notice=off,
                offending=_offending(order, facts) if order is not None else (),
                notes=form.notes(self._answers, subject, facts),
                today=facts.now,
                zone=zone_of(facts.refs, order.shop if order is not None else ""),
                draft_at=draft_at or self.state.draft_at,
                is_restored=self.state.is_restored if is_restored is None else is_restored,
            )
        )

    def _field(self, field: Field[Any]) -> FieldState:
        subject, facts = self._subject, self._facts
        value = self._answers.get(field.name, "")
        if subject is None or facts is None:
            raise LookupError("no guide is open")
        return FieldState(
            field=field,
            value=value,
            verdict=field.check(value, self._answers, subject, facts),
            choices=field.choices(self._answers, subject, facts),
            hits=self._hits.get(field.name, ()),
            currency=field.currency(self._answers, subject, facts),
            is_optional=field.is_optional and not field.is_needed(self._answers),
        )

    def _step(self, at: int, step: Step[Any]) -> StepState:
        state = "done" if at < self._at else "now" if at == self._at else "later"
        told = step.told or (step.fields[0].name,)
        answered = [self._said(field) for field in step.fields if field.name in told and state != "later"]
        done = tuple(one for one in answered if one is not None)
        return StepState(name=step.name, title=step.title, said=done, state=state)

    def _said(self, field: Field[Any]) -> Text | date | None:
        subject, facts, value = self._subject, self._facts, self._answers.get(field.name, "")
        if subject is None or facts is None or not field.is_asked(self._answers):
            return None
        if field.is_personal:
            return Text(_MASKS.get(field.name, str)(value)) if value else None
        return said(field, value, self._answers, subject, facts, self._hits.get(field.name, ()))

    def _step_blocks(self, step: Step[Any]) -> bool:
        return any(_blocks(self._field(field)) for field in step.fields if field.is_asked(self._answers))


def _after(command: Command, order: Order | None, facts: Facts) -> tuple[Order, Facts] | None:
    """The order and its facts as the command would leave them; nothing is kept."""
    trial = Facts(facts.rows, facts.refs, facts.by, facts.now, at_hub=False)
    if isinstance(engine.apply(command, trial), Refusal):
        return None
    if order is None:  # one that begins here
        made = [row for row in trial.changed.values() if isinstance(row, Order)]
        return (made[0], trial) if len(made) == 1 else None
    return goes_on(trial.order(order.id), trial) or order, trial


def _gates(order: Order, facts: Facts) -> tuple[tuple[str, str, Text], ...]:
    measured = engine.measures(order, facts)
    return tuple((one.state, engine.GATES[code].title, one.text) for code, one in measured.items())


def _offending(order: Order, facts: Facts) -> tuple[str, ...]:
    reading = reading_of(order, facts.refs.gazetteer) if order.snag("address_unparsed") else None
    return reading.offending if reading is not None else ()


def _blocks(field: FieldState) -> bool:
    is_missing = not field.value.strip() and not field.is_optional
    return is_missing or (field.verdict is not None and field.verdict.is_error)
