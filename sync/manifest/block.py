"""What every block of a manifest is made of: bounded text, durations, conditions.

Durations are ISO 8601 (`PT30M`, `P90D`); `{{name}}` stands for a value; a path is dotted and `a|b` takes the
first that is there.
Source: channels.md section 5.
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta

Short = Annotated[str, Meta(max_length=300)]
Long = Annotated[str, Meta(max_length=4000)]
Code = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
Duration = Annotated[str, Meta(pattern=r"^(P\d{1,4}D|PT\d{1,5}[HMS])$")]
Scalar = bool | int | float | Long
Fields = Annotated[dict[Short, Any], Meta(max_length=100)]
"""What a call says beyond the common parameters: any JSON, in which text may hold `{{name}}`."""
Condition = Annotated[dict[Short, Scalar | list[Scalar]], Meta(max_length=20)]
"""Path → what must stand there: one value, one of several, "present", or text that ends in `*`."""
Sorting = Annotated[dict[Short, Scalar], Meta(max_length=200)]
"""What the channel says → what we say."""


class Block(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A part of a manifest; a key nobody knows is refused, since it would be ignored in silence."""


class Words(Block, frozen=True, kw_only=True):
    """What people read, in both languages; where one is missing the other stands for it."""

    zh: Long = ""
    en: Long = ""
