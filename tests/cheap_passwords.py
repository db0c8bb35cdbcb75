"""Passwords that cost next to nothing: what is tested is who gets in, not how long it takes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from argon2 import PasswordHasher

from app.boot import phrase
from sync.hub import access, passwords
from sync.hub.keeping import keyfile
from sync.replica import renewal

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""The least that Argon2 allows; a lane of a key wants as much again."""


@contextmanager
def cheap_passwords() -> Iterator[dict[str, tuple[int, int]]]:
    """Let passwords and passphrases cost the least; yields what they cost in earnest: passes, KiB."""
    earnest = {
        "access": (access.HASHER.time_cost, access.HASHER.memory_cost),
        "renewal": (renewal.PASSES, renewal.MEMORY_KB),
        "phrase": (phrase.PASSES, phrase.MEMORY_KB),
        "keyfile": (keyfile.PASSES, keyfile.MEMORY_KB),
    }
    with pytest.MonkeyPatch.context() as patch:
        for module in (access, passwords):
            patch.setattr(module, "HASHER", CHEAP)
        for module in (renewal, phrase, keyfile):
            patch.setattr(module, "PASSES", CHEAP.time_cost)
            patch.setattr(module, "MEMORY_KB", CHEAP.memory_cost * keyfile.LANES)
        yield earnest
