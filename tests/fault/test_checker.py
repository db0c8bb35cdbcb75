"""The checker notices: bugs put into hub and desk on purpose, one at a time, each must be caught."""

from __future__ import annotations

import signal
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

import pytest
from driver import Stage, Storm, stage
from papers import ANSWERS
from processes import until
from proxy import FAULTS, once

pytestmark = [
    pytest.mark.fault,
    pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="kills with SIGKILL"),
]

SOME = 8
SURELY_A_COUNT = 48
"""Every fourth thing a packer does is a count; so many without one are rarer than one in a million."""
HEAL_S = 4.0
Start = Callable[..., AbstractContextManager[Stage]]


@pytest.fixture
def start(tmp_path: Path) -> Start:
    """`start(people=…, hub_bug=…, desk_bug=…)`: one hub and its desks on SQLite."""
    return partial(stage, f"sqlite:///{tmp_path / 'hub.db'}", tmp_path, seed=7)


def pushed_under(on: Stage, fault: str) -> None:
    """Let one push of commands meet a fault."""
    on.proxy.choose = once(fault)
    on.desks[0].ask(f"do {SOME}")
    until(lambda: on.proxy.met[fault], f"a push is {fault}")


def healed(on: Stage) -> Storm:
    on.heal(HEAL_S)
    return on.judge()


def test_without_a_bug_every_fault_passes_without_a_trace(start: Start) -> None:
    with start(people=("lin",)) as on:
        for fault in FAULTS:
            pushed_under(on, fault)
        storm = healed(on)

    assert (storm.verdict.findings, storm.verdict.stalls) == ([], 0)
    assert storm.verdict.promised == SOME * len(FAULTS)


def test_a_hub_that_decides_a_repeated_number_again_is_caught(start: Start) -> None:
    with start(people=("qiao",), hub_bug="no_dedupe") as on:
        pushed_under(on, "twice")
        storm = healed(on)

    assert {"I2", "I8"} <= storm.verdict.broken


def test_a_hub_that_answers_before_it_commits_is_caught(start: Start) -> None:
    with start(people=("lin",), hub_bug="answer_before_commit") as on:
        answers = on.desks[0].home / ANSWERS
        on.desks[0].ask("do 1")
        until(lambda: answers.stat().st_size, "the desk has its answer")
        on.hubs[0].kill()
        storm = healed(on)

    assert "I2" in storm.verdict.broken
    assert storm.verdict.lost > 0


def test_a_desk_that_forgets_what_it_sends_is_caught(start: Start) -> None:
    with start(people=("lin",), desk_bug="emptied_on_send") as on:
        pushed_under(on, "dropped")
        storm = healed(on)

    assert {"I1", "I13"} & storm.verdict.broken
    assert storm.verdict.lost > 0


def test_a_hub_that_lets_the_maker_sign_is_caught(start: Start) -> None:
    with start(people=("zhou",), hub_bug="no_maker_check", desk_bug="no_maker_check") as on:
        on.desks[0].ask("own")
        storm = healed(on)

    assert "I6" in storm.verdict.broken
    assert storm.verdict.self_approved > 0


def test_a_desk_that_writes_another_row_than_it_was_told_is_caught(start: Start) -> None:
    with start(people=("qiao",), desk_bug="wrong_row") as on:
        on.desks[0].ask(f"do {SURELY_A_COUNT}")
        storm = healed(on)

    assert storm.verdict.broken == {"I9"}


def test_a_desk_that_gives_up_without_a_word_is_caught(start: Start) -> None:
    with start(people=("lin",), desk_bug="gives_up") as on:
        pushed_under(on, "dropped")
        storm = healed(on)

    assert storm.verdict.stalls == 1
    assert "I12" in storm.verdict.broken
