"""The list of buyers who are not served without looking: what was held against one, and by whom."""

from __future__ import annotations

from datetime import datetime

import msgspec

from app.text import N_

WHAT: dict[str, str] = {
    "refused": N_("Refuses parcels"),
    "unpaid": N_("Takes payments back"),
    "abuse": N_("Abuses returns"),
    "other": N_("Another reason"),
}
"""A fixed list, so that lists can be counted."""
CODES = {title: code for code, title in WHAT.items()}


class Watch(msgspec.Struct, frozen=True):
    """Why somebody is listed. `what` is a code of `WHAT`; `reason` says more and names nobody."""

    what: str
    reason: str
    by: str
    at: datetime
