"""One direction of the line: when it last moved, what the hub last said no with, what it has to say."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from datetime import datetime

from app.text import N_, Text
from app.trouble import Trouble
from sync.transport import Transport
from sync.wire import Stop

NO_PROGRESS = "no_progress"


class Busy(Trouble):
    """The hub asks to be left alone for a while. Units: `wait_s` seconds."""

    def __init__(self, wait_s: float) -> None:
        super().__init__("hub_busy", Text(N_("The hub is busy.")), retry=True)
        self.wait_s = wait_s


@dataclass
class Lane:
    """One direction: its thread's wake-up, its session, and since when it has not moved."""

    name: str
    moved_at: datetime
    moved_s: float = field(default_factory=time.monotonic)
    failing_from_s: float | None = None
    wake: threading.Event = field(default_factory=threading.Event)
    transport: Transport | None = None
    note: Text | None = None
    stopped: Stop | None = None
    """What the hub last said no with, while nothing has moved since."""
    kept_until_s: float = 0.0
    """Until then the note stays, even though the lane moves again."""
    is_broken_off: bool = False
    """What it asked last was given up by this desk itself."""

    def break_off(self) -> None:
        """Stop waiting for the hub: there is something newer to ask."""
        self.is_broken_off = True
        if (transport := self.transport) is not None:
            transport.break_off()

    def stuck_on(self, stop: Stop) -> None:
        """Note what the hub said no with; once it is answered, something must move before it is said again.

        Source: sync.md section 6, watchdog: a hub that repeats itself is a line that does not move.

        Raises:
            Trouble: no_progress.
        """
        was, self.stopped = self.stopped, stop
        if was == stop:
            hint = Text(N_("The hub keeps asking for the same again. Docket fetches its rows anew."))
            raise Trouble(NO_PROGRESS, hint, retry=True)

    def drop_session(self) -> None:
        """Begin with a fresh session next time."""
        if self.transport is not None:
            self.transport.close()
            self.transport = None
