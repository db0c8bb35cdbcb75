"""The batch writer: one thread that takes what has arrived and decides it in one transaction.

Source: sync.md section 3; people first, channel intake tops the batch up.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from app.command import Refusal, refuse
from app.domain.gazetteer import Gazetteer
from app.known_types import know_types
from app.sourcing.ways import Ways
from app.text import N_
from sync.hub.batch import INTERNAL, Batch
from sync.hub.crash import crash_point
from sync.hub.database import may_try_again, writing
from sync.hub.feed import Closed
from sync.hub.meter import Meter
from sync.hub.numbering import Fork, Gap, Job, ReplicaInfo
from sync.hub.seal import Seal
from sync.hub.working_set import WorkingSet
from sync.wire import Answer

__all__ = ["Closed", "Fork", "Gap", "Job", "ReplicaInfo", "Writer"]

log = logging.getLogger(__name__)

BATCH_COMMANDS = 100
"""A larger batch was no faster, and a click waits for the one before it (measured)."""
WINDOW_S = 0.004
BATCH_S = 30.0
"""No batch takes so long; behind a line that is dead in one direction it would wait for ever."""
RETRY_PAUSES_S = (0.02, 0.1, 0.5, 1.0, 2.0, 4.0)

TRACKING_TAKEN = refuse("tracking_taken", N_("Another order has this tracking number. Scan the label again."))
_Result = list[Answer] | Gap | Fork
_Alone = tuple[Job, "Future[list[Answer]]"]


class Writer:
    """Takes jobs from any thread. `tell` is called with the new head after each commit."""

    def __init__(
        self,
        engine: Engine,
        feed_id: int,
        seal: Seal,
        clock: Callable[[], datetime],
        gazetteer: Gazetteer | None = None,
        epoch: str = "",
        ways: Ways | None = None,
    ) -> None:
        self.tell: list[Callable[[int], None]] = []
        self.stood = (0, 0)
        """The head and up to where a second copy existed, as the last batch saw them."""
        self.meter = Meter()
        self.meter.queued = self._waiting
        self._engine, self._feed_id, self._seal, self._clock = engine, feed_id, seal, clock
        self._epoch = epoch
        """The only life of the database it writes into; empty for any."""
        self._work = WorkingSet(feed_id, seal, gazetteer, ways)
        self._people: deque[_Alone] = deque()
        self._intake: deque[_Alone] = deque()
        self._news = threading.Condition()
        self._is_open = True
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)

    @property
    def gazetteer(self) -> Gazetteer | None:
        """The places it knows."""
        return self._work.refs.gazetteer

    def start(self) -> None:
        """Begin to work."""
        know_types()
        self._thread.start()

    def stop(self) -> None:
        """Finish the batch at hand; what still waits is told `Closed`."""
        with self._news:
            self._is_open = False
            self._news.notify_all()
        if self._thread.is_alive():
            self._thread.join()
        for queue in (self._people, self._intake):
            while queue:
                queue.popleft()[1].set_exception(Closed())

    def submit(self, job: Job) -> Future[list[Answer]]:
        """Ask for a job to be done; the future holds its answers once they are committed.

        Raises:
            Gap: (in the future) numbers are missing before these.
            Fork: (in the future) a number came twice with different content.
            Closed: (in the future) the hub is going down.
        """
        future: Future[list[Answer]] = Future()
        with self._news:
            if not self._is_open:
                future.set_exception(Closed())
                return future
            (self._people if job.replica.kind == "desk" else self._intake).append((job, future))
            self._news.notify_all()
        return future

    # --- the thread -----------------------------------------------------------------------------

    def _run(self) -> None:
        while taken := self._take():
            try:
                self._do(taken)
            except Exception as fault:
                if isinstance(fault, Closed):
                    log.warning("the database was restored meanwhile, nothing is written into its new life")
                elif _is_passing(fault):
                    log.warning("the database stays away, a batch goes back to those who asked: %s", fault)
                else:
                    log.exception("a batch was given up")
                for _, future in taken:
                    if not future.done():
                        future.set_exception(fault)

    def _take(self) -> list[_Alone]:
        """Wait for work, then for company: 4 ms, or until a batch is full."""
        with self._news:
            while self._is_open and not (self._people or self._intake):
                self._news.wait()
            until = time.monotonic() + WINDOW_S
            while self._is_open and self._waiting() < BATCH_COMMANDS:
                left_s = until - time.monotonic()
                if left_s <= 0:
                    break
                self._news.wait(left_s)
            if not self._is_open:
                return []
            taken: list[_Alone] = []
            count = 0
            for queue in (self._people, self._intake):
                while queue and (count == 0 or count + len(queue[0][0].commands) <= BATCH_COMMANDS):
                    taken.append(queue.popleft())
                    count += len(taken[-1][0].commands)
            return taken

    def _waiting(self) -> int:
        return sum(len(job.commands) for queue in (self._people, self._intake) for job, _ in queue)

    def _do(self, taken: Sequence[_Alone]) -> None:
        jobs = [job for job, _ in taken]
        results: Sequence[_Result | Exception]
        try:
            results = self._committed(jobs)
        except Exception as fault:
            if _is_passing(fault) or isinstance(fault, Closed):
                raise
            log.warning("a batch did not fit the tables, each command runs alone: %s", fault)
            results = [self._alone(job) for job in jobs]
        crash_point("after_commit")
        for (_, future), result in zip(taken, results, strict=True):
            if isinstance(result, list):
                future.set_result(result)
            else:
                future.set_exception(result)

    def _alone(self, job: Job) -> _Result | Exception:
        try:
            return self._one_by_one(job)
        except Exception as fault:
            log.exception("a job of %s was given up", job.replica.replica_id)
            return fault

    def _one_by_one(self, job: Job) -> _Result:
        """Find the command that breaks the batch: the others go through, it gets a stored refusal.

        Source: sync.md section 3, poison isolation.
        """
        answers: list[Answer] = []
        for wish in job.commands:
            alone = Job(job.replica, [wish])
            try:
                result = self._committed([alone])[0]
            except Exception as fault:
                if _is_passing(fault):
                    raise
                log.exception("command %s %s is refused: it does not fit the tables", wish.name, wish.id)
                refusing = {(job.replica.replica_id, wish.n): _why(fault)}
                result = self._committed([alone], refusing)[0]
            if not isinstance(result, list):
                return result
            answers += result
        return answers

    def _committed(
        self, jobs: Sequence[Job], refusing: Mapping[tuple[str, int], Refusal] | None = None
    ) -> list[_Result]:
        """Run one batch until it is committed; after an unknown COMMIT the next run finds its own answers."""
        for pause_s in (*RETRY_PAUSES_S, None):
            try:
                return self._once(jobs, refusing or {})
            except Exception as fault:
                self._work.forget()
                if pause_s is None or not _is_passing(fault):
                    raise
                log.info("a batch runs again: %s", fault)
                self.meter.again()
                time.sleep(pause_s)
        raise AssertionError

    def _once(self, jobs: Sequence[Job], refusing: Mapping[tuple[str, int], Refusal]) -> list[_Result]:
        begun_s = time.monotonic()
        with writing(self._engine, BATCH_S) as db:
            batch = Batch(db, self._feed_id, self._work, self._seal, self._clock(), refusing, self._epoch)
            results = batch.run(jobs)
            done_s = time.monotonic()
        ended_s = time.monotonic()
        batch.remember()
        self.stood = (batch.head, batch.protected_seq)
        if batch.is_new:
            self.meter.batch(ended_s - begun_s, ended_s - done_s, batch.statuses)
            for tell in self.tell:
                tell(batch.head)
        return results


def _is_passing(fault: Exception) -> bool:
    return isinstance(fault, DBAPIError) and may_try_again(fault)


def _why(fault: Exception) -> Refusal:
    """Say it in the person's words where a table's own rule is one of theirs."""
    said = str(fault)
    return TRACKING_TAKEN if "shipment" in said and "tracking_no" in said else INTERNAL
