"""A message to a buyer, as its order remembers it.

Nothing personal is ever written into one (decision 2): it names the order, the goods, the money, and what is
asked for. Its words come out of `wording`.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

KEPT = 10
"""So many messages an order remembers; its history has them all."""


class Message(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One message to the buyer of an order: what it says, who asked for it, when it leaves the house."""

    key: str
    template: str
    kind: str
    """The exception it was sent for."""
    words: str
    by: str
    at: datetime
    leaves_at: datetime


def message_in(messages: tuple[Message, ...], key: str) -> Message | None:
    """Return one message of an order."""
    return next((one for one in messages if one.key == key), None)


def with_message(messages: tuple[Message, ...], message: Message) -> tuple[Message, ...]:
    """Remember a message; the oldest are forgotten."""
    return (*messages, message)[-KEPT:]


def without_message(messages: tuple[Message, ...], key: str) -> tuple[Message, ...]:
    """Forget a message that never left."""
    return tuple(one for one in messages if one.key != key)
