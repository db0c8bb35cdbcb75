"""What only the import of files says between desk and hub; the rest of it are the structs of `app.imports`.

POST /v1/files `NewFile` → its id; PUT /v1/files/ID/AT bytes → how many the hub has; POST /v1/files/ID/look
`Reading` → `FileLook`, /rows → `SheetRows`. POST /v1/imports/match `AskMatch` → `Matching`; /sample
`AskRows` → `Sample`; /rehearse and /v1/imports `AskRows` → id; /retake `AskRetake` → `Retake`.
GET /v1/imports?limit=N and ID → `ImportRow`; POST ID/stop; GET ID/undo → `UndoPlan`, POST ID/undo;
GET ID/rejected → CSV, or a ZIP of one CSV per file.

Units: `size`, `at` bytes.
"""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

PART_BYTES = 1_000_000
"""A file travels in parts of at most this size; a part given twice is taken once."""
FILE_BYTES = 500_000_000
FILES_LIMIT = 12
ASK_BYTES = 1_000_000
"""The longest question: a mapping of many columns with their samples."""

Name = Annotated[str, Meta(min_length=1, max_length=200)]
FileId = Annotated[str, Meta(min_length=1, max_length=64)]
FileIds = Annotated[tuple[FileId, ...], Meta(min_length=1, max_length=FILES_LIMIT)]
ShopCode = Annotated[str, Meta(min_length=1, max_length=16)]
Words = Annotated[str, Meta(max_length=400)]


class NewFile(msgspec.Struct, frozen=True):
    """A file a desk is about to send."""

    name: Name
    size: Annotated[int, Meta(ge=0, le=FILE_BYTES)]


class AskMatch(msgspec.Struct, frozen=True, kw_only=True):
    """Match the columns of these files; `manual` holds what a person said, by the key of the column."""

    shop: ShopCode
    files: FileIds
    manual: Annotated[dict[Words, tuple[Words, Words]], Meta(max_length=1_000)] = {}


class AskRetake(msgspec.Struct, frozen=True, kw_only=True):
    """Lay out the rows of a case that nobody could read, so that they are matched and taken once more."""

    case: Annotated[str, Meta(min_length=1, max_length=200)]


class AskRows(msgspec.Struct, frozen=True, kw_only=True):
    """Show, rehearse or take the rows of these files; `plan` is the matching's."""

    shop: ShopCode
    files: FileIds
    plan: Annotated[str, Meta(max_length=ASK_BYTES)]
