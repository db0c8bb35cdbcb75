"""A plugin for pytest: the bug named by `DOCKET_SEEDED_BUG` is in the program that is tested."""

from __future__ import annotations

import os

import bugs

bugs.put_in(os.environ["DOCKET_SEEDED_BUG"])
