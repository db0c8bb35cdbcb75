"""Manifests: what is refused, with which sentence; overrides; the small language."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import jsonschema_rs
import msgspec
import pytest

from app.domain.tree_edits import difference, overlaid
from sync.manifest.paths import BadPath, compute, fill, filled, get, holds
from sync.manifest.reading import (
    BadManifest,
    as_json,
    as_yaml,
    built_in,
    built_in_ids,
    checked,
    from_json,
    from_yaml,
    manifest_of,
    schema,
)

IDS = {
    "amazon", "douyin", "ebay", "generic_file", "generic_rest", "generic_webhook", "jd", "pdd", "shopify",
    "taobao", "vendure", "wechat_store", "woocommerce",
}  # fmt: skip


def said(wrong: pytest.ExceptionInfo[BadManifest]) -> list[str]:
    """The sentences, with the names in their places."""
    return [text.message.format(**text.params) for text in wrong.value.texts]


def refused(tree: dict[str, Any]) -> list[str]:
    with pytest.raises(BadManifest) as wrong:
        checked(tree)
    return said(wrong)


def test_every_channel_of_the_house_has_a_manifest_that_says_what_it_needs() -> None:
    assert set(built_in_ids()) == IDS
    for name in IDS:
        manifest = manifest_of(name)
        assert manifest.about.zh, name
        assert manifest.about.en, name
        asked = {setting for setting in manifest.settings if not manifest.settings[setting].label.zh}
        assert asked == set(), name


@pytest.mark.parametrize("id", sorted(IDS))
def test_a_manifest_survives_its_database_and_its_export(id: str) -> None:
    manifest = manifest_of(id)
    assert checked(from_json(as_json(manifest))) == manifest
    assert checked(from_yaml(as_yaml(built_in(id)))) == manifest
    assert as_json(checked(from_json(as_json(manifest)))) == as_json(manifest)


def test_the_published_schema_takes_what_the_house_takes_and_refuses_what_it_refuses() -> None:
    judge = jsonschema_rs.validator_for(schema())
    for name in IDS:
        assert judge.is_valid(built_in(name)), name
        assert not judge.is_valid(overlaid(built_in(name), {"map": {"statu": 1}})), name
        assert not judge.is_valid(overlaid(built_in(name), {"map": None})), name


def test_one_sentence_for_each_block_names_block_key_and_what_to_do() -> None:
    bad = overlaid(
        built_in("pdd"),
        {
            "transport": {"sing": {}},
            "streams": {"orders": {"window": {"max": "half an hour"}}},
            "colour": 1,
            "title": None,
        },
    )
    sentences = refused(bad)
    assert len(sentences) == 4
    assert any("There is no block called colour" in one for one in sentences)
    assert any("The block title is missing. Add it." in one for one in sentences)
    assert any(one.startswith("transport: ") and "no key sing" in one for one in sentences)
    assert any(one.startswith("streams: ") and "window.max" in one for one in sentences)


@pytest.mark.parametrize(
    "expr", ["__import__('os')", "a if b else c", "a ** 9", "f(a)", "a[0]", "lambda: 1", "a +", "'x'"]
)
def test_an_expression_that_is_more_than_a_sum_is_refused(expr: str) -> None:
    bad = overlaid(built_in("pdd"), {"map": {"checks": [{"expr": expr, "equals": "pay_amount"}]}})
    (sentence,) = refused(bad)
    assert "Write paths and numbers with + - * / only." in sentence
    with pytest.raises(BadPath):
        compute(expr, {})


def test_sums_are_exact_and_lists_are_added_up() -> None:
    node = {"a": 0.1, "b": "0.2", "lines": [{"t": "1.5"}, {"t": 2}, {}], "z": 0}
    assert compute("a + b", node) == Decimal("0.3")
    assert compute("lines.t * 2 - missing", node) == Decimal("7.0")
    with pytest.raises(BadPath):
        compute("a / z", node)
    with pytest.raises(BadPath):
        compute("a + lines", {"a": "much", "lines": True})


def test_no_pieces_for_nothing_cost_nothing_apiece_and_anything_else_over_none_is_refused() -> None:
    assert compute("total / qty", {"total": "0.00", "qty": 0}) == 0
    with pytest.raises(BadPath):
        compute("total / qty", {"total": "9.90", "qty": 0})


def test_paths_take_the_first_that_is_there() -> None:
    node = {"a": {"b": [{"c": 1}, {"c": 2}]}, "empty": "", "zero": 0}
    assert get(node, "a.b.1.c") == 2
    assert get(node, "a.b[].c") == [1, 2]
    assert get(node, "empty|zero") == 0
    assert get(node, "a.b.9.c") is None
    assert get([1], ".") == [1]


def test_names_are_filled_and_nothing_else_is_understood() -> None:
    values = {"x": {"y": 7}, "t": True, "secret": "{{x.y}}"}
    assert fill("a{{x.y}}b{{ t }}c{{gone}}", values) == "a7btruec"
    assert filled({"n": "{{x.y}}", "m": ["{{x.y}}!", 3]}, values) == {"n": 7, "m": ["7!", 3]}
    assert fill("{{secret}}", values) == "{{x.y}}"
    assert fill("{% x %}{{7*7}}{{x.__class__}}", values) == "{% x %}{{7*7}}"


def test_conditions_compare_text_and_know_presence() -> None:
    node = {"code": 7, "sub": "isp.busy", "list": [1, 2], "none": None}
    assert holds(node, {"code": "7", "sub": "isp.*", "list": 2})
    assert holds(node, {"code": [1, 7], "none": "absent", "list": "present"})
    assert not holds(node, {"code": 7, "none": "present"})


def test_yaml_is_read_as_its_second_version_reads_it() -> None:
    tree = from_yaml(b"on: yes\noff: [no, On, 2026-01-01, 012, 1_0, 1:30]\nt: true\nn: null\nf: 1.5\ni: 7")
    assert tree == {
        "on": "yes", "off": ["no", "On", "2026-01-01", 12, "1_0", "1:30"],
        "t": True, "n": None, "f": 1.5, "i": 7,
    }  # fmt: skip


@pytest.mark.parametrize(
    "content",
    [
        b"a: &x [1]\nb: *x", b"a: 1\na: 2", b"a: [", b"- 1", b"a: !!python/object:os.system x", b"\xff",
        b"a: " + b"[" * 3000, b"a: " + b"x" * 300_000,
    ],
)  # fmt: skip
def test_yaml_that_is_no_manifest_is_answered_with_a_sentence(content: bytes) -> None:
    with pytest.raises(BadManifest) as wrong:
        from_yaml(content)
    assert all(sentence.endswith(".") for sentence in said(wrong))


def test_json_that_is_none_is_answered_with_a_sentence() -> None:
    for content in (b"{", b"[]", b'{"a":' + b"[" * 50 + b"]" * 50 + b"}"):
        with pytest.raises(BadManifest):
            from_json(content)


def test_an_override_keeps_what_it_does_not_name_and_can_be_taken_back() -> None:
    before = built_in("taobao")
    override = {"streams": {"refunds": None, "orders": {"pages": {"size": 40}}}, "title": {"zh": "旗舰店"}}
    after = overlaid(before, override)
    assert "refunds" not in after["streams"]
    assert after["streams"]["orders"]["pages"]["direction"] == "backward"
    assert difference(before, after) == override
    assert overlaid(after, difference(after, before)) == before
    assert difference(before, before) == {}
    assert checked(after).streams["orders"].pages.size == 40
    assert before == built_in("taobao")


def test_an_unknown_manifest_is_named() -> None:
    with pytest.raises(BadManifest):
        built_in("../../etc/passwd")


def test_no_manifest_takes_an_unknown_state_for_one_to_ship() -> None:
    bad = overlaid(built_in("pdd"), {"guards": {"unknown_status": "to_ship"}})
    (sentence,) = refused(bad)
    assert sentence.startswith("guards: ")
    assert msgspec.to_builtins(manifest_of("pdd").guards) == {}
