"""The person at a desk of a fault run goes on as a person would, whatever else is asked of them."""

from __future__ import annotations

from typing import Any

import clerk
import pytest


class Over(Exception):
    """Nothing more is said on the line."""


class Busy:
    """A line on which somebody always waits for an answer."""

    def __init__(self, *words: str) -> None:
        self._words = iter(words)
        self.told: list[dict[str, Any]] = []

    def poll(self, _within_s: float) -> bool:
        return True

    def recv(self) -> str:
        for word in self._words:
            return word
        raise Over

    def send(self, told: dict[str, Any]) -> None:
        self.told.append(told)


class SignedOut:
    """A desk that the hub knows nobody at, until somebody signs in."""

    is_signed_in = False

    def stay(self) -> None:
        self.is_signed_in = True

    def status(self) -> dict[str, Any]:
        return {"is_signed_in": self.is_signed_in}


def test_who_is_asked_without_a_pause_still_signs_in_again() -> None:
    desk, line = SignedOut(), Busy("status", "status")

    with pytest.raises(Over):
        clerk._serve(desk, line)

    assert line.told[-1] == {"is_signed_in": True}
