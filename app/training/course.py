"""The built-in course, in the order in which a newcomer takes it."""

from __future__ import annotations

from collections.abc import Mapping

import app.training.lessons
from app.registry import collect
from app.training.lesson import Lesson

LESSONS: Mapping[str, Lesson] = collect(app.training.lessons, "LESSON", Lesson)
ORDER: tuple[str, ...] = (
    "find_order", "read_gates", "repair_address", "match_sku", "settle_duplicate", "split_short",
    "snooze_stock", "swap_item", "correct_price", "read_note", "enter_order", "merge_orders", "fix_postcodes",
    "invoice_data", "enter_business_order", "fit_credit", "take_return", "refund_buyer", "reship_lost",
    "pick_and_pack", "ship_parcels", "receive_stock", "count_bin", "grade_return", "sign_review", "hand_over",
)  # fmt: skip
"""What comes when; a test fails on a lesson that is not among them."""


def course() -> tuple[Lesson, ...]:
    """Return the lessons one after the other."""
    return tuple(LESSONS[code] for code in ORDER)
