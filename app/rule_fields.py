"""How a threshold of the rules is written in a field, and read from it."""

from __future__ import annotations

from datetime import time
from decimal import Decimal, InvalidOperation

from app.domain.rules import Rule
from app.domain.written_time import clock_time
from app.text import N_, Text

UNITS = {
    "pct": N_("%"), "h": N_("h"), "min": N_("min"), "days": N_("days"), "pieces": N_("pieces"), "count": "",
    "money": N_("yuan"), "time": "", "yes": "",
}  # fmt: skip


def shown(rule: Rule, value: time | int) -> str:
    """Write a value as its field shows it."""
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if rule.unit == "yes":
        return "1" if value else ""
    return f"{Decimal(value) / 100:,.2f}" if rule.unit == "money" else str(value)


def read_value(rule: Rule, text: str) -> time | int | None:
    """Read a value as it is typed; None where it is none of that unit."""
    text = text.strip().replace(",", "")
    if rule.unit == "time":
        return clock_time(text)
    if rule.unit == "yes":
        return int(bool(text))
    try:
        minor = Decimal(text) * (100 if rule.unit == "money" else 1)
    except InvalidOperation:
        return None
    return int(minor) if minor.is_finite() and minor == minor.to_integral_value() else None


def wrong_value(rule: Rule) -> Text:
    """Say how a value is written, or within which bounds."""
    if rule.unit == "time":
        return Text(N_("Write the time with hours and minutes: 17:00."))
    limits = {"least": shown(rule, rule.least), "most": shown(rule, rule.most)}
    return Text(N_("From {least} to {most}. Change it."), dict(limits))
