"""A guide: steps at the left, one question, what the order is and becomes at the right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from app.guide_state import FieldState, State
from app.ports import Changes
from app.presenters.guide import Guide
from widgets import guide as frame
from widgets import theme, words
from widgets.aio import Tasks
from widgets.diff import DiffTable, Effect, EffectStrip
from widgets.evidence import Evidence
from widgets.fields import DateField, Field, MaskedField, Suggestion
from widgets.guide_evidence import diff, sections, titles
from widgets.guide_fields import control_for, correction_words, hint_words, is_combo, offer, show_value
from widgets.guide_rail import draft_line, progress, rail_steps, ways
from widgets.hint_card import HintCard
from widgets.keys import Key
from widgets.number_fields import MoneyField
from widgets.prose import NOTE, Prose
from widgets.row_fields import BasketField
from widgets.screen_page import Go, ScreenPage
from widgets.seek_field import SeekField
from widgets.words import tr, trn


class GuidePage(ScreenPage[State]):
    """Every change is kept as a draft; nothing is submitted before the last step."""

    code = "guide"
    help_topic = "fix_address"

    def __init__(self, presenter: Guide, tasks: Tasks, go: Go) -> None:
        super().__init__(presenter, tasks, go)
        self.presenter = presenter
        self._state = presenter.state
        self._typed: dict[str, str] = {}
        self._sought = ("", "")
        self._built: tuple[object, ...] = ()
        self._asked: Mapping[str, tuple[object, ...]] = {}
        """How each field of this step was built."""
        self._fields: dict[str, Field] = {}
        self._extras: tuple[QWidget, ...] = ()
        self._suggestion: Suggestion | None = None
        self._card: HintCard | None = None
        self.fact = Prose("", NOTE, wraps=False)
        self.frame = frame.Guide("")
        self.frame.next_asked.connect(self._next)
        self.frame.back_asked.connect(lambda: self.once("back", self._back))
        self.frame.step_asked.connect(self._go_to)
        self.evidence = Evidence("")
        self.evidence.setObjectName("guide/evidence")
        self.frame.show_evidence(self.evidence)
        self.foot = QVBoxLayout(self)
        self.foot.setContentsMargins(0, 0, 0, 0)
        self.foot.setSpacing(0)
        self.foot.addWidget(self.frame, 1)
        self.foot.addWidget(self.notice)
        self.begin()

    # what the shell asks

    @override
    def title(self) -> str:
        return tr(self._state.title) if self._state.title else tr("Guide")

    @override
    def header(self) -> QWidget:
        return self.fact

    @override
    def keys(self) -> Sequence[Key]:
        state = self._state
        if state.edit is not None:
            return self._hint_keys()
        return (
            Key("Tab", tr("Next field"), _nothing, when=_never),
            Key("Ctrl+Enter", tr("Next step") if not state.is_last else tr("Save"), self._go_next),
            Key("Alt+Left", tr("Step back"), self.frame.go_back, quiet=state.at == 0),
            Key(
                "Alt+1", tr("Use suggestion"), self._take_advice, quiet=True, when=lambda: bool(state.advice)
            ),
            Key("Alt+2", tr("Take the correction"), self._take_correction, quiet=True),
            Key("Alt+0", tr("Begin anew"), self._begin_anew, quiet=True, when=lambda: state.is_restored),
            Key("Alt+H", tr("Hints"), self._unfold, quiet=not state.is_known, when=lambda: state.is_known),
            Key("Alt+E", tr("Change a hint"), self._edit_hint, quiet=True, when=lambda: state.may_edit),
            Key("Esc", tr("Leave, the draft stays"), self._leave),
            Key("F1", tr("About this step"), _nothing, when=_never),
        )

    def _hint_keys(self) -> Sequence[Key]:
        """The keys while a hint is open."""
        return (
            Key("Ctrl+Enter", tr("Publish hint"), self._save_hint),
            Key("Alt+E", tr("Next hint"), self._edit_hint),
            Key("Alt+0", tr("Built-in words"), self._built_in),
            Key("Esc", tr("Leave as it is"), self._leave_hint),
        )

    @override
    def opened(self, args: object) -> None:
        asked = args if isinstance(args, dict) else {}
        given = {str(name): str(value) for name, value in asked.items()}
        form = given.pop("form", "")
        about = given.pop("order", "") or given.pop("stock", "")
        self.help_topic = form  # type: ignore[misc]
        self.latest("open", lambda: self._open(form, about, given))

    async def _open(self, form: str, about: str, given: Mapping[str, str]) -> None:
        """Keep what was typed last where it was typed, then open this one."""
        await self._fill()
        await self.presenter.open(form, about, given)

    @override
    def closed(self) -> None:
        self.latest("fill", lambda: self._fill(is_left=True))

    @override
    def focus_first(self) -> None:
        self.frame.focus_first()

    @override
    def submit(self) -> None:
        self._go_next()

    # what happens here

    @override
    async def look(self, changes: Changes | None) -> None:
        await self.presenter.refresh(changes)

    @override
    def say(self) -> None:
        self.evidence.setAccessibleName(tr("What is known"))
        self.frame.setAccessibleName(tr("Guide"))
        self.frame.rail.setAccessibleName(tr("Steps"))

    @override
    def draw(self, state: State) -> None:
        was, self._state = self._state, state
        if state.is_done:
            if not was.is_done and self.isVisible():
                self._finish(state)
            return
        self.fact.show_words(state.heading)
        self._draw_rail(state)
        if state.subject is None:
            self.frame.show_question(tr("Reading") if state.notice is None else tr("Not here"))
            self._rebuild(state)
            self.frame.show_ways("", tr("Next"), tr("Esc goes back"))
            return
        reason = hint_words(state.reason, state.own_reason, state.edit if self._is_of_step(state) else None)
        self.frame.show_question(tr(state.question), "" if state.is_folded else reason)
        self._rebuild(state)
        for field in state.fields:
            self._draw_field(field)
        if self._card is not None and state.edit is not None:
            self._card.show_edit(state.edit)
        if state.undo is not None:
            self.offer(state.undo, self.presenter.undo)
        self._draw_advice(state)
        self._draw_extras(state)
        self.frame.show_ways(*ways(state))
        self.evidence.show_sections(sections(state))
        if state.is_restored and state.notice is None:
            self.notice.show_notice(tr("Your draft is back. Alt+0 begins anew."), "saved")

    def _draw_rail(self, state: State) -> None:
        self.frame.show_steps(tr(state.title), progress(state), rail_steps(state), draft_line(state))

    def _rebuild(self, state: State) -> None:
        """Build the fields of a step once; while one types, only what they say changes."""
        step = (state.form, state.heading, state.at)
        looks = (words.language(), self._width())
        asked = {f.field.name: (f.field.label, f.is_optional, is_combo(f), *looks) for f in state.fields}
        key = (*step, tuple(asked.items()), state.edit.code if state.edit else "")
        if key == self._built:
            return
        is_same_step = step == self._built[: len(step)]
        kept = {name for name, how in asked.items() if is_same_step and self._asked.get(name) == how}
        self._built, self._asked = key, asked
        focus = self.focusWidget()
        at = next((name for name, each in self._fields.items() if focus and each.isAncestorOf(focus)), "")
        self._fields = {
            f.field.name: self._fields[f.field.name] if f.field.name in kept else self._field(f)
            for f in state.fields
        }
        self._suggestion = None
        if state.advice is not None:  # a card that comes up while typing would push the fields down
            self._suggestion = Suggestion("guide/take", "", "", tr("Fill in"))
            self._suggestion.taken.connect(self._take_advice)
        self._extras = ()
        if state.is_last:
            self._extras = (DiffTable(tr("Before and after")), EffectStrip(tr("What else moves")))
        self.frame.show_fields([*self._with_card(state), *self._extras], self._suggestion)
        if self._card is not None:
            self._card.focus_words()
        elif is_same_step and at in self._fields:
            self._fields[at].control.setFocus()
        elif self.isVisible():
            self.frame.focus_first()

    def _with_card(self, state: State) -> list[QWidget]:
        """The fields, with the words of a hint below the one they belong to."""
        self._card = HintCard(state.edit) if state.edit is not None else None
        parts: list[QWidget] = list(self._fields.values())
        if self._card is not None and state.edit is not None:
            self._card.typed.connect(self._hint_typed)
            self._card.saved.connect(self._save_hint)
            self._card.left.connect(self._leave_hint)
            at = [*self._fields].index(state.edit.field) + 1 if state.edit.field in self._fields else 0
            parts.insert(at, self._card)
        return parts

    def _is_of_step(self, state: State) -> bool:
        return state.edit is not None and not state.edit.field

    def _width(self) -> str:
        px = theme.current().px
        return "guide.field.w" if self.width() >= px("window.w") - px("rail.w") else "field.w"

    def _field(self, state: FieldState) -> Field:
        name = state.field.name
        control = control_for(state, self._state.today, self._state.zone)
        field = Field(
            f"guide/{name}",
            tr(state.field.label),
            tr(state.field.hint),
            control,
            is_optional=state.is_optional,
            width=self._width(),
        )
        told = control.told if isinstance(control, MoneyField) else control.answered  # type: ignore[attr-defined]
        if isinstance(control, DateField):  # a day said in words is told as it was understood
            told.connect(lambda _said: self._answered(name, control.answer()))
        else:
            told.connect(lambda value, name=name: self._answered(name, value))
        if isinstance(control, (SeekField, BasketField)):
            control.sought.connect(lambda text, name=name: self._seek(name, text))
        field.hint_opened.connect(self._unfold)
        if isinstance(control, MaskedField):
            control.reveal_asked.connect(lambda: self._reveal(control))
        return field

    def _draw_field(self, state: FieldState) -> None:
        name = state.field.name
        field = self._fields[name]
        edit = self._state.edit if self._state.edit and self._state.edit.field == name else None
        field.set_hint(hint_words(state.field.hint, state.own_hint, edit))
        field.fold_hint(self._state.is_folded)
        offer(field.control, state)
        if name not in self._typed:
            show_value(field.control, state)
        verdict = state.verdict
        if verdict is None:
            field.set_state("")
            return
        message = trn(verdict.text)
        if verdict.correction:
            message = tr("{problem} Alt+2 takes {value}", problem=message, value=correction_words(state))
        is_open = verdict.is_doubtful or verdict.correction
        field.set_state("error" if verdict.is_error else "waits" if is_open else "ok", message)

    def _draw_advice(self, state: State) -> None:
        if self._suggestion is None:
            return
        if state.advice is not None:
            self._suggestion.show_advice(trn(state.advice.text), trn(state.advice.reason))
        self._suggestion.set_off("" if state.advice is not None else tr("filled in"))

    def _draw_extras(self, state: State) -> None:
        rows = state.preview.rows if state.preview else ()
        effects = state.preview.effects if state.preview else ()
        for extra in self._extras:
            if isinstance(extra, DiffTable):
                extra.show_rows([diff(row) for row in rows], titles())
                extra.setVisible(bool(rows))
            elif isinstance(extra, EffectStrip):
                extra.show_effects([Effect(tr(e.label), trn(e.text)) for e in effects])
                extra.setVisible(bool(effects))

    # answers

    def _answered(self, name: str, value: str) -> None:
        self._typed[name] = value
        self.latest("fill", self._fill)

    def _seek(self, name: str, text: str) -> None:
        self._sought = (name, text)
        self.latest("seek", self._find)

    async def _find(self) -> None:
        await self.presenter.seek(*self._sought)

    async def _fill(self, *, is_left: bool = False) -> None:
        while self._typed:
            name = next(iter(self._typed))
            await self.presenter.fill(name, self._typed.pop(name))
        if is_left:
            await self.presenter.cart.leave()

    def _unfold(self) -> None:
        self.once("unfold", self.presenter.unfold)

    def _edit_hint(self) -> None:
        focus = self.focusWidget()
        at = next((name for name, each in self._fields.items() if focus and each.isAncestorOf(focus)), "")
        self.once("hint", lambda: self.presenter.edit_hint(at or next(iter(self._fields), "")))

    def _hint_typed(self, zh: str, en: str) -> None:
        self.latest("hint_typed", lambda: self.presenter.write_hint(zh, en))

    def _save_hint(self) -> None:
        self.once("hint", self.presenter.save_hint)

    def _built_in(self) -> None:
        if self._card is not None:
            self._card.clear()

    def _leave_hint(self) -> None:
        self.once("hint", self.presenter.leave_hint)

    def _go_next(self) -> None:
        """Go on; where a field holds one back, it gets the keys and its hint."""
        if self._state.problems:
            self.once("held", self.presenter.hold_up)
        self.frame.go_next()

    def _next(self) -> None:
        self.once("next", self._go_on)

    async def _go_on(self) -> None:
        await self._fill()
        await self.presenter.next()

    async def _back(self) -> None:
        await self._fill()
        await self.presenter.back()

    def _go_to(self, code: str) -> None:
        at = next((n for n, step in enumerate(self._state.steps) if step.name == code), 0)
        self.once("go", lambda: self.presenter.go(at))

    def _take_advice(self) -> None:
        self.once("advice", self.presenter.take_advice)

    def _take_correction(self) -> None:
        self.once("correction", self.presenter.take_correction)

    def _begin_anew(self) -> None:
        self._typed.clear()
        self.once("anew", self.presenter.begin_anew)

    def _leave(self) -> None:
        """Esc puts an open list away first."""
        if not any(field.close_list() for field in self.findChildren(SeekField)):
            self.leaving.emit()

    def _reveal(self, field: MaskedField) -> None:
        self.once("reveal", lambda: self._read(field))

    async def _read(self, field: MaskedField) -> None:
        if await self.presenter.read(self.title()):
            field.reveal()

    def _finish(self, state: State) -> None:
        self.offer(state.undo, self.presenter.undo)
        self.leaving.emit()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if any(how[-1] != self._width() for how in self._asked.values()):
            self.draw(self._state)


def _never() -> bool:
    return False


def _nothing() -> None:
    """A key that Qt or the shell has; it stands on the line at the bottom."""
