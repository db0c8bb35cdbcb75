"""Two clerks take one exception at once: one has it, the other hears who, and nobody is asked anything."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from builders import NOW, line
from desk_world import World, login
from fake_hub import FakeHub
from hub_world import HubWorld, bought

from app.commands.claim import Claim
from app.commands.recheck import Recheck
from app.commands.snooze import Snooze
from app.domain.values import Role
from sync import tables
from sync.replica import outbox as outbox_module

ROUNDS = 100
SHORT = "short_stock"


def test_of_two_clerks_one_wins_a_hundred_times(hub: HubWorld):
    """Source: capabilities 5.4."""
    orders = [f"o{n}" for n in range(ROUNDS)]
    hub.channel.must(*(bought(order, lines=(line(qty=99),)) for order in orders))
    one, two = hub.desk(Role.CLERK), hub.desk(Role.TRAINER)
    start = threading.Barrier(2)

    def claim_all(desk):
        answers = []
        for order in orders:
            start.wait(60)
            answers.append(desk.ask(Claim(order=order, kind=SHORT)))
        return answers

    with ThreadPoolExecutor(2) as hands:
        both = list(zip(*hands.map(claim_all, (one, two)), strict=True))

    for order, answers in zip(orders, both, strict=True):
        owner = hub.order(order).snag(SHORT).owner
        won = [answer.status == "applied" for answer in answers]
        assert sorted(won) == [False, True]
        assert owner == ("clerk", "trainer")[won.index(True)]
        lost = answers[won.index(False)].refusal
        assert (lost.code, lost.text.params["who"]) == ("claimed", owner)
    assert not [row for row in hub.rows(tables.snag) if row.kind == "refused_command"]
    assert hub.verify().findings == ()


def test_the_hub_keeps_whose_it_is_beside_the_order(hub: HubWorld):
    hub.channel.must(bought("o1", lines=(line(qty=99),)))

    hub.desk().must(Claim(order="o1", kind=SHORT))

    (row,) = [row for row in hub.rows(tables.snag) if row.kind == SHORT]
    assert (row.owner, row.state) == ("clerk", "open")


def test_time_brings_it_back_and_before_the_lead(hub: HubWorld):
    """What only time changes is written down as a look to come."""
    hub.channel.must(bought("o1", lines=(line(qty=99),)))
    until = NOW + timedelta(hours=2)
    hub.desk().must(Snooze(order="o1", kind=SHORT, until=until, wait="stock"))
    looks = {row.not_before for row in hub.rows(tables.recheck) if row.cause == "time"}
    assert until in looks

    hub.clock.move(hours=2, seconds=1)
    hub.worker.must(Recheck(order="o1"))
    assert hub.order().snag(SHORT).snooze is None
    hub.clock.move(minutes=28)
    hub.worker.must(Recheck(order="o1"))

    assert hub.order().snag(SHORT).escalation.why == "late"
    assert hub.verify().findings == ()


# --- two desks -----------------------------------------------------------------------------------------


@pytest.fixture
def desks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(outbox_module, "keep_reserve", lambda _path: None)
    hub = FakeHub()
    hub.receive("o1", lines=(line(qty=99),))
    made = [World(tmp_path / name, hub) for name in ("one", "two")]
    for each in made:
        each.pull_all()
    yield made
    for each in made:
        each.close()


def counts(world: World, role: Role) -> dict[str, int]:
    return {split: n for split, n in world.views.snag_counts(login(role)).items() if n}


def test_a_claim_shows_at_once_and_is_provisional_until_the_hub_says(desks: list[World]):
    one, two = desks
    one.must(Claim(order="o1", kind=SHORT), login(Role.CLERK))
    two.must(Claim(order="o1", kind=SHORT), login(Role.TRAINER))
    (mine,) = two.views.snags(split="mine", login=login(Role.TRAINER))
    assert (mine.owner, mine.is_claimed, mine.pending) == ("trainer", True, True)

    one.push(Role.CLERK)
    two.push(Role.TRAINER)
    two.pull_all()

    assert counts(two, Role.TRAINER) == {"group": 1}
    (theirs,) = two.views.snags()
    assert (theirs.owner, theirs.pending) == ("clerk", False)
    assert [row.state for row in two.views.outbox()] == ["closed"]


def test_splits_are_counted_and_read_alike(desks: list[World]):
    one, _ = desks
    assert counts(one, Role.CLERK) == {"group": 1}
    one.must(Claim(order="o1", kind=SHORT), login(Role.CLERK))
    assert counts(one, Role.CLERK) == {"mine": 1, "group": 1}
    assert counts(one, Role.TRAINER) == {"group": 1}

    one.must(Snooze(order="o1", kind=SHORT, until=NOW + timedelta(days=1), wait="stock"), login(Role.CLERK))

    assert counts(one, Role.CLERK) == {"waiting": 1}
    (row,) = one.views.snags(split="waiting", login=login(Role.CLERK))
    assert (row.wait, row.is_stopped, row.until) == ("stock", True, NOW + timedelta(days=1))
    assert 0 < row.left_s <= row.goal_s == 28 * 60
    assert one.views.waiting(login(Role.CLERK)).snags == 0
