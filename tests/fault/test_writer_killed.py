"""A hub process that dies at any point of a batch leaves all of it or nothing; the same numbers finish it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from hub_world import WAIT_S, HubWorld, bought

from sync import tables
from sync.wire import Answer, Wish

ROOT = Path(__file__).resolve().parents[2]
KILLED = 137
HUB = """
import sys
from datetime import UTC, datetime
import msgspec
from sync.hub.database import connect_database
from sync.hub.crash import crash_point
from sync.hub.seal import Seal
from sync.hub.writer import Job, ReplicaInfo, Writer
from sync.wire import Wish

writer = Writer(connect_database(sys.argv[1]), 1, Seal(bytes(range(32))), lambda: datetime.now(UTC))
writer.start()
wishes = msgspec.json.decode(sys.stdin.buffer.read(), type=list[Wish])
answers = writer.submit(Job(ReplicaInfo("file:TM1", "channel", "file:TM1"), wishes)).result(60)
crash_point("before_ack")
sys.stdout.buffer.write(msgspec.json.encode(answers))
writer.stop()
"""


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def hub(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[HubWorld]:
    """A company whose own writer is stopped: child processes write instead."""
    is_sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path / 'hub.db'}" if is_sqlite else request.getfixturevalue("fresh_postgres")
    world = HubWorld(url)
    world.writer.stop()
    yield world
    world.close()


def push(hub: HubWorld, wishes: list[Wish], crash: str = "") -> tuple[int, list[Answer]]:
    """Let a child process do the wishes; return its exit code and what it answered."""
    child = subprocess.run(
        [sys.executable, "-c", HUB, hub.engine.url.render_as_string(hide_password=False)],
        input=msgspec.json.encode(wishes),
        env=os.environ | {"DOCKET_CRASH_POINT": crash},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        check=False,
        timeout=WAIT_S,
    )
    said = msgspec.json.decode(child.stdout, type=list[Answer]) if child.stdout else []
    return child.returncode, said


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
