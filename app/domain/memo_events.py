"""What the seller's people wrote to an order."""

from __future__ import annotations

import msgspec
from typing_extensions import override

from app.domain.event import Event
from app.domain.values import Receiver
from app.text import N_, Text

__all__ = ["MemoWritten"]


class MemoWritten(Event, frozen=True, kw_only=True, omit_defaults=True):
    """Of `memo` only its `memo` counts: it may name people, so it travels sealed as they do."""

    order: str
    memo: Receiver = msgspec.field(name="receiver")
    by: str
    is_ours: bool = False
    """Written here, so the channel is told."""

    @override
    def says(self) -> Text:
        if not self.memo.memo:
            return Text(N_("The memo was deleted"))
        return Text(N_("Memo written") if self.is_ours else N_("Memo written on the channel"))
