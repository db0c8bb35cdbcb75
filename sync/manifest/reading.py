"""Manifests read, checked and written. YAML on the disk, JSON in the database.

The types of `blocks` are the one description of the format: they check it, and `schema` is made of them.
Source: channels.md section 5.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from typing import Any

import msgspec
import yaml
from typing_extensions import override

import resources
from app.domain.tree_edits import overlaid
from app.text import N_, Text
from sync.manifest.blocks import Manifest
from sync.manifest.durations import duration
from sync.manifest.map_block import Value
from sync.manifest.paths import BadPath, parsed

MOST_BYTES = 256 * 1024
MOST_DEPTH = 20
_PLACE = re.compile(r" - at `\$\.?([^`]*)`$")


class BadManifest(Exception):
    """A manifest that cannot be used: one sentence for each thing that is wrong."""

    def __init__(self, texts: tuple[Text, ...]) -> None:
        super().__init__("; ".join(text.message for text in texts))
        self.texts = texts


class _Yaml12(yaml.SafeLoader):
    """YAML as its version 1.2 reads it: `on`, `yes` and `no` are text, and so are dates; no key twice."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 - PyYAML's name

    @override
    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("alias")
        return super().compose_node(parent, index)

    @override
    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        pairs = [(self.construct_object(key, deep=True), value) for key, value in node.value]
        keys = [key for key, _ in pairs]
        if not all(isinstance(key, str | int) for key in keys) or len(set(map(str, keys))) < len(keys):
            raise yaml.YAMLError("keys")
        return {str(key): self.construct_object(value, deep=True) for key, value in pairs}


def _mapping(loader: Any, node: Any) -> Any:
    return loader.construct_mapping(node)


def _whole(loader: Any, node: Any) -> int:
    return int(loader.construct_scalar(node))


_Yaml12.add_constructor("tag:yaml.org,2002:map", _mapping)
_Yaml12.add_constructor("tag:yaml.org,2002:int", _whole)
for _tag, _form, _first in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?[0-9]+", "-+0123456789"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+\.[0-9]*)([eE][-+]?[0-9]+)?", "-+.0123456789"),
    ("null", r"~|null|Null|NULL|", "~nN\0"),
):
    _Yaml12.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_form})$"), list(_first))


def from_yaml(content: bytes) -> dict[str, Any]:
    """Read YAML 1.2 into a plain tree.

    Raises:
        BadManifest: it is too large or no YAML.
    """
    _check_size(content)
    try:
        tree = yaml.load(content, _Yaml12)  # noqa: S506 - a SafeLoader with fewer tags
    except (yaml.YAMLError, ValueError, RecursionError) as wrong:
        mark = getattr(wrong, "problem_mark", None)
        line = mark.line + 1 if mark is not None else 0
        raise BadManifest(
            (
                Text(
                    N_("Line {line} is no YAML. Look at its indents, its quotes and double keys."),
                    {"line": line},
                ),
            )
        ) from None
    return _as_tree(tree)


def from_json(content: bytes) -> dict[str, Any]:
    """Read JSON into a plain tree.

    Raises:
        BadManifest: it is too large or no JSON.
    """
    _check_size(content)
    try:
        return _as_tree(msgspec.json.decode(content))
    except (msgspec.DecodeError, RecursionError):
        raise BadManifest((Text(N_("This is no JSON. Export the manifest again.")),)) from None


def _check_size(content: bytes) -> None:
    if len(content) > MOST_BYTES:
        raise BadManifest(
            (
                Text(
                    N_("A manifest has at most {most} KB. Leave the samples out."),
                    {"most": MOST_BYTES // 1024},
                ),
            )
        )


def _as_tree(tree: Any) -> dict[str, Any]:
    if not isinstance(tree, dict):
        raise BadManifest((Text(N_("A manifest begins with its keys: id, title, map. Add them.")),))
    if _depth(tree) > MOST_DEPTH:
        raise BadManifest(
            (Text(N_("It is nested deeper than {most} levels. Make it flatter."), {"most": MOST_DEPTH}),)
        )
    return tree


def _depth(node: Any) -> int:
    level, nodes = 0, [node]
    while nodes and level <= MOST_DEPTH:
        level += 1
        nodes = [
            child
            for one in nodes
            if isinstance(one, dict | list)
            for child in (one.values() if isinstance(one, dict) else one)
        ]
    return level


def checked(tree: dict[str, Any]) -> Manifest:
    """Make a manifest of a tree.

    Raises:
        BadManifest: a sentence for each block that is wrong, naming block and key.
    """
    wrong = tuple(_wrong(tree))
    if wrong:
        raise BadManifest(wrong)
    manifest = msgspec.convert(tree, Manifest)
    wrong = (
        *_wrong_sums(manifest),
        *_wrong_windows(manifest),
        *_wrong_budgets(manifest),
        *_wrong_parcels(manifest),
    )
    if wrong:
        raise BadManifest(wrong)
    return manifest


def _wrong(tree: dict[str, Any]) -> Iterator[Text]:
    """Say what is wrong, block by block: the form of a block shows its own sentence."""
    known = {field.encode_name: field for field in msgspec.structs.fields(Manifest)}
    for key in tree.keys() - known.keys():
        yield Text(
            N_("There is no block called {block}. Remove it, or look at its spelling."), {"block": key[:40]}
        )
    for key, one in known.items():
        if key not in tree:
            if one.required:
                yield Text(N_("The block {block} is missing. Add it."), {"block": key})
            continue
        try:
            msgspec.convert(tree[key], one.type)
        except (msgspec.ValidationError, RecursionError) as trouble:
            yield _sentence(key, str(trouble))


def _sentence(block: str, trouble: str) -> Text:
    place = _PLACE.search(trouble)
    what, at = _PLACE.sub("", trouble), place[1] if place else ""
    at = at.removeprefix("[...]").removeprefix(".").replace("[...]", " ").strip()
    params: dict[str, str | int | Text] = {"block": block, "key": at or block, "what": what}
    if what.startswith("Object contains unknown field"):
        params["field"] = what.split("`")[1][:40] if "`" in what else ""
        return Text(N_("{block}: {key} has no key {field}. Remove it, or look at its spelling."), params)
    if what.startswith("Object missing required field"):
        params["field"] = what.split("`")[1]
        return Text(N_("{block}: {key} lacks the key {field}. Add it."), params)
    return Text(N_("{block}: {key} is not as it must be ({what}). Correct it."), params)


def _wrong_sums(manifest: Manifest) -> Iterator[Text]:
    for block, value in _values(manifest):
        if value.expr:
            yield from _bad_sum(block, value.expr)
    for check in manifest.map.checks:
        yield from _bad_sum("map", check.expr)
        yield from _bad_sum("map", check.equals)
    for name in manifest.map.gifts:
        if name not in manifest.map.lists:
            yield Text(
                N_("{block}: {key} is in gifts, not in lists. Add it there."), {"block": "map", "key": name}
            )
    if "ext_id" not in manifest.map.order:
        yield Text(
            N_("{block}: {key} lacks the key {field}. Add it."),
            {"block": "map", "key": "order", "field": "ext_id"},
        )


def _wrong_windows(manifest: Manifest) -> Iterator[Text]:
    """A window that is no longer than its overlap would be read for ever."""
    for name, stream in manifest.streams.items():
        if duration(stream.window.max) <= duration(stream.window.overlap):
            yield Text(
                N_("{block}: {key} must have a max that is longer than its overlap. Make it longer."),
                {"block": "streams", "key": f"{name}.window"},
            )


def _wrong_budgets(manifest: Manifest) -> Iterator[Text]:
    """A budget of an app that does not name it would be one of all apps."""
    for budget in manifest.budget:
        if budget.per == "app" and not budget.app:
            yield Text(
                N_("{block}: {key} lacks the key {field}. Add it."),
                {"block": "budget", "key": "per: app", "field": "app"},
            )


def _wrong_parcels(manifest: Manifest) -> Iterator[Text]:
    """Parcels told as they leave, without what is in them, would say that all left."""
    ship = manifest.writes.get("ship")
    if ship is not None and ship.parcels == "lines" and ship.parts is None:
        yield Text(
            N_("{block}: {key} lacks the key {field}. Add it."),
            {"block": "writes", "key": "ship", "field": "parts"},
        )


def _bad_sum(block: str, expr: str) -> Iterator[Text]:
    try:
        parsed(expr)
    except BadPath as wrong:
        yield Text(N_("{block}: {what}"), {"block": block, "what": wrong.text})


def _values(manifest: Manifest) -> Iterator[tuple[str, Value]]:
    found = manifest.map
    for part in (found.order, found.line, found.refunds, found.events):
        fields = part if isinstance(part, dict) else part.fields if part is not None else {}
        for value in fields.values():
            yield "map", value
    for write in manifest.writes.values():
        for step in (write, *write.steps):
            for value in step.keep.values():
                yield "writes", value


def patched(tree: dict[str, Any], override: dict[str, Any]) -> dict[str, Any]:
    """Return a manifest with a company's override over it."""
    return overlaid(tree, override)


def as_json(manifest: Manifest) -> bytes:
    """Write a manifest for the database, the same bytes for the same content."""
    return msgspec.json.encode(manifest, order="sorted")


def as_yaml(tree: dict[str, Any]) -> bytes:
    """Write a tree for people, in the order it has."""
    text: str = yaml.safe_dump(tree, allow_unicode=True, sort_keys=False, width=110)
    return text.encode()


@cache
def schema() -> dict[str, Any]:
    """Return the JSON Schema of a manifest, for editors."""
    return msgspec.json.schema(Manifest)


def built_in_ids() -> tuple[str, ...]:
    """Name the manifests that come with the program."""
    return tuple(sorted(file.stem for file in resources.path("manifests").glob("*.yaml")))


def built_in(id: str) -> dict[str, Any]:
    """Return one of them as a plain tree of the caller's own.

    Raises:
        BadManifest: there is none, or it is not called like its file.
    """
    if id not in built_in_ids():
        raise BadManifest((Text(N_("There is no manifest called {id}."), {"id": id[:40]}),))
    tree = deepcopy(_shipped(id))
    if tree.get("id") != id:
        raise BadManifest((Text(N_("The file {id} says another id. Name it like its id."), {"id": id}),))
    return tree


@cache
def _shipped(id: str) -> dict[str, Any]:
    """Read the file once: every try of an editor asks for it."""
    return from_yaml(resources.read("manifests", f"{id}.yaml"))


def manifest_of(id: str, override: dict[str, Any] | None = None) -> Manifest:
    """Return a built-in manifest, with a company's override over it.

    Raises:
        BadManifest: it cannot be used; the sentences say why.
    """
    tree = built_in(id)
    return checked(patched(tree, override) if override else tree)
