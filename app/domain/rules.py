"""Thresholds the business may change without a release; `resources/rules/default.toml` holds the defaults."""

from __future__ import annotations

from datetime import time

import msgspec


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """One published set of rules. Units stand in the names; `_pct` is whole percent."""

    rev: int = 0
    review_from: time = time(21, 0)
    review_until: time = time(7, 0)
    review_above_minor: int = 100_000
    review_signatures: int = 2
    price_floor_pct: int = 60
    price_ceiling_pct: int = 140
    duplicate_window_h: int = 72
    duplicate_score_pct: int = 75
    unpaid_after_min: int = 30
    late_after_pct: int = 80
    ship_within_h: int = 24
    snag_goal_min: int = 28
