"""A command no hub takes stands in the inbox of its author like one the hub refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from desk_world import World, login

from app.commands.hold import Hold
from app.commands.let_go import LetGo
from app.domain.company import GRANTS, User
from app.domain.values import Role
from app.ports import Login
from sync.replica.parcels import TOO_LARGE


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A desk whose only command could not be sent."""
    made = World(tmp_path)
    made.hub.receive("o1")
    made.pull_all()
    made.must(Hold(order="o1", reason="x"), login(Role.CLERK))
    made.store.put_aside(1, TOO_LARGE)
    yield made
    made.close()


def refused(world: World) -> list[str]:
    """The cases of refused commands in the inbox, as its list and its counts agree."""
    rows = [row.id for row in world.views.snags() if row.kind == "refused_command"]
    others = sum(row.kind != "refused_command" for row in world.views.snags())
    assert world.views.snag_counts(login())["group"] == len(rows) + others
    assert world.views.waiting(login()).snags == len(rows) + others
    return rows


def test_it_stands_in_the_inbox_with_what_was_asked_and_why(world: World):
    (case,) = refused(world)

    row, asked = world.views.case(case)

    assert (row.text, row.owner, row.subject) == (TOO_LARGE.text, "clerk", "command")
    assert asked is not None
    again = world.views.again(case)
    assert (again.command, again.order.id) == (Hold(order="o1", reason="x"), "o1")
    (line,) = world.views.outbox()
    assert (line.state, line.case) == ("refused", case)


def test_its_author_lets_it_go_without_the_hub(world: World):
    (case,) = refused(world)

    done = world.submit(LetGo(case=case), login(Role.CLERK))

    assert done.refusal is None
    assert refused(world) == []
    assert world.views.case(case) is None
    (line,) = world.views.outbox()
    assert (line.n, line.state, line.case) == (-1, "closed", "")
    assert world.store.waiting.count == 0  # nothing is sent for it
    world.restart()
    assert refused(world) == []


def test_nobody_but_its_author_and_a_lead_lets_it_go(world: World):
    (case,) = refused(world)

    colleague = Login(
        login_id="login-2", user=User(code="lin", title="林", role=Role.CLERK), grants=GRANTS[Role.CLERK]
    )
    other = world.submit(LetGo(case=case), colleague)

    assert (other.refusal.code, refused(world)) == ("taken", [case])
    assert world.submit(LetGo(case=case)).refusal is None
    assert refused(world) == []


def test_it_is_done_once_more_under_a_new_number(world: World):
    (case,) = refused(world)

    world.must(world.views.again(case).command, login(Role.CLERK))
    world.must(LetGo(case=case), login(Role.CLERK))

    assert [(wish.n, wish.name) for wish in world.store.outbox.unsent()] == [(1, "hold")]


def test_a_new_name_of_this_desk_keeps_it_in_the_inbox(world: World):
    world.store.become_new()

    (case,) = refused(world)

    assert case == f"{world.replica}/-1"


@pytest.mark.parametrize(
    "case", ["", "/", "x/-1", "{replica}/", "{replica}/--1", "{replica}/-٣", "{replica}/-7"]
)
def test_what_is_no_case_of_this_desk_goes_to_the_hub(world: World, case: str):
    done = world.submit(LetGo(case=case.format(replica=world.replica)))

    assert done.refusal.code == "no_case"
