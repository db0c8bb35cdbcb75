"""Orders whose place, carrier or way was decided anew, read off the journal.

Source: capabilities 6.3, 6.6, 6.7.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from app.domain.carrier_events import TAKEN_ANEW
from app.domain.stock_events import RESERVED_ANEW
from app.figures import Replan, ReplanReport
from app.insight.handling_table import Cell
from app.insight.voucher_table import amount
from app.text import N_, Text

PLACE, CARRIER, WAY = "place", "carrier", "way"
TITLES = {PLACE: N_("Warehouse"), CARRIER: N_("Carrier"), WAY: N_("Way")}
SIGNS = (RESERVED_ANEW, TAKEN_ANEW)
"""What the journal says of them."""
COLUMNS = (
    N_("First day"), N_("Last day"), N_("Time zone"), N_("Order"), N_("Planned anew (UTC)"),
    N_("Decided anew"), N_("Before"), N_("Now"), N_("Reason"), N_("Done by"), N_("Difference"),
    N_("Currency"), N_("Hours later"),
)  # fmt: skip


def replans(order: str, number: str, at: datetime, by: str, texts: Sequence[Text]) -> Iterator[Replan]:
    """Yield what one entry of the journal says was decided anew."""
    for text in texts:
        if text.message not in SIGNS:
            continue
        said = text.params
        before, why, after = (_said(said.get(name)) for name in ("before", "why", "after"))
        is_place = text.message == RESERVED_ANEW
        yield Replan(
            order=order,
            number=number,
            at=at,
            what=PLACE if is_place else _what(before, after),
            before=before,
            after=Text("{warehouse}", {"warehouse": str(said["warehouse"])}) if is_place else after,
            why=why,
            by=by,
            extra_minor=_count(said.get("extra_minor")),
            extra_h=_count(said.get("extra_h")),
            currency=str(said["currency"]),
        )


def table(report: ReplanReport) -> list[list[Cell]]:
    """Return the lines of a file."""
    days = (f"{report.since:%Y-%m-%d}", f"{report.until - timedelta(days=1):%Y-%m-%d}")
    return [
        [
            *days, report.zone, one.number, f"{one.at:%Y-%m-%d %H:%M:%S}", Text(TITLES[one.what]), one.before,
            one.after, one.why, one.by,
            amount(one.extra_minor, one.currency) if one.extra_minor is not None else "", one.currency,
            one.extra_h if one.extra_h is not None else "",
        ]
        for one in report.replans
    ]  # fmt: skip


def _what(before: Text, after: Text) -> str:
    return WAY if before.params.get("carrier") == after.params.get("carrier") else CARRIER


def _said(value: object) -> Text:
    return value if isinstance(value, Text) else Text("")


def _count(value: object) -> int | None:
    return value if isinstance(value, int) else None
