"""A rule of the business may hold a single line: that one waits, the rest goes on, it ends by itself."""

from __future__ import annotations

import msgspec
import pytest
from builders import Company, actor, line, receive

from app.commands.amend import Amend
from app.commands.hold import Hold
from app.commands.recheck import Recheck
from app.commands.resume import Resume
from app.commands.set_snag_rule import SetSnagRule
from app.commands.settle import Settle
from app.commands.split import Split
from app.domain.order import Status
from app.domain.snag_rule import Clause, SnagRule
from app.domain.values import Role
from app.forms.resume_line import FORM as RESUME_LINE
from app.kinds import kind_of

MEASURED = SnagRule(
    code="CURT",
    title="窗帘要量尺",
    title_en="Curtains to measure",
    clauses=(Clause("article", "is", "CT-180"), Clause("province", "is", "浙江省")),
    on_line=True,
)


@pytest.fixture
def company() -> Company:
    made = Company()
    made.must(SetSnagRule(rule=MEASURED), Role.LEAD)
    made.receive(lines=(line(), line("2", "A-3", unit_price_minor=12_900)))
    return made


def held(made: Company, order: str = "o1") -> dict[str, str]:
    return {one.id: one.held_by for one in made.order(order).lines if one.held}


def repair(made: Company, code: str):
    order = made.order()
    known = made.facts(Recheck(order="o1"), actor())
    kind = kind_of("rule-CURT", made.refs.snag_rules)
    return next(one.build(order, known) for one in kind.repairs if one.code == code)


def test_only_the_line_it_is_true_of_waits_and_the_gate_names_line_and_rule(company):
    order = company.order()
    (hold,) = order.holds

    assert held(company) == {"2": "rule-CURT"}
    assert (order.status, hold.gate, hold.state) == (Status.GATED, "line", "stops")
    assert hold.text.params["article"] == "CT-180"
    assert hold.text.params["reason"].message == order.lines[1].held
    assert [snag.kind for snag in order.snags] == ["rule-CURT"]
    assert len(order.reserved) == 2


def test_the_rest_goes_on_by_a_split_and_what_is_held_stays_so(company):
    company.must(repair(company, "rest_goes_on"))

    rest, kept = (company.order(one) for one in company.order().replaced_by)
    assert (rest.status, [one.sku for one in rest.lines]) == (Status.RELEASED, ["LN-220"])
    assert (kept.status, [one.held_by for one in kept.lines]) == (Status.GATED, ["rule-CURT"])


@pytest.mark.parametrize(
    "cure",
    [
        lambda made: made.must(Settle(order="o1", kind="rule-CURT", digest=made.order().snags[0].digest)),
        lambda made: made.must(
            SetSnagRule(rule=msgspec.structs.replace(MEASURED, active=False, rev=1)), Role.LEAD
        ),
        lambda made: made.must(
            receive(
                lines=(line(), line("2", "A-2", unit_price_minor=19_900)),
                ext_version="2",
            ),
            Role.CHANNEL,
        ),
    ],
    ids=["answered", "out of use", "another article"],
)
def test_it_goes_on_by_itself_once_the_cause_is_gone(company, cure):
    cure(company)
    company.must(Recheck(order="o1"), Role.WORKER)

    assert held(company) == {}
    assert (company.order().status, company.order().holds) == (Status.RELEASED, ())


def test_a_person_does_not_let_go_what_a_rule_holds_but_may_hold_the_other_line_too(company):
    assert company.refused(Resume(order="o1", line="2", reason="done")) == "held_by_rule"
    assert [
        one.value for one in RESUME_LINE.steps[0].fields[0].choices({}, company.order(), known(company))
    ] == ["rest"]

    company.must(Hold(order="o1", line="1", reason="colour in doubt"))
    company.must(Settle(order="o1", kind="rule-CURT", digest=company.order().snags[0].digest))

    assert held(company) == {"1": ""}


def known(made: Company):
    return made.facts(Recheck(order="o1"), actor())


def test_a_hold_of_a_person_stays_theirs_whatever_a_rule_says():
    made = Company()
    made.receive(lines=(line(), line("2", "A-3", unit_price_minor=12_900)))
    made.must(Hold(order="o1", line="2", reason="colour in doubt"))

    made.must(SetSnagRule(rule=MEASURED), Role.LEAD)
    made.must(Recheck(order="o1"), Role.WORKER)
    assert held(made) == {"2": ""}
    made.must(Resume(order="o1", line="2", reason="it is grey"))

    assert held(made) == {"2": "rule-CURT"}


def test_an_answer_is_void_once_another_line_is_meant(company):
    company.must(Settle(order="o1", kind="rule-CURT", digest=company.order().snags[0].digest))
    lines = company.order().lines

    company.must(Amend(order="o1", lines=(lines[0], msgspec.structs.replace(lines[1], qty=2))))

    assert held(company) == {"2": "rule-CURT"}


def test_of_two_rules_one_is_named_and_the_other_takes_over(company):
    second = msgspec.structs.replace(
        MEASURED, code="ALL", title="窗帘", clauses=(Clause("article", "is", "CT-180"),)
    )
    company.must(SetSnagRule(rule=second), Role.LEAD)
    company.must(Recheck(order="o1"), Role.WORKER)
    assert held(company) == {"2": "rule-ALL"}

    company.must(Settle(order="o1", kind="rule-ALL", digest=company.order().snag("rule-ALL").digest))

    assert held(company) == {"2": "rule-CURT"}


def test_pieces_and_prices_are_those_of_the_line():
    made = Company()
    made.must(
        SetSnagRule(rule=msgspec.structs.replace(MEASURED, clauses=(Clause("pieces", "at_least", "3"),))),
        Role.LEAD,
    )

    made.receive(lines=(line(qty=2), line("2", "A-3", qty=3, unit_price_minor=12_900)))

    assert held(made) == {"2": "rule-CURT"}


def test_a_rule_that_only_tells_holds_no_line():
    made = Company()
    made.must(SetSnagRule(rule=msgspec.structs.replace(MEASURED, blocks=False)), Role.LEAD)

    made.receive(lines=(line(), line("2", "A-3", unit_price_minor=12_900)))

    assert held(made) == {}
    assert made.order().status is Status.RELEASED


def test_what_names_nothing_of_a_line_is_no_rule_for_lines():
    rule = msgspec.structs.replace(MEASURED, clauses=(Clause("province", "is", "浙江省"),))

    assert Company().refused(SetSnagRule(rule=rule), Role.LEAD) == "no_line"


def test_lines_a_rule_holds_travel_with_their_split(company):
    one, two = (one.id for one in company.order().lines)
    command = repair(company, "rest_goes_on")

    assert isinstance(command, Split)
    assert [part.lines for part in command.parts] == [((one, 1),), ((two, 1),)]
