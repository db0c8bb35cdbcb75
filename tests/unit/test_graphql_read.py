"""As much of GraphQL as the simulated Shopify reads."""

from __future__ import annotations

import pytest

from sync.simulators.graphql import Misread, picked, wanted


def test_graphql_gives_what_was_asked_and_nothing_else():
    fields = wanted('{ a { b c(first: 2, s: "x", l: [1, $v]) { d } } }', {"v": 3})

    assert picked({"a": {"b": 1, "c": [{"d": 4, "e": 5}], "f": 6}}, fields) == {
        "a": {"b": 1, "c": [{"d": 4}]}
    }
    assert fields[0].below[1].arguments == {"first": 2, "s": "x", "l": [1, 3]}


@pytest.mark.parametrize(
    "text",
    ["", "{", "{ a", "{ ...F }", "query { a } query { b }", "{ a(b: ) }", "{ a: b }", "\x00", "{" * 99],
)
def test_graphql_that_is_not_read_is_refused(text: str):
    with pytest.raises(Misread):
        wanted(text, {})


def test_a_field_nobody_has_is_refused():
    with pytest.raises(Misread, match="doesn't exist"):
        picked({"a": 1}, wanted("{ b }", {}))
    with pytest.raises(Misread, match="must have selections"):
        picked({"a": {"b": 1}}, wanted("{ a }", {}))
