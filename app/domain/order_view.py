"""What somebody wants to see of all orders: which ones, which columns, in which order; a view has a name.

A question keeps what was chosen in words ("the last 7 days"), so that a saved view means the same next week.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

import msgspec

from app.domain.kind_names import called_now
from app.text import N_

COLUMNS: dict[str, str] = {
    "number": N_("Order"),
    "status": N_("State"),
    "snag": N_("Exception"),
    "channel": N_("Channel"),
    "shop": N_("Shop"),
    "ext_id": N_("Channel id"),
    "buyer": N_("Buyer"),
    "phone": N_("Phone"),
    "place": N_("Place"),
    "pieces": N_("Pieces"),
    "amount": N_("Amount"),
    "warehouse": N_("Warehouse"),
    "tracking": N_("Tracking number"),
    "ordered": N_("Ordered"),
    "received": N_("Received"),
    "ship_by": N_("Ship by"),
    "held": N_("On hold"),
    "touched": N_("Touched"),
}
"""Every column a list of orders may have, by its code."""
USUAL = (
    "number", "status", "snag", "channel", "shop", "buyer", "place", "pieces", "amount", "received",
)  # fmt: skip
"""The columns of somebody who never chose."""
SORTS = ("received", "ordered", "ship_by", "amount")
"""Columns a list may be sorted by: those with an index."""
PERIODS: dict[str, str] = {
    "": N_("Any time"),
    "today": N_("Today"),
    "2d": N_("Since yesterday"),
    "7d": N_("Last 7 days"),
    "30d": N_("Last 30 days"),
}
_DAYS = {"today": 1, "2d": 2, "7d": 7, "30d": 30}
NAME_MAX = 40
VIEWS_MAX = 50


class Shown(msgspec.Struct, frozen=True, array_like=True):
    """One column as somebody wants it. Units: `width` in pixels of the grid, 0 as it comes."""

    code: str
    width: int = 0


class Question(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Which orders: words, and filters as they were chosen; empty means all.

    Units: `least`, `most` in whole units of the currency, as typed.
    """

    text: str = ""
    status: str = ""
    shop: str = ""
    kind: str = ""
    warehouse: str = ""
    held: str = ""
    touched: str = ""
    after_sales: str = ""
    """A stage of `aftersale.STAGES` at which one of its cases stands."""
    period: str = ""
    """A code of `PERIODS`; `since_on` and `until_on` count without one."""
    since_on: str = ""
    until_on: str = ""
    least: str = ""
    most: str = ""

    def __post_init__(self) -> None:
        """Read an older name of the type of exception as the present one."""
        if self.kind:
            msgspec.structs.force_setattr(self, "kind", called_now(self.kind))


class OrderView(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A question with its columns and its order, under a name."""

    name: str = ""
    question: Question = Question()
    columns: tuple[Shown, ...] = tuple(Shown(code) for code in USUAL)
    sort: str = "received"
    is_rising: bool = False


class SharedView(msgspec.Struct, frozen=True, kw_only=True):
    """A view that somebody published for everybody under the name `title`; off once it is gone."""

    code: str
    title: str
    view: OrderView
    active: bool = True
    rev: int = 0


def is_view_name(name: str) -> bool:
    """Tell whether a view may be called so."""
    return 0 < len(name) <= NAME_MAX and name.isprintable() and name == " ".join(name.split())


FILTERS = tuple(name for name in Question.__struct_fields__ if name != "text")


def span_of(question: Question, zone: str, now: datetime) -> tuple[datetime | None, datetime | None]:
    """Return the first instant of the period and the first after it, by the clock of `zone`."""
    place = ZoneInfo(zone)
    if question.period in _DAYS:
        today_on = now.astimezone(place).date()
        return _midnight(today_on - timedelta(days=_DAYS[question.period] - 1), place), None
    since_on, until_on = day_of(question.since_on), day_of(question.until_on)
    return (
        _midnight(since_on, place) if since_on else None,
        _midnight(until_on + timedelta(days=1), place) if until_on else None,
    )


def day_of(typed: str) -> date | None:
    """Return the day an answer names; None when it names none."""
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def minor_of(typed: str) -> int | None:
    """Return an amount as typed, in hundredths; None when it is no amount."""
    try:
        amount = Decimal(typed.replace(",", "").strip("¥￥ "))
    except InvalidOperation:
        return None
    return int(amount * 100) if amount.is_finite() and abs(amount) < Decimal(10) ** 12 else None


def _midnight(on: date, place: ZoneInfo) -> datetime:
    return datetime.combine(on, time(), place)


def shown(columns: tuple[Shown, ...]) -> tuple[Shown, ...]:
    """Return the columns that exist, each once; a list without any shows its number."""
    known = {each.code: each for each in columns if each.code in COLUMNS}
    return tuple(known.values()) or (Shown("number"),)
