"""A sitting of practice without a process: one lesson in memory, a clock and a history of its own."""

from __future__ import annotations

from datetime import UTC, datetime

from lesson_world import Ground

from app.training.course import LESSONS, course
from app.training.lesson import Floor, Hint, Mode
from app.training.playing import Done, Playing

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


class FakeSitting:
    """Stands where the practising process stands; `begun` and `pointed` list what the screen asked for."""

    def __init__(self, learner: str = "lin") -> None:
        self.learner = learner
        self.playing: Playing | None = None
        self.ground: Ground | None = None
        self.done: list[Done] = []
        self.begun: list[tuple[str, Mode]] = []
        self.pointed: list[Hint] = []
        self.asked = 0
        self.now_at = NOON
        self.lessons = course()

    def lay(self, lesson: str, mode: Mode) -> None:
        """Let a lesson run, as a fresh round does."""
        self.ground = Ground(LESSONS[lesson])
        self.playing = Playing(self.ground.lesson, mode, self.ground.deck)

    def now(self) -> datetime:
        return self.now_at

    def history(self) -> list[Done]:
        return self.done

    def begin(self, lesson: str, mode: Mode) -> None:
        self.begun.append((lesson, mode))

    def stop(self) -> None:
        self.playing = None

    async def floor(self) -> Floor | None:
        return self.ground.floor if self.ground is not None else None

    def ended(self, playing: Playing) -> Done:
        done = playing.done(id=str(len(self.done)), learner=self.learner, language="en", at=self.now_at)
        self.done.append(done)
        return done

    def point(self, hint: Hint) -> None:
        self.pointed.append(hint)

    def ask(self) -> None:
        self.asked += 1
