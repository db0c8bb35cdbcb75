"""What was said to a buyer."""

from __future__ import annotations

from typing_extensions import override

from app.domain.event import Event
from app.domain.message import Message
from app.text import N_, Text

__all__ = ["MessageWithdrawn", "MessageWritten"]


class MessageWritten(Event, frozen=True, kw_only=True):
    """It leaves the house at its time; until then it can be taken back."""

    order: str
    message: Message

    @override
    def says(self) -> Text:
        return Text(N_("To the buyer: {words}"), {"words": self.message.words})


class MessageWithdrawn(Event, frozen=True, kw_only=True):
    """It never left."""

    order: str
    key: str

    @override
    def says(self) -> Text:
        return Text(N_("The message to the buyer was not sent"))
