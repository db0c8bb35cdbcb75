"""What was asked for again can be taken back until somebody has begun with it."""

from __future__ import annotations

import msgspec

from app.commands.redo_effect import RedoEffect
from app.commands.withdraw_effect import WithdrawEffect
from app.domain.effect import HOLD, EffectState, effect_key
from app.domain.values import Role
from app.engine import inverse_of
from tests.unit.test_snag_effect_unknown import KEY, reported, shipped

AGAIN, BACK = RedoEffect(order="o1", key=KEY), WithdrawEffect(order="o1", key=KEY)


def rejected():
    company = shipped()
    company.must(reported(EffectState.REJECTED), Role.WORKER)
    return company


def now_is(company, state):
    """What the hub's row of the effect says."""
    key = effect_key(KEY)
    company.rows[key] = msgspec.structs.replace(company.rows[key], state=state)


def test_it_leaves_when_it_cannot_be_taken_back_any_more():
    company = rejected()

    company.must(AGAIN, Role.LEAD)

    (held,) = company.order().held
    assert held.until == company.now + HOLD
    assert company.order().effects == ()


def test_taking_it_back_leaves_everything_as_it_was():
    company = rejected()
    before = company.order()
    back = inverse_of(AGAIN, company.facts(AGAIN, None))
    company.must(AGAIN, Role.LEAD)
    now_is(company, EffectState.TODO)

    company.must(back, Role.LEAD)

    after = company.order()
    assert (after.effects, after.held) == (before.effects, ())
    assert [(snag.kind, snag.text) for snag in after.snags] == [("writeback_failed", before.snags[0].text)]


def test_what_has_begun_is_not_taken_back():
    company = rejected()
    company.must(AGAIN, Role.LEAD)

    now_is(company, EffectState.LEASED)

    assert company.refused(BACK, Role.LEAD) == "too_late"


def test_what_nobody_asked_for_again_is_not_taken_back():
    company = rejected()

    assert company.refused(BACK, Role.LEAD) == "too_late"
    assert company.refused(WithdrawEffect(order="o2", key=KEY), Role.LEAD) == "no_order"
