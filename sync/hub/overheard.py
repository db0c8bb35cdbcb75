"""What is said of orders that are here: by their channel, or by whoever takes their file back.

It takes numbers of its account like every delivery, so it is heard exactly once and in order.
Source: sync.md section 9.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec
from sqlalchemy import Connection

from app.commands.hear import Hear
from app.commands.withdraw import Withdraw
from app.domain.company import Shop
from sync.hub.intake import Delivered, Word, known_orders, lock_shop, note_words
from sync.hub.seal import Seal


class Recall(msgspec.Struct, frozen=True):
    """An order of a shop to be called off because its file is taken back."""

    ext_id: str
    withdraw: Withdraw


def recall(
    db: Connection,
    feed_id: int,
    seal: Seal,
    account_id: str,
    shop: Shop,
    import_id: str,
    asked: Sequence[Recall],
    now: datetime,
) -> int:
    """Let the account call orders off, each once per import; return the last number given."""
    version = f"withdraws {import_id}"
    words = [Word(one.ext_id, one.withdraw.order, version, Delivered(withdraw=one.withdraw)) for one in asked]
    return note_words(db, feed_id, seal, account_id, shop, import_id, "manual", words, now)


class Overheard(msgspec.Struct, frozen=True):
    """What a channel says of an order by its own number there; `said_id` is one for each thing it says."""

    ext_id: str
    said_id: str
    hear: Hear


def overhear(
    db: Connection,
    feed_id: int,
    seal: Seal,
    account_id: str,
    shop: Shop,
    source: str,
    said: Sequence[Overheard],
    now: datetime,
    via: str = "webhook",
) -> tuple[str, ...]:
    """Note what a channel says of orders, each word once; return the orders that nobody here has heard of.

    Those are to be read from the channel first; what it said of them is then said again.
    """
    lock_shop(db, feed_id, shop)
    orders = known_orders(db, feed_id, shop, {one.ext_id for one in said})
    words = [
        Word(
            one.ext_id,
            orders[one.ext_id],
            f"hear {one.said_id}"[:64],
            Delivered(hear=msgspec.structs.replace(one.hear, order=orders[one.ext_id])),
        )
        for one in said
        if one.ext_id in orders
    ]
    note_words(db, feed_id, seal, account_id, shop, source, via, words, now)
    return tuple(dict.fromkeys(one.ext_id for one in said if one.ext_id not in orders))
