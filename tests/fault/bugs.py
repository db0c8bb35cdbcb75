"""Bugs put in on purpose, so that the checkers can show that they would notice them."""

from __future__ import annotations

import bugs_desk  # noqa: F401 - the mistakes register themselves
import bugs_hub  # noqa: F401
import bugs_jobs  # noqa: F401
from bug import BUGS, Bug, installed

__all__ = ["BUGS", "Bug", "installed", "put_in"]


def put_in(name: str) -> None:
    """Have the bug in this process for good."""
    BUGS[name].put_in(setattr)
