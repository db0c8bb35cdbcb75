"""How far a replica has come, what it may hold, and the checksums it is compared by.

Source: sync.md sections 4, 6, 11.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from app.domain.scopes import Reach
from sync.wire import row_mark

MODULUS = 2**64
SHA256, SIZE = "docket-sha256", "docket-size"
"""Headers of a snapshot: the digest of what travels, and how large it is unpacked."""
_DIGEST = re.compile("[0-9a-f]{64}|")
UNSUMMED = frozenset({"history"})
"""History only grows and may be cut short on a desk, so checksums leave it out."""


def sum_of(tbl: str, pk: str, seq: int) -> int:
    """Return a row's share of the checksum of a replica; history may be cut short and has none."""
    return 0 if tbl in UNSUMMED else row_mark(tbl, pk, seq)


def sums_said(sums: Mapping[str, int]) -> dict[str, str]:
    """Return checksums by scope as they are kept and sent: 16 hex digits; an empty scope has none."""
    return {scope: f"{total:016x}" for scope, total in sums.items() if total}


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """How far a replica has come. `sums`: the checksums of its base rows by scope, 16 hex digits.

    `reach` is what it may hold. `had`: what it holds until the rest has been fetched. `lacks_own`: the rows
    that stand under the person's name come with the next pull.
    """

    epoch: str = ""
    cursor: int = 0
    head: int = 0
    last_n: int = 0
    counted: str = ""
    """Whose numbers `last_n` counts: a desk that was copied or set back goes on under another name."""
    protected_seq: int = 0
    sums: dict[str, str] = {}
    refs_rev: int = 0
    """Grows when shops, warehouses or rules change."""
    reach: Reach | None = None
    had: Reach | None = None
    lacks_own: bool = False

    @property
    def is_filling(self) -> bool:
        """Rows of whoever sits here are still on their way, so what is not here may only not have come."""
        return not self.epoch or self.had is not None or self.lacks_own

    @property
    def total(self) -> str:
        """All checksums together."""
        return f"{sum(int(value, 16) for value in self.sums.values()) % MODULUS:016x}"


# --- snapshots --------------------------------------------------------------------------------------


class Snapshot(NamedTuple):
    """A whole replica as one packed SQLite file, named by the digest of what travels.

    Units: bytes; `packed` as it travels, `size` unpacked.
    """

    sha256: str
    packed: int
    size: int


def asked_for(had: Reach | None, begun: str, since: int) -> dict[str, str]:
    """Say which snapshot is meant: of all rows or of those beside what was `had`, and which was begun.

    Beside what was had, one from before `since` is none: what came between would never be told.

    A hub that does not know `packing` answers with gzip; what came is told by its first bytes.
    """
    known = msgspec.json.encode(had).decode() if had is not None else ""
    return {"had": known, "sha256": begun, "packing": "zstd", "since": str(since)}


def snapshot_of(headers: Mapping[str, str]) -> Snapshot | None:
    """Read off an answer which snapshot it is; None when it does not say so sensibly."""
    sizes = [headers.get(name, "0") for name in ("Content-Length", SIZE)]
    if not all(size.isascii() and size.isdigit() and len(size) < 16 for size in sizes):
        return None
    name = headers.get(SHA256, "")
    return Snapshot(name, *map(int, sizes)) if _DIGEST.fullmatch(name) else None  # files are called after it
