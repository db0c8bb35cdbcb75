"""A label did not come: it is looked up before it is asked for again, or another carrier takes the parcel."""

from __future__ import annotations

import msgspec
import pytest
from builders import actor, pick_all
from carrier_world import answered, released

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


def test_a_refused_label_is_an_exception_of_its_own_and_keeps_no_order_back():
    company = released()
    answered(company, EffectState.REJECTED)

    (snag,) = company.order().snags
    assert (snag.kind, snag.text.params["text"], snag.goal_min) == ("label_failed", Text("said"), 15)
    assert company.order().status is Status.RELEASED


def test_the_next_carrier_cures_it_and_undo_brings_the_first_back():
    company = released()
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
    company = released()
    answered(company, state)
    repaired(company, LOOK_UP)

    (event,) = (one for one in company.journal if isinstance(one, e.EffectAskedAgain))
    assert (event.key, event.looks) == ("label:o1:1", True)
    assert company.order().snags == ()


def test_what_is_looked_up_first_is_taken_back_until_it_leaves():
    company = released()
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
    company = released()
    pick_all(company)
    company.must(Pack(order="o1"), Role.WAREHOUSE)
    company.must(PrintPaper(order="o1", paper="label"), Role.WAREHOUSE)
    answered(company, EffectState.REJECTED)

    facts = company.facts(Recheck(order="o1"), actor())
    assert NEXT.build(company.order(), facts) is None
