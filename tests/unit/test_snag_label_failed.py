"""A label did not come: it is looked up before it is asked for again, or another carrier takes the parcel."""

from __future__ import annotations

import msgspec
import pytest
from builders import Company, actor, pick_all
from carrier_world import FAR, GIVES, answered, bought, released, with_carriers

from app.carrying import LABELS_MOST
from app.commands.choose_carrier import ChooseCarrier
from app.commands.pack import Pack
from app.commands.print_paper import PrintPaper
from app.commands.recheck import Recheck
from app.commands.redo_effect import RedoEffect
from app.domain import events as e
from app.domain.effect import EffectState
from app.domain.order import Status
from app.domain.values import Role
from app.engine import inverse_of
from app.labelling import label_number
from app.snags.label_failed import KIND
from app.text import Text

LOOK_UP, NEXT = KIND.repairs


def repaired(company, repair) -> None:
    facts = company.facts(Recheck(order="o1"), actor())
    company.must(repair.build(company.order(), facts))


def alone() -> Company:
    """A released order whose next carrier costs more than anybody may spend unasked."""
    company = released()
    company.set_rules(carrier_extra_minor=100)
    return company


def test_a_refused_label_is_passed_on_to_the_next_carrier_and_the_history_says_why():
    """Source: capabilities 6.6."""
    company = released()
    answered(company, EffectState.REJECTED)

    carriage = company.order().carriage
    assert (carriage.carrier, carriage.by, company.order().snags) == ("YX", "", ())
    (chosen,) = [
        one for one in company.journal if isinstance(one, e.CarrierChosen) and one.carriage.why.params
    ]
    assert chosen.says().params["why"].params == {"carrier": "SJ", "text": Text("said")}
    assert any(isinstance(one, e.LabelVoided) for one in company.journal)


def test_the_last_of_the_list_that_refuses_is_put_before_a_person():
    second = msgspec.structs.replace(FAR, gives_labels=True)
    company = with_carriers(GIVES, second)
    bought(company)
    answered(company, EffectState.REJECTED)
    assert (company.order().carriage.carrier, company.order().waybill.key) == ("YX", "label:o1:2")

    answered(company, EffectState.REJECTED)

    assert company.order().carriage.carrier == "YX"
    assert [snag.kind for snag in company.order().snags] == ["label_failed"]


def test_who_was_chosen_by_a_person_stays():
    company = with_carriers(GIVES, FAR)
    bought(company)
    company.must(ChooseCarrier(order="o1", carrier="SJ", service="次日达"))
    answered(company, EffectState.REJECTED)

    assert company.order().carriage.carrier == "SJ"
    assert [snag.kind for snag in company.order().snags] == ["label_failed"]


def test_of_what_nobody_knows_no_other_carrier_is_told():
    company = released()
    answered(company, EffectState.UNKNOWN)

    assert company.order().carriage.carrier == "SJ"
    assert company.order().snag("label_failed") is not None


def test_so_many_labels_are_asked_for_and_no_more():
    named = tuple(
        msgspec.structs.replace(GIVES, code=f"C{at}", not_served=()) for at in range(LABELS_MOST + 2)
    )
    company = with_carriers(*named)
    bought(company)
    for _ in named:
        if company.order().snag("label_failed") is None:
            answered(company, EffectState.REJECTED)

    assert company.order().waybills == LABELS_MOST
    assert company.order().snag("label_failed") is not None


def test_a_refused_label_is_an_exception_of_its_own_and_keeps_no_order_back():
    company = alone()
    answered(company, EffectState.REJECTED)

    (snag,) = company.order().snags
    assert (snag.kind, snag.text.params["text"], snag.goal_min) == ("label_failed", Text("said"), 15)
    assert company.order().status is Status.RELEASED


def test_the_next_carrier_cures_it_and_undo_brings_the_first_back():
    company = alone()
    answered(company, EffectState.REJECTED)
    command = NEXT.build(company.order(), company.facts(Recheck(order="o1"), actor()))
    undo = inverse_of(command, company.facts(command, actor()))
    company.must(command)

    assert (company.order().carriage.carrier, company.order().snags) == ("YX", ())
    company.must(undo)
    assert company.order().waybill.key == "label:o1:2"
    assert label_number(company.order()) == ""


@pytest.mark.parametrize("state", [EffectState.REJECTED, EffectState.UNKNOWN])
def test_it_is_looked_up_before_it_is_asked_for_again(state):
    company = alone()
    answered(company, state)
    repaired(company, LOOK_UP)

    (event,) = (one for one in company.journal if isinstance(one, e.EffectAskedAgain))
    assert (event.key, event.looks) == ("label:o1:1", True)
    assert company.order().snags == ()


def test_what_is_looked_up_first_is_taken_back_until_it_leaves():
    company = alone()
    answered(company, EffectState.UNKNOWN)
    command = RedoEffect(order="o1", key="label:o1:1", looks=True)
    undo = inverse_of(command, company.facts(command, actor()))
    company.must(command)
    row = company.rows["effect", "label:o1:1"]
    company.rows["effect", "label:o1:1"] = msgspec.structs.replace(row, state=EffectState.UNKNOWN)
    company.must(undo)
    assert company.order().snag("label_failed") is not None

    company.must(command)
    company.now = company.order().held[0].until
    assert company.refused(undo) == "too_late"


def test_a_printed_label_keeps_its_carrier():
    company = alone()
    pick_all(company)
    company.must(Pack(order="o1"), Role.WAREHOUSE)
    company.must(PrintPaper(order="o1", paper="label"), Role.WAREHOUSE)
    answered(company, EffectState.REJECTED)

    facts = company.facts(Recheck(order="o1"), actor())
    assert NEXT.build(company.order(), facts) is None
