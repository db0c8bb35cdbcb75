"""A list of things a company is set up with, and a form for one of them: what many settings share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Protocol, TypeVar

import msgspec

from app.command import Command, Refs
from app.desk import Desk, Screen, Undo
from app.domain.written_time import written_day
from app.ports import Changes, Views, touches
from app.text import N_, Text

NEW = ""
"""The code of what is not there yet."""
_KEPT = N_("Kept here. It holds when the hub has answered.")
_MOVED = N_("Somebody published other values meanwhile. Esc shows them.")


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the list. `mark`: what `marks` paints before the note, with the word `state` beside it."""

    code: str
    title: str
    note: Text | None = None
    mark: str = ""
    state: Text | None = None


class Kept(Protocol):
    """A thing that is never deleted, only taken out of use."""

    @property
    def code(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def active(self) -> bool: ...


K = TypeVar("K", bound=Kept)


def in_use_first(
    rows: Iterable[K],
    note: Callable[[K], Text | None],
    title: Callable[[K], str] = lambda one: one.title,
    place: Callable[[K], int] = lambda _: 0,
) -> tuple[Item, ...]:
    """Return the rows of a list: what is in use by place and code, then what is out of use."""
    return tuple(
        Item(
            code=one.code,
            title=title(one),
            note=note(one),
            mark="" if one.active else "not_yet",
            state=None if one.active else Text(N_("Out of use")),
        )
        for one in sorted(rows, key=lambda one: (not one.active, place(one), one.code))
    )


class Input(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to fill in. `kind`: text | secret | lines | number | combo | many | check.

    `many` holds the chosen codes with spaces between; `check` is "1" or nothing. Units: `least` and `most` in
    `unit`, a word shown behind the figure.
    """

    name: str
    label: str
    value: str
    hint: Text | None = None
    kind: str = "text"
    group: str = ""
    options: tuple[tuple[str, Text], ...] = ()
    unit: str = ""
    least: int = 0
    most: int = 0
    is_fixed: bool = False
    """Shown, but not to be changed any more."""
    error: Text | None = None


class Wrong(msgspec.Struct, frozen=True):
    """What cannot be read of the answers, before anybody is asked: which field, and what to do."""

    name: str
    text: Text


class State(msgspec.Struct, frozen=True, kw_only=True):
    """`here`: the item in the form. `why_closed`: why this person may read, but not change."""

    items: tuple[Item, ...] = ()
    here: str = NEW
    inputs: tuple[Input, ...] = ()
    is_new: bool = False
    is_changed: bool = False
    may: bool = False
    may_add: bool = False
    why_closed: Text | None = None
    off: Text | None = None
    """Why nothing can be published just now; what is typed stays."""
    says: tuple[Text, ...] = ()
    """What the answers would mean, before they are published."""
    secret: str = ""
    """Told once, to be handed over; never kept."""
    undo: Undo | None = None
    notice: Text | None = None
    is_loaded: bool = False


class Editor(Screen[State]):
    """Verbs of such a section; a subclass says what is listed, asked and published.

    `verb` is the command that publishes, `tables` are the rows whose change is drawn.
    """

    verb = ""
    tables: tuple[str, ...] = ()
    may_add = True
    why_closed = N_("You may look. Leads change this.")

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, State())
        self._answers: dict[str, str] = {}
        self._refs: Refs | None = None
        self._asked: tuple[Input, ...] = ()
        self._awaited = NEW
        """Published as new, and not back from the hub yet."""

    # what a section fills in

    def items(self, refs: Refs) -> tuple[Item, ...]:
        """Say what is listed."""
        raise NotImplementedError

    def inputs(self, refs: Refs, code: str) -> tuple[Input, ...]:
        """Say what is asked of one thing, with the values in force; of `NEW` with what it starts with."""
        raise NotImplementedError

    def command(self, refs: Refs, code: str, answers: Mapping[str, str]) -> Command | Wrong:
        """Say what publishes these answers."""
        raise NotImplementedError

    def done(self, code: str) -> Text:
        """Say what was published, for the way back."""
        raise NotImplementedError

    def called(self, code: str) -> str:
        """Say what people call it, before the sentence of the way back: by its name, where it has one."""
        item = next((item for item in self.state.items if item.code == code), None)
        return self._answers.get("title", "").strip() or (item.title if item is not None else code)

    async def foresee(self, _refs: Refs, _answers: Mapping[str, str]) -> tuple[Text, ...]:
        """Say what the answers would mean, where that is cheap to know."""
        return ()

    # verbs

    async def refresh(self, changes: Changes | None = None) -> None:
        """Read the values in force; a form that somebody fills in stays as it is."""
        if changes is not None and not touches(changes, *self.tables):
            return
        refs = await self.desk.look(Views.refs)
        is_filled = self.state.is_changed and self._refs is not None
        has_moved = is_filled and refs is not self._refs and self._differs(refs)
        if not is_filled:
            self._refs = refs
        items = self.items(refs)
        codes = [item.code for item in items]
        here = self.state.here
        is_awaited = here == self._awaited != NEW and here not in codes
        if here not in codes and not self.state.is_new and not is_filled and not is_awaited:
            here = codes[0] if codes else NEW
        may = self.desk.may(self.verb)
        self.show(
            msgspec.structs.replace(
                self.state,
                items=items,
                here=here,
                may=may,
                may_add=may and self.may_add,
                why_closed=None if may else Text(self.why_closed),
                off=self.desk.off(self.verb),
                notice=Text(_MOVED) if has_moved else self.state.notice,
                is_loaded=True,
            )
        )
        if not is_filled and not is_awaited:
            await self._ask()

    async def choose(self, code: str) -> None:
        """Look at another one; what was filled in and not published is dropped."""
        if code != self.state.here or self.state.is_new:
            await self._turn(code, is_new=False)

    async def add(self) -> None:
        """Begin a new one."""
        if self.state.may_add:
            await self._turn(NEW, is_new=True)

    async def drop(self) -> None:
        """Forget what was filled in and show the values in force."""
        items = self.state.items
        here = items[0].code if self.state.is_new and items else self.state.here
        await self._turn(here, is_new=False)

    async def answer(self, name: str, value: str) -> None:
        """Take one answer."""
        if not self.state.may or self._refs is None:
            return
        self._answers[name] = value
        inputs = tuple(_answered(each, self._answers) for each in self._asked)
        is_changed = any(one.value != was.value for one, was in zip(inputs, self._asked, strict=True))
        self.show(msgspec.structs.replace(self.state, inputs=inputs, is_changed=is_changed, notice=None))
        says = await self.foresee(self._refs, self._answers)
        if says != self.state.says:
            self.show(msgspec.structs.replace(self.state, says=says))

    async def save(self) -> None:
        """Publish the form; what the hub would refuse is said at once."""
        refs = self._refs
        if refs is None or not self.state.may or not (self.state.is_changed or self.state.is_new):
            return
        code = self.state.here if not self.state.is_new else self._answers.get("code", "").strip()
        if self.state.is_new and any(item.code == code for item in self.state.items):
            self._mark(Wrong("code", Text(N_("This code is taken. Choose another one."))))
            return
        command = self.command(refs, code, dict(self._answers))
        if isinstance(command, Wrong):
            self._mark(command)
            return
        await self._publish(refs, command, code)

    async def undo(self) -> None:
        """Publish the values of before again."""
        if self.state.undo is not None:
            done = await self.desk.submit(self.state.undo.command, "undo")
            notice = done.refusal.text if done.refusal else None
            self.show(msgspec.structs.replace(self.state, undo=None, notice=notice))
            await self.refresh()

    # inside

    async def _publish(self, refs: Refs, command: Command, code: str) -> None:
        refusal = await self.desk.objection(command)
        done = None if refusal else await self.desk.submit(command, "settings")
        if done is not None and done.refusal is not None:
            refusal = done.refusal
        if refusal is not None or done is None:
            text = refusal.text if refusal else None
            self.show(msgspec.structs.replace(self.state, notice=text))
            return
        undo = None
        if done.inverse is not None:
            undo = Undo(text=self.done(code), number=self.called(code), command=done.inverse)
        is_online = self.desk.link().state == "online"
        self._asked = self.state.inputs
        self._awaited = code if self.state.is_new else NEW
        self.show(
            msgspec.structs.replace(
                self.state,
                here=code,
                is_new=False,
                is_changed=False,
                says=(),
                undo=undo,
                notice=None if is_online else Text(_KEPT),
            )
        )
        if await self.desk.look(Views.refs) != refs:  # until the hub answers, what was typed stays
            await self.refresh()

    def _differs(self, refs: Refs) -> bool:
        return not self.state.is_new and self.inputs(refs, self.state.here) != self._asked

    def _mark(self, wrong: Wrong) -> None:
        inputs = tuple(
            msgspec.structs.replace(each, error=wrong.text if each.name == wrong.name else None)
            for each in self.state.inputs
        )
        self.show(msgspec.structs.replace(self.state, inputs=inputs, notice=None))

    async def _turn(self, code: str, *, is_new: bool) -> None:
        self._awaited = NEW
        clean = {"is_changed": False, "secret": "", "notice": None, "says": ()}
        self.show(msgspec.structs.replace(self.state, here=code, is_new=is_new, **clean))
        self._refs = await self.desk.look(Views.refs)
        await self._ask()

    async def _ask(self) -> None:
        refs, state = self._refs, self.state
        if refs is None:
            return
        is_there = state.is_new or any(item.code == state.here for item in state.items)
        self._asked = self.inputs(refs, NEW if state.is_new else state.here) if is_there else ()
        self._answers = {each.name: each.value for each in self._asked}
        says = await self.foresee(refs, self._answers)
        self.show(msgspec.structs.replace(self.state, inputs=self._asked, says=says, is_changed=False))


def _answered(asked: Input, answers: Mapping[str, str]) -> Input:
    return msgspec.structs.replace(asked, value=answers.get(asked.name, asked.value), error=None)


def words(value: str) -> Text:
    """Return a proper name as an option's words: nobody translates it."""
    return Text(value)


def day_text(day: date | None) -> str:
    """Write a day as it is typed; none is nothing."""
    return day.isoformat() if day is not None else ""


def read_days(answers: Mapping[str, str], *names: str) -> dict[str, date | None] | Wrong:
    """Read the days that stand under these names; nothing is none."""
    days: dict[str, date | None] = {}
    for name in names:
        typed = answers[name].strip()
        days[name] = written_day(typed) if typed else None
        if typed and days[name] is None:
            return Wrong(name, Text(N_("Write the day like 2026-07-01.")))
    return days
