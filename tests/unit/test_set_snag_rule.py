"""An exception type of the company's own: a condition as data, raised, answered and closed like any other."""

from __future__ import annotations

import msgspec
import pytest
from builders import RECEIVER, SHOPS, Company, actor, line, order
from settings_world import revisions, settled

from app.command import Refusal
from app.commands.amend import Amend
from app.commands.hold import Hold
from app.commands.recheck import Recheck
from app.commands.set_snag_rule import SetSnagRule
from app.domain.company import Customer
from app.domain.order import Status
from app.domain.snag_rule import (
    FIELDS,
    FITTING,
    OPERATORS,
    Around,
    Clause,
    SnagRule,
    around,
    clause_fault,
    holding,
    observed,
)
from app.domain.values import EVERY_OPEN, Role
from app.engine import inverse_of
from app.kinds import all_kinds, kind_of, worst
from app.text import BOTH

BIG = SnagRule(code="BIG", title="大额", title_en="Large", clauses=(Clause("payable", "at_least", "500"),))
VIP = SnagRule(code="VIP", title="VIP", clauses=(Clause("customer", "is", "LH"),), group="lead", goal_min=60)


def with_rule(rule: SnagRule = BIG) -> Company:
    company = settled()
    company.must(SetSnagRule(rule=rule), Role.LEAD)
    return company


def changed(rule: SnagRule = BIG, /, **changes: object) -> SnagRule:
    return msgspec.structs.replace(rule, **changes)


def dear(company: Company):
    return company.receive(lines=(line(qty=2),))


def repair(company: Company, which: int):
    facts = company.facts(Recheck(order="o1"), actor())
    return kind_of("rule-BIG", facts.refs.snag_rules).repairs[which].build(company.order(), facts)


# --- raised, answered, closed -------------------------------------------------------------------------


def test_an_order_the_condition_does_not_hold_for_is_left_alone():
    assert with_rule().receive().snags == ()


def test_an_order_it_holds_for_is_kept_back_and_says_what_was_seen():
    found = dear(with_rule())

    (snag,) = found.snags
    assert (snag.kind, snag.severity, found.status) == ("rule-BIG", "warn", Status.GATED)
    assert snag.text.params["title"].message == f"大额{BOTH}Large"
    assert snag.text.params["said"].params["value"] == "¥640.00"


def test_it_closes_when_the_condition_is_false():
    company = with_rule()
    dear(company)

    company.must(Amend(order="o1", lines=(line(sku="LN-220", qty=1, unit_price_minor=32_000),)))
    company.receive(ext_version="2", total_minor=32_000, payable_minor=32_000)

    assert company.order().snags == ()


def test_a_type_out_of_use_closes_what_it_raised():
    company = with_rule()
    dear(company)

    company.must(SetSnagRule(rule=changed(active=False, rev=1)), Role.LEAD)
    company.must(Recheck(order="o1"), Role.WORKER)

    assert (company.order().snags, company.order().status) == ((), Status.RELEASED)


def test_publishing_one_has_every_order_that_may_change_looked_at_again():
    (event,) = settled().must(SetSnagRule(rule=BIG), Role.LEAD)

    assert event.wakes() == (EVERY_OPEN,)


def test_looked_at_is_an_answer_that_is_taken_back():
    company = with_rule()
    dear(company)
    answer = repair(company, 0)
    undo = inverse_of(answer, company.facts(answer, actor()))

    company.must(answer)
    assert company.order().status is Status.RELEASED
    company.must(undo)

    assert company.order().snag("rule-BIG") is not None


def test_an_answer_is_void_when_what_was_seen_changes():
    company = with_rule()
    dear(company)
    company.must(repair(company, 0))

    company.receive(ext_version="2", lines=(line(qty=2),), payable_minor=70_000, paid_minor=70_000)

    assert company.order().snag("rule-BIG") is not None


def test_it_is_held_and_let_go_again():
    company = with_rule()
    dear(company)
    hold = repair(company, 1)
    undo = inverse_of(hold, company.facts(hold, actor()))

    assert isinstance(hold, Hold)
    company.must(hold)
    assert repair(company, 1) is None
    company.must(undo)

    assert company.order().pause is None


def test_one_that_only_warns_lets_the_order_go():
    assert dear(with_rule(changed(blocks=False))).status is Status.RELEASED


def test_how_grave_how_long_and_whose_it_is_are_the_companys_word():
    company = with_rule(VIP)
    kind = all_kinds(company.refs.snag_rules)["rule-VIP"]

    assert (kind.group, kind.goal_min, kind.severity) == ("lead", 60, "warn")


def test_it_names_an_order_before_a_late_one_when_it_is_grave():
    company = with_rule(changed(severity="bad"))
    found = dear(company)
    late = msgspec.structs.replace(found.snags[0], kind="ship_overdue", severity="warn")

    assert worst((late, *found.snags)) == "rule-BIG"


def test_a_condition_on_the_note_is_judged_by_the_hub_and_repeats_no_word_of_it():
    company = with_rule(changed(clauses=(Clause("note", "contains", "发票"),)))
    company.receive(receiver=msgspec.structs.replace(RECEIVER, note="请开发票"))

    snag = company.order().snag("rule-BIG")
    assert "发票" not in msgspec.json.encode(snag).decode()
    assert kind_of("rule-BIG", company.refs.snag_rules).hub_only


# --- one after another --------------------------------------------------------------------------------


def test_a_type_that_waits_for_another_is_asked_once_that_one_is_dealt_with():
    company = with_rule()
    second = changed(code="TWO", title="第二", after="BIG")
    company.must(SetSnagRule(rule=second), Role.LEAD)
    dear(company)
    assert [snag.kind for snag in company.order().snags] == ["rule-BIG"]

    company.must(repair(company, 0))

    assert [snag.kind for snag in company.order().snags] == ["rule-TWO"]
    assert company.order().status is Status.GATED


def test_the_third_in_a_row_waits_for_the_first_too():
    company = with_rule()
    for code, after, limit in (("B", "BIG", "9999"), ("C", "B", "500")):
        rule = changed(code=code, after=after, clauses=(Clause("payable", "at_least", limit),))
        company.must(SetSnagRule(rule=rule), Role.LEAD)

    assert [snag.kind for snag in dear(company).snags] == ["rule-BIG"]


@pytest.mark.parametrize(
    ("waits", "last", "drawn"),
    [
        ({}, changed(code="A", title="甲", after="A"), "甲 → 甲"),
        ({"B": "A"}, changed(code="A", title="甲", after="B", rev=1), "甲 → 乙 → 甲"),
        ({"B": "A", "C": "B"}, changed(code="A", title="甲", after="C", rev=1), "甲 → 丙 → 乙 → 甲"),
    ],
)
def test_types_that_would_wait_for_each_other_are_refused_and_the_ring_is_drawn(waits, last, drawn):
    company, names = settled(), {"A": "甲", "B": "乙", "C": "丙"}
    if waits:
        company.must(SetSnagRule(rule=changed(code="A", title="甲")), Role.LEAD)
    for code, after in waits.items():
        company.must(SetSnagRule(rule=changed(code=code, title=names[code], after=after)), Role.LEAD)

    refused = company.do(SetSnagRule(rule=last), Role.LEAD)

    assert isinstance(refused, Refusal)
    assert (refused.code, refused.text.params) == ("ring", {"ring": drawn})


def test_a_ring_that_is_there_all_the_same_lets_nobody_slip_through():
    company = settled()
    for code, after in (("A", "B"), ("B", "A")):
        company.rows["snag_rule", code] = changed(code=code, after=after)

    assert {snag.kind for snag in dear(company).snags} == {"rule-A", "rule-B"}
    assert company.order().status is Status.GATED


# --- the condition --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("clause", "holds"),
    [
        (Clause("payable", "at_least", "320"), True),
        (Clause("payable", "at_least", "320.01"), False),
        (Clause("payable", "at_most", "¥320"), True),
        (Clause("pieces", "is", "1"), True),
        (Clause("lines", "at_least", "2"), False),
        (Clause("article", "contains", "四件套"), True),
        (Clause("article", "contains_not", "窗帘"), True),
        (Clause("article", "is", "ln-220"), True),
        (Clause("province", "is_not", "浙江省"), False),
        (Clause("city", "contains", "杭州"), True),
        (Clause("on_account", "is", ""), False),
        (Clause("on_account", "is_not", ""), True),
        (Clause("nothing", "is", "1"), False),
    ],
)
def test_a_comparison_says_what_it_says(clause, holds):
    assert bool(holding(changed(clauses=(clause,)), order())) is holds


@pytest.mark.parametrize(
    ("clause", "holds"),
    [
        (Clause("channel", "is", "tm"), True),
        (Clause("channel", "is_not", "TM"), False),
        (Clause("price_list", "is", "vip"), True),
        (Clause("price_list", "contains_not", "vip"), False),
    ],
)
def test_an_order_is_told_by_its_channel_and_by_whose_prices_its_customer_pays(clause, holds):
    bought = msgspec.structs.replace(order(), customer="C1")
    customers = {"C1": Customer(code="C1", title="临湖", price_list="VIP")}

    about = around(bought, SHOPS, customers)

    assert bool(holding(changed(clauses=(clause,)), bought, about)) is holds
    assert around(bought, {}, {}) == Around()


def test_what_decided_stands_in_the_exception():
    rule = changed(code="TM", clauses=(Clause("channel", "is", "TM"),))

    (snag,) = dear(with_rule(rule)).snags

    assert (snag.kind, snag.text.params["said"].params["value"]) == ("rule-TM", "TM")


def test_all_conditions_or_any_of_them():
    both = (Clause("pieces", "at_least", "1"), Clause("lines", "at_least", "9"))

    assert holding(changed(clauses=both), order()) == ()
    assert holding(changed(clauses=both, is_any=True), order()) == both[:1]


def test_no_condition_holds_for_nobody():
    assert holding(changed(clauses=()), order()) == ()
    assert holding(changed(clauses=(), is_any=True), order()) == ()


@pytest.mark.parametrize("name", FIELDS)
def test_every_field_can_be_asked_and_said(name):
    for op in FITTING[FIELDS[name].sort]:
        clause = Clause(name, op, "5")
        assert clause_fault(clause) is None
        holding(changed(clauses=(clause,)), order())
        assert observed(clause, order()).message
        assert OPERATORS[op]


@pytest.mark.parametrize(
    "clause",
    [
        Clause("nothing", "is", "5"),
        Clause("payable", "contains", "5"),
        Clause("payable", "at_least", "much"),
        Clause("payable", "at_least", "1e30"),
        Clause("pieces", "is", "1.5"),
        Clause("city", "at_least", "5"),
        Clause("city", "contains", " "),
        Clause("city", "is", "x" * 61),
        Clause("city", "is", "a\nb"),
    ],
)
def test_a_comparison_without_sense_is_no_condition(clause):
    assert clause_fault(clause) is not None
    assert settled().refused(SetSnagRule(rule=changed(clauses=(clause,))), Role.LEAD) == "bad_clause"


# --- publishing -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"code": "大"}, "bad_code"),
        ({"code": "x" * 28}, "bad_code"),
        ({"title": " "}, "bad_title"),
        ({"title_en": "x" * 61}, "bad_title"),
        ({"hint": "x" * 201}, "bad_hint"),
        ({"clauses": ()}, "bad_clause"),
        ({"clauses": BIG.clauses * 5}, "bad_clause"),
        ({"severity": "worst"}, "bad_choice"),
        ({"group": "channel"}, "bad_choice"),
        ({"goal_min": -1}, "bad_goal"),
        ({"goal_min": 20_161}, "bad_goal"),
        ({"after": "NONE"}, "unknown_rule"),
        ({"rev": 1}, "stale_content"),
    ],
)
def test_what_makes_no_sense_is_refused(changes, code):
    company = settled()

    assert company.refused(SetSnagRule(rule=changed(**changes)), Role.LEAD) == code
    assert revisions(company) == []


def test_a_clerk_makes_no_types():
    assert settled().refused(SetSnagRule(rule=BIG), Role.CLERK) == "not_allowed"


def test_a_change_is_taken_back_and_a_new_one_goes_out_of_use():
    company = settled()
    first = SetSnagRule(rule=BIG)
    undo = inverse_of(first, company.facts(first, actor(Role.LEAD)))
    company.must(first, Role.LEAD)
    second = SetSnagRule(rule=changed(title="更大", rev=1))
    back = inverse_of(second, company.facts(second, actor(Role.LEAD)))

    company.must(second, Role.LEAD)
    company.must(back, Role.LEAD)
    assert company.refs.snag_rules["BIG"].title == "大额"

    company = settled()
    company.must(first, Role.LEAD)
    company.must(undo, Role.LEAD)
    assert not company.refs.snag_rules["BIG"].active
