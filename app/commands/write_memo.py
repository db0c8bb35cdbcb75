"""Write to an order what colleagues must know, here and on its channel."""

from __future__ import annotations

from typing import Any

import msgspec

from app.command import NO_ORDER, Authority, Command, Decided, Facts, Spec, Undo, order_of, refuse
from app.domain.events import MemoWritten
from app.domain.values import Receiver
from app.text import N_

MEMO_MOST = 300
"""So many characters every channel takes. Source: channels.md, taobao.trade.memo.update (1,000 bytes)."""


class WriteMemo(Command, frozen=True, kw_only=True):
    """The text is `memo.memo`: it may name people, so it travels as a receiver does and is sealed like one.

    Empty deletes the memo.
    """

    order: str
    memo: Receiver = msgspec.field(name="receiver")


def decide(command: WriteMemo, facts: Facts) -> Decided:
    """Put the words in the place of what stood there; the channel is told where it takes memos.

    Refuses: `no_order`, `bad_memo`, `unchanged`.
    """
    order = facts.order(command.order)
    if order is None:
        return NO_ORDER
    text = command.memo.memo.strip()
    if len(text) > MEMO_MOST or not text.replace("\n", "").isprintable():
        return refuse("bad_memo", N_("A memo has up to 300 characters. Shorten it."))
    if text == order.receiver.memo:
        return refuse("unchanged", N_("The memo says this already. Nothing to do."))
    return [MemoWritten(order=order.id, memo=Receiver(memo=text), by=facts.by.user, is_ours=True)]


def inverse(command: WriteMemo, facts: Facts) -> Undo | None:
    """Write what stood there before."""
    order = facts.order(command.order)
    was = order.receiver.memo if order is not None else ""
    return Undo("write_memo", {"order": command.order, "memo": Receiver(memo=was)})


def _sealed(args: dict[str, Any]) -> dict[str, Any]:
    """Its first form said the words in clear."""
    return {"order": args["order"], "receiver": args["memo"]}


SPEC = Spec(
    "write_memo",
    WriteMemo,
    order_of,
    decide,
    Authority.DESK,
    changes=("receiver.memo",),
    inverse=inverse,
    touches=False,
    rev=2,
    upcasts={1: _sealed},
)
