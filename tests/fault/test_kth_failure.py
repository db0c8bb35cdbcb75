"""The k-th failure, in its short form: verbs, places and k by dice; and no verb without an example."""

from __future__ import annotations

import pytest
from examples_later import ALL
from kth import Fault, attempt, codes, sample
from taking import TAKINGS

from app.engine import SPECS

pytestmark = [pytest.mark.fault, pytest.mark.timeout(300)]

SAMPLE = 24


def test_every_verb_has_an_example() -> None:
    assert set(SPECS) == {*ALL, *TAKINGS}


def test_by_dice_nothing_is_lost_and_nothing_done_twice() -> None:
    tries = list(sample(SAMPLE, 1, codes()))

    assert {(one.code, str(one.fault)): one.wrong for one in tries if one.wrong} == {}
    assert sum(one.is_hit for one in tries) > SAMPLE // 3


@pytest.mark.parametrize(
    "fault",
    [
        Fault("desk", "gone_after", 20),
        Fault("desk", "full", 1),
        Fault("hub", "die_after", 1),
        Fault("hub", "unknown", 1),
        Fault("out", "", 40),
        Fault("in", "", 40),
        Fault("page", "", 400),
    ],
    ids=str,
)
def test_an_address_put_right_survives(fault: Fault) -> None:
    tried = attempt("fix_address", fault)

    assert tried.is_hit
    assert tried.wrong == []
