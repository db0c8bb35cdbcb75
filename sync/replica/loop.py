"""The two loops that carry work out and rows in; they never give up and never drop anything.

Source: sync.md sections 5, 6 (watchdog), 8, 11.
"""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable
from functools import partial

from typing_extensions import override

from app.ports import Changes
from app.text import N_, Text
from app.trouble import Trouble
from sync.replica.answering import LONG_S, NEWS_S, Answering
from sync.replica.bootstrap import fetch
from sync.replica.files import checkpoint, is_full
from sync.replica.lane import NO_PROGRESS, Busy, Lane
from sync.replica.link import Link, OnStore
from sync.replica.news import Diverged
from sync.replica.slices import Slice, slices
from sync.replica.store import Store
from sync.replica.widen import widen
from sync.replica.witness import Witness, shared_with
from sync.transport import Stopped, Transport
from sync.wire import PULL_ROWS, PUSH_LIMIT, SCHEMA, WAIT_S, PullReply, Push, PushReply, Wish

STALL_S = 60.0
TIDY_ROWS = 500
FIRST_WAIT_S, LAST_WAIT_S = 0.2, 20.0
"""After a read that never ended, the last one still leaves a desk level within a minute of healing."""
AT_ONCE_S = 10.0
"""So long a hub that refuses connections is taken for one that restarts, and asked several times a second."""
FULL = Text(N_("The disk of this PC is full: nothing new comes in. Free some space; your work is kept."))
MISTAKE = Text(N_("Docket made a mistake while syncing. Work is kept; tell your administrator."))
RESTARTS = frozenset({"hub_refused", "hub_starting"})
STATUSES = frozenset({"applied", "refused", "conflict"})

log = logging.getLogger(__name__)
Step = Callable[[Transport], float]
"""Does one exchange; returns how long to rest, 0 to go on at once."""


class Loop(Answering):
    """Push and pull, each on a thread with a session of its own: a push never waits behind a long poll."""

    def __init__(
        self,
        *,
        store: Store,
        link: Link,
        on_store: OnStore,
        tell: Callable[[Changes], None],
        wait_s: int = WAIT_S,
        first_wait_s: float = FIRST_WAIT_S,
        last_wait_s: float = LAST_WAIT_S,
        stall_s: float = STALL_S,
    ) -> None:
        super().__init__()
        self._store, self._link, self._on_store, self._tell = store, link, on_store, tell
        self._wait_s, self._first_wait_s, self._last_wait_s, self._stall_s = (
            wait_s,
            first_wait_s,
            last_wait_s,
            stall_s,
        )
        self._stopping = threading.Event()
        self.lanes = {name: Lane(name, store.clock.now()) for name in ("push", "pull")}
        self._threads: list[threading.Thread] = []
        self._untidy_rows = 0
        self._rebuild = None
        self._rebuilt = 0
        """How often in a row it was thrown away because its sums were not the hub's."""
        self._witness = Witness(store.outbox, on_store)
        store.on_submit = self.nudge
        link.on_sign_in = self.ask_anew

    # --- threads ------------------------------------------------------------------------------------

    def start(self) -> None:
        """Start both lanes; they rest until somebody signs in."""
        for name, step in (("push", self.push_once), ("pull", self.pull_once)):
            thread = threading.Thread(target=self._run, args=(name, step), name=f"sync-{name}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self, within_s: float = 0.5) -> None:
        """Ask both lanes to end; one that waits for the hub is left to die with the process."""
        self._stopping.set()
        self.nudge()
        for thread in self._threads:
            thread.join(within_s)
        self._on_store(self._witness.close)

    def nudge(self) -> None:
        """There is something to do now: do not rest on."""
        for lane in self.lanes.values():
            lane.wake.set()

    def ask_anew(self) -> None:
        """Somebody sat down: they do not want the news that the one before was waiting for."""
        self.lanes["pull"].break_off()
        self.nudge()

    def _run(self, name: str, step: Step) -> None:
        lane = self.lanes[name]
        while not self._stopping.is_set():
            try:
                rest_s = self.exchange(name, step)
            except Trouble as trouble:
                rest_s = self.after(name, trouble)
            except Exception as fault:
                if self._stopping.is_set():
                    return  # the store lane is gone already
                log.exception("the %s lane failed", name)
                self._say(lane, FULL if is_full(fault) else MISTAKE)
                lane.drop_session()
                rest_s = self._last_wait_s
            if rest_s:
                lane.wake.wait(rest_s)
                lane.wake.clear()

    def exchange(self, name: str, step: Step) -> float:
        """Do one exchange of a lane; return how long to rest.

        Raises:
            Trouble: it did not go well; `after` says how long to wait.
        """
        lane = self.lanes[name]
        if not self._link.is_signed_in:
            lane.moved_s = time.monotonic()
            return LONG_S
        if lane.transport is None or not self._link.is_current(lane.transport):
            lane.transport = self._link.connect()
        used = self._link.token()
        lane.is_broken_off = False
        try:
            rest_s = step(lane.transport)
        except Trouble:
            if not lane.is_broken_off:
                raise
            return 0.0
        except Stopped as stopped:
            rest_s = self._answer_stop(lane, stopped, used)
            if not rest_s:
                lane.stuck_on(stopped.stop)
        lane.failing_from_s = None
        return rest_s

    # --- push ---------------------------------------------------------------------------------------

    def push_once(self, transport: Transport) -> float:
        """Send what waits, in order; write the answers down."""
        if self._rebuild is not None or not self._store.mark.epoch or self._owes:
            return 1.0  # first the rows of this hub, then our numbers
        outbox = self._store.outbox
        replica, wishes = self._on_store(lambda: (outbox.meta("replica"), outbox.unsent(self._most)))
        if not wishes:
            return LONG_S
        began_s = time.monotonic()
        signed = self._link.signed(replica, wishes)
        push = Push(replica=replica, epoch=self._store.mark.epoch, schema=SCHEMA, commands=signed)
        reply = transport.push(push)
        _check_answers(wishes, reply)
        changes = self._on_store(partial(self._store.answered, reply.results, push))
        self._link.heard(time.monotonic() - began_s)
        self._most = min(2 * self._most, PUSH_LIMIT)
        self._moved("push")
        self._tell(changes)
        return 0.0

    # --- pull ---------------------------------------------------------------------------------------

    def pull_once(self, transport: Transport) -> float:
        """Fetch the next page and take it in, slice by slice."""
        mark = self._store.mark
        if self._rebuild is not None or not mark.epoch:
            self._start_over(transport, self._rebuild)
            mark = self._store.mark
        elif mark.had is not None:
            if not widen(transport, self._store, self._on_store, self._tell):
                self._rebuild = mark.epoch
            mark = self._store.mark
        is_level = mark.epoch != "" and mark.head <= mark.cursor and not self._owes
        # a first word is worth more than a long wait
        wait = self._wait_s if is_level and self._link.may_wait and not mark.lacks_own else 0
        began_s = time.monotonic()
        reply = transport.pull(
            epoch=mark.epoch,
            cursor=mark.cursor,
            last_n=mark.last_n,
            limit=PULL_ROWS,
            wait=wait,
            scope_rev=mark.reach.rev if mark.reach is not None else "",
            own=mark.lacks_own,
        )
        took_s = time.monotonic() - began_s
        if mark.epoch and reply.epoch != mark.epoch:
            return self._restart_epoch(reply.epoch)
        _check_page(mark.cursor, reply)
        self._link.heard(0.0 if wait else took_s, pulled=True)
        for part in slices(reply):
            if not self._take(part):
                return self._last_wait_s if self._rebuilt > 1 else 0.0
        self._rebuilt = 0
        if self._owes and not reply.more:
            shared = shared_with(self._store.sent_to, reply, transport.chain)
            self._on_store(partial(self._store.begin_epoch, reply.epoch, shared))
            self.nudge()
        self._moved("pull")
        self._look_back(transport, reply)
        self._tidy(len(reply.changes), is_level=not reply.more)
        return 0.0

    @property
    def _owes(self) -> bool:
        """The hub began a new life: what it lost is sent again once its last number is known."""
        return self._store.sent_to != self._store.mark.epoch

    def _look_back(self, transport: Transport, reply: PullReply) -> None:
        """Hold the hub's head against the one seen before; tell the hub now and then what was seen."""
        store = self._store
        self._witness.look(reply, transport.chain, store.clock.now())
        if self._witness.note is not None:
            self._say(self.lanes["pull"], self._witness.note)
        if not reply.more:
            mark = store.mark
            self._witness.report(transport.witness, mark.cursor, mark.last_n, store.waiting.count)

    def _tidy(self, rows: int, *, is_level: bool) -> None:
        self._untidy_rows += rows
        if self._untidy_rows > (TIDY_ROWS if is_level else 4 * TIDY_ROWS):
            self._untidy_rows = 0
            self._on_store(self._store.tidy)
            checkpoint(self._store.path, key=self._store.key)

    def _take(self, part: Slice) -> bool:
        try:
            changes = self._on_store(partial(self._store.apply, part))
        except Diverged as diverged:
            log.warning("replica thrown away: %s", diverged)
            self._rebuild = self._store.mark.epoch
            self._rebuilt += 1
            self._witness.diverged += 1
            return False
        if changes.keys or self._link.link().updated_s > 1:
            self._tell(changes)
        return True

    def _start_over(self, transport: Transport, epoch: str | None) -> None:
        """Build the replica anew: from a snapshot where the hub has one, else row by row."""
        ready = fetch(transport, self._store.folder, key=self._store.key)
        if ready is None and epoch is None:
            return  # a new desk, and the hub has no snapshot: the empty replica is the right beginning
        self._tell(self._on_store(partial(self._store.adopt, ready, epoch or "")))
        self._rebuild = None
        if ready is not None:
            self._moved("pull")

    @override
    def _restart_epoch(self, epoch: str) -> float:
        self._rebuild = epoch
        pull = self.lanes["pull"]
        self._say(
            pull,
            Text(N_("The hub was restored. This desk fetches its rows again; your work is kept.")),
            NEWS_S,
        )
        pull.wake.set()
        return 0.0

    # --- what goes wrong ----------------------------------------------------------------------------

    def after(self, name: str, trouble: Trouble) -> float:
        """Note a failure and return how long to rest; where nothing has moved for too long, begin afresh.

        Source: sync.md section 6, anti-stall watchdog: a fresh session, and the clerk is told since when.
        """
        lane, now_s = self.lanes[name], time.monotonic()
        if lane.failing_from_s is None:
            lane.failing_from_s = now_s
        self._link.failed()
        if not trouble.retry:
            self._say(lane, trouble.hint)
            return self._last_wait_s
        if name == "push" and not self._store.waiting.count:
            lane.moved_s = now_s
        elif now_s - lane.moved_s > self._stall_s:
            local = f"{lane.moved_at.astimezone():%H:%M}"
            why: dict[str, str | int | Text] = {"time": local, "why": trouble.hint}
            self._say(lane, Text(N_("Not syncing since {time}. {why}"), why))
            lane.drop_session()
            if trouble.code == NO_PROGRESS:
                lane.moved_s = now_s  # rows made anew are given as long again
                self._rebuild = self._store.mark.epoch
                self.lanes["pull"].wake.set()
        if isinstance(trouble, Busy) and trouble.wait_s:
            # Nothing but closing the desk cuts this short, and no two desks come back at the same moment.
            self._stopping.wait(trouble.wait_s * random.uniform(1.0, 1.2))  # noqa: S311 - jitter
            return 0.0
        return self._pause_s(trouble, now_s - lane.failing_from_s)

    def _pause_s(self, trouble: Trouble, failing_s: float) -> float:
        """Wait a little while a hub restarts, then about as long as it has been away, at random."""
        most_s = min(self._last_wait_s, max(self._first_wait_s, failing_s))
        if trouble.code in RESTARTS and failing_s < AT_ONCE_S:
            most_s = self._first_wait_s
        return random.uniform(most_s / 4, most_s)  # noqa: S311 - jitter

    def _moved(self, name: str) -> None:
        lane = self.lanes[name]
        lane.moved_s, lane.moved_at, lane.stopped = time.monotonic(), self._store.clock.now(), None
        if self._rebuild is None and lane.moved_s > lane.kept_until_s:
            self._say(lane, self._witness.note if name == "pull" else None)

    @override
    def _say(self, lane: Lane, note: Text | None, keep_s: float = 0.0) -> None:
        """Put what a lane has to say beside the line; the other one's word stays."""
        lane.note, lane.kept_until_s = note, time.monotonic() + keep_s
        self._link.say(next((each.note for each in self.lanes.values() if each.note is not None), None))


def _check_answers(wishes: list[Wish], reply: PushReply) -> None:
    """Refuse a reply that answers nothing we asked: it would be asked again for ever.

    Raises:
        Trouble: hub_unreadable.
    """
    known = all(answer.status in STATUSES for answer in reply.results)
    if not known or all(answer.n != wishes[0].n for answer in reply.results):
        raise Trouble("hub_unreadable", Text(N_("The hub gave no answer to what was sent.")), retry=True)


def _check_page(cursor: int, reply: PullReply) -> None:
    """Refuse a page that does not follow on what is here, or leads nowhere.

    Raises:
        Trouble: hub_unreadable.
    """
    if reply.since != cursor or reply.to < cursor or reply.to <= cursor < reply.head:
        raise Trouble("hub_unreadable", Text(N_("The hub answered out of order. Asking again.")), retry=True)
