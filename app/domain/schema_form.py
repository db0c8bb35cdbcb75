"""A form made of a JSON Schema: what can be said at a place of a tree, each thing with words and its control.

Words stand in the schema itself, in both languages (`app.text.both`): `title`, `description`, and `x-words`
of choices and of keys. One mechanism for every block: a table is a list or a map, a row of it another form.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Literal, NamedTuple

import msgspec

from app.domain.mending import escaped, names_of
from app.domain.schema_values import Kind, is_duration, kind_of, said_duration, wrong_value
from app.domain.tree_edits import ABSENT, value_at, written
from app.text import BOTH, N_, Text, both

Schema = Mapping[str, Any]
Taking = Literal["path", "text", "row", ""]
"""A value whose path it is, a text that is a path, a condition that asks for it."""
MOST_IN_CELL = 6
OURS, FROM = both("我们的字段", "Our field"), both("取自", "Comes from")
NAME, SAYS = both("名称", "Name"), both("内容", "Says")
GONE = Text(N_("This is not what the channel always sent. Say where it stands now."))
NEEDED = Text(N_("This must be filled in."))


class Row(msgspec.Struct, frozen=True):
    """One line of a table: its key, what names it, what it says."""

    key: str
    name: str
    value: str
    is_changed: bool = False
    is_wrong: bool = False


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that can be said. `value` is what its control answers with; words are in both languages.

    A `table` has `rows`; where `names` are given only these can be added, else any name, or none for a list.
    A `part` is there or not; a `group` is only a heading.
    """

    key: str
    kind: Kind
    label: str
    hint: str = ""
    value: str = ""
    options: tuple[tuple[str, str], ...] = ()
    rows: tuple[Row, ...] = ()
    heads: tuple[str, str] = ("", "")
    names: tuple[tuple[str, str], ...] = ()
    is_list: bool = False
    is_required: bool = False
    is_changed: bool = False
    depth: int = 0
    error: Text | None = None


class Fault(NamedTuple):
    """What is not as the schema says, and where."""

    key: str
    text: Text


class Form:
    """A schema, the tree it describes, and the tree that was shipped; `gone` are paths that lead nowhere."""

    def __init__(
        self,
        schema: Schema,
        tree: Mapping[str, Any],
        shipped: Mapping[str, Any],
        gone: Collection[str] = (),
    ) -> None:
        self._defs: Mapping[str, Schema] = schema.get("$defs", {})
        self._root, self._tree, self._shipped = schema, tree, shipped
        self._gone = gone

    def entries(self, place: str) -> tuple[Entry, ...]:
        """Return what can be said at a place, in the order of the schema."""
        node, value = self._node(place), value_at(self._tree, place)
        wrong = list(self._faults(node, value, place)) if value is not ABSENT else []
        shape = self.plain(node)
        if "properties" in shape and value is not ABSENT:
            return tuple(self._inside(shape, value, place, 0, wrong))
        return tuple(self._entry(node, value, place, is_required=value is not ABSENT, depth=0, wrong=wrong))

    def faults(self, block: str) -> tuple[Fault, ...]:
        """Return what is wrong in a block."""
        value = value_at(self._tree, block)
        return tuple(self._faults(self._node(block), value, block)) if value is not ABSENT else ()

    def called(self, key: str) -> str:
        """Say where a key is, in words: block, field, which of them."""
        node, said, at = self._root, list[str](), ""
        for name in names_of(key):
            at = f"{at}/{escaped(name)}" if at else escaped(name)
            shape = self.plain(node)
            under = shape.get("properties", {}).get(name, {})
            said.append(str(under.get("title") or node.get("x-words", {}).get(name) or _place(name)))
            node = self._under(shape, name)
        return joined(" › ", *said)

    def fields_of(self, key: str) -> tuple[str, ...]:
        """Name what can be said inside a key; nothing where it is a single value."""
        return tuple(self.plain(self._node(key)).get("properties", ()))

    def takes(self, key: str) -> Taking:
        """Say what becomes of a path that is put here: nothing where it would be no path."""
        shape = self.plain(self._node(key))
        if {"path", "expr"} <= shape.get("properties", {}).keys():
            return "path"
        if shape.get("type") == "string" and not {"enum", "pattern"} & shape.keys():
            return "text"
        under = shape.get("additionalProperties")
        is_condition = isinstance(under, Mapping) and kind_of(self.plain(under), None) == "values"
        return "row" if is_condition else ""

    def skeleton(self, key: str) -> Any:
        """Return what a new row, or a part that was not there, begins with."""
        return self._begun(self._node(key))

    def plain(self, node: Schema) -> Schema:
        """Return a node without references, and without what says that it may be missing."""
        if "anyOf" in node:
            found = [one for one in node["anyOf"] if one.get("type") != "null"]
            return self.plain(found[0]) if len(found) == 1 else node
        if "$ref" in node:
            return self._defs[node["$ref"].rpartition("/")[2]]
        return node

    def _node(self, key: str) -> Schema:
        node = self._root
        for name in names_of(key) if key else ():
            node = self._under(self.plain(node), name)
        return self.plain(node) if not key else node

    def _under(self, shape: Schema, name: str) -> Schema:
        if "$ref" in shape:
            shape = self.plain(shape)
        found = shape.get("properties", {}).get(name)
        if found is None:
            found = shape.get("items") if shape.get("type") == "array" else shape.get("additionalProperties")
        return found if isinstance(found, Mapping) else {}

    # what is shown

    def _inside(self, shape: Schema, value: Any, at: str, depth: int, wrong: list[Fault]) -> Iterator[Entry]:
        needed = shape.get("required", ())
        for name, node in shape["properties"].items():
            inner = value.get(name, ABSENT) if isinstance(value, Mapping) else ABSENT
            key = f"{at}/{name}" if at else name
            yield from self._entry(node, inner, key, is_required=name in needed, depth=depth, wrong=wrong)

    def _entry(
        self, node: Schema, value: Any, key: str, *, is_required: bool, depth: int, wrong: list[Fault]
    ) -> Iterator[Entry]:
        shape = self.plain(node)
        label = str(node.get("title") or _place(names_of(key)[-1]))
        was = value_at(self._shipped, key)
        error = next((each.text for each in wrong if each.key == key), None)
        begun = Entry(
            key=key, kind="text", label=label, hint=node.get("description", ""),
            is_required=is_required, is_changed=value != was, depth=depth,
            error=GONE if self._is_gone(value, key) else error,
        )  # fmt: skip
        if "properties" in shape:
            is_there = value is not ABSENT and value is not None
            can_lack = not is_required and node.get("default", ABSENT) in (None, ABSENT)
            kind: Kind = "part" if can_lack else "group"
            yield msgspec.structs.replace(begun, kind=kind, value="on" if is_there else "off")
            if is_there or not can_lack:
                yield from self._inside(shape, value if is_there else {}, key, depth + 1, wrong)
            return
        if _is_table(shape, value):
            yield self._table(begun, shape, node, value, wrong)
            return
        said = node.get("default") if value is ABSENT else value
        kind = kind_of(shape, said)
        options = tuple((_word(one), words) for one, words in _choices(node, shape))
        if kind == "values":
            text = "\n".join(map(written, said if isinstance(said, list) else [said]))
        elif kind == "switch":
            text = "on" if said else "off"
        elif kind == "any" and isinstance(said, dict | list):
            text = json.dumps(said, ensure_ascii=False, indent=2)
        elif kind == "any":
            text = written(said)
        else:
            text = _word(said)
        yield msgspec.structs.replace(begun, kind=kind, value=text, options=options)

    def _table(self, begun: Entry, shape: Schema, node: Schema, value: Any, wrong: list[Fault]) -> Entry:
        key, was = begun.key, value_at(self._shipped, begun.key)
        is_list = isinstance(value, list) if not shape else shape.get("type") == "array"
        words = node.get("x-words", {})
        rows, bad = [], [each.key for each in wrong]
        pairs = enumerate(value or ()) if is_list and value is not ABSENT else _pairs(value)
        for name, each in pairs:
            at = f"{key}/{escaped(str(name))}"
            under = self._under(shape, str(name))
            if is_list:
                changed = not (isinstance(was, list) and each in was)
                first, rest = self._told(under, each, is_list=True)
            else:
                changed = not (isinstance(was, Mapping) and was.get(name, ABSENT) == each)
                first, rest = words.get(str(name), str(name)), self._told(under, each, is_list=False)[1]
            is_wrong = any(one == at or one.startswith(f"{at}/") for one in bad) or self._is_gone(each, at)
            rows.append(Row(at, first, rest, changed, is_wrong))
        taken = value if isinstance(value, Mapping) else {}
        names = tuple((name, said) for name, said in words.items() if name not in taken)
        heads = self._heads(begun.label, self._under(shape, "0"), is_list=is_list)
        return msgspec.structs.replace(
            begun, kind="table", rows=tuple(rows), names=names, is_list=is_list, heads=heads
        )

    def _is_gone(self, value: Any, key: str) -> bool:
        """Tell a value, or a path, that the channel does not send any more."""
        said = value.get("path") if isinstance(value, Mapping) else value if key.endswith("/path") else None
        return isinstance(said, str) and said in self._gone

    def _heads(self, label: str, node: Schema, *, is_list: bool) -> tuple[str, str]:
        """Say what stands in the two columns of a table."""
        fields = self.plain(node).get("properties", {})
        titles = [str(one.get("title", name)) for name, one in fields.items()]
        if is_list:
            return (titles[0], joined(" · ", *titles[1:3])) if titles else (label, "")
        return (OURS, FROM) if {"path", "expr"} <= fields.keys() else (NAME, SAYS)

    def _told(self, node: Schema, value: Any, *, is_list: bool) -> tuple[str, str]:
        """Say in two cells what a row says: of an object its first field, and the others."""
        shape = self.plain(node)
        if "properties" not in shape or not isinstance(value, Mapping):
            said = self._said(node, value)
            return (said, "") if is_list else ("", said)
        parts = [
            self._said(inner, value[name])
            for name, inner in shape["properties"].items()
            if name in value
        ]  # fmt: skip
        parts = [part for part in parts if part][:MOST_IN_CELL]
        if is_list:
            return (parts[0], joined(" · ", *parts[1:])) if parts else ("–", "")
        return "", joined(" · ", *parts)

    def told(self, key: str, value: Any) -> str:
        """Say a single value as people read it."""
        return self._said(self._node(key), value)

    def _said(self, node: Schema, value: Any) -> str:
        shape = self.plain(node)
        if value is True:
            return str(node.get("title") or both("是", "yes"))
        choices = dict(_choices(node, shape))
        if isinstance(value, str | int) and value in choices:
            return str(choices[value])
        if kind_of(shape, value) == "duration" and isinstance(value, str) and is_duration(value):
            return said_duration(value)
        if isinstance(value, list):
            return joined(
                ", ", *(self._said(self._under(shape, str(nth)), one) for nth, one in enumerate(value[:20]))
            )
        if isinstance(value, Mapping):
            inner = [f"{name} = {_flat(one)}" for name, one in value.items() if one not in ({}, [])]
            return joined(both(" 且 ", " and "), *map(_present, inner[:20]))
        return written(value)

    def _begun(self, node: Schema) -> Any:
        shape = self.plain(node)
        if "properties" in shape:
            needed = shape.get("required", ())
            return {name: self._begun(one) for name, one in shape["properties"].items() if name in needed}
        if "enum" in shape:
            return next((one for one in shape["enum"] if one), "")
        begun: dict[str, Any] = {
            "array": [], "object": {}, "boolean": False, "integer": shape.get("minimum", 0), "string": ""
        }  # fmt: skip
        if kind_of(shape, "") == "duration":
            return "PT1M"
        return begun.get(str(shape.get("type", "")), "")

    # what is wrong

    def _faults(self, node: Schema, value: Any, key: str) -> Iterator[Fault]:
        shape = self.plain(node)
        if value is None or not shape:
            return
        if "properties" in shape and isinstance(value, Mapping):
            yield from self._lacking(shape, value, key)
            for name, inner in value.items():
                if name in shape["properties"]:
                    yield from self._faults(shape["properties"][name], inner, f"{key}/{escaped(name)}")
        elif isinstance(value, Mapping | list) and shape.get("type") in ("object", "array"):
            if len(value) < shape.get("minItems", 0):
                yield Fault(key, Text(N_("One row at least is needed. Add it.")))
            for name, inner in value.items() if isinstance(value, Mapping) else enumerate(value):
                at = escaped(str(name))
                yield from self._faults(self._under(shape, at), inner, f"{key}/{at}")
        elif (text := wrong_value(shape, value)) is not None:
            yield Fault(key, text)

    def _lacking(self, shape: Schema, value: Mapping[str, Any], key: str) -> Iterator[Fault]:
        for name in shape.get("required", ()):
            if (
                value.get(name, "") == "" and self.plain(shape["properties"][name]).get("type") == "string"
            ) or name not in value:
                yield Fault(f"{key}/{name}", NEEDED)


def joined(between: str, *parts: str) -> str:
    """Join words that may be in both languages."""
    left = _half(between, 0).join(_half(part, 0) for part in parts if part)
    return both(left, _half(between, 1).join(_half(part, 1) for part in parts if part))


def _half(words: str, which: int) -> str:
    chinese, is_both, english = words.partition(BOTH)
    return english if which and is_both else chinese


def _place(name: str) -> str:
    """An element of a list is called by its number."""
    return str(int(name) + 1) if name.isdecimal() else name


def _choices(node: Schema, shape: Schema) -> list[tuple[Any, str]]:
    words = node.get("x-words", {})
    return [(one, words.get(str(one), str(one))) for one in shape.get("enum", ())]


def _is_table(shape: Schema, value: Any) -> bool:
    if shape.get("type") in ("array", "object"):
        return True
    return not shape and isinstance(value, dict | list) and bool(value)


def _pairs(value: Any) -> list[tuple[Any, Any]]:
    return list(value.items()) if isinstance(value, Mapping) else []


def _word(value: Any) -> str:
    return "" if value is None or value is ABSENT else value if isinstance(value, str) else json.dumps(value)


def _flat(value: Any) -> str:
    return ", ".join(map(_flat, value)) if isinstance(value, list) else written(value)


def _present(said: str) -> str:
    name, _, value = said.partition(" = ")
    return both(f"有 {name}", f"{name} is there") if value == "present" else said
