"""What the hub asks of the world outside: do this once under this key, and: did you?

A carrier, a channel, an invoice service: each is one `Provider`, and says itself what it can be trusted with.
Source: sync.md section 10.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from app.text import Text


@dataclass(frozen=True, slots=True)
class Done:
    """It has happened. `ref` is what the provider calls it, `text` says so in the history of the order."""

    ref: str
    text: Text


@dataclass(frozen=True, slots=True)
class Rejected:
    """It has not happened and will not, as it was asked for. `text` says what they answered.

    `field` is what of it is wrong, where they say so.
    """

    text: Text
    field: str = ""


@dataclass(frozen=True, slots=True)
class Pending:
    """It arrived, and they have not done it yet: they are asked again after a while."""

    retry_after_s: float


class Unsent(Exception):
    """It certainly has not happened: nobody was reached, or they asked to come later."""

    def __init__(self, why: str, retry_after_s: float = 0.0) -> None:
        super().__init__(why)
        self.retry_after_s = retry_after_s


class Unclear(Exception):
    """It may have happened: no answer came, or none that says so."""


class Provider(Protocol):
    """One system outside.

    `takes_keys`: the same key sent twice is done once. `can_look_up`: it tells what became of a key.
    `settle_s`: so long after an unclear answer a look-up may still miss what is on its way.
    """

    takes_keys: bool
    can_look_up: bool
    settle_s: float

    def send(self, key: str, payload: bytes) -> Done | Rejected | Pending:
        """Do it; `key` is the idempotency key or the reference, `payload` JSON.

        Raises:
            Unsent: it certainly has not happened.
            Unclear: it may have.
        """
        ...

    def look_up(self, key: str) -> Done | Rejected | Pending | None:
        """Return what became of a key; None where it never arrived.

        Raises:
            Unsent: nobody could be asked.
            Unclear: no answer that says so.
        """
        ...
