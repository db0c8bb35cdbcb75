"""QR codes as a square of modules; the encoding is segno's."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import segno

QUIET: Final = 4
"""Modules of white all round. Source: ISO/IEC 18004."""


@lru_cache(maxsize=64)
def modules(text: str) -> tuple[tuple[bool, ...], ...]:
    """Return the modules of a text row by row, dark or not, with error correction M and no quiet zone."""
    made = segno.make_qr(text, error="m", boost_error=False)
    return tuple(tuple(bool(dark) for dark in row) for row in made.matrix)
