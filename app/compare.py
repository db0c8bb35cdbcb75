"""Three sides of one change, part by part: as the person saw it, as somebody else made it, as the person did.

Source: capabilities 14.4, the three-way view by field.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

import msgspec

from app.domain.aftersale import STATE_TITLES
from app.domain.amendment import fields_said
from app.domain.mask import mask_name, mask_phone
from app.domain.money import shown
from app.domain.order import TITLES, Line, Order
from app.domain.parts import ACCOUNT, LINES, MEMO, NAME, PHONE, PLACE, value_of
from app.domain.place_line import written
from app.text import Text

HIDDEN = "****"


class SideRow(msgspec.Struct, frozen=True, kw_only=True):
    """One part from three sides. `is_disputed`: both changed it, and a person must choose."""

    part: str
    label: Text
    before: str
    theirs: str
    mine: str
    is_disputed: bool
    is_words: bool = False
    """The sides are words to translate, not somebody's own."""
    choice: str = ""
    """mine | theirs, once chosen."""


def compared(
    parts: tuple[str, ...],
    sides: tuple[Order, Order, Order],
    disputed: tuple[str, ...],
    zone: str,
    *,
    is_masked: bool,
) -> tuple[SideRow, ...]:
    """Say every part anybody changed; `sides` are before, theirs and mine. What is disputed comes first."""
    rows = []
    for part in dict.fromkeys((*disputed, *parts)):
        before, theirs, mine = (said(order, part, zone, is_masked=is_masked) for order in sides)
        is_disputed = part in disputed
        values = [value_of(order, part) for order in sides]
        if is_disputed or not values[0] == values[1] == values[2]:
            rows.append(
                SideRow(
                    part=part,
                    label=_label(part, sides),
                    before=before,
                    theirs=theirs,
                    mine=mine,
                    is_disputed=is_disputed,
                    is_words=part in {"status", "returns"},
                )
            )
    return tuple(rows)


def _label(part: str, sides: tuple[Order, ...]) -> Text:
    if part.startswith("lines.") and part != LINES:
        lines = [found for order in sides if (found := _line(order, part)) is not None]
        return Text(
            "{title}", {"title": lines[0].title or lines[0].sku or lines[0].ext_sku if lines else "?"}
        )
    return fields_said((part,))


def said(order: Order, part: str, zone: str, *, is_masked: bool) -> str:
    """A part in words or figures. Who must choose between two phones has to see them; others read masks."""
    if part == NAME:
        return mask_name(order.receiver.name) if is_masked else order.receiver.name
    if part == PHONE:
        return mask_phone(order.receiver.phone) if is_masked else order.receiver.phone
    if part == ACCOUNT:
        return mask_name(order.receiver.account) if is_masked else order.receiver.account
    if part == PLACE:
        region, street = order.region, HIDDEN if is_masked else order.receiver.street
        code = region.postcode if region.country == "CN" else ""
        return " ".join(filter(None, (written(region, street), code)))
    if part == MEMO:
        return HIDDEN if is_masked and order.receiver.memo else order.receiver.memo
    if part == LINES:
        return ", ".join(f"{line.sku or line.ext_sku} × {line.qty}" for line in order.lines)
    if part.startswith("lines."):
        line = _line(order, part)
        if line is None:
            return ""
        return f"{line.sku or line.ext_sku} × {line.qty} · {shown(line.unit_price_minor, order.currency)}"
    return _plain(order, part, zone)


def _plain(order: Order, part: str, zone: str) -> str:
    value = value_of(order, part)
    if part == "status":
        return TITLES[order.status]
    if part == "returns":
        return STATE_TITLES[order.returns[-1].state] if order.returns else ""
    if part == "pause":
        return order.pause.reason if order.pause is not None else ""
    if part == "settled":
        return ", ".join(one.reason or one.kind for one in order.settled)
    if part.endswith("_minor"):
        return shown(value, order.currency)
    if part.endswith("_at"):
        return f"{value.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}" if value is not None else ""
    return str(value)


def _line(order: Order, part: str) -> Line | None:
    wanted = part.removeprefix("lines.")
    return next((line for line in order.lines if line.id == wanted), None)
