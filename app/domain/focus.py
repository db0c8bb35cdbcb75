"""How long somebody was at one order, without a word of what they did there.

Source: capabilities 10, focus; no keystroke is ever noted.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

IDLE_S = 60
"""The clock stops so long after the last key or click. Units: seconds."""
SPANS_MOST = 60
"""How many spans one command may note."""
LONGEST = timedelta(hours=12)
NAME_MOST = 128


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """One stay at an order (`subject`: its id, or a case's), for one type of exception or for none.

    `touch_s` is what is left of it without the pauses. Units: seconds.
    """

    subject: str
    since: datetime
    until: datetime
    touch_s: int
    kind: str = ""

    @property
    def is_sound(self) -> bool:
        """Tell whether this can have happened."""
        whole = self.until - self.since
        named = 0 < len(self.subject) <= NAME_MOST and len(self.kind) <= NAME_MOST
        return named and 0 < self.touch_s <= whole.total_seconds() + 1 and whole <= LONGEST
