"""The fence around practice: its own hub and its own folder are all it reaches, whatever asks for more."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TRIES = """
import json, os, socket, sqlite3, subprocess, sys
from pathlib import Path
from app.boot.fence import forget_live, raise_fence

home, outside, own, other = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
forget_live()
raise_fence(home, lambda: own, (sys.executable, "-c", "pass"))


def lives(work):
    try:
        work()
    except (OSError, ImportError, sqlite3.Error) as fault:
        return False
    return True


def line(host, port):
    socket.create_connection((host, port), timeout=5).close()


def send():
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("192.0.2.1", 53))


tried = {
    "own hub": lambda: line("127.0.0.1", own),
    "another port of this PC": lambda: line("127.0.0.1", other),
    "another PC": lambda: line("192.0.2.1", own),
    "a name": lambda: socket.getaddrinfo("example.org", 443),
    "a datagram": send,
    "own file": lambda: (home / "a").write_text("a"),
    "own folder": lambda: (home / "b").mkdir(),
    "own database": lambda: sqlite3.connect(home / "c.db").execute("CREATE TABLE t (a)"),
    "a file outside": lambda: (outside / "a").write_text("a"),
    "a way out": lambda: (home / ".." / outside.name / "w").write_text("w"),
    "more in a file outside": lambda: (outside / "kept").open("a").write("b"),
    "a file gone outside": lambda: (outside / "kept").unlink(),
    "a file carried out": lambda: (home / "a").rename(outside / "carried"),
    "a database outside": lambda: sqlite3.connect(f"file:{outside / 'live.db'}?mode=ro", uri=True),
    "a file read outside": lambda: (outside / "kept").read_text(),
    "own program": lambda: subprocess.run([sys.executable, "-c", "pass"], check=True),
    "another program": lambda: subprocess.run(["lp", "paper.pdf"], check=True),
    "a shell": lambda: os.system("true"),
    "the key store": lambda: __import__("keyring"),
    "printers": lambda: __import__("PySide6.QtPrintSupport"),
}
print(json.dumps([name for name, work in tried.items() if lives(work)]))
print(json.dumps(sorted(name for name in os.environ if name.startswith("DOCKET_"))))
"""


def listening() -> socket.socket:
    return socket.create_server(("127.0.0.1", 0))


def test_only_its_own_hub_its_own_folder_and_its_own_program_are_reached(tmp_path: Path):
    home, outside = tmp_path / "practice", tmp_path / "live"
    home.mkdir()
    outside.mkdir()
    (outside / "kept").write_text("kept")
    live = {"DOCKET_HUB": "https://hub", "DOCKET_HUB_KEY": "x", "DOCKET_DOOR": "d", "DOCKET_HOME": "h"}
    with listening() as own, listening() as other:
        ports = [str(one.getsockname()[1]) for one in (own, other)]
        said = subprocess.run(
            [sys.executable, "-c", TRIES, str(home), str(outside), *ports],
            env={"PYTHONPATH": str(ROOT), **live}, capture_output=True, text=True, check=False, cwd=ROOT,
        )  # fmt: skip
        other.setblocking(False)
        with pytest.raises(BlockingIOError):
            other.accept()

    reached, environment = (json.loads(line) for line in said.stdout.splitlines())
    assert reached == [
        "own hub", "own file", "own folder", "own database", "a file read outside", "own program"
    ]  # fmt: skip
    assert environment == ["DOCKET_HOME"]
    assert sorted(path.name for path in outside.iterdir()) == ["kept"]
    assert (outside / "kept").read_text() == "kept"
