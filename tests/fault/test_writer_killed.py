"""A hub process that dies at any point of a batch leaves all of it or nothing; the same numbers finish it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from hub_world import HubWorld, bought
from killed import KILLED, lived, write

from sync import tables
from sync.wire import Answer, Wish


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def hub(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[HubWorld]:
    """A company whose own writer is stopped: child processes write instead."""
    is_sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path / 'hub.db'}" if is_sqlite else request.getfixturevalue("fresh_postgres")
    world = HubWorld(url)
    world.writer.stop()
    yield world
    world.close()


def push(hub: HubWorld, wishes: list[Wish], crash: str = "") -> tuple[int | None, list[Answer]]:
    """Let a process do the wishes; return its exit code and what it answered."""
    database = hub.engine.url.render_as_string(hide_password=False)
    code, said = lived(crash, write, database, msgspec.json.encode(wishes))
    return code, msgspec.json.decode(said, type=list[Answer]) if said else []


@pytest.mark.fault
@pytest.mark.parametrize(
    ("point", "kept"), [("mid_tx", 0), ("before_commit", 0), ("after_commit", 3), ("before_ack", 3)]
)
def test_a_batch_is_whole_or_not_there_and_done_once(hub: HubWorld, point: str, kept: int):
    wishes = [hub.channel.wish(bought(f"o{i}")) for i in range(3)]

    died, nothing = push(hub, wishes, crash=point)
    left = len(hub.rows(tables.orders)), len(hub.rows(tables.command))
    code, answers = push(hub, wishes)
    again, same = push(hub, wishes)

    assert (died, nothing, left) == (KILLED, [], (kept, kept))
    assert (code, [a.status for a in answers]) == (0, ["applied"] * 3)
    assert (again, same) == (0, answers)
    assert len(hub.rows(tables.reservation)) == 3
    assert hub.verify().findings == ()
