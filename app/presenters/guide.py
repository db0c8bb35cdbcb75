"""A guided form at work: one decision a step, drafts kept at every change, back without loss."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from app.command import Command, Facts
from app.commands.let_go import LetGo
from app.commands.note_help import NoteHelp
from app.commands.read_receiver import ReadReceiver
from app.desk import Desk, Screen, Undo, ver_of, zone_of
from app.domain.habit import Habit
from app.domain.order import Order
from app.domain.values import habit_key, order_key, sku_key, stock_key
from app.engine import spec_of
from app.form import About, Blank, Choice, Field, Form, Shelf, Subject, heading, no_words
from app.freeing import others_waiting, undo_of
from app.guide_answers import Answers
from app.guide_state import State, after, blocks, gates_of, offending_in
from app.guides import FORMS, article_hit, order_hit
from app.hint_editor import HintEditor
from app.ports import Changes, Replica, Views
from app.preview import preview
from app.text import N_, Text
from app.training.practice import Practice
from app.typed_cart import TypedCart

CASE = "case"
"""What a guide is handed beside its answers: the refused change that it makes good."""
HITS = 12
"""Articles or orders offered while one types."""


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
        self._practice = Practice("", Habit(user=""))
        self._is_unfolded = False
        self._hint = HintEditor(desk)
        self.cart = TypedCart(desk)
        self._undo: Undo | None = None
        self._drawn = 0

    async def open(self, form: str, about: str = "", given: Mapping[str, str] | None = None) -> None:
        """Begin, or go on where a draft was left; `given` are answers the opener knows already.

        From here on nothing that is still typed belongs to what was open before.
        """
        asked = FORMS[form]
        self._close()
        await self.cart.leave()
        found = await self._find(asked, about)
        if found is None:
            lost = N_("This order is not on this desk.")
            if asked.about is About.STOCK:
                lost = N_("This article or warehouse is not on this desk.")
            self.show(State(notice=Text(lost)))
            return
        self._id, self._given = about, dict(given or {})
        self._subject, self._facts = found
        self._practice, self._undo = Practice(form, await self._habit()), None
        self._hint.leave()
        draft = await self.desk.keep(Replica.draft, _key(asked, about))
        await self._begin(asked, draft)
        await self.cart.hold(asked.holds(self._answers) if draft else None)
        await self._draw(is_restored=bool(draft), draft_at=None)

    def _close(self) -> None:
        """Nothing is open: what is typed, drawn or confirmed meanwhile goes nowhere."""
        self._form = None
        self._drawn += 1
        self.show(State())

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

    async def _begin(self, form: Form[Any], draft: Mapping[str, str]) -> None:
        subject, facts = self._subject, self._facts
        if subject is None or facts is None:
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
        self._is_done = self._is_unfolded = False
        self._form = form

    async def refresh(self, changes: Changes | None = None) -> None:
        """Look again at what the guide is about, keeping every answer."""
        form, facts = self._form, self._facts
        if form is None or self._subject is None or facts is None or self._is_done:
            return
        mine = {order_key(self._id)} if form.about is About.ORDER else facts.rows.keys()
        own = {habit_key(self.desk.login.user.code)}
        if changes is not None and not changes.touches("hint") and not changes.keys & (mine | own):
            return
        about = self._id
        found, habit = await self._find(form, about), await self._habit()
        if (form, about) != (self._form, self._id):
            return  # another one was opened meanwhile
        self._practice.habit = habit
        if found is not None:
            self._subject, self._facts = found
            await self._draw()

    async def fill(self, name: str, value: str) -> None:
        """Take one answer; it is kept on this desk at once."""
        if self._form is None or self._is_done or self._answers.get(name) == value:
            return
        self._answers[name] = value
        await self._save()
        await self.cart.hold(self._form.holds(self._answers), is_typing=True)
        await self._draw(draft_at=await self.desk.now())

    async def _save(self) -> None:
        await self.desk.keep(Replica.save_draft, self._key, dict(self._answers))

    async def seek(self, name: str, text: str) -> None:
        """Look for what one types into a field that finds articles or orders."""
        fields = (field for step in (self._form.steps if self._form else ()) for field in step.fields)
        field = next((field for field in fields if field.name == name), None)
        if field is not None:
            await self._look_for(field, text.strip())
            await self._draw()

    async def _look_for(self, field: Field[Any], typed: str) -> None:
        words, hits = typed or field.seeks(self._subject), self._hits
        if not words:
            hits.pop(field.name, None)
        elif field.widget == "order":
            rows = await self.desk.look(Views.find, words, HITS)
            hits[field.name] = tuple(order_hit(row) for row in rows if row.id != self._id)
        else:
            found = await self.desk.look(Views.skus, words, HITS)
            hits[field.name] = tuple(article_hit(*each) for each in found)

    async def take_advice(self) -> None:
        """Fill in what is suggested for this step; nothing is submitted."""
        if self.state.advice is not None:
            self._answers |= self.state.advice.answers
            await self._save()
            await self._draw(draft_at=await self.desk.now())

    async def take_correction(self) -> None:
        """Take the first correction a field offers."""
        for field in self.state.fields:
            if field.verdict is not None and field.verdict.correction:
                await self.fill(field.field.name, field.verdict.correction)
                return

    async def next(self) -> None:
        """Go on; on the last step, give the command."""
        answers = self._stands()
        if answers is None or self._is_done:
            return
        form, subject, facts, *_ = answers
        if answers.blocks(form.steps[self._at]):
            await self.hold_up()
            return
        if self._at < len(form.steps) - 1:
            await self._turn(self._at + 1)
            return
        bad = next((i for i, step in enumerate(form.steps) if answers.blocks(step)), None)
        if bad is not None:  # an earlier answer stopped fitting: go there
            await self._turn(bad)
            return
        command = form.build(subject, self._answers, facts)
        seen_ver = ver_of(command, subject) if isinstance(subject, Order) else None
        others = await others_waiting(self.desk, command)
        done = await self.desk.submit(command, form.code, seen_ver)
        if done.refusal is not None:
            await self.hold_up()
            self.show(msgspec.structs.replace(self.state, notice=done.refusal.text))
            return
        self._is_done = True
        self.cart.forget()
        steps = [step.name for step in form.steps]
        await self._note(self._practice.ended(steps))
        await self._note(self._practice.told(steps, self._answers))
        await self.desk.keep(Replica.drop_draft, self._key)
        if case := self._given.get(CASE):  # what was refused is asked with other values now
            await self.desk.submit(LetGo(case=case), form.code)
        named = form.called(subject, self._answers, facts)
        undo = undo_of(done, Text(form.title), named, others)
        self.show(msgspec.structs.replace(self.state, undo=undo, is_done=True, notice=None))

    async def undo(self) -> None:
        """Take back what was done here last: what the guide did, or the words of a hint."""
        undo, self._undo = self.state.undo, None
        if undo is not None:
            done = await self.desk.submit(undo.command, "undo")
            notice = done.refusal.text if done.refusal is not None else None
            self.show(msgspec.structs.replace(self.state, undo=None, notice=notice))

    async def read(self, reason: str) -> bool:
        """Write down that what is masked here is read in full, and what for; tell whether it may be."""
        form = self._form
        if form is None or form.about is not About.ORDER:
            return True  # typed here, nobody else's yet
        done = await self.desk.submit(ReadReceiver(order=self._id, reason=reason))
        if done.refusal is not None:
            self.show(msgspec.structs.replace(self.state, notice=done.refusal.text))
        return done.refusal is None

    # --- hints --------------------------------------------------------------------------------------

    async def hold_up(self) -> None:
        """Somebody could not go on from here: the hint of this step returns, and stays until it is known."""
        if self._form is not None:
            await self._note(self._practice.held_up(self._form.steps[self._at].name))
            await self._draw()

    async def unfold(self) -> None:
        """Show the hints of a step that is known, or fold them again."""
        self._is_unfolded = not self._is_unfolded
        if self._is_unfolded and self._form is not None and isinstance(self._subject, Order):
            await self._note(NoteHelp(order=self._id, topic=self._form.code))
        await self._draw()

    async def edit_hint(self, field: str = "") -> None:
        """Open the words of the hint beside a field; asked again, those of the next one of this step."""
        if self._form is not None and self._facts is not None:
            step = self._form.steps[self._at]
            names = [one.field.name for one in self.state.fields]
            self._hint.show(self._form, step, names, field, self._facts.refs)
            await self._draw()

    async def write_hint(self, zh: str, en: str) -> None:
        """Take the words as they are typed; the guide shows them in their place."""
        self._hint.write(zh, en)
        await self._draw()

    async def leave_hint(self) -> None:
        """Close the words without publishing them."""
        self._hint.leave()
        await self._draw()

    async def save_hint(self) -> None:
        """Publish the words for every desk; none are the built-in ones."""
        self._undo = await self._hint.save() or self._undo
        await self._draw()

    async def _habit(self) -> Habit:
        login = self.desk.login
        key = habit_key(login.user.code)
        known = await self.desk.look(Views.known, frozenset({key}), login)
        return known.habit(login.user.code) or Habit(user=login.user.code)

    async def _note(self, command: Command | None) -> None:
        if command is not None and self.desk.may(spec_of(command).code):
            await self.desk.submit(command)

    # --- steps --------------------------------------------------------------------------------------

    async def begin_anew(self) -> None:
        """Throw the draft away and begin with what the subject has."""
        form = self._form
        if form is None:
            return
        self._close()
        await self.desk.keep(Replica.drop_draft, _key(form, self._id))
        await self._begin(form, {})
        await self._draw(is_restored=False)

    async def back(self) -> None:
        """Go one step back; every answer stays."""
        if self._at > 0:
            await self._turn(self._at - 1)

    async def go(self, at: int) -> None:
        """Go to a step that was already passed."""
        if at <= self._at:
            await self._turn(at)

    async def _turn(self, at: int) -> None:
        """Come to a step; what was unfolded or edited on the one before is over."""
        self._at, self._is_unfolded = at, False
        self._hint.leave()
        if self._form is not None:
            await self.cart.hold(self._form.holds(self._answers))
        await self._draw()

    @property
    def _key(self) -> str:
        return _key(self._form, self._id)

    async def _know(self) -> None:
        """Load what the answers point to, round by round."""
        while (form := self._form) is not None and (facts := self._facts) is not None:
            missing = form.needs(self._answers, self._subject, facts) - facts.rows.keys()
            if not missing:
                return
            more = await self.desk.look(Views.known, missing, self.desk.login)
            if self._facts is facts:  # else they were looked up anew meanwhile
                self._facts = dataclasses.replace(facts, rows={**facts.rows, **more.rows})

    async def _draw(self, *, is_restored: bool | None = None, draft_at: datetime | None = None) -> None:
        self._drawn += 1
        mine, was = self._drawn, self.state
        kept = was.is_restored if is_restored is None else is_restored
        self.state = msgspec.structs.replace(was, is_restored=kept, draft_at=draft_at or was.draft_at)
        await self._know()
        answers = self._stands()
        if answers is None or self._is_done:
            return
        form, subject, facts, *_ = answers
        step = form.steps[self._at]
        fields = answers.fields(step)
        order = subject if isinstance(subject, Order) else None
        shown_now, outcome = None, None
        if not any(answers.blocks(s) for s in form.steps):
            command = form.build(subject, self._answers, facts)
            needed = await self.desk.look(Views.facts, command, self.desk.login)
            shown_now, outcome = preview(command, order, needed), after(command, order, needed)
        if mine != self._drawn:
            return  # answers were given meanwhile, and are drawn already
        off, is_known = self.desk.off(form.grant), self._practice.knows(step.name)
        is_folded = is_known and not self._is_unfolded and self._hint.open is None
        advice = step.advice(self._answers, subject, facts)
        self._practice.saw(step.name, advice, is_folded=is_folded)
        gates = outcome or ((order, facts) if order is not None else None)
        self.show(
            State(
                form=form.code,
                title=form.title,
                subject=subject,
                heading=heading(subject, self._answers, facts),
                steps=answers.steps(self._at),
                at=self._at,
                question=step.question,
                reason=step.reason,
                own_reason=answers.own_hint(step.name),
                is_folded=is_folded,
                is_known=is_known,
                may_edit=self._hint.is_allowed,
                edit=self._hint.open,
                undo=self._undo,
                fields=fields,
                advice=advice,
                problems=sum(1 for field in fields if blocks(field)),
                is_last=self._at == len(form.steps) - 1,
                preview=shown_now,
                gates=gates_of(*gates) if gates is not None else (),
                is_after=outcome is not None,
                off=off,
                notice=off,
                offending=offending_in(order, facts) if order is not None else (),
                notes=form.notes(self._answers, subject, facts),
                today=facts.now,
                zone=zone_of(facts.refs, order.shop if order is not None else ""),
                draft_at=self.state.draft_at,
                is_restored=self.state.is_restored,
            )
        )

    def _stands(self) -> Answers | None:
        """Return the answers so far; nothing while no guide is open."""
        form, subject, facts = self._form, self._subject, self._facts
        if form is None or subject is None or facts is None:
            return None
        return Answers(form, subject, facts, self._answers, self._hits)


def _key(form: Form[Any] | None, id: str) -> str:
    """Name the draft of a guide."""
    return f"{form.code if form is not None else ''}/{id}"
