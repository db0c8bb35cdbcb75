"""What a fault run says while it goes on: on standard error, so that the JSON stays alone."""

from __future__ import annotations

import sys


def say(text: str) -> None:
    """Say one thing at once."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
