"""Practice: the course with what was passed, the lesson that runs, and how it ended."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from app.desk import Act, Desk, Screen
from app.domain.hint import HintText
from app.domain.values import Role
from app.ports import Changes
from app.text import N_, Text
from app.training.lesson import MODES, Floor, Hint, Lesson, Mode
from app.training.own_lesson import PREFIX
from app.training.own_words import brief_of
from app.training.playing import Done, Playing, due_at, passed

LIST, RUNNING, RESULT = "list", "running", "result"
NONE: Mapping[str, HintText] = {}
NAMELESS = N_("Nobody is named here: this counts for nobody. Sign in first, then press F12.")
_BEGIN = Act(code="begin", label=N_("Begin"), key="Enter", kind="primary")
_MODE = Act(code="mode", label=N_("Other mode"), key="M")
_FINISH = Act(code="finish", label=N_("I am done"), key="F", kind="primary")
_AGAIN = Act(code="again", label=N_("Start over"), key="R")
_WORK = Act(code="work", label=N_("To the work"), key="Enter", kind="primary")
_NEXT = Act(code="next", label=N_("Next lesson"), key="Enter", kind="primary")
_LIST = Act(code="list", label=N_("All lessons"), key="L")


class Sitting(Protocol):
    """What the practising process does for its screen."""

    @property
    def learner(self) -> str: ...
    @property
    def playing(self) -> Playing | None: ...
    @property
    def lessons(self) -> Sequence[Lesson]: ...
    def now(self) -> datetime: ...
    def history(self) -> Sequence[Done]: ...
    def begin(self, lesson: str, mode: Mode) -> None: ...
    def stop(self) -> None: ...
    def floor(self) -> Awaitable[Floor | None]: ...
    def ended(self, playing: Playing) -> Done: ...
    def point(self, hint: Hint) -> None: ...
    def ask(self) -> None: ...


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One lesson of the course: in which modes it was passed, and when it comes back."""

    code: str
    title: Text
    brief: Text
    par_s: int
    role: Role = Role.CLERK
    """Whose work it is."""
    is_own: bool = False
    """Made of exceptions this company had."""
    passed: tuple[Mode, ...] = ()
    tries: int = 0
    is_due: bool = False
    due_at: datetime | None = None


class Goal(msgspec.Struct, frozen=True, kw_only=True):
    """A goal in a sentence."""

    says: Text
    is_met: bool


class State(msgspec.Struct, frozen=True, kw_only=True):
    place: str = LIST
    """list | running | result"""
    items: tuple[Item, ...] = ()
    here: str = ""
    mode: Mode = Mode.PRACTISE
    title: Text | None = None
    brief: Text | None = None
    goals: tuple[Goal, ...] = ()
    used_s: int = 0
    par_s: int = 0
    errors: int = 0
    helps: int = 0
    may_ask: bool = False
    asked: bool = False
    hint: Text | None = None
    is_passed: bool = False
    returns_at: datetime | None = None
    """When a lesson comes back, where it was not passed or returns once more."""
    next: str = ""
    is_laid: bool = False
    learner: str = ""
    acts: tuple[Act, ...] = ()
    notice: Text | None = None

    @property
    def current(self) -> Item | None:
        """The lesson under the keys."""
        return next((item for item in self.items if item.code == self.here), None)


class Practice(Screen[State]):
    """Verbs of the practice screen."""

    def __init__(self, desk: Desk, sitting: Sitting, own_words: Mapping[str, HintText] = NONE) -> None:
        super().__init__(desk, State(learner=sitting.learner))
        self._sitting, self._own_words = sitting, own_words

    async def refresh(self, changes: Changes | None = None) -> None:
        """Read what was finished here, and how the running lesson stands."""
        if changes is None:
            self._read()
        await self.tick()

    def _read(self) -> None:
        done, now, own = self._sitting.history(), self._sitting.now(), self._own_words
        items = tuple(
            _item(lesson, [one for one in done if one.lesson == lesson.code], now, own)
            for lesson in self._sitting.lessons
        )
        here = self.state.here or _next(items)
        playing = self._sitting.playing
        place = RUNNING if playing is not None and self.state.place == LIST else self.state.place
        self._put(items=items, here=here, place=place)

    def choose(self, code: str) -> None:
        """Look at another lesson."""
        if code != self.state.here:
            self._put(here=code, notice=None)

    def turn(self, mode: Mode | None = None) -> None:
        """Take another mode: the one named, else the next."""
        modes = list(Mode)
        self._put(mode=mode or modes[(modes.index(self.state.mode) + 1) % len(modes)])

    def begin(self) -> None:
        """Lay the lesson out; this window goes and a fresh one comes."""
        if self.state.here:
            self._sitting.begin(self.state.here, self.state.mode)

    def again(self) -> None:
        """Lay the same lesson out anew; what was done in it is thrown away."""
        playing = self._sitting.playing
        if playing is not None:
            self._sitting.begin(playing.lesson.code, playing.mode)
        else:
            self.begin()

    def next(self) -> None:
        """Begin what comes next in the course, in the mode of the last one."""
        if self.state.next:
            self._sitting.begin(self.state.next, self.state.mode)

    def leave(self) -> None:
        """Give the lesson up: back to the list."""
        self._sitting.stop()
        self.show(State(learner=self._sitting.learner, here=self.state.here, mode=self.state.mode))
        self._read()

    async def tick(self) -> None:
        """See how the lesson stands; it ends by itself when every goal is met."""
        playing = self._sitting.playing
        if playing is None or self.state.place == RESULT:
            return
        floor = await self._sitting.floor()
        if playing is not self._sitting.playing or self.state.place == RESULT:
            return  # it ended meanwhile
        if floor is None:
            self._show_running(playing, is_laid=False)
        elif playing.look(floor).passed:
            self._end(playing)
        else:
            self._show_running(playing, is_laid=True)

    async def finish(self) -> None:
        """End it here: what is not met is missed."""
        playing, floor = self._sitting.playing, await self._sitting.floor()
        if playing is not None and floor is not None and self.state.place == RUNNING:
            playing.look(floor)
            self._end(playing)

    async def hint(self) -> None:
        """Point at what helps now, and say it; an exam has no hints."""
        playing, floor = self._sitting.playing, await self._sitting.floor()
        if playing is None or floor is None or self.state.place != RUNNING:
            return
        found = playing.hint(floor)
        if found is not None:
            self._put(hint=Text(found.mark.text), helps=playing.helps)
            self._sitting.point(found)

    def ask(self) -> None:
        """Ask for somebody to come; asked again, it is taken back."""
        playing = self._sitting.playing
        if playing is not None:
            playing.asks = not playing.asks
            self._put(asked=playing.asks)
            self._sitting.ask()

    def _show_running(self, playing: Playing, *, is_laid: bool) -> None:
        self._put(place=RUNNING, is_laid=is_laid, **_how(playing, self._own_words))

    def _end(self, playing: Playing) -> None:
        done = self._sitting.ended(playing)
        self._read()
        after = [one for one in self._sitting.history() if one.lesson == done.lesson]
        self._put(
            place=RESULT,
            is_passed=done.passed,
            returns_at=due_at(after),
            next=_next(self.state.items, done.lesson if done.passed else ""),
            here=done.lesson,
            is_laid=True,
            **_how(playing, self._own_words),
        )

    def _put(self, **changes: object) -> None:
        state = msgspec.structs.replace(self.state, **changes)
        notice = Text(NAMELESS) if state.place != RUNNING and not self._sitting.learner else None
        self.show(msgspec.structs.replace(state, acts=_acts(state), notice=notice))


def _how(playing: Playing, own: Mapping[str, HintText]) -> dict[str, object]:
    """Say how an attempt stood at the last look."""
    last = playing.score
    return {
        "title": playing.lesson.title,
        "brief": brief_of(playing.lesson, own),
        "goals": tuple(Goal(says=goal.says, is_met=playing.is_met(goal)) for goal in playing.lesson.goals),
        "used_s": last.seconds if last is not None else 0,
        "par_s": playing.lesson.par_s,
        "errors": len(playing.refused),
        "helps": playing.helps,
        "may_ask": playing.may_ask,
        "asked": playing.asks,
        "mode": playing.mode,
    }


def _item(lesson: Lesson, attempts: Sequence[Done], now: datetime, own: Mapping[str, HintText]) -> Item:
    due = due_at(attempts)
    return Item(
        code=lesson.code,
        title=lesson.title,
        brief=brief_of(lesson, own),
        par_s=lesson.par_s,
        role=lesson.role,
        is_own=lesson.code.startswith(PREFIX),
        passed=tuple(mode for mode in MODES if passed(attempts, mode)),
        tries=len(attempts),
        is_due=due is not None and due <= now,
        due_at=due,
    )


def _next(items: Sequence[Item], after: str = "") -> str:
    """Return what comes next: what has come back, else the first that nobody passed alone, behind `after`."""
    others = [item for item in items if item.code != after]
    back = [item for item in others if item.is_due]
    codes = [item.code for item in items]
    at = codes.index(after) + 1 if after in codes else 0
    new = [
        item for item in (*items[at:], *items[:at]) if item in others and not {*item.passed} - {Mode.WATCH}
    ]
    return next((item.code for item in (*back, *new, *others)), "")


def _acts(state: State) -> tuple[Act, ...]:
    if state.place == RUNNING:
        laid = (
            {} if state.is_laid else {"is_ready": False, "reason": Text(N_("The lesson is being laid out"))}
        )
        finish = msgspec.structs.replace(_FINISH, **laid, kind="plain")
        return (msgspec.structs.replace(_WORK, **laid), finish, _AGAIN, _LIST)
    if state.place == RESULT:
        return (*((_NEXT,) if state.next else ()), _AGAIN, _LIST)
    return (_BEGIN, _MODE) if state.current is not None else ()
