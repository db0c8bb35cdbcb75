"""Nobody knows whether it arrived: a person looks, and says so."""

from __future__ import annotations

from app.commands.recheck import Recheck
from app.commands.record_effect import RecordEffect
from app.domain.effect import Effect, EffectState
from app.domain.values import Role
from app.snags.effect_unknown import KIND
from app.text import Text
from tests.builders import Company, actor, ship_it

KEY = "confirm:o1:1"
SETTLE, REDO = KIND.repairs
SAID = Text("nobody can tell")


def reported(state: EffectState, fence: int = 3) -> RecordEffect:
    return RecordEffect(key=KEY, order="o1", fence=fence, state=state, text=SAID)


def shipped() -> Company:
    """A parcel on its way, and a worker that holds the word to its channel under lease 3."""
    company = Company()
    company.receive()
    ship_it(company)
    held = Effect(key=KEY, kind="confirm", order="o1", state=EffectState.LEASED, fence=3)
    company.rows["effect", KEY] = held
    return company


def test_an_unknown_outcome_is_an_exception_of_the_order_that_shipped():
    company = shipped()

    company.must(reported(EffectState.UNKNOWN), Role.WORKER)

    (snag,) = company.order().snags
    assert (snag.kind, snag.severity, snag.text) == ("effect_unknown", "bad", SAID)
    assert company.order().status == "shipped"


def test_who_has_looked_says_that_it_arrived():
    company = shipped()
    company.must(reported(EffectState.UNKNOWN), Role.WORKER)
    facts = company.facts(Recheck(order="o1"), actor(Role.LEAD))

    company.must(SETTLE.build(company.order(), facts), Role.LEAD)

    assert company.order().snags == ()
    assert (company.order().effects[0].state, company.order().effects[0].by) == (EffectState.DONE, "lead")


def test_or_that_it_did_not_and_it_is_sent_again():
    company = shipped()
    company.must(reported(EffectState.UNKNOWN), Role.WORKER)
    facts = company.facts(Recheck(order="o1"), actor(Role.LEAD))

    company.must(REDO.build(company.order(), facts), Role.LEAD)

    assert (company.order().snags, company.order().effects) == ((), ())


def test_there_is_nothing_to_press_where_everything_is_known():
    company = shipped()
    facts = company.facts(Recheck(order="o1"), actor(Role.LEAD))

    assert SETTLE.build(company.order(), facts) is None
    assert REDO.build(company.order(), facts) is None


def test_a_result_counts_only_under_the_lease_it_was_tried_with():
    company = shipped()

    assert company.refused(reported(EffectState.DONE, fence=2), Role.WORKER) == "old_fence"
    assert company.refused(reported(EffectState.TODO), Role.WORKER) == "not_final"
    company.rows["effect", KEY] = None
    assert company.refused(reported(EffectState.DONE), Role.WORKER) == "no_effect"
