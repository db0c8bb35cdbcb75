"""Pages of shifts at a real hub: who holds them, what stands open on a desk, two names in the tables."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hub_world import bought
from scope_world import ScopeWorld, Seat

from app.commands.claim import Claim
from app.commands.hold import Hold
from app.commands.leave_shift import LeaveShift
from app.commands.take_shift import TakeShift, claimed_of
from app.domain.handover import LINES_MOST, What
from app.domain.values import Role
from sync import tables
from tests.builders import line


@pytest.fixture
def world(make_hub, tmp_path: Path) -> Iterator[ScopeWorld]:
    made = ScopeWorld(make_hub(), tmp_path)
    yield made
    made.close()


def at(world: ScopeWorld, user: str) -> Seat:
    seat = world.seat(user)
    seat.sit(user)
    seat.level()
    return seat


def test_all_that_is_open_is_known_however_much_it_is(world: ScopeWorld) -> None:
    ids = [f"o{n}" for n in range(LINES_MOST + 5)]
    world.hub.channel.must(*(bought(one) for one in ids))
    world.hub.desk(Role.CLERK).must(*(Hold(order=one, reason="later") for one in ids))

    lines = at(world, "clerk").views.open_work("")

    assert sorted(one.id for one in lines) == sorted(ids)


def test_a_shift_goes_from_desk_to_desk_and_two_names_stand_in_the_tables(world: ScopeWorld) -> None:
    hub = world.hub
    hub.channel.must(bought("o1", lines=(line("1", "X-77"),)))
    hub.channel.must(bought("o2"))
    clerk, lead = hub.desk(Role.CLERK), hub.desk(Role.LEAD)
    clerk.must(Claim(order="o1", kind="sku_unmapped"))
    clerk.must(Hold(order="o2", reason="the buyer calls back"))
    seat = at(world, "clerk")

    lines = seat.views.open_work("")
    assert [(one.what, one.id, one.owner) for one in lines] == [
        (What.SNAG, "o1", "clerk"), (What.HOLD, "o2", "clerk"),
    ]  # fmt: skip
    assert [one.id for one in seat.views.open_work("SZ")] == ["o2"], "only what a warehouse has promised"

    clerk.must(LeaveShift(id="h1", lines=lines, passes=True))
    clerk.must(LeaveShift(id="h2", warehouse="SZ", lines=lines[1:]))
    other, floor = at(world, "lead"), at(world, "warehouse")
    (page,) = other.views.handovers("")
    assert page.lines == lines
    assert [len(floor.views.handovers(place)) for place in ("", "SZ")] == [0, 1], "the floor reads its own"

    claims = tuple(claimed_of(one) for one in page.claims)
    (same,) = clerk.send(clerk.wish(TakeShift(id="h1", seal=page.seal, claims=claims)))
    lead.must(TakeShift(id="h1", seal=page.seal, claims=claims))
    other.level()

    assert same.refusal is not None
    assert same.refusal.code == "same_person"
    assert other.views.handovers("")[0].taken_by == "lead"
    assert other.views.open_work("")[0].owner == "lead"
    names = {row.id: (row.left_by, row.taken_by, row.taken_seal) for row in hub.rows(tables.handover)}
    assert names == {"h1": ("clerk", "lead", page.seal), "h2": ("clerk", "", "")}
    assert hub.verify().findings == ()
