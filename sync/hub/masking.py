"""What came from a channel, for eyes that may read no people."""

from __future__ import annotations

from typing import Any

DIGITS_MOST = 6
"""A number of more digits may be a phone."""
MASK = "•"


def masked(content: Any) -> Any:
    """Hide what may be somebody's name, number or street; names of fields, amounts and counts stay."""
    if isinstance(content, dict):
        return {name: masked(value) for name, value in content.items()}
    if isinstance(content, list):
        return [masked(value) for value in content]
    if content is None or isinstance(content, bool):
        return content
    hidden = MASK * min(len(str(content)), 8)
    return hidden if isinstance(content, str) or len(str(content)) > DIGITS_MOST else content
