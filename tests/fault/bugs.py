"""Bugs put in on purpose, so that the checkers can show that they would notice them.

As a program: `bugs.py NAME hub …` is `python -m app hub …` with the bug of that name in it.
"""

from __future__ import annotations

import sys

import bugs_desk  # noqa: F401 - the mistakes register themselves
import bugs_hub  # noqa: F401
from bug import BUGS, Bug, installed

__all__ = ["BUGS", "Bug", "installed", "put_in"]


def put_in(name: str) -> None:
    """Have the bug in this process for good."""
    BUGS[name].put_in(setattr)


if __name__ == "__main__":
    put_in(sys.argv[1])
    from app.__main__ import main

    sys.exit(main(sys.argv[2:]))
