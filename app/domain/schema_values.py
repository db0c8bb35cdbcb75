"""Single values of a JSON Schema: which control each wants, and what is wrong with one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from app.text import N_, Text, both

Schema = Mapping[str, Any]
Kind = Literal[
    "text", "lines", "choice", "switch", "number", "duration", "values", "any", "table", "part", "group"
]
LONG = 300
"""A text that may be longer has several lines."""
DURATION = "^(P"
"""How the pattern of a duration begins."""
UNITS = {"S": ("秒", "s"), "M": ("分钟", "min"), "H": ("小时", "h"), "D": ("天", "days")}


def kind_of(shape: Schema, value: Any) -> Kind:
    """Return the control a single value wants."""
    if "enum" in shape:
        return "choice"
    kinds = [one.get("type") for one in shape.get("anyOf", ())]
    if "array" in kinds:
        return "values"
    if kinds or not shape:
        return "any"
    if shape.get("type") == "boolean":
        return "switch"
    if shape.get("type") == "integer":
        return "number"
    if str(shape.get("pattern", "")).startswith(DURATION):
        return "duration"
    is_long = shape.get("maxLength", 0) > LONG or (isinstance(value, str) and "\n" in value)
    return "lines" if is_long else "text"


def wrong_value(shape: Schema, value: Any) -> Text | None:
    """Say what is wrong with a single value."""
    if "enum" in shape:
        return None if value in shape["enum"] else Text(N_("Choose one of the list."))
    kind = shape.get("type")
    if kind == "integer":
        if not isinstance(value, int) or isinstance(value, bool):
            return Text(N_("This must be a whole number."))
        least, most = shape.get("minimum", value), shape.get("maximum", value)
        if not least <= value <= most:
            return Text(N_("From {least} to {most}."), {"least": least, "most": most})
    if kind == "boolean" and not isinstance(value, bool):
        return Text(N_("This must be yes or no."))
    if kind == "string":
        if not isinstance(value, str):
            return Text(N_("This must be a text."))
        if len(value) > shape.get("maxLength", len(value)):
            return Text(N_("At most {most} characters."), {"most": shape["maxLength"]})
        if str(shape.get("pattern", "")).startswith(DURATION) and not is_duration(value):
            return Text(N_("Say how long: a number and its unit."))
    return None


def said_duration(value: str) -> str:
    """Say a duration as people do."""
    chinese, english = UNITS[value[-1]]
    count = value[:-1].lstrip("PT")
    return both(f"{count} {chinese}", f"{count} {english}")


def is_duration(value: str) -> bool:
    """Tell whether it is written as one: PT30M."""
    digits = value[2:-1] if value.startswith("PT") else value[1:-1]
    is_unit = value[-1:] in ("H", "M", "S") if value.startswith("PT") else value[-1:] == "D"
    return value.startswith("P") and is_unit and digits.isascii() and digits.isdigit() and len(digits) < 6
