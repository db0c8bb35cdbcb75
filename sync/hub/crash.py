"""Die on purpose, where a fault test wants it: DOCKET_CRASH_POINT=before_commit, or before_commit:0.02."""

from __future__ import annotations

import os
import random

POINTS = (
    "mid_tx", "before_commit", "after_commit", "before_ack",
    "effect_leased", "effect_looked_up", "effect_called", "effect_recorded",
)  # fmt: skip
_WANTED, _, _CHANCE = os.environ.get("DOCKET_CRASH_POINT", "").partition(":")


def crash_point(name: str) -> None:
    """Die as kill -9 would, if this is the point and the dice agree."""
    if name == _WANTED and random.random() < float(_CHANCE or 1):  # noqa: S311 - dice, not secrets
        os._exit(137)
