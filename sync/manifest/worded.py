"""The schema of a manifest with what a form says beside each field, in both languages."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import resources
from app.text import both
from sync.manifest.reading import from_yaml, schema

BETWEEN = " | "


@cache
def worded_schema() -> str:
    """Return the schema as JSON, each field with `title`, `description`, and `x-words` of what it may say."""
    words = from_yaml(resources.read("forms", "manifest.yaml"))
    found = json.loads(json.dumps(schema()))
    places = {place: nth for nth, place in enumerate(words["fields"])}
    for block, definition in found["$defs"].items():
        if "properties" in definition:
            fields = definition["properties"]
            in_order = sorted(fields, key=lambda name: places.get(f"{block}.{name}", len(places)))
            definition["properties"] = {name: fields[name] for name in in_order}
        for name, node in definition.get("properties", {}).items():
            place = f"{block}.{name}"
            if place in words["fields"]:
                chinese, sentence, english, english_sentence = words["fields"][place].split(BETWEEN)
                node["title"], node["description"] = both(chinese, english), both(sentence, english_sentence)
            said = {str(one): _said(words["values"], place, one) for one in _choices(found["$defs"], node)}
            said |= {key: both(*of.split(BETWEEN)) for key, of in words["names"].get(place, {}).items()}
            for each in (node, node.get("items")):
                if said and isinstance(each, dict):
                    each["x-words"] = said
    return json.dumps(found, ensure_ascii=False)


def _said(values: Mapping[str, str], place: str, value: Any) -> str:
    words = values.get(f"{place}.{value}") or values.get(str(value)) or f"{value}{BETWEEN}{value}"
    return both(*words.split(BETWEEN))


def _choices(defs: Mapping[str, Any], node: Mapping[str, Any]) -> Iterator[Any]:
    for each in (node, node.get("items", {}), defs.get(str(node.get("$ref", "")).rpartition("/")[2], {})):
        yield from each.get("enum", ())
