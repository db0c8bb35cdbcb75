"""What the checker reports: one breach of one promise."""

from __future__ import annotations

import msgspec


class Finding(msgspec.Struct, frozen=True):
    """One breach: which invariant, of what, and the figures that do not fit."""

    invariant: str
    subject: str
    detail: str
