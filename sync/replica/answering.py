"""What a desk does when the hub says no: every refusal of the protocol, and what follows from it.

Source: sync.md sections 5, 6, 8.
"""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import partial

from app.ports import Changes
from app.text import N_, Text
from sync.replica.lane import Busy, Lane
from sync.replica.link import Link, OnStore
from sync.replica.parcels import SMALL_BYTES, TOO_LARGE, size_of, unsendable
from sync.replica.store import Store
from sync.transport import Stopped
from sync.wire import PUSH_LIMIT, Stop

LONG_S = 300.0
"""How long a lane rests that only a person or an update can help."""
NEWS_S = 60.0
"""So long at least a clerk can read that the hub was restored, or that this desk has a new name."""

ASIDE = Text(
    N_("The hub cannot take one piece of your work: it waits in the inbox, refused. The rest goes on.")
)

log = logging.getLogger(__name__)


class Answering(ABC):
    """The part of the loops that is spoken to; what it decides is theirs to carry out."""

    _store: Store
    _link: Link
    _on_store: OnStore
    _tell: Callable[[Changes], None]
    _last_wait_s: float
    lanes: dict[str, Lane]
    _rebuild: str | None
    """The epoch to start over with: the replica is thrown away before the next pull."""

    def __init__(self) -> None:
        self._most = PUSH_LIMIT
        """How many commands are sent at once: fewer after the line called them too many."""

    @abstractmethod
    def _say(self, lane: Lane, note: Text | None, keep_s: float = 0.0) -> None:
        """Put what a lane has to say beside the line."""

    @abstractmethod
    def _restart_epoch(self, epoch: str) -> float:
        """Begin with the new life of the hub."""

    def _answer_stop(self, lane: Lane, stopped: Stopped, used: str) -> float:
        stop = stopped.stop
        if stop.code in {"busy", "limited"}:
            raise Busy(stopped.wait_s)
        if stop.code in {"sign_in", "replica"}:
            return 0.0 if self._link.renew(used) else LONG_S
        if stop.code == "epoch":
            return self._restart_epoch(stop.epoch)
        if stop.code == "scope" and stop.reach is not None:
            was = self._store.mark.reach
            if stop.reach.user == self._link.user:  # else it was said to somebody who has left meanwhile
                self._tell(self._on_store(partial(self._store.become, stop.reach)))
                self._link.say_reach(was, stop.reach)
            return 0.0
        if stop.code == "floor":
            self._rebuild = self._store.mark.epoch
            return 0.0
        if stop.code in {"fork", "gap"}:
            return self._count_again(lane, stop, used)
        if stop.code == "upgrade":
            self._say(
                lane,
                stop.text or Text(N_("This Docket is too old for the hub. Update it; your work is kept.")),
            )
            return LONG_S
        if stop.code in {"too_large", "too_many", "bad_request"} and self._lighter(stop.code):
            return 0.0
        log.warning("the hub refused %s: %s", lane.name, stop.code)
        self._say(
            lane, stop.text or Text(N_("The hub did not understand this desk. Tell your administrator."))
        )
        return self._last_wait_s

    def _count_again(self, lane: Lane, stop: Stop, used: str) -> float:
        """Send from the number the hub expects, or take a new name where that number is gone."""
        if stop.code == "gap" and self._on_store(partial(self._store.send_again, stop.expect)):
            return 0.0
        self._tell(self._on_store(self._store.become_new))
        self._say(
            lane,
            Text(N_("This desk was copied or set back. It goes on under a new name; your work is kept.")),
            NEWS_S,
        )
        return 0.0 if self._link.renew(used) else LONG_S

    def _lighter(self, code: str) -> bool:
        """Send less at once, or put aside the one command the hub never takes; False when neither helps.

        Source: sync.md section 3, poison isolation: one bad command must not block what stands behind it.
        """
        self.lanes["push"].stopped = None
        wishes = self._on_store(partial(self._store.outbox.unsent, self._most))
        if code != "bad_request" and len(wishes) > 1:
            self._most = len(wishes) // 2
            return True
        refused = next(((wish, why) for wish in wishes if (why := unsendable(wish)) is not None), None)
        if refused is None and code == "too_large" and wishes and size_of(wishes[0]) > SMALL_BYTES:
            refused = wishes[0], TOO_LARGE
        if refused is None:
            return False
        wish, why = refused
        log.error("command %d (%s) is put aside: %s", wish.n, wish.name, why.code)
        self._tell(self._on_store(partial(self._store.put_aside, wish.n, why)))
        self._say(self.lanes["push"], ASIDE, NEWS_S)
        return True
