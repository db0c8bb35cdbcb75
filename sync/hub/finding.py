"""What the checker reports: one breach of one promise."""

from __future__ import annotations

import msgspec


class Finding(msgspec.Struct, frozen=True):
    """One breach: which promise, of what, and the figures that do not fit.

    `trail`: who did what there last, the newest first.
    """

    invariant: str
    subject: str
    detail: str
    expected: str = ""
    actual: str = ""
    trail: tuple[str, ...] = ()
