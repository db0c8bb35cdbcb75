"""Virtual time, and hands that work in it one at a time: the same seed gives the same run.

A hand is a thread that holds the only turn there is; it gives it back when it rests. Nothing runs in
parallel, nothing sleeps, and whoever loses power finds out at its next rest.
"""

from __future__ import annotations

import heapq
import itertools
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

NEVER_S = float("inf")


class Gone(BaseException):
    """The machine this hand works on has lost its power."""


class Hand:
    """One thread of one simulated machine."""

    def __init__(self, turns: Turns, name: str, work: Callable[[], None]) -> None:
        self.name = name
        self.is_gone = self.is_over = False
        self.fault: BaseException | None = None
        self._turns, self._work = turns, work
        self._gate = threading.Semaphore(0)
        self._round = 0
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def _run(self) -> None:
        self._gate.acquire()
        try:
            if not self.is_gone:
                self._work()
        except Gone:
            pass
        except BaseException as fault:  # noqa: BLE001 - told by the one who gave the turn
            self.fault = fault
        self.is_over = True
        self._turns.given_back.release()

    def go_on(self, turn: int) -> None:
        """Have the turn until the next rest; a call that belongs to an earlier rest does nothing."""
        if self.is_over or turn != self._round:
            return
        self._round += 1
        turns = self._turns
        turns.at_work = self
        if self._thread.ident is None:
            self._thread.start()
        self._gate.release()
        turns.given_back.acquire()
        turns.at_work = None
        if self.fault is not None:
            raise self.fault

    def rest(self, wait_s: float) -> None:
        """Give the turn back; return when time has passed or somebody woke this hand.

        Raises:
            Gone: there is no machine to go on with.
        """
        turn, turns = self._round, self._turns
        if wait_s < NEVER_S:
            turns.after(wait_s, lambda: self.go_on(turn))
        turns.given_back.release()
        self._gate.acquire()
        if self.is_gone:
            raise Gone

    def wake(self) -> None:
        """Let it go on soon, if it rests."""
        turn = self._round
        self._turns.after(0.0, lambda: self.go_on(turn))

    def end(self) -> None:
        """Take its power away: it unwinds at once."""
        if not self.is_over and self._turns.at_work is not self:
            self.is_gone = True
            self.go_on(self._round)


class Turns:
    """The one clock. `offset_of` says how wrong a machine's own clock is, by the hand's name."""

    def __init__(self, start: datetime) -> None:
        self.now_s = 0.0
        self.steps = 0
        self.at_work: Hand | None = None
        self.given_back = threading.Semaphore(0)
        self._start = start
        self._queue: list[tuple[float, int, Callable[[], None]]] = []
        self._serial = itertools.count()

    def now(self) -> datetime:
        """Return the true time."""
        return self._start + timedelta(seconds=self.now_s)

    def after(self, wait_s: float, do: Callable[[], None]) -> None:
        """Let something happen later."""
        heapq.heappush(self._queue, (self.now_s + max(0.0, wait_s), next(self._serial), do))

    def start(self, name: str, work: Callable[[], None], after_s: float = 0.0) -> Hand:
        """Make a hand and let it begin."""
        hand = Hand(self, name, work)
        self.after(after_s, lambda: hand.go_on(0))
        return hand

    def rest(self, wait_s: float = NEVER_S) -> None:
        """Let the hand at work rest.

        Raises:
            Gone: its machine lost its power meanwhile.
        """
        if self.at_work is None:
            raise RuntimeError("nobody is at work")
        self.at_work.rest(wait_s)

    def step(self) -> bool:
        """Let the next thing happen; False when nothing is left."""
        if not self._queue:
            return False
        due_s, _, do = heapq.heappop(self._queue)
        self.now_s = max(self.now_s, due_s)
        self.steps += 1
        do()
        return True

    def run_until(self, is_so: Callable[[], bool], within_s: float) -> bool:
        """Let things happen until a fact is true; tell whether it became so in time."""
        end_s = self.now_s + within_s
        while not is_so():
            if not self._queue or self._queue[0][0] > end_s:
                self.now_s = max(self.now_s, end_s)
                return is_so()
            self.step()
        return True


class TurnLock:
    """A `threading.Lock` in virtual time: who finds it taken rests."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns
        self._holder: Hand | None = None
        self._waiting: list[Hand] = []

    def __enter__(self) -> None:
        me = self._turns.at_work
        while self._holder is not None and not self._holder.is_over:
            if me is not None:
                self._waiting.append(me)
            self._turns.rest(NEVER_S)
        self._holder = me

    def __exit__(self, *_what: object) -> None:
        self._holder = None
        waiting, self._waiting = self._waiting, []
        for hand in waiting:
            hand.wake()


class Bell:
    """A `threading.Event` in virtual time, for the one hand that waits for it."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns
        self._is_set = False
        self._waiting: Hand | None = None

    def is_set(self) -> bool:
        """Tell whether it was rung."""
        return self._is_set

    def set(self) -> None:
        """Ring it."""
        self._is_set = True
        if self._waiting is not None:
            self._waiting.wake()

    def clear(self) -> None:
        """Let it be still."""
        self._is_set = False

    def wait(self, timeout: float | None = None) -> bool:
        """Rest until it is rung, at most `timeout` seconds."""
        if not self._is_set:
            self._waiting = self._turns.at_work
            try:
                self._turns.rest(NEVER_S if timeout is None else timeout)
            finally:
                self._waiting = None
        return self._is_set
