"""Every verb, exception type and gate is complete: words, repairs, tests, a way back."""

from __future__ import annotations

import itertools
import re
import tomllib
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from app import engine, gating, kinds
from app.command import Authority, Facts, no_inverse
from app.commands.adjust_stock import AdjustStock
from app.commands.match_sku import MatchSku
from app.commands.open_case import KINDS as CASES
from app.commands.set_rules import SetRules
from app.commands.set_stock import SetStock
from app.domain.catalogue import SkuMap
from app.domain.company import DEEDS, GRANTS
from app.domain.effect import HOLD
from app.domain.order import Order
from app.domain.rules import Rules
from app.domain.values import RULES_KEY, Role
from app.gate import Gate, Measure, State
from app.guides import FORMS
from app.snag import nothing_found
from app.text import Text
from tests.builders import NOW, Company, actor, facts, order, receive

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("spec", engine.SPECS.values(), ids=lambda spec: spec.code)
def test_the_world_outside_hears_nothing_that_may_be_taken_back(spec):
    """Source: capabilities 5.3."""
    waits = spec.leaves_at(NOW) - NOW
    assert waits == (HOLD if spec.inverse is not no_inverse or spec.code == "recheck" else timedelta())


@pytest.mark.parametrize("kind", kinds.KINDS.values(), ids=lambda kind: kind.code)
def test_an_exception_type_has_words_repairs_and_a_test(kind):
    assert kind.severity in ("bad", "warn")
    assert kind.title
    assert re.search(r"[.]$", kind.hint)
    repairs = kind.repairs or kind.case_repairs
    assert 1 <= len(repairs) <= 3
    for repair in repairs:
        assert 1 <= len(repair.label.split()) <= 3, repair.label
        assert re.search(r"[.]$", repair.why), repair.code
    assert (ROOT / "tests" / "unit" / f"test_snag_{kind.code}.py").exists()
    assert kind.form in ("", *FORMS)


@pytest.mark.parametrize("kind", kinds.KINDS.values(), ids=lambda kind: kind.code)
def test_an_exception_type_is_about_an_order_or_about_a_case(kind):
    assert (kind.found is nothing_found) == bool(kind.case_repairs) == (not kind.repairs)
    assert (kind.code in CASES) == bool(kind.case_repairs)


def test_every_verb_is_granted_to_some_role():
    granted = set().union(*GRANTS.values())

    assert set(engine.SPECS) | DEEDS == granted
    assert not set(engine.SPECS) & DEEDS


def test_machines_have_the_grants_of_machines_only():
    people = set().union(*(grants for role, grants in GRANTS.items() if role.person))

    assert GRANTS[Role.CHANNEL] | GRANTS[Role.WORKER] == {
        "receive", "hear", "open_case", "recheck", "withdraw", "expire_lease", "record_effect", "assign",
        "record_scan", "tell", "pick", "pack", "ship", "correct_number", "refuse_order", "split", "hold_cart",
        "plant_drill", "hear_channel", "age_lots",
    }  # fmt: skip
    machines = {
        "receive", "hear", "open_case", "withdraw", "expire_lease", "record_effect", "assign", "tell",
        "plant_drill", "hear_channel", "age_lots",
    }  # fmt: skip
    assert people & machines == set()


@pytest.mark.parametrize("spec", engine.SPECS.values(), ids=lambda spec: spec.code)
def test_a_verb_names_real_fields_and_an_authority(spec):
    assert {field.partition(".")[0] for field in spec.changes} <= set(Order.__struct_fields__)
    assert spec.authority in Authority
    assert spec.type.__struct_config__.frozen


def test_commands_that_touch_stock_or_money_are_decided_by_the_hub():
    hub = {code for code, spec in engine.SPECS.items() if spec.authority is Authority.HUB}

    assert {"receive", "ship", "adjust_stock", "receive_payment", "set_rules"} <= hub


def test_gates_stand_in_their_order_on_the_strip():
    assert list(engine.GATES) == [
        "profile", "risk", "payment", "credit", "address", "sku", "line", "stock", "price", "invoice",
        "window", "review",
    ]  # fmt: skip
    assert [code for code, gate in engine.GATES.items() if gate.checks] == ["address", "sku"]


def test_a_gate_that_cannot_answer_stops(monkeypatch):
    def broken(_order: Order, _facts: Facts) -> Measure:
        raise ZeroDivisionError

    gates = dict(engine.GATES) | {"price": Gate("price", "Price", 50, broken)}
    monkeypatch.setattr(gating, "GATES", gates)
    company = Company()

    company.receive()

    assert company.order().status == "gated"
    assert [(hold.gate, hold.state) for hold in company.order().holds] == [("price", "stops")]


def test_no_gate_is_met_for_an_order_of_an_unknown_shop_without_lines():
    lost = order(shop="XX", lines=(), region=msgspec.structs.replace(order().region, verdict=""))

    measured = engine.measures(lost, facts())

    assert "profile" not in measured  # a company without profiles asks everything
    assert State.MET not in {measure.state for measure in measured.values()}


def test_what_decide_reads_was_named():
    company = Company()

    with pytest.raises(LookupError, match="order o1"):
        Facts({}, company.refs, None, company.now, at_hub=True).order("o1")


def test_the_rules_file_holds_exactly_the_fields_of_the_rules():
    with (ROOT / "resources" / "rules" / "default.toml").open("rb") as file:
        written = tomllib.load(file)

    assert msgspec.convert(written, Rules) == Rules()
    assert set(written) == set(Rules.__struct_fields__) - {"rev"}


def test_a_rule_set_publishes_the_next_revision():
    company = Company()
    rules = msgspec.structs.replace(Rules(), price_floor_pct=50)

    company.must(SetRules(rules=rules), Role.LEAD)

    assert company.rows[RULES_KEY] == msgspec.structs.replace(rules, rev=1)
    assert company.refused(SetRules(rules=rules), Role.LEAD) == "stale_content"


@pytest.mark.parametrize(
    "command",
    [
        SetRules(rules=msgspec.structs.replace(Rules(), price_floor_pct=50)),
        AdjustStock(warehouse="SZ", sku="LN-220", delta=4, reason="count"),
        SetStock(warehouse="SZ", sku="LN-220", on_hand=14, reason="count of the WMS"),
        MatchSku(shop="TM1", ext_sku="new", sku="LN-220"),
    ],
    ids=lambda command: type(command).__name__,
)
def test_what_is_about_no_order_is_taken_back_too(command):
    company = Company()
    before = dict(company.rows)
    undo = engine.inverse_of(command, company.facts(command, actor(Role.LEAD)))

    company.must(command, Role.LEAD)
    company.must(undo, Role.LEAD)

    after = {key: row for key, row in company.rows.items() if key in before}
    after[RULES_KEY] = msgspec.structs.replace(after[RULES_KEY], rev=0)
    assert after == before
    mappings = [row for row in company.rows.values() if isinstance(row, SkuMap) and row.ext_sku == "new"]
    assert not any(row.sku for row in mappings)


@pytest.mark.parametrize(
    "wrong",
    [
        {"price_floor_pct": 101},
        {"price_ceiling_pct": 99},
        {"review_signatures": 3},
        {"late_after_pct": 0},
        {"duplicate_score_pct": 101},
        {"snag_goal_min": 0},
        {"review_above_minor": -1},
    ],
)
def test_senseless_rules_are_refused(wrong):
    rules = msgspec.structs.replace(Rules(), **wrong)

    assert Company().refused(SetRules(rules=rules), Role.LEAD) == "bad_rules"


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("code", engine.SPECS)
def test_a_verb_without_its_grant_is_refused(role, code):
    if code in GRANTS[role]:
        return
    company = Company()
    company.receive()
    command = _any(code)

    assert company.refused(command, role) == "not_allowed"


def _any(code: str) -> object:
    from tests.contract.test_wire import COMMANDS

    return next(command for command in COMMANDS if engine.spec_of(command).code == code)


def test_a_desk_neither_promises_stock_nor_releases():
    company = Company(at_hub=False)

    company.must(receive(), Role.CHANNEL)

    assert (company.order().status, company.order().reserved) == ("gated", ())
    assert [(hold.gate, hold.text) for hold in company.order().holds] == [
        ("stock", Text("Available, to be confirmed by the hub"))
    ]


def test_words_of_titles_are_told_apart():
    titles = [kind.title for kind in kinds.KINDS.values()]

    assert all(one != other for one, other in itertools.combinations(titles, 2))


def test_no_guide_takes_a_key_of_the_order_page():
    """First unmet gate, next order, kin, print, reveal, undo."""
    taken = {form.code: form.key for form in FORMS.values() if form.key in {*"GJKOPZ", "F2"}}
    assert taken == {}
