"""What a passphrase of a desk has to be, what is said of one, and who keeps keys under it."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Final, Protocol

import msgspec

from app.text import N_, Text
from app.trouble import Trouble

LEAST: Final = 10
LEAST_KINDS: Final = 5
"""So many different characters: one key held down is no passphrase."""
GOOD_FROM: Final = 16
DIFFERENT: Final = N_("These are two different passphrases. Type the same twice.")


class Strength(msgspec.Struct, frozen=True):
    """How good a passphrase is: weak (not taken) | fair | good, and a sentence that says so."""

    grade: str
    said: Text


class Keys(Protocol):
    """The keys of a desk under a passphrase."""

    def is_set(self) -> bool:
        """Tell whether they lie under one."""
        ...

    def open(self, phrase: str) -> Mapping[str, bytes]:
        """Return them, or raise Trouble."""
        ...

    def set(self, phrase: str) -> Mapping[str, bytes]:
        """Put them under a first one and return them, or raise Trouble."""
        ...

    def change(self, phrase: str, new: str) -> None:
        """Put them under another one, or raise Trouble."""
        ...


def strength(phrase: str) -> Strength:
    """Say how good a passphrase is; length tells most."""
    lacks = LEAST - len(phrase)
    if lacks > 0:
        return Strength("weak", Text(N_("{count} characters more."), {"count": lacks}))
    if len(set(phrase)) < LEAST_KINDS or _runs(phrase):
        return Strength("weak", Text(N_("Too easy to guess. Take words that do not belong together.")))
    if len(phrase) < GOOD_FROM:
        return Strength("fair", Text(N_("This will do. Four unrelated words are better.")))
    return Strength("good", Text(N_("Good.")))


def check_phrase(phrase: str) -> None:
    """Refuse a weak one.

    Raises:
        Trouble: weak_phrase.
    """
    found = strength(phrase)
    if found.grade == "weak":
        raise Trouble("weak_phrase", found.said)


def _runs(phrase: str) -> bool:
    """Tell whether every character is the next one of the alphabet or of the figures, up or down."""
    steps = {ord(after) - ord(before) for before, after in pairwise(phrase)}
    return steps <= {1, -9} or steps <= {-1, 9}
