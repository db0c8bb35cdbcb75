"""One form for every block: made of the schema, in both languages, and what is wrong stands at its field."""

from __future__ import annotations

import json

import pytest

from app.domain.schema_form import Form, joined
from app.domain.tree_edits import (
    ABSENT,
    changes,
    difference,
    moved,
    overlaid,
    replaced,
    typed,
    value_at,
    written,
)
from app.text import BOTH, both
from sync.manifest.reading import built_in, built_in_ids, schema
from sync.manifest.worded import worded_schema

WORDED = json.loads(worded_schema())
KINDS = {"text", "lines", "choice", "switch", "number", "duration", "values", "any", "table", "part", "group"}


def form(tree, shipped=None):
    return Form(WORDED, tree, shipped or tree)


def entry(found, key):
    return next(one for one in found if one.key == key)


def english(words):
    return words.partition(BOTH)[2] or words


def every_place(found, place):
    for one in found.entries(place):
        yield one
        for row in one.rows:
            yield from every_place(found, row.key)


def test_every_field_and_choice_of_the_schema_has_words_in_both_languages():
    """A field without words: give it a line in `resources/forms/manifest.yaml`."""
    for block, definition in schema()["$defs"].items():
        for name in definition.get("properties", {}):
            said = WORDED["$defs"][block]["properties"][name]
            for words in (said["title"], said["description"]):
                chinese, is_both, other = words.partition(BOTH)
                assert chinese, (block, name)
                assert (is_both and other) or chinese.isascii(), (block, name)
            assert set(map(str, said.get("enum", ()))) <= set(said.get("x-words", {})), (block, name)


@pytest.mark.parametrize("id", built_in_ids())
def test_every_place_of_every_manifest_is_a_form_without_faults(id):
    tree = built_in(id)
    found = form(tree)
    blocks = WORDED["$defs"]["Manifest"]["properties"]
    entries = [one for block in blocks for one in every_place(found, block)]

    assert {one.kind for one in entries} <= KINDS
    assert not [one.key for one in entries if one.error or one.is_changed]
    known = [row for one in entries for row in one.rows if one.names and one.key.startswith("map/")]
    assert not [row.key for row in known if BOTH not in row.name], "give it a line under `names`"
    assert not [fault for block in tree for fault in found.faults(block)]


def test_choices_durations_lists_and_rules_each_have_their_control():
    found = form(built_in("pdd"))
    orders, status = found.entries("streams/orders"), found.entries("map/status/4")

    assert entry(orders, "streams/orders/window/lag").kind == "duration"
    assert english(dict(entry(orders, "streams/orders/pages/direction").options)["backward"]) == "Backward"
    rules = entry(found.entries("map"), "map/status")
    assert (rules.is_list, english(rules.rows[0].name), english(rules.rows[0].value)) == (
        True, "confirm_status = 2", "Cancelled",
    )  # fmt: skip
    assert entry(status, "map/status/4/then").is_required
    (values,) = found.entries("map/status/0/when/confirm_status")
    assert (values.kind, values.value) == ("values", "2")
    fields = entry(found.entries("map"), "map/order")
    assert ("currency", both("币种", "Currency")) in fields.names
    assert english(found.called("map/order/payable/unit")).endswith("Amount to pay › Unit of money")


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("map/order/payable/type", "gold", "Choose one of the list."),
        ("streams/orders/window/lag", "soon", "Say how long: a number and its unit."),
        ("streams/orders/pages/size", 4000, "From {least} to {most}."),
        ("streams/orders/window/field", "", "This must be filled in."),
        ("map/status", [], "One row at least is needed. Add it."),
        ("map/tz", "x" * 301, "At most {most} characters."),
        ("map/order/payable/required", "yes", "This must be yes or no."),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_at_the_row_above(key, value, said):
    tree = replaced(built_in("pdd"), key, value)
    found = form(tree, built_in("pdd"))
    place = key.rpartition("/")[0]

    assert entry(found.entries(place), key).error.message == said
    assert [(one.key, one.text.message) for one in found.faults(key.partition("/")[0])] == [(key, said)]
    if key.startswith("map/order/"):
        above = place.rpartition("/")[0]
        assert [row.key for row in entry(found.entries(above), above).rows if row.is_wrong] == [place]


def test_a_tree_is_edited_by_keys_and_its_patch_says_only_what_differs():
    tree = {"map": {"status": [{"then": "a"}, {"then": "b"}], "order": {"x/y": {"path": "p"}}}}
    put = replaced(replaced(tree, "map/order/x~1y/path", "q"), "map/status/1/then", "c")

    assert list(changes(tree, put)) == [("map/status/1/then", "b", "c"), ("map/order/x~1y/path", "p", "q")]
    assert overlaid(tree, difference(tree, put)) == put
    up = moved(tree, "map/status/1", -1)
    assert [one["then"] for one in up["map"]["status"]] == ["b", "a"]
    assert moved(tree, "map/status/1", 1) == tree
    gone = replaced(replaced(tree, "map/status/0", ABSENT), "map/order", ABSENT)
    assert gone == {"map": {"status": [{"then": "b"}]}}
    assert overlaid(tree, difference(tree, gone)) == gone
    assert value_at(tree, "map/status/7") is ABSENT


@pytest.mark.parametrize("value", ["7", "true", "a b", " a", 7, True, 1.5, "x"])
def test_a_value_that_is_written_is_read_as_the_same(value):
    assert typed(written(value)) == value


def test_words_in_one_language_join_those_in_both():
    assert joined(both("且", "and"), both("甲", "a"), "b") == both("甲且b", "aandb")
