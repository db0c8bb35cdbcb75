"""As much of GraphQL as an order connector writes: one operation, its variables, fields and arguments.

Named fragments, aliases and directives are refused, not ignored; `... on` a kind is read as its fields.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MOST_DEPTH = 20
_TOKEN = re.compile(r'\s*(?:#[^\n]*\s*)*(?:("(?:[^"\\\n]|\\.)*")|(\.\.\.|[{}()\[\]:$!=@|,])|([\w.+-]+))')


class Misread(Exception):
    """The text is not what this simulator reads."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One field that was asked for, with what stands in its brackets and below it."""

    name: str
    arguments: Mapping[str, Any]
    below: tuple[Wanted, ...]


def wanted(text: str, variables: Mapping[str, Any]) -> tuple[Wanted, ...]:
    """Read an operation.

    Raises:
        Misread: it is none, or more than this reads.
    """
    reader = _Reader(_tokens(text), variables)
    return reader.operation()


def picked(data: Mapping[str, Any], fields: tuple[Wanted, ...]) -> dict[str, Any]:
    """Return of some data what was asked for.

    Raises:
        Misread: a field that is not there, or one of many fields without a choice among them.
    """
    return {field.name: _picked(data, field) for field in fields}


def _picked(data: Mapping[str, Any], field: Wanted) -> Any:
    if field.name not in data:
        raise Misread(f"Field '{field.name}' doesn't exist")
    value = data[field.name]
    if isinstance(value, list):
        return [_below(one, field) for one in value]
    return _below(value, field)


def _below(value: Any, field: Wanted) -> Any:
    if isinstance(value, Mapping):
        value = _cut(value, field)
        if not field.below:
            raise Misread(f"Field must have selections (field '{field.name}')")
        return picked(value, field.below)
    if field.below and value is not None:
        raise Misread(f"Selections can't be made on scalars (field '{field.name}')")
    return value


def _cut(value: Mapping[str, Any], field: Wanted) -> Mapping[str, Any]:
    """Return as much of a connection as was asked for, and whether there is more."""
    most, info = field.arguments.get("first"), value.get("pageInfo")
    if most is None or info is None:
        return value
    lists = {name: value[name] for name in ("edges", "nodes") if name in value}
    is_more = any(len(one) > int(most) for one in lists.values())
    kept = {name: one[: int(most)] for name, one in lists.items()}
    return {**value, **kept, "pageInfo": {**info, "hasNextPage": info["hasNextPage"] or is_more}}


def _tokens(text: str) -> list[str]:
    found, at = [], 0
    text = text.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise Misread(f"Parse error at {at}")
        found.append(match[1] or match[2] or match[3])
        at = match.end()
    return [one for one in found if one != ","]


class _Reader:
    """Goes through the words once."""

    def __init__(self, tokens: list[str], variables: Mapping[str, Any]) -> None:
        self._tokens, self._at, self._variables = tokens, 0, variables

    def operation(self) -> tuple[Wanted, ...]:
        if self._peek() in ("query", "mutation"):
            self._next()
            if self._peek() not in ("{", "("):
                self._next()
            if self._peek() == "(":
                self._skip_declarations()
        found = self._selections(0)
        if self._at != len(self._tokens):
            raise Misread("one operation only")
        return found

    def _skip_declarations(self) -> None:
        while self._next() != ")":
            pass

    def _selections(self, depth: int) -> tuple[Wanted, ...]:
        if depth > MOST_DEPTH:
            raise Misread("too deep")
        self._expect("{")
        found: list[Wanted] = []
        while self._peek() != "}":
            name = self._next()
            if name == "...":
                self._expect("on")
                self._next()
                found += self._selections(depth + 1)
                continue
            if not name.replace("_", "a").isalnum():
                raise Misread(f"'{name}' is not read here")
            arguments = self._arguments() if self._peek() == "(" else {}
            below = self._selections(depth + 1) if self._peek() == "{" else ()
            found.append(Wanted(name, arguments, below))
        self._expect("}")
        return tuple(found)

    def _arguments(self) -> dict[str, Any]:
        self._expect("(")
        found = {}
        while self._peek() != ")":
            name = self._next()
            self._expect(":")
            found[name] = self._value(0)
        self._expect(")")
        return found

    def _value(self, depth: int) -> Any:
        if depth > MOST_DEPTH:
            raise Misread("too deep")
        word = self._next()
        if word == "$":
            return self._variables.get(self._next())
        if word == "[":
            items = []
            while self._peek() != "]":
                items.append(self._value(depth + 1))
            self._expect("]")
            return items
        if word == "{":
            fields = {}
            while self._peek() != "}":
                name = self._next()
                self._expect(":")
                fields[name] = self._value(depth + 1)
            self._expect("}")
            return fields
        if word[0] == '"' or word in ("true", "false", "null") or word.lstrip("-").isdecimal():
            return json.loads(word)
        return word  # a word of an enumeration

    def _peek(self) -> str:
        if self._at >= len(self._tokens):
            raise Misread("Parse error: unexpected end")
        return self._tokens[self._at]

    def _next(self) -> str:
        token = self._peek()
        self._at += 1
        return token

    def _expect(self, token: str) -> None:
        if self._next() != token:
            raise Misread(f"Parse error: expected {token}")
