"""Bugs that a simulated day does not show: the tests that notice them, run with the bug put in."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOTICED_BY = {
    "sends_blindly": "tests/contract/test_effects.py",
    "takes_a_copy_for_a_repetition": "tests/contract/test_writer.py",
    "takes_late_answers": "tests/contract/test_loop_restored.py",
    "takes_silence_for_yes": "tests/contract/test_effects.py",
    "tells_again_what_comes_again": "tests/contract/test_effects.py",
    "trusts_its_backup": "tests/contract/test_effects.py",
    "trusts_the_next_copy": "tests/contract/test_loop_restored.py",
}
"""Tests that fail where the bug is in the program."""
HUNTED_BY = {
    "answer_before_commit": "test_checker",
    "no_maker_check": "test_checker, where somebody does nothing else",
}
"""Tests that start real processes with the bug put in: real waits. They fail where nobody notices."""


def noticed(name: str) -> str:
    """Run the tests that notice this bug with it put in; return which one failed, or nothing."""
    paths = [str(ROOT), *(str(ROOT / "tests" / one) for one in ("", "fault", "bench", "contract"))]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "DOCKET_SEEDED_BUG": name}
    asked = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:randomly", "-p", "put_in_bug"]
    done = subprocess.run(
        [*asked, "-m", "not postgres", NOTICED_BY[name]],
        check=False,
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        timeout=600,
    )
    failed = re.search(r"^FAILED \S+::(\w+)", done.stdout, re.MULTILINE)
    return f"{failed[1]}" if done.returncode == 1 and failed is not None else ""
