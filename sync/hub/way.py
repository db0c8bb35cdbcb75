"""One way into the hub, as it is described: what is asked, what is answered, whom it is for."""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec

JSON, BYTES = "application/json", "application/octet-stream"
MESSAGE_BYTES = 65_536


class Way(NamedTuple):
    """One question and its answer. `right`: who asks needs it; of `asks` at most `most` bytes are taken.

    `is_system`: it is for other systems, whose keys have scopes; `right` is one of them.
    """

    method: str
    path: str
    about: str
    says: Any = type(None)
    asks: Any = None
    most: int = MESSAGE_BYTES
    query: type[msgspec.Struct] | None = None
    right: str = ""
    is_open: bool = False
    media: str = JSON
    status: int = 200
    is_system: bool = False
