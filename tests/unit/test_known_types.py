"""Two threads may decode any type for the first time at once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

MEETING = """
import sys, threading
import msgspec
from app.known_types import know_types

sys.setswitchinterval(1e-6)
for n in range(60):
    inner = [msgspec.defstruct(f"Inner{n}_{i}", [(f"f{j}", int) for j in range(5)]) for i in range(10)]
    outer = msgspec.defstruct(f"Outer{n}", [(f"a{i}", kind) for i, kind in enumerate(inner)])
    doc = msgspec.json.encode({f"a{i}": {f"f{j}": 1 for j in range(5)} for i in range(10)})
    gate = threading.Barrier(4)

    def decode():
        if sys.argv[1] == "known":
            know_types()
        gate.wait()
        msgspec.json.decode(doc, type=outer)

    threads = [threading.Thread(target=decode) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
"""


def test_threads_that_meet_a_new_type_together_both_read_it() -> None:
    command = [sys.executable, "-c", MEETING, "known"]
    ended = subprocess.run(command, cwd=ROOT, check=False, capture_output=True)
    assert ended.returncode == 0, ended.stderr.decode()


def test_every_type_of_the_wire_is_known_once_somebody_asked() -> None:
    looked_up = (
        "import msgspec, sync.wire as wire; from app.known_types import know_types, _known; know_types();"
        "kinds = [k for k in vars(wire).values() if isinstance(k, type) and issubclass(k, msgspec.Struct)];"
        "print(len(kinds)); assert kinds and set(kinds) - {msgspec.Struct} <= _known"
    )
    subprocess.run([sys.executable, "-c", looked_up], cwd=ROOT, check=True, capture_output=True)
