"""The two loops that carry work out and rows in; they never give up and never drop anything.

Source: sync.md sections 5, 6 (watchdog), 8, 11.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from functools import partial

from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception,
    stop_when_event_set,
    wait_random_exponential,
)

from app.ports import Changes
from app.text import N_, Text
from app.trouble import Trouble
from sync.replica.bootstrap import fetch
from sync.replica.files import checkpoint
from sync.replica.link import Link, OnStore
from sync.replica.store import Diverged, Slice, Store, slices
from sync.replica.witness import Witness
from sync.transport import Stopped, Transport
from sync.wire import PULL_ROWS, SCHEMA, WAIT_S, PullReply, Push

STALL_S = 60.0
TIDY_ROWS = 500
FIRST_WAIT_S, LAST_WAIT_S = 0.2, 30.0
LONG_S = 300.0
"""How long a lane rests that only a person or an update can help."""

log = logging.getLogger(__name__)
Step = Callable[[Transport], float]
"""Does one exchange; returns how long to rest, 0 to go on at once."""


class Loop:
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
        self._store, self._link, self._on_store, self._tell = store, link, on_store, tell
        self._wait_s, self._first_wait_s, self._last_wait_s, self._stall_s = (
            wait_s,
            first_wait_s,
            last_wait_s,
            stall_s,
        )
        self._stopping = threading.Event()
        self._wakes = {"push": threading.Event(), "pull": threading.Event()}
        self._transports: dict[str, Transport] = {}
        self._threads: list[threading.Thread] = []
        self._moved_s = time.monotonic()
        self._moved_at = store.clock.now()
        self._untidy_rows = 0
        self._rebuild: str | None = None
        """The epoch to start over with: the replica is thrown away before the next pull."""
        self._is_restored = False
        """The hub came back from a backup: what it lost is sent again once its last number is known."""
        self._witness = Witness(store.outbox, on_store)
        store.on_submit = self.nudge
        link.on_sign_in = self.nudge

    # --- threads ------------------------------------------------------------------------------------

    def start(self) -> None:
        """Start both lanes; they rest until somebody signs in."""
        for name, step in (("push", self.push_once), ("pull", self.pull_once)):
            thread = threading.Thread(target=self._lane, args=(name, step), name=f"sync-{name}", daemon=True)
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
        for wake in self._wakes.values():
            wake.set()

    def _lane(self, name: str, step: Step) -> None:
        retrying = Retrying(
            retry=retry_if_exception(lambda error: isinstance(error, Trouble) and error.retry),
            wait=wait_random_exponential(multiplier=self._first_wait_s, max=self._last_wait_s),
            stop=stop_when_event_set(self._stopping),
            sleep=partial(self._rest, name),
            before_sleep=partial(self._after_trouble, name),
            reraise=True,
        )
        while not self._stopping.is_set():
            try:
                rest_s = retrying(self._exchange, name, step)
            except Trouble as trouble:
                self._link.say(trouble.hint)
                rest_s = self._last_wait_s
            except Exception:
                if self._stopping.is_set():
                    return  # the store lane is gone already
                log.exception("the %s lane failed", name)
                self._link.say(
                    Text(N_("Docket made a mistake while syncing. Work is kept; tell your administrator."))
                )
                rest_s = self._last_wait_s
            if rest_s:
                self._rest(name, rest_s)

    def _exchange(self, name: str, step: Step) -> float:
        if not self._link.is_signed_in:
            return LONG_S
        transport = self._transports.get(name)
        if transport is None or not self._link.is_current(transport):
            self._transports.pop(name, None)
            transport = self._transports[name] = self._link.connect()
        used = self._link.token()
        try:
            return step(transport)
        except Stopped as stopped:
            return self._answer_stop(name, stopped, used)

    def _rest(self, name: str, wait_s: float) -> None:
        wake = self._wakes[name]
        wake.wait(wait_s)
        wake.clear()

    # --- push ---------------------------------------------------------------------------------------

    def push_once(self, transport: Transport) -> float:
        """Send what waits, in order; write the answers down."""
        if self._rebuild is not None or self._is_restored or not self._store.mark.epoch:
            return 1.0  # first the rows of this hub, then our numbers
        outbox = self._store.outbox
        replica, wishes = self._on_store(lambda: (outbox.meta("replica"), outbox.unsent()))
        if not wishes:
            return LONG_S
        began_s = time.monotonic()
        push = Push(replica=replica, epoch=self._store.mark.epoch, schema=SCHEMA, commands=wishes)
        reply = transport.push(push)
        changes = self._on_store(partial(self._store.answered, reply.results))
        self._link.heard(time.monotonic() - began_s)
        self._moved()
        self._tell(changes)
        return 0.0

    # --- pull ---------------------------------------------------------------------------------------

    def pull_once(self, transport: Transport) -> float:
        """Fetch the next page and take it in, slice by slice."""
        mark = self._store.mark
        if self._rebuild is not None or not mark.epoch:
            self._start_over(transport, self._rebuild)
            mark = self._store.mark
        is_level = mark.epoch != "" and mark.head <= mark.cursor and not self._is_restored
        wait = (
            self._wait_s if is_level and self._link.is_online else 0
        )  # a first word is worth more than a long wait
        began_s = time.monotonic()
        reply = transport.pull(
            epoch=mark.epoch,
            cursor=mark.cursor,
            last_n=mark.last_n,
            limit=PULL_ROWS,
            wait=wait,
        )
        took_s = time.monotonic() - began_s
        self._link.heard(0.0 if wait else took_s, pulled=True)
        if mark.epoch and reply.epoch != mark.epoch:
            return self._restart_epoch(reply.epoch)
        if reply.since != mark.cursor:
            raise Trouble(
                "hub_unreadable", Text(N_("The hub answered out of order. Asking again.")), retry=True
            )
        for part in slices(reply):
            if not self._take(part):
                return 0.0
        self._moved()
        self._look_back(transport, reply)
        self._tidy(len(reply.changes), is_level=not reply.more)
        if not mark.epoch:
            self._wakes["push"].set()
        if self._is_restored and not reply.more:
            self._on_store(partial(self._store.send_again, reply.last_n + 1))
            self._is_restored = False
            self.nudge()
        return 0.0

    def _look_back(self, transport: Transport, reply: PullReply) -> None:
        """Hold the hub's head against the one seen before; tell the hub now and then what was seen."""
        store = self._store
        self._witness.look(reply, transport.chain, store.clock.now())
        if self._witness.note is not None:
            self._link.say(self._witness.note)
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
            return False
        if changes.keys or self._link.link().updated_s > 1:
            self._tell(changes)
        return True

    def _start_over(self, transport: Transport, epoch: str | None) -> None:
        """Build the replica anew: from a snapshot where the hub has one, else row by row."""
        ready = fetch(transport, self._store.folder)
        if ready is None and epoch is None:
            return  # a new desk, and the hub has no snapshot: the empty replica is the right beginning
        if ready is not None:
            self._tell(self._on_store(partial(self._store.adopt, ready)))
        else:
            self._tell(self._on_store(partial(self._store.adopt, None, epoch or "")))
        self._rebuild = None
        self._moved()

    def _restart_epoch(self, epoch: str) -> float:
        self._rebuild, self._is_restored = epoch, True
        self._link.say(Text(N_("The hub was restored. This desk fetches its rows again; your work is kept.")))
        self._wakes["pull"].set()
        return 0.0

    # --- what the hub says no to --------------------------------------------------------------------

    def _answer_stop(self, name: str, stopped: Stopped, used: str) -> float:
        stop = stopped.stop
        if stop.code == "busy":
            self._rest(name, stopped.wait_s)
            raise Trouble("hub_busy", Text(N_("The hub is busy.")), retry=True)
        if stop.code in {"sign_in", "replica"}:
            return 0.0 if self._link.renew(used) else LONG_S
        if stop.code == "epoch":
            return self._restart_epoch(stop.epoch)
        if stop.code == "floor":
            self._rebuild = self._store.mark.epoch
            return 0.0
        if stop.code == "gap" and self._on_store(partial(self._store.send_again, stop.expect)):
            return 0.0
        if stop.code in {"fork", "gap"}:
            self._tell(self._on_store(self._store.become_new))
            self._link.say(
                Text(N_("This desk was copied or set back. It goes on under a new name; your work is kept."))
            )
            return 0.0 if self._link.renew(used) else LONG_S
        if stop.code == "upgrade":
            self._link.say(Text(N_("This Docket is too old for the hub. Update it; your work is kept.")))
            return LONG_S
        log.warning("the hub refused %s: %s", name, stop.code)
        self._link.say(
            stop.text or Text(N_("The hub did not understand this desk. Tell your administrator."))
        )
        return self._last_wait_s

    # --- watchdog -----------------------------------------------------------------------------------

    def _moved(self) -> None:
        self._moved_s, self._moved_at = time.monotonic(), self._store.clock.now()
        if self._rebuild is None:
            self._link.say(self._witness.note)

    def _after_trouble(self, name: str, _state: RetryCallState) -> None:
        """Note the failure; where nothing has moved for too long, begin with a fresh session and say so."""
        self._link.failed()
        mark = self._store.mark
        if not self._store.waiting.count and mark.head <= mark.cursor:
            self._moved_s = time.monotonic()
        elif time.monotonic() - self._moved_s > self._stall_s:
            local = f"{self._moved_at.astimezone():%H:%M}"
            self._link.say(Text(N_("Not syncing since {time}"), {"time": local}))
            transport = self._transports.pop(name, None)
            if transport is not None:
                transport.close()
