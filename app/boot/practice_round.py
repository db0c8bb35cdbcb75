"""Practice round by round: each has a window, a desk and a hub that are thrown away with it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import msgspec
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from app.boot.demo_company import PASSWORD, USERS
from app.boot.embedded import EmbeddedHub
from app.boot.places import desk_key
from app.boot.practice_files import (
    Left,
    Results,
    drop_round,
    keep_left,
    lessons_in,
    new_round,
    prepared_in,
    read_laid,
    read_words,
)
from app.boot.practice_window import AtOnce, places
from app.boot.station import open_station, run
from app.choices import CHOICES
from app.domain.attempt import Beat
from app.domain.values import Role
from app.presenters.practice import RUNNING
from app.presenters.practice import Practice as Presenter
from app.printing import FOLDERS, folder_setting
from app.text import Text
from app.training.lesson import MODES, Deck, Floor, Hint, Lesson, Mode
from app.training.playing import Done, Here, Playing
from app.training.tours import Deed, Mark, Tour
from app.trouble import Trouble
from sync.replica.remembered import remembered
from widgets import words
from widgets.coach import Coach
from widgets.keys import Key
from widgets.pages.practice import PracticePage
from widgets.practice_frame import BACK_KEY, HELP_KEY, HINT_KEY, PracticeFrame, Strip
from widgets.shell import Shell
from widgets.showing import show_step
from widgets.words import tr, trn

if TYPE_CHECKING:
    from widgets.page import Page

TICK_MS: Final = 1_000
ENTER_MS: Final = 100
BEAT_TICKS: Final = 15
"""A live desk hears every so many ticks where its learner is."""
READ_TICKS: Final = 6
"""So long a step that asks for no key is shown before the next one."""
PAGE: Final = "practice"


class Practice:
    """What lasts from one round to the next: who practises, how the desk looks, what comes next."""

    def __init__(
        self,
        home: Path,
        learner: str,
        looks: dict[str, str],
        app: QApplication,
        say: Callable[[str], object] = lambda _line: None,
    ) -> None:
        self.home, self.learner, self.looks, self.app = home, learner, looks, app
        self.results, self._say = Results(home), say
        self.wanted: Left | None = None
        """The round that comes next, none where practice is over."""
        self.port = 0
        """Where the hub of the round answers."""

    def want(self, lesson: str = "", mode: Mode = Mode.PRACTISE) -> None:
        """Let a fresh round come next."""
        self.wanted = Left(round="", learner=self.learner, lesson=lesson, mode=mode)

    def tell(self, said: Done | Here) -> None:
        """Say a line."""
        self._say(msgspec.json.encode(said).decode())

    def keep(self, playing: Playing) -> Done:
        """Write down how an attempt ended, and say it."""
        done = playing.done(
            id=uuid.uuid4().hex,
            learner=self.learner,
            language=words.language(),
            at=datetime.now(UTC),
        )
        self.results.keep(done)
        self.tell(done)
        return done

    def keep_place(self, place: Path, playing: Playing) -> None:
        """Remember an attempt that somebody went away from."""
        keep_left(
            self.home,
            Left(
                round=place.name,
                learner=self.learner,
                lesson=playing.lesson.code,
                mode=playing.mode,
                refused=tuple(playing.refused),
                helps=playing.helps,
            ),
        )

    async def live(self) -> None:
        """Play round after round until the window is closed for good."""
        while self.wanted is not None:
            left, self.wanted = self.wanted, None
            await Round(self, left).live()
            self.port = 0


class Round:
    """Implements `app.presenters.practice.Sitting` for as long as its window lives."""

    def __init__(self, practice: Practice, left: Left) -> None:
        self._practice, self._left = practice, left
        self._lessons = lessons_in(practice.home)
        self.place = practice.home / left.round if left.round else new_round(practice.home)
        self.playing: Playing | None = None
        self._is_stopped = not left.lesson
        self._ticks, self._is_begun = 0, False
        self._pointed, self._pointed_at, self._met_then = 0, 0, 0
        """How often a step was pointed at, when last, and how many goals were met then."""
        self._awaited: Mark | None = None  # its control is not on screen yet
        shell = self.shell = Shell(places=places())
        self.frame = PracticeFrame(shell)
        self.hub = EmbeddedHub(
            f"sqlite:///{(self.place / 'hub.db').as_posix()}",
            demo=False,
            log=self.place / "log" / "hub.log",
            more=("--practice", str(prepared_in(practice.home, left.lesson)), "--lesson", left.lesson),
        )
        self.station = open_station(shell, self.place, key_of=desk_key, practice=self.hub)
        self.station.counts.is_quiet = True
        for name, value in practice.looks.items():
            self.station.store.set_setting(name, value)
        for name in FOLDERS:
            self.station.store.set_setting(folder_setting(name), str(practice.home / name))
        self.station.desk.refused = self._refused
        self.presenter = Presenter(self.station.desk, self, read_words(self._practice.home))
        self.coach = Coach(shell, shell.router)
        self._furnish(shell)

    def _furnish(self, shell: Shell) -> None:
        shell.add_page(PAGE, self._page)
        shell.more_keys = self._keys
        shell.outermost = self._out
        shell.helps = lambda: self.playing is None or self.playing.may_ask
        shell.leaving = AtOnce(lambda: None)  # type: ignore[arg-type,return-value]  # it never asks
        shell.went.connect(self.coach.leave)
        self.frame.hint_wanted.connect(self._hint)
        self.frame.help_wanted.connect(self.presenter.ask)
        self.frame.back_wanted.connect(self.leave)

    def _page(self) -> Page:
        def go(place: str, /, **args: str) -> None:
            self.shell.go(place, args)

        page = PracticePage(self.presenter, self.station.tasks, go)
        page.work = self._to_work
        return page

    def _keys(self) -> tuple[Key, ...]:
        playing = self.playing
        lesson = playing is not None and self.presenter.state.place == RUNNING
        label = tr("Show me") if playing is not None and playing.mode is Mode.WATCH else tr("Hint")
        hint = (Key(HINT_KEY, label, self._hint),) if playing and lesson and playing.may_ask else ()
        ask = (Key(HELP_KEY, tr("Ask for help"), self.presenter.ask),) if lesson else ()
        return (*hint, *ask, Key(BACK_KEY, tr("Back to work"), self.leave))

    # --- its life ---------------------------------------------------------------------------------

    async def live(self) -> None:
        """Work until the window is closed, then keep what is kept and throw the rest away."""
        timers = [self._every(TICK_MS, self._tick), self._every(ENTER_MS, self._enter)]
        self.shell.show()
        try:
            await run(self.station, PAGE)
        finally:
            for timer in timers:
                timer.stop()
            self._close()

    def _close(self) -> None:
        playing, practice = self.playing, self._practice
        self.hub.kill()
        self.station.close()
        practice.looks = {
            **practice.looks,
            **{k: v for k, v in remembered(self.place / "desk").items() if k in CHOICES},
        }
        if practice.wanted is None and playing is not None and self.presenter.state.place == RUNNING:
            practice.keep_place(self.place, playing)
        else:
            drop_round(self.place)

    def leave(self) -> None:
        """Back to the live desk: nothing is asked, and a lesson under way goes on next time."""
        self.station.desk.sign_out()  # what is held here is held in a company that is thrown away
        self.shell.close()

    def _out(self) -> None:
        """Esc where there is no way back: to the lessons, from there out."""
        page = self.shell.page
        if page is not None and page.code == PAGE:
            self.leave()
        else:
            self.shell.go(PAGE)

    def _every(self, ms: int, call: Callable[[], None]) -> QTimer:
        timer = QTimer(self.shell)
        timer.timeout.connect(call)
        timer.start(ms)
        return timer

    def _enter(self) -> None:
        """Sit down as whoever does the work of the lesson, as soon as the hub answers."""
        self._practice.port = urlsplit(self.hub.url).port or 0
        if self._practice.port and not self.station.desk.is_signed_in and not self.station.seated:
            self.station.tasks.once("practice/enter", self._sit_down)

    async def _sit_down(self) -> None:
        role = self._lessons[self._left.lesson].role if self._left.lesson else Role.CLERK
        user = next(user.code for user in USERS if user.role is role)
        try:
            await self.station.desk.sign_in(user, PASSWORD)
        except Trouble:
            return  # the hub has just ended; the next try comes soon
        self.shell.go(PAGE)

    def _tick(self) -> None:
        self._ticks += 1
        if self.station.desk.is_signed_in:
            self.station.tasks.once("practice/tick", self._look)
        if self._ticks % BEAT_TICKS == 0:
            self._beat()

    async def _look(self) -> None:
        self._take_up()
        was, page = self.presenter.state.place, self.shell.page
        await self.presenter.tick()
        state = self.presenter.state
        if state.place == RUNNING and state.is_laid and not self._is_begun:
            self._is_begun = True
            self._to_work()
        if was == RUNNING != state.place and page is not None and page.code != PAGE:
            self.shell.go(PAGE)
        if self.playing is not None and self.playing.mode is Mode.WATCH and state.place == RUNNING:
            await self._show_steps()
        self.show_strip()

    async def _show_steps(self) -> None:
        if self._is_seen():
            await self.presenter.hint()
        elif self._awaited is not None:
            self._aim(self._awaited)

    def _is_seen(self) -> bool:
        """Tell whether the step in front is over: done, met, or read where no key is asked for."""
        playing, mark = self.playing, self.coach.mark
        is_long = self._ticks - self._pointed_at >= READ_TICKS
        if mark is None or playing is None:
            return self._awaited is None or is_long
        is_read = is_long and not mark.keys and mark.deed is not Deed.TYPE
        return is_read or playing.met != self._met_then

    def _take_up(self) -> None:
        """Begin with the lesson once its deck is there."""
        laid = read_laid(self.place)
        if self.playing is None and not self._is_stopped and laid is not None:
            deck = Deck(laid.lesson, laid.tag, laid.at)
            left = self._left
            self.playing = Playing(
                self._lessons[left.lesson], left.mode, deck, refused=[*left.refused], helps=left.helps
            )

    def show_strip(self) -> None:
        """Say on the frame how the lesson stands."""
        state, playing = self.presenter.state, self.playing
        if playing is None or state.place != RUNNING:
            self.coach.leave()
            self.frame.show_strip(Strip())
            self.frame.tell("")
            return
        self.frame.show_strip(
            Strip(
                lesson=trn(playing.lesson.title),
                mode=tr(MODES[playing.mode]),
                used_s=state.used_s,
                par_s=state.par_s,
                goals=tuple((trn(goal.says), goal.is_met) for goal in state.goals),
                may_ask=playing.may_ask,
                is_watched=playing.mode is Mode.WATCH,
            )
        )

    def _beat(self) -> None:
        page = self.shell.page
        code = page.code if page is not None else ""
        beat = self.playing.beat(code) if self.playing is not None else Beat(page=code)
        self._practice.tell(Here(learner=self.learner, beat=beat))

    def _to_work(self) -> None:
        if self.playing is not None:
            self.shell.go(self.playing.lesson.page)

    def _hint(self) -> None:
        if self.playing is not None and self.playing.mode is Mode.WATCH:
            self._show_me()
        else:
            self.station.tasks.once("practice/hint", self.presenter.hint)

    def _show_me(self) -> None:
        """Let the program do the step that is shown; what only a person knows stays theirs."""
        mark = self.coach.mark
        is_typed = mark is not None and mark.deed is Deed.TYPE
        if not is_typed:
            self.coach.put_away()
        if mark is not None and (is_typed or not show_step(self.shell, mark)):
            self.frame.tell(tr("This step is yours: {step}", step=tr(mark.text)))

    def _refused(self, refusal: object) -> None:
        if self.playing is not None and self.presenter.state.place == RUNNING:
            self.playing.refused.append(str(getattr(refusal, "code", "")))

    # --- what the screen asks -----------------------------------------------------------------------

    @property
    def learner(self) -> str:
        """Who practises; empty where nobody said."""
        return self._practice.learner

    @property
    def lessons(self) -> Sequence[Lesson]:
        """The built-in course, and what the company made of its own exceptions."""
        return tuple(self._lessons.values())

    def now(self) -> datetime:
        """The clock of this PC: lessons come back in days of their learner."""
        return datetime.now(UTC)

    def history(self) -> tuple[Done, ...]:
        """What this learner has finished on this PC."""
        return self._practice.results.history(self.learner)

    def begin(self, lesson: str, mode: Mode) -> None:
        """Let another round come, and this one go."""
        self._practice.want(lesson, mode)
        self.leave()

    def stop(self) -> None:
        """Give the running lesson up."""
        self.playing, self._is_stopped = None, True
        self.coach.leave()
        self.show_strip()

    async def floor(self) -> Floor | None:
        """Return what stands there now; None until the deck has come to this desk."""
        playing, station = self.playing, self.station
        if playing is None or station.store.mark.cursor <= int(playing.deck.tag):
            return None
        rows = await station.read.run(station.views.touched, int(playing.deck.tag))
        return Floor(playing.deck, rows, station.store.clock.now()) if rows else None

    def ended(self, playing: Playing) -> Done:
        """Keep how it ended, and say it."""
        QTimer.singleShot(0, self.shell, self.show_strip)
        return self._practice.keep(playing)

    def point(self, hint: Hint) -> None:
        """Point at the control where it is on screen, and say it below the band in any case."""
        mark = hint.mark
        self._pointed_at, self._met_then = self._ticks, self.playing.met if self.playing else 0
        if mark != self.coach.mark:
            self._aim(mark)
        reason = tr(mark.reason) if mark.reason else ""
        self.frame.tell(" ".join(part for part in (trn(Text(mark.text)), reason) if part))

    def _aim(self, mark: Mark) -> None:
        page = self.shell.page
        self._pointed += 1
        tour = Tour(f"practice/{self._pointed}", page.code if page is not None else "", (mark,))
        self._awaited = None if self.coach.begin(tour) else mark

    def ask(self) -> None:
        """Tell the live desk at once that somebody should come, or need not."""
        self._beat()
