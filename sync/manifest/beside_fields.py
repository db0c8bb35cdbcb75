"""What a channel says beyond the fields of an order, read for people: nothing in here holds an order up."""

from __future__ import annotations

import re
from typing import Any

from app.domain.beside import EXTRAS_MOST, VALUE_MOST, Extra
from app.text import both
from sync.channel import Unreadable
from sync.manifest.map_block import ExtraField, Map, Value
from sync.manifest.paths import get, is_spoken_of, written
from sync.manifest.values import Terms, read, text

SEVERAL_MOST = 8
"""So many stand beside each other."""
_PERSON = re.compile(r"[^\s@,;:]+@[^\s@,;]+|(?<!\d)1[3-9]\d{9}(?!\d)|\+\d[\d ()-]{6,}\d")
"""What looks like the address or number of somebody, wherever it stands."""
_KINDS = {"": "text", "person": "person", "money": "money", "bool": "yes"}


def extras_in(mapping: Map, record: Any, terms: Terms) -> list[Extra]:
    """Return what a record says of them; one that is there and says nothing has an empty value.

    One that cannot be read is left out: the order is whole without it.
    """
    found = []
    for name, field in list(mapping.extras.items())[:EXTRAS_MOST]:
        try:
            value = _value(name, field, record, terms)
        except Unreadable:
            continue
        if value is None:
            continue
        kind = "word" if field.words else _KINDS.get(field.type, "time")
        is_personal = field.personal or field.type == "person"
        if kind == "text" and not is_personal:
            value = _PERSON.sub("***", value)
        label = both(field.label.zh or field.label.en, field.label.en)
        found.append(Extra(name=name, label=label, kind=kind, value=value, is_personal=is_personal))
    return found


def _value(name: str, field: ExtraField, record: Any, terms: Terms) -> str | None:
    """Return it as text; None where the record does not speak of it."""
    raw = _raw(field, record)
    if raw is None:
        return "" if field.path and is_spoken_of(record, field.path) else None
    if isinstance(raw, list):
        each = [_one(name, field, one, terms) for one in _flat(raw)[:SEVERAL_MOST]]
        return ", ".join(dict.fromkeys(one for one in each if one))
    return _one(name, field, raw, terms)


def _raw(field: ExtraField, record: Any) -> Any:
    if field.column:
        return next((record[one] for one in field.column if record.get(one)), None)
    return get(record, field.path) if field.path else None


def _flat(several: list[Any]) -> list[Any]:
    return [
        one for each in several for one in (each if isinstance(each, list) else [each]) if one is not None
    ]


def _one(name: str, field: ExtraField, raw: Any, terms: Terms) -> str:
    if isinstance(raw, dict):
        return ""
    if field.words:
        said = written(raw).strip()
        words = field.words.get(said)
        return said[:VALUE_MOST] if words is None else both(words.zh or words.en, words.en)
    match field.type:
        case "" | "person":
            plain = " ".join(written(raw)[: VALUE_MOST * 4].split())
            return text(name, plain, is_encrypted=True) or ""
        case "bool":
            return "yes" if read(name, Value(path=".", type="bool"), raw, terms) else ""
        case "money":
            minor = read(name, Value(path=".", type="money", unit=field.unit), raw, terms)
            return str(minor) if minor else ""
        case kind:
            at = read(name, Value(path=".", type=kind), raw, terms)
            return at.isoformat() if at is not None else ""
