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
from hub_world import FEED, HubWorld, bought

from app.commands.amend import Amend
from app.commands.claim import Claim
from app.commands.escalate import Escalate
from app.commands.open_case import OpenCase
from app.commands.recheck import Recheck
from app.commands.snooze import Snooze
from app.domain.values import Role
from app.text import Text
from sync import tables
from sync.hub.jobs import recheck_page

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
def desks(tmp_path: Path):
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


# --- work on what somebody else has --------------------------------------------------------------------


def test_a_repair_that_came_after_a_claim_is_kept_and_says_who_has_it(desks: list[World]):
    """Both were out of reach; nothing of the slower one's work is lost, and nothing of it is done."""
    one, two = desks
    one.must(Claim(order="o1", kind=SHORT), login(Role.CLERK))
    two.must(Amend(order="o1", lines=(line(qty=1),)), login(Role.TRAINER))
    assert two.order().snag(SHORT) is None

    one.push(Role.CLERK)
    two.push(Role.TRAINER)
    two.pull_all()

    assert two.order().snag(SHORT).owner == "clerk"
    (refused,) = [row for row in two.views.snags() if row.kind == "refused_command"]
    assert refused.text.params == {"who": "clerk"}
    assert [row.state for row in two.views.outbox()] == ["refused"]
    assert two.views.again(refused.id) is not None


def test_a_refused_change_is_put_off_and_sent_to_the_lead(desks: list[World]):
    one, two = desks
    one.must(Claim(order="o1", kind=SHORT), login(Role.CLERK))
    two.must(Amend(order="o1", lines=(line(qty=1),)), login(Role.TRAINER))
    one.push(Role.CLERK)
    two.push(Role.TRAINER)
    two.pull_all()
    about = {"case": f"{two.replica}/1", "kind": "refused_command"}

    two.must(Snooze(**about, until=NOW + timedelta(hours=1)), login(Role.TRAINER))
    assert counts(two, Role.TRAINER) == {"group": 1, "waiting": 1}
    two.must(Escalate(**about, reason="who is right?"), login(Role.TRAINER))
    two.push(Role.TRAINER)
    two.pull_all()
    one.pull_all()

    mine, theirs = ([row for row in each.views.snags() if row.id == about["case"]] for each in (two, one))
    assert [(row.why, row.is_asleep) for row in (*mine, *theirs)] == [("asked", False)] * 2


def test_a_delivery_goes_before_the_lead_by_itself_when_its_time_is_over(hub: HubWorld):
    hub.worker.must(OpenCase(case="TM1/7", kind="unreadable_order", subject_id="r7", text=Text("no amount")))
    (look,) = [row for row in hub.rows(tables.recheck) if row.cause == "case"]
    (row,) = hub.rows(tables.snag)
    assert (look.order_id, look.not_before) == ("TM1/7", row.due_at)
    hub.clock.move(minutes=28, seconds=1)

    answers = recheck_page(hub.engine, FEED, hub.writer, hub.worker.info, hub.clock())

    assert [answer.status for answer in answers] == ["applied"]
    (row,) = hub.rows(tables.snag)
    assert (row.why, row.state) == ("late", "open")
    assert not [row for row in hub.rows(tables.recheck) if row.cause == "case"]
    assert hub.verify().findings == ()
