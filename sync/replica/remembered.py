"""What a desk remembers of its looks, in a file of its own: the window needs it before any key is at hand."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

LOOKS = "looks.json"
MOST_BYTES = 4_096


def remembered(folder: Path) -> dict[str, str]:
    """Return how the desk in this folder looks; nothing where no desk has worked yet."""
    try:
        with (folder / LOOKS).open("rb") as file:
            return msgspec.json.decode(file.read(MOST_BYTES), type=dict[str, str])
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return {}


def remember(folder: Path, chosen: Mapping[str, str]) -> None:
    """Keep what was chosen; whoever chose nothing leaves no file."""
    looks = {name: value for name, value in chosen.items() if value}
    if looks == remembered(folder):
        return
    draft = folder / f"{LOOKS}.part"
    draft.write_bytes(msgspec.json.encode(looks))
    draft.replace(folder / LOOKS)
