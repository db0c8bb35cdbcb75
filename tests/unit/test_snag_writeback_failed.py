"""They did not take it: it is put right and sent again, or done by hand."""

from __future__ import annotations

import pytest

from app.commands.recheck import Recheck
from app.commands.redo_effect import RedoEffect
from app.commands.settle_effect import SettleEffect
from app.domain.effect import EffectState
from app.domain.values import Role
from app.snags.writeback_failed import KIND
from tests.builders import actor
from tests.unit.test_snag_effect_unknown import KEY, SAID, reported, shipped

REDO, SETTLE = KIND.repairs


def test_a_rejection_says_what_they_answered():
    company = shipped()

    company.must(reported(EffectState.REJECTED), Role.WORKER)

    assert [(snag.kind, snag.text) for snag in company.order().snags] == [("writeback_failed", SAID)]


@pytest.mark.parametrize("repair", [REDO, SETTLE], ids=lambda repair: repair.code)
def test_each_key_ends_the_exception(repair):
    company = shipped()
    company.must(reported(EffectState.REJECTED), Role.WORKER)
    facts = company.facts(Recheck(order="o1"), actor(Role.LEAD))

    company.must(repair.build(company.order(), facts), Role.LEAD)

    assert company.order().snags == ()


def test_there_is_nothing_to_press_where_nothing_was_rejected():
    company = shipped()
    facts = company.facts(Recheck(order="o1"), actor(Role.LEAD))

    assert REDO.build(company.order(), facts) is None
    assert SETTLE.build(company.order(), facts) is None


def test_what_is_asked_for_again_names_what_was_known():
    company = shipped()
    company.must(reported(EffectState.REJECTED), Role.WORKER)
    facts = company.facts(Recheck(order="o1"), actor(Role.LEAD))

    (known,) = company.order().effects
    assert REDO.build(company.order(), facts) == RedoEffect(order="o1", key=KEY, known_at=known.at)


@pytest.mark.parametrize("verb", [RedoEffect, SettleEffect])
def test_what_was_never_asked_for_or_has_happened_is_left_alone(verb):
    company = shipped()

    assert company.refused(verb(order="o1", key=KEY), Role.LEAD) == "no_effect"
    assert company.refused(verb(order="o2", key=KEY), Role.LEAD) == "no_order"
    company.must(reported(EffectState.DONE), Role.WORKER)
    assert company.refused(verb(order="o1", key=KEY), Role.LEAD) == "done"
