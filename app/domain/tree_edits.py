"""Trees of plain data, edited by keys: `map/status/0/then` leads through names and places of a list."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from app.domain.mending import escaped, names_of

ABSENT = object()
"""What stands where nothing does."""


def value_at(tree: Any, key: str) -> Any:
    """Return what stands at a key; `ABSENT` where nothing does."""
    node = tree
    for name in names_of(key) if key else ():
        if isinstance(node, Mapping) and name in node:
            node = node[name]
        elif isinstance(node, list) and name.isdecimal() and int(name) < len(node):
            node = node[int(name)]
        else:
            return ABSENT
    return node


def replaced(tree: Any, key: str, value: Any) -> Any:
    """Return a tree with this value at a key; `ABSENT` takes what stands there away."""
    name, *rest = names_of(key)
    under = value if not rest else None
    if isinstance(tree, list):
        at = min(int(name), len(tree))
        if rest:
            under = replaced(tree[at], "/".join(map(escaped, rest)), value)
        return [*tree[:at], *(() if under is ABSENT else (under,)), *tree[at + 1 :]]
    node = dict(tree) if isinstance(tree, Mapping) else {}
    if rest:
        under = replaced(node.get(name, {}), "/".join(map(escaped, rest)), value)
    if under is ABSENT:
        node.pop(name, None)
    else:
        node[name] = under
    return node


def moved(tree: Any, key: str, by: int) -> Any:
    """Return a tree in which one place of a list has gone up or down."""
    at, _, place = key.rpartition("/")
    rows = value_at(tree, at)
    nth = int(place)
    to = nth + by
    if not isinstance(rows, list) or not 0 <= to < len(rows):
        return tree
    rows = list(rows)
    rows.insert(to, rows.pop(nth))
    return replaced(tree, at, rows)


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Return the override that makes one of the other; empty where they are the same. Source: RFC 7396."""
    patch: dict[str, Any] = {key: None for key in before if key not in after}
    for key, value in after.items():
        was = before.get(key)
        if isinstance(value, dict) and isinstance(was, dict):
            inner = difference(was, value)
            if inner:
                patch[key] = inner
        elif key not in before or was != value:
            patch[key] = value
    return patch


def overlaid(tree: Mapping[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
    """Lay an override over a tree: keys replace, null removes. Source: RFC 7396."""
    result = dict(tree)
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        elif isinstance(value, Mapping):
            under = result.get(key)
            result[key] = overlaid(under if isinstance(under, Mapping) else {}, value)
        else:
            result[key] = value
    return result


def changes(before: Any, after: Any, at: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Yield every single value that differs: its key, what it was, what it is; `ABSENT` where it was none."""
    if before == after:
        return
    if isinstance(before, Mapping | list) or isinstance(after, Mapping | list):
        was, now = _inside(before), _inside(after)
        for name in [*was, *(name for name in now if name not in was)]:
            key = f"{at}/{escaped(name)}" if at else escaped(name)
            yield from changes(was.get(name, ABSENT), now.get(name, ABSENT), key)
        return
    yield at, before, after


def _inside(node: Any) -> Mapping[str, Any]:
    if isinstance(node, Mapping):
        return node
    return {str(nth): one for nth, one in enumerate(node)} if isinstance(node, list) else {}


def written(value: Any) -> str:
    """Write a value as people type it: text as it is, where it cannot be taken for anything else."""
    if value is ABSENT or value is None:
        return ""
    if not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return value if isinstance(typed(value), str) and value == value.strip() else json.dumps(value)


def typed(said: str) -> Any:
    """Read what a person typed: JSON where it is some, else the text itself."""
    try:
        return json.loads(said)
    except (ValueError, RecursionError):
        return said
