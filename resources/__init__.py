"""Files the program reads: words, fonts, icons, rules, lessons, samples."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path


def path(*parts: str) -> Path:
    """Where a resource lies on disk; Docket is never run from inside a zip file."""
    return Path(str(files(__name__).joinpath(*parts)))


def read(*parts: str) -> bytes:
    """The bytes of a resource.

    Raises:
        FileNotFoundError: there is no such resource.
    """
    return path(*parts).read_bytes()
