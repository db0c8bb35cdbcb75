"""The small language of a manifest: dotted paths, `{{name}}`, and sums.

Nothing here is evaluated: an expression is parsed, and only + - * / over paths and numbers are walked.
Source: channels.md section 5.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal, DivisionByZero, InvalidOperation
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from app.text import N_, Text

NAME = re.compile(r"\{\{\s*([A-Za-z0-9_.|-]{1,120})\s*\}\}")
_CHOSEN = re.compile(r"([\w-]+)\[([\w-]+)=([^\]]*)\]")
MOST_STEPS = 30
MOST_NODES = 60
MOST_SUMMED = 10_000
_NOTHING: tuple[Any, ...] = (None, "", [], {})
_OPERATORS: dict[type[ast.operator], Callable[[Decimal, Decimal], Decimal]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: lambda left, right: right if left == right == 0 else left / right,
}
"""Nothing for no pieces is nothing apiece."""


class BadPath(Exception):
    """An expression, a path or a number that cannot be read; the text says what to do."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.message)
        self.text = text


def get(node: Any, path: str) -> Any:
    """Follow a dotted path; `a|b` takes the first that is there and not empty, `.` is the node itself.

    `[]` goes into every element of a list: `edges[].node`; `[key=word]` into the first whose key says so.
    What is not there is None.
    """
    for alternative in path.split("|"):
        value = node if alternative == "." else _follow(node, _steps(alternative))
        if value is not None and value != "":
            return value
    return None


def is_spoken_of(node: Any, path: str) -> bool:
    """Tell whether a path leads anywhere, be it to nothing."""
    return any(_follow(node, _steps(one)) is not None for one in path.split("|") if one != ".")


@lru_cache(maxsize=2048)
def _steps(path: str) -> tuple[str, ...]:
    return tuple(path.split(".")[:MOST_STEPS])


def _follow(node: Any, steps: tuple[str, ...]) -> Any:
    for at, step in enumerate(steps):
        if step.endswith("[]"):
            found = _step(node, step[:-2]) if step != "[]" else node
            if not isinstance(found, list):
                return None
            rest = steps[at + 1 :]
            return [_follow(one, rest) for one in found]
        chosen = _CHOSEN.fullmatch(step)
        node = _step(node, step) if chosen is None else _chosen(_step(node, chosen[1]), chosen[2], chosen[3])
        if node is None:
            return None
    return node


def _chosen(node: Any, key: str, word: str) -> Any:
    found = node if isinstance(node, list) else []
    return next((one for one in found if isinstance(one, dict) and written(one.get(key)) == word), None)


def _step(node: Any, step: str) -> Any:
    if isinstance(node, dict):
        return node.get(step)
    if isinstance(node, list) and step.isascii() and step.isdigit() and len(step) < 6:
        return node[int(step)] if int(step) < len(node) else None
    return None


def fill(text: str, values: Mapping[str, Any]) -> str:
    """Put values in the place of `{{name}}`; one that is not there is empty."""
    return NAME.sub(lambda found: written(get(values, found[1])), text)


def filled(node: Any, values: Mapping[str, Any]) -> Any:
    """Fill every text of a tree; a text that is one name alone keeps the kind of its value."""
    if isinstance(node, str):
        alone = NAME.fullmatch(node)
        return get(values, alone[1]) if alone else fill(node, values)
    if isinstance(node, dict):
        return {key: _filled_at(key, value, values) for key, value in node.items()}
    if isinstance(node, list | tuple):
        return [filled(one, values) for one in node]
    return node


def _filled_at(key: str, value: Any, values: Mapping[str, Any]) -> Any:
    is_path = key == "path" and isinstance(value, str)
    return filled_path(value, values) if is_path else filled(value, values)


def filled_path(path: str, values: Mapping[str, Any]) -> str:
    """Fill a path of an address: a value is one step of it, whatever stands in it."""
    return NAME.sub(lambda found: quote(written(get(values, found[1])), safe=""), path)


def names(node: Any) -> Iterable[str]:
    """Every name a tree asks for."""
    if isinstance(node, str):
        yield from (found[1] for found in NAME.finditer(node))
    elif isinstance(node, dict):
        for value in node.values():
            yield from names(value)
    elif isinstance(node, list | tuple):
        for one in node:
            yield from names(one)


def written(value: Any) -> str:
    """Write a value as text: nothing is empty, truth is `true`."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def number(value: Any) -> Decimal:
    """Read a number; nothing is zero, and a list is the sum of what it holds.

    Raises:
        BadPath: it is none.
    """
    if value is None or value == "":
        return Decimal(0)
    if isinstance(value, list):
        return sum((number(one) for one in value[:MOST_SUMMED]), Decimal(0))
    try:
        found = Decimal("NaN") if isinstance(value, bool) else Decimal(str(value))
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite() or found.adjusted() > 30:
        raise BadPath(Text(N_("A number is expected here. Look at the sample which field holds it.")))
    return found


def compute(expr: str, node: Any) -> Decimal:
    """Work an expression out over a record. Units: those of its paths.

    Raises:
        BadPath: it holds more than sums, or divides by nothing.
    """
    try:
        return _walk(parsed(expr), node)
    except (DivisionByZero, InvalidOperation):
        raise BadPath(Text(N_("{expr} divides by zero. Choose another field."), {"expr": expr})) from None


@lru_cache(maxsize=512)
def parsed(expr: str) -> ast.expr:
    """Read an expression.

    Raises:
        BadPath: it holds more than + - * / over paths and numbers.
    """
    wrong = BadPath(
        Text(
            N_("{expr} is no sum of fields. Write paths and numbers with + - * / only."), {"expr": expr[:80]}
        )
    )
    try:
        tree = ast.parse(expr, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise wrong from None
    nodes = list(ast.walk(tree))
    if len(nodes) > MOST_NODES or not all(_is_allowed(node) for node in nodes):
        raise wrong
    return tree


def _is_allowed(node: ast.AST) -> bool:
    if isinstance(node, ast.Constant):
        return isinstance(node.value, int | float) and not isinstance(node.value, bool)
    if isinstance(node, ast.BinOp):
        return type(node.op) in _OPERATORS
    return isinstance(node, ast.Name | ast.Attribute | ast.Load | ast.operator)


def _walk(node: ast.expr, record: Any) -> Decimal:
    if isinstance(node, ast.BinOp):
        return _OPERATORS[type(node.op)](_walk(node.left, record), _walk(node.right, record))
    if isinstance(node, ast.Constant):
        return number(node.value)
    return number(_gathered(record, _steps(ast.unparse(node))))


def _gathered(node: Any, steps: tuple[str, ...]) -> Any:
    """Follow a path into every element of the lists on it: `line_items.total` are the totals of all lines."""
    for at, step in enumerate(steps):
        if isinstance(node, list) and not step.isdigit():
            return [_gathered(one, steps[at:]) for one in node]
        node = _step(node, step)
    return node


def holds(node: Any, when: Mapping[str, Any]) -> bool:
    """Tell whether every condition holds of a record."""
    return all(_is_met(get(node, path), wanted) for path, wanted in when.items())


def _is_met(value: Any, wanted: Any) -> bool:
    if wanted in ("present", "absent"):
        there = [one for one in value if one not in _NOTHING] if isinstance(value, list) else value
        return (there in _NOTHING) is (wanted == "absent")
    values = [written(one) for one in value] if isinstance(value, list) else [written(value)]
    for one in wanted if isinstance(wanted, list) else [wanted]:
        text = written(one)
        if text.endswith("*") and any(v.startswith(text[:-1]) for v in values):
            return True
        if text in values:
            return True
    return False
