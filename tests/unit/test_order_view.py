"""What somebody chose to see, in words, and what that means at a given moment."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest

from app.domain.order_view import (
    COLUMNS,
    SORTS,
    USUAL,
    OrderView,
    Question,
    Shown,
    minor_of,
    shown,
    span_of,
)

NOW = datetime(2026, 6, 13, 17, 30, tzinfo=UTC)
"""01:30 on the 14th in the shop."""
ZONE = "Asia/Shanghai"


def at(day: int, month: int = 6) -> datetime:
    """Midnight in the shop."""
    return datetime(2026, month, day - 1, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("question", "span"),
    [
        (Question(), (None, None)),
        (Question(period="today"), (at(14), None)),
        (Question(period="2d"), (at(13), None)),
        (Question(period="7d"), (at(8), None)),
        (Question(since_on="2026-06-03"), (at(3), None)),
        (Question(until_on="2026-06-03"), (None, at(4))),
        (Question(since_on="2026-06-03", until_on="2026-06-03"), (at(3), at(4))),
        (Question(since_on="soon", until_on="2026-13-01"), (None, None)),
        (Question(period="unknown"), (None, None)),
    ],
)
def test_a_period_is_counted_by_the_clock_of_the_shop(
    question: Question, span: tuple[datetime | None, datetime | None]
) -> None:
    assert span_of(question, ZONE, NOW) == span


@pytest.mark.parametrize(
    ("typed", "minor"),
    [
        ("", None), ("12", 1_200), ("12.5", 1_250), ("1,298.00", 129_800), ("¥88", 8_800), (" 0 ", 0),
        ("-5", -500), ("much", None), ("NaN", None), ("1e999", None), ("Infinity", None),
    ],
)  # fmt: skip
def test_an_amount_is_read_as_typed_or_not_at_all(typed: str, minor: int | None) -> None:
    assert minor_of(typed) == minor


def test_columns_that_are_gone_or_twice_are_left_out_and_something_is_always_shown() -> None:
    assert shown((Shown("buyer", 90), Shown("gone"), Shown("number"), Shown("buyer", 120))) == (
        Shown("buyer", 120),
        Shown("number"),
    )
    assert shown(()) == (Shown("number"),)
    assert {*USUAL, *SORTS} <= set(COLUMNS)


def test_a_view_reads_back_as_it_was_kept() -> None:
    view = OrderView(
        name="待发货 大单", question=Question(status="released", least="1000"), columns=(Shown("amount"),),
        sort="amount", is_rising=True,
    )  # fmt: skip
    assert msgspec.json.decode(msgspec.json.encode(view), type=OrderView) == view
