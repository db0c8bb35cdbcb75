"""The catalogue of rules: every field is there once, its default within its range, its sentence said."""

from __future__ import annotations

from datetime import time

import msgspec
import pytest

from app.domain.rules import CATALOGUE, Rules, out_of_range


def test_the_catalogue_names_every_rule_once():
    assert [rule.name for rule in CATALOGUE] == [f for f in Rules.__struct_fields__ if f != "rev"]


@pytest.mark.parametrize("rule", CATALOGUE, ids=lambda rule: rule.name)
def test_a_rule_says_what_it_does_and_starts_within_its_range(rule):
    assert rule.does.endswith(".")
    assert rule.holds(rule.default())
    assert rule.unit == "time" or rule.least < rule.most


@pytest.mark.parametrize("rule", [r for r in CATALOGUE if r.unit != "time"], ids=lambda rule: rule.name)
def test_a_value_just_outside_of_a_range_is_named(rule):
    for value in (rule.least - 1, rule.most + 1):
        assert out_of_range(msgspec.structs.replace(Rules(), **{rule.name: value})) is rule
    for value in (rule.least, rule.most):
        assert out_of_range(msgspec.structs.replace(Rules(), **{rule.name: value})) is None


def test_a_night_that_ends_when_it_begins_is_refused_by_the_command():
    from app.commands.set_rules import SetRules
    from app.domain.values import Role
    from tests.builders import Company

    same = msgspec.structs.replace(Rules(), review_from=time(7), review_until=time(7))

    assert Company().refused(SetRules(rules=same), Role.LEAD) == "bad_rules"
