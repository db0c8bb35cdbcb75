"""What stands beside a backup: of which moment it is, and by which digest each part is known."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path

import msgspec

from app.text import N_, Text
from app.trouble import Trouble
from sync.hub.keeping.rows import Shape
from sync.wire import UNREADABLE

NAME = "manifest.json"
FORMAT = 1
LIMIT_BYTES = 1_000_000


class Moment(msgspec.Struct, frozen=True):
    """Where a feed stood: which life of the hub, which number, which hash."""

    feed_id: int
    epoch: str
    seq: int
    hash: str


class Part(msgspec.Struct, frozen=True):
    """The rows of one table in one file. Units: `size` bytes."""

    file: str
    shape: Shape
    rows: int
    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """One backup, of tables of `revision`. Names and addresses in it are sealed; the key is not inside."""

    format: int
    made_at: datetime
    docket: str
    database: str
    revision: str
    moments: tuple[Moment, ...]
    parts: tuple[Part, ...]
    verified_at: datetime | None = None

    @property
    def rows(self) -> int:
        """Count the rows of all parts."""
        return sum(part.rows for part in self.parts)

    @property
    def size(self) -> int:
        """Add up the bytes of all parts."""
        return sum(part.size for part in self.parts)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Put the manifest beside its parts: whole, or not there."""
    draft = folder / f"{NAME}.part"
    draft.write_bytes(msgspec.json.format(msgspec.json.encode(manifest), indent=1))
    draft.replace(folder / NAME)


def read_manifest(folder: Path) -> Manifest:
    """Return what a backup says of itself.

    Raises:
        Trouble: not_a_backup, newer_backup.
    """
    try:
        with (folder / NAME).open("rb") as file:
            manifest = msgspec.json.decode(file.read(LIMIT_BYTES), type=Manifest)
    except (OSError, *UNREADABLE) as fault:
        raise Trouble(
            "not_a_backup",
            Text(N_("{folder} is no backup: its manifest is missing or damaged."), {"folder": str(folder)}),
        ) from fault
    if manifest.format > FORMAT:
        raise Trouble("newer_backup", Text(N_("A newer Docket made this backup. Update this one.")))
    if any(Path(part.file).name != part.file for part in manifest.parts):
        raise Trouble("not_a_backup", Text(N_("This backup names files elsewhere. Do not use it.")))
    return manifest


def check_parts(folder: Path, manifest: Manifest) -> None:
    """Read every part from end to end.

    Raises:
        Trouble: damaged_backup: one is missing, or its bytes are not those that were written.
    """
    for part in manifest.parts:
        try:
            with (folder / part.file).open("rb") as file:
                is_whole = hashlib.file_digest(file, "sha256").hexdigest() == part.sha256
        except OSError:
            is_whole = False
        if not is_whole:
            raise Trouble(
                "damaged_backup",
                Text(
                    N_("{file} of this backup is missing or damaged. Take another one."), {"file": part.file}
                ),
            )
