"""A right that asks for a pass, over every way a command takes: desk, wire, and what was kept offline.

Source: capabilities 11.4.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from desk_world import World, login
from hub_world import HubWorld, bought

from app.commands.end_skill import EndSkill
from app.commands.give_skill import GiveSkill
from app.commands.hold import Hold
from app.commands.note_attempt import NoteAttempt
from app.commands.set_licence import SetLicence
from app.domain.skill import Licence, Proof, Skills, skill_key
from app.domain.values import Role
from sync.tables import ref

POLICY = Licence(code="hold", lessons=(Proof(code="hold_order", title="Hold an order"),), is_on=True)
HOLD = Hold(order="o1", reason="ask")
PASSED = NoteAttempt(
    id="a1", user="clerk", lesson="hold_order", lesson_version=1, mode="exam", passed=True, seconds=60
)
CLERK = login(Role.CLERK)


def test_what_is_sent_to_the_hub_is_refused_before_a_pass_and_done_after(make_hub: Callable[..., HubWorld]):
    hub = make_hub()
    hub.channel.must(bought("o1"))
    hub.desk(Role.LEAD).must(SetLicence(licence=POLICY))
    clerk = hub.desk(Role.CLERK)

    refused = clerk.ask(HOLD)
    assert refused.refusal is not None
    assert refused.refusal.code == "not_proved"
    clerk.must(PASSED)
    clerk.must(Hold(order="o1", reason="ask again"))
    assert hub.verify().findings == ()


def test_a_right_opened_and_closed_by_hand_stands_in_the_history(
    make_hub: Callable[..., HubWorld],
):
    hub = make_hub()
    trainer = hub.desk(Role.TRAINER)
    trainer.must(GiveSkill(user="clerk", right="hold", reason="from another house"))
    trainer.must(EndSkill(user="clerk", right="hold", reason="three errors", rev=1))

    said = [json.loads(row.doc) for row in hub.rows(ref, tbl="revision")]
    assert [(one["by"], one["reason"]) for one in said if one["kind"] == "skill"] == [
        ("trainer", "from another house"),
        ("trainer", "three errors"),
    ]
    assert hub.verify().findings == ()


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    made.hub.receive("o1")
    made.pull_all()
    yield made
    made.close()


def publish(world: World) -> None:
    """Let a lead turn the policy on."""
    company = world.hub.company
    company.must(SetLicence(licence=POLICY), Role.LEAD)
    key = ("licence", "hold")
    world.hub.publish({key: company.rows[key]})


def test_a_desk_that_knows_refuses_before_anything_is_kept(world: World):
    publish(world)
    world.pull_all()

    done = world.submit(HOLD, CLERK)

    assert done.refusal is not None
    assert done.refusal.code == "not_proved"
    assert world.store.outbox.unsent() == []


def test_what_a_desk_did_offline_before_it_knew_is_refused_by_the_hub(world: World):
    publish(world)
    world.must(HOLD, CLERK)

    (answer,) = world.push(Role.CLERK).results

    assert answer.refusal is not None
    assert answer.refusal.code == "not_proved"
    world.pull_all()
    assert world.order().pause is None


def test_a_pass_noted_offline_opens_what_follows_it_here_and_at_the_hub(world: World):
    publish(world)
    world.pull_all()
    world.must(PASSED, CLERK)
    world.must(HOLD, CLERK)

    answers = world.push(Role.CLERK).results

    assert [answer.status for answer in answers] == ["applied", "applied"]
    world.pull_all()
    record = world.views.known(frozenset({skill_key("clerk")}), CLERK).rows[skill_key("clerk")]
    assert isinstance(record, Skills)
    assert record.pass_of("hold_order") is not None
    assert world.order().pause is not None
