"""A disk that is really full: a file system of a few megabytes for each file, filled to the last page.

It lies in a mount of its own (`unshare`, no rights needed where the kernel allows it); what is checked is
checked there, by a process of its own, because the disk is gone with it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MOUNT = 'mount -t tmpfs -o size={size} tmpfs {place} && exec {python} -c "$PROGRAM" {place}'

WORK = """
import sys
from pathlib import Path
from desk_world import World
from app.commands.adjust_stock import AdjustStock
from app.commands.hold import Hold
from app.trouble import Trouble
world = World(Path(sys.argv[1]) / "desk")
world.hub.receive("o1")
world.pull_all()
ballast = Path(sys.argv[1]) / "ballast"
def fill():
    try:
        with ballast.open("ab", buffering=0) as file:
            while file.write(bytes(4096)):
                pass
    except OSError:
        pass  # now it is full
promised, refused = [], 0
for i in range(400):
    if i == 5:
        fill()
    command = AdjustStock(warehouse="SZ", sku="LN-220", delta=1, reason="x" * 3000)
    try:
        done = world.submit(command)
    except Trouble as trouble:
        assert trouble.code == "disk_full", trouble.code
        refused += 1
        fill()  # what was held back for this is used up as well
        if refused == 3:
            break
    else:
        assert done.refusal is None, done.refusal
        promised.append(done.n)
assert refused == 3 and promised, (refused, len(promised))
ballast.unlink()
world.restart()
kept = world.store.outbox._db.execute("SELECT n FROM outbox ORDER BY n").fetchall()
assert [n for (n,) in kept] == promised, "promised and kept differ"
assert world.store.outbox._db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
world.push()
world.must(Hold(order="o1", reason="again"))
print("kept", len(promised))
"""

REPLICA = """
import sqlite3, sys
from pathlib import Path
from desk_world import World, contents
from sync.replica import outbox
outbox.keep_reserve = lambda _path: None
world = World(Path(sys.argv[1]) / "desk")
world.hub.receive("o1")
world.pull_all()
ballast = Path(sys.argv[1]) / "ballast"
try:
    ballast.write_bytes(bytes(64_000_000))
except OSError:
    pass
failed = 0
for i in range(2, 400):
    world.hub.receive(f"o{i}")
    before = world.store.mark
    try:
        world.pull_all()
    except sqlite3.OperationalError as fault:
        assert "full" in str(fault), fault
        failed += 1
        assert world.store.mark == before
        if failed == 3:
            break
assert failed == 3, failed
ballast.unlink()
world.pull_all()
assert world.store.mark.cursor == world.hub.head
whole = contents(world.store)
world.restart()
assert contents(world.store) == whole
print("level at", world.store.mark.cursor)
"""

HUB = """
import sys
from pathlib import Path
from sqlalchemy.exc import DBAPIError
from hub_world import HubWorld, bought
from sync import tables
from sync.hub import writer
writer.RETRY_PAUSES_S = (0.0,)
place = Path(sys.argv[1])
hub = HubWorld(f"sqlite:///{place / 'hub.db'}")
ballast = place / "ballast"
try:
    ballast.write_bytes(bytes(64_000_000))
except OSError:
    pass
answered, failed, wish = 0, 0, None
for i in range(2_000):
    wish = wish or hub.channel.wish(bought(f"o{i}"))
    try:
        (answer,) = hub.channel.send(wish)
    except DBAPIError:
        failed += 1
        if failed == 3:
            break
    else:
        assert answer.status == "applied", answer
        answered, wish = answered + 1, None
assert failed == 3, failed
assert len(hub.rows(tables.command)) == answered
ballast.unlink()
(answer,) = hub.channel.send(wish)
assert answer.status == "applied", answer
assert len(hub.rows(tables.orders)) == answered + 1
assert hub.verify().findings == (), hub.verify().findings
print("answered", answered)
hub.close()
"""


def can_mount(place: Path) -> bool:
    """Tell whether this machine lets us have a small disk of our own."""
    if not sys.platform.startswith("linux") or shutil.which("unshare") is None:
        return False
    tried = ["unshare", "-rm", "mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)]
    return subprocess.run(tried, check=False, capture_output=True).returncode == 0


@pytest.mark.fault
@pytest.mark.parametrize(
    ("program", "size"),
    [(WORK, "22m"), (REPLICA, "6m"), (HUB, "12m")],
    ids=["work.db", "replica.db", "hub.db"],
)
def test_a_full_disk_loses_nothing_and_goes_on_when_there_is_room(
    tmp_path: Path, program: str, size: str
) -> None:
    if not can_mount(tmp_path):
        pytest.skip("this machine lends no small disk")
    path = os.pathsep.join(map(str, (ROOT, ROOT / "tests", ROOT / "tests" / "fault")))
    line = MOUNT.format(size=size, place=tmp_path, python=sys.executable)
    done = subprocess.run(
        ["unshare", "-rm", "sh", "-c", line],
        env=os.environ | {"PROGRAM": program, "PYTHONPATH": path},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=110,
    )

    assert done.returncode == 0, done.stderr[-2_000:]
