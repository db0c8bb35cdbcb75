"""Single values of a record, read as the manifest says: exact money, instants, ids as text.

Source: channels.md sections 1.3 and 5.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from app.domain.money import PLACES
from app.text import N_, Text
from sync.channel import MOST_MINOR, Unreadable
from sync.manifest.map_block import Value
from sync.manifest.paths import BadPath, compute, get, number, written

TEXT_MOST = 2000
MOST_BYTES = 8 * 1024 * 1024
FIRST_YEAR, LAST_YEAR = 1970, 5000
"""What is no date of an order, and would leave the calendar in another zone."""
_ODD = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")
"""How JSON may write what is no character: half of one, or none."""
_NO_CHARACTER = re.compile("[\0\ud800-\udfff]")
_SHORTENED = re.compile(r"\d+(\.\d+)?[eE]\+\d+")
_TRUE = frozenset({"1", "true", "yes"})
_SERIAL_DAY = datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet's own day, no instant


class Terms(NamedTuple):
    """What the map says for all of its fields."""

    unit: str
    currency: str
    tz: str
    null_times: Sequence[str] = ()


def document(content: bytes) -> Any:
    """Read JSON with amounts exact and ids whole; what is no character is shown as one that is missing.

    A buyer's name that was cut inside an emoji must not hold up the order, nor those on its page.

    Raises:
        Unreadable: too large, or no JSON.
    """
    if len(content) > MOST_BYTES:
        raise Unreadable(Text(N_("The payload is larger than {most} MB."), {"most": MOST_BYTES // 2**20}))
    try:
        written_json = content.decode("utf-8-sig")
        found = json.loads(written_json, parse_float=Decimal, parse_constant=_no_number)
        return _legible(found) if _ODD.search(written_json) else found
    except (ValueError, RecursionError):
        raise Unreadable(Text(N_("The payload is no JSON. Read the order from the channel again."))) from None


def _legible(node: Any) -> Any:
    if isinstance(node, str):
        return _NO_CHARACTER.sub("\ufffd", node)
    if isinstance(node, dict):
        return {_legible(key): _legible(value) for key, value in node.items()}
    return [_legible(one) for one in node] if isinstance(node, list) else node


def _no_number(_name: str) -> None:
    return None


def read(name: str, spec: Value, node: Any, terms: Terms) -> Any:
    """Read one field; None where it is not there.

    Raises:
        Unreadable: it is required and missing, or is not what the manifest says it is.
    """
    try:
        found = _read(name, spec, node, terms)
    except BadPath as wrong:
        raise Unreadable(Text(N_("{column}: {what}"), {"column": name, "what": wrong.text})) from None
    if found is None and spec.required:
        raise Unreadable(Text(N_("No {column}. Fill it in."), {"column": _place(name, spec)}))
    return found


def _place(name: str, spec: Value) -> str:
    return spec.path or (spec.column[0] if spec.column else name)


def _read(name: str, spec: Value, node: Any, terms: Terms) -> Any:
    if spec.const is not None:
        return spec.const
    value = _raw(spec, node)
    if spec.enum is not None:
        return spec.enum.get(written(value).strip(), spec.default)
    if value is None:
        return spec.default
    match spec.type:
        case "money":
            return money(_place(name, spec), value, spec.unit or terms.unit, terms.currency, bool(spec.expr))
        case "int":
            return _count(_place(name, spec), value)
        case "time":
            return instant(_place(name, spec), value, terms, spec.formats)
        case "epoch" | "epoch_ms":
            return _epoch(_place(name, spec), value, 1000 if spec.type == "epoch_ms" else 1, terms)
        case "bool":
            return written(value).strip().lower() in _TRUE
        case _:
            return text(_place(name, spec), value, is_id=spec.type == "text", is_encrypted=spec.encrypted)


def _raw(spec: Value, node: Any) -> Any:
    if spec.expr:
        return compute(spec.expr, node)
    if spec.column:
        return next(
            (node[name] for name in spec.column if isinstance(node, Mapping) and node.get(name)), None
        )
    return get(node, spec.path)


def text(place: str, value: Any, *, is_id: bool = False, is_encrypted: bool = False) -> str | None:
    """Read text; what only the channel can decrypt is shown as it shows it: as stars.

    Raises:
        Unreadable: longer than anything a person writes, or an id a spreadsheet destroyed.
    """
    if isinstance(value, dict | list):
        raise Unreadable(
            Text(N_("{column} is no single value. Choose a field inside it."), {"column": place})
        )
    found = written(value).strip()
    if is_id:
        found = found.strip('"')
        if _SHORTENED.fullmatch(found):
            raise Unreadable(
                Text(
                    N_(
                        "{column} was shortened by a spreadsheet."
                        " Export the file again and do not save it there."
                    ),
                    {"column": place},
                )
            )
    if len(found) > TEXT_MOST:
        raise Unreadable(
            Text(N_("{column} is longer than {limit} characters."), {"column": place, "limit": TEXT_MOST})
        )
    if is_encrypted and _is_cipher(found):
        return "***"
    return found or None


def _is_cipher(found: str) -> bool:
    """Tell ciphertext from a name: the marks of Pinduoduo and Douyin, or base64 as long as no name is."""
    return found[0:1] in ("~", "#", "$") or re.fullmatch(r"[A-Za-z0-9+/]{32,}={0,2}", found) is not None


def money(place: str, value: Any, unit: str, currency: str, is_computed: bool = False) -> int:
    """Read an amount in its declared unit, as minor units.

    Raises:
        Unreadable: no amount, finer than the smallest coin, too large, or what can only be a mix-up of units.
    """
    amount = number(value)
    if unit == "cents":
        minor = amount
    else:
        minor = amount.scaleb(PLACES.get(currency, 2))
        is_whole = isinstance(value, int) and 1000 <= abs(amount) <= MOST_MINOR
        if unit == "yuan" and is_whole and amount % 100 == 0:
            raise Unreadable(
                Text(
                    N_("{column} looks like fen where yuan are expected. Check its unit."), {"column": place}
                )
            )
    if is_computed:
        minor = minor.to_integral_value(ROUND_HALF_UP)
    if minor != minor.to_integral_value():
        raise Unreadable(
            Text(N_("{column} is finer than the smallest coin. Check its unit."), {"column": place})
        )
    if abs(minor) > MOST_MINOR:
        raise Unreadable(Text(N_("{column} is too large to be an amount."), {"column": place}))
    return int(minor)


def _count(place: str, value: Any) -> int:
    amount = number(value)
    if amount != amount.to_integral_value() or not 0 <= amount <= 10**9:
        raise Unreadable(Text(N_("{column} is not a number of pieces."), {"column": place}))
    return int(amount)


def _epoch(place: str, value: Any, per_second: int, terms: Terms) -> datetime | None:
    if written(value) in terms.null_times or value in (0, "0"):
        return None
    amount = number(value)
    if not 0 < amount / per_second < 10**11:
        raise Unreadable(Text(N_("{column} is not a date."), {"column": place}))
    return datetime.fromtimestamp(float(amount) / per_second, UTC)


def instant(place: str, value: Any, terms: Terms, formats: Sequence[str] = ()) -> datetime | None:
    """Read a time; one without a zone is the channel's own.

    Raises:
        Unreadable: no date.
    """
    found = written(value).strip()
    if not found or found in terms.null_times:
        return None
    for form in (*formats, "") if formats else ("",):
        at = _parsed(found, form, terms)
        if at is not None and FIRST_YEAR <= at.year <= LAST_YEAR:
            return at
    raise Unreadable(Text(N_("{column} is not a date."), {"column": place}))


def _parsed(found: str, form: str, terms: Terms) -> datetime | None:
    """Return the instant; None where it is none, or lies beyond what a calendar holds."""
    try:
        at = _local(found, form)
        return (at if at.tzinfo else at.replace(tzinfo=ZoneInfo(terms.tz))).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _local(found: str, form: str) -> datetime:
    if form == "excel_serial":
        return _SERIAL_DAY + timedelta(seconds=round(float(found) * 86_400))
    if form:
        return datetime.strptime(found, form)  # noqa: DTZ007 - the zone is given by the map
    if found.isascii() and found.isdigit() and len(found) in (10, 13):
        return datetime.fromtimestamp(int(found) / (1000 if len(found) == 13 else 1), UTC)
    return datetime.fromisoformat(found)


def version(value: Any, terms: Terms) -> str:
    """Write a version so that a newer one is greater as text: numbers padded, times in one zone."""
    found = written(value).strip().strip('"')
    if found.isascii() and found.isdigit():
        return found.zfill(20)
    at = _parsed(found, "", terms)
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ") if at is not None else found[:64]
