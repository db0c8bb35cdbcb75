"""One parcel from one place is decided without a search, and as the search decides."""

from __future__ import annotations

from random import Random

import msgspec

from app.domain.decision import Decision
from app.sourcing import deciding
from app.sourcing.lanes import Lanes
from tests.sourcing_world import ATLAS, CARRIERS, NOW, random_case

CASES = 400


def shape(decision: Decision) -> list[tuple[object, ...]]:
    """Say what goes where, with whom and for how much."""
    return [
        (one.place, sorted(one.takes), one.carrier, one.service, one.freight_minor, one.arrives_at)
        for one in decision.parcels
    ]


def test_what_is_decided_directly_is_what_the_search_finds(monkeypatch):
    chance = Random(11)  # noqa: S311 - cases, no secrets
    lanes, direct = Lanes(CARRIERS, ATLAS), 0
    for _ in range(CASES):
        bought, places, policy = random_case(chance)
        policy = msgspec.structs.replace(policy, scarce_minor=0)
        quick = deciding.decide(bought, places, policy, lanes, NOW)
        with monkeypatch.context() as patch:
            patch.setattr(deciding, "directly", lambda *_: None)
            searched = deciding.decide(bought, places, policy, lanes, NOW)
        singles = [[one for one in each.candidates if len(one.places) == 1] for each in (quick, searched)]
        assert (quick.score, shape(quick)) == (searched.score, shape(searched))
        assert singles[0] == singles[1]
        direct += len(quick.parcels) == 1

    assert direct > CASES // 4
