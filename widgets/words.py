"""Words, money, times and masks in the language on screen: the one place where a message is translated."""

from __future__ import annotations

import gettext
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, tzinfo
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from PySide6.QtCore import QObject, Signal

import resources
from app.domain.mask import MOBILE_DIGITS
from app.domain.said_time import day_said
from app.text import BOTH, N_, Text

LANGUAGES: Final = ("zh_CN", "en")
_DAYS: Final = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))
_SIGNS: Final = {
    "CNY": "¥", "JPY": "JP¥", "INR": "₹", "BRL": "R$", "USD": "$", "GBP": "£", "EUR": "€", "HKD": "HK$",
    "TWD": "NT$", "SGD": "S$", "AUD": "A$", "CAD": "C$", "KRW": "₩", "VND": "₫", "PHP": "₱", "NGN": "₦",
    "TRY": "₺", "RUB": "₽", "MXN": "MX$", "MYR": "RM", "IDR": "Rp",
}  # fmt: skip
_PLACES: Final = {"JPY": 0, "KRW": 0, "VND": 0, "CLP": 0, "KWD": 3, "BHD": 3, "JOD": 3, "OMR": 3, "TND": 3}


class LanguageNotifier(QObject):
    """Says that the language changed; whoever shows words sets them again."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.language = "zh_CN"
        self.catalogue: gettext.NullTranslations = _catalogue("zh_CN", None)


def _catalogue(code: str, folder: Path | None) -> gettext.NullTranslations:
    return gettext.translation("docket", folder or resources.path("locale"), [code], fallback=True)


_notifier = LanguageNotifier()


def notifier() -> LanguageNotifier:
    """The one notifier of this process."""
    return _notifier


def on_change(callback: Callable[[], object]) -> None:
    """Call back after every change of language, as long as the callback's widget lives."""
    _notifier.changed.connect(callback)


def set_language(code: str, folder: Path | None = None) -> None:
    """Speak another language from now on; a message without a translation is shown as it was written."""
    if code not in LANGUAGES:
        raise ValueError(f"no language {code}: there are {LANGUAGES}")
    _notifier.language = code
    _notifier.catalogue = _catalogue(code, folder)
    _notifier.changed.emit()


def language() -> str:
    """The language on screen."""
    return _notifier.language


_COUNTED: Final = (
    "answer", "article", "bin", "case", "character", "command", "crash", "customer", "day", "digit", "field",
    "filter", "hit", "line", "name", "order", "other", "piece", "place", "row", "signature", "symbol", "time",
    "view",
)  # fmt: skip
_ONE: Final = re.compile(rf"(?<![\d.,/])1 ({'|'.join(_COUNTED)})e?s\b")
"""One of a thing that English sentences count; they are written for several."""


def tr(message: str, **params: str | int | Text) -> str:
    """A message in the language on screen, its `{named}` places filled."""
    if not message:
        return ""  # gettext answers the empty message with the catalogue's head
    shown = _half(message) if BOTH in message else _notifier.catalogue.gettext(message)
    if not params:
        return shown
    filled = {name: trn(value) if isinstance(value, Text) else value for name, value in params.items()}
    said = shown.format_map(filled)
    return _ONE.sub(r"1 \1", said) if _notifier.language == "en" else said


def named(name: str) -> str:
    """A name somebody gave, in the language on screen where they gave it in both; never translated."""
    return _half(name) if BOTH in name else name


def _half(name: str) -> str:
    chinese, _, english = name.partition(BOTH)
    return english if _notifier.language == "en" else chinese


def trn(text: Text) -> str:
    """A sentence from `app` in the language on screen, and its parameters with it."""
    return tr(text.message, **text.params)


# --- numbers --------------------------------------------------------------------------------------------


def money(minor: int, currency: str) -> str:
    """An amount with its sign, thousands and all its places: ¥1,298.00.

    Units: `minor` is fen, cents, paise, … of `currency` (ISO 4217).
    """
    after = places(currency)
    whole, rest = divmod(abs(minor), 10**after)
    sign = _SIGNS.get(currency, currency + " ")
    return f"{'−' if minor < 0 else ''}{sign}{whole:,}" + (f".{rest:0{after}}" if after else "")


def places(currency: str) -> int:
    """How many figures of an amount stand after the point."""
    return _PLACES.get(currency, 2)


def count(n: int) -> str:
    """A number of things: 1,284."""
    return f"{n:,}".replace("-", "−")


# --- times ----------------------------------------------------------------------------------------------


def clock(at: datetime, zone: tzinfo | str) -> str:
    """The time of day there, 24 hours: 14:34."""
    return f"{at.astimezone(_zone(zone)):%H:%M}"


def today() -> date:
    """The date on the wall of this PC, where a field needs one before the hub's time is known."""
    return datetime.now(UTC).astimezone().date()


def day_there(at: datetime, zone: tzinfo | str) -> date:
    """The date on the walls there; between its midnight and that of UTC it is another than in UTC."""
    return at.astimezone(_zone(zone)).date()


def day(on: date) -> str:
    """A date without its year: 6月13日 周六, Sat 13 Jun."""
    return tr("{weekday} {day} {month}", weekday=weekday(on), **day_said(on).params)


def weekday(on: date) -> str:
    """The day of the week: 周六, Sat."""
    return tr(_DAYS[on.weekday()])


def short_day(on: date) -> str:
    """A date inside a sentence: 6月13日, 13 Jun."""
    return trn(day_said(on))


def moment(at: datetime, zone: tzinfo | str, today_on: date) -> str:
    """A point in time: today without a date, any other day with it."""
    there = at.astimezone(_zone(zone))
    time = clock(at, zone)
    return time if there.date() == today_on else f"{short_day(there.date())} {time}"


def span(seconds: float) -> str:
    """A length of time in its two largest units: 1 时 26 分, 1 h 26 min."""
    whole = int(abs(seconds))
    days, hours, minutes = whole // 86_400, whole // 3_600 % 24, whole // 60 % 60
    if days:
        return tr("{days} d {hours} h", days=days, hours=hours) if hours else tr("{days} d", days=days)
    if hours:
        both = tr("{hours} h {minutes} min", hours=hours, minutes=minutes)
        return both if minutes else tr("{hours} h", hours=hours)
    return tr("{minutes} min", minutes=minutes) if minutes else tr("{seconds} s", seconds=whole)


def left(seconds: float) -> str:
    """What is left of a time limit, or by how much it is past: 剩 4 分, 超时 6 分."""
    return tr("{time} over", time=span(seconds)) if seconds < 0 else tr("{time} left", time=span(seconds))


def stopwatch(seconds: float) -> str:
    """A running time, minutes and seconds: 02:13, and 1:02:13 from an hour on."""
    whole = int(seconds)
    hours, minutes, rest = whole // 3_600, whole // 60 % 60, whole % 60
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes:02}:{rest:02}"


def _zone(zone: tzinfo | str) -> tzinfo:
    return ZoneInfo(zone) if isinstance(zone, str) else zone


# --- people ---------------------------------------------------------------------------------------------


def mask_name(name: str) -> str:
    """A person in a list: 季**."""
    return f"{name[0]}**" if name else ""


def mask_phone(phone: str) -> str:
    """A number one can recognise but not call: 138****0000.

    The stars are always four, so a number short of digits still looks short; fewer than seven digits show
    no more than their last two, a longer one with signs, as abroad, no more than its last four.
    """
    if len(phone) > MOBILE_DIGITS and not phone.isdecimal():
        return f"{phone[:3]}****{phone[-4:]}"
    if len(phone) < 7:
        return f"****{phone[-2:]}" if phone else ""
    return f"{phone[:3]}****{phone[7:]}"
