"""A case of a delivery is over: the account that opened it says so, once for each reason."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine

from app.commands.open_case import OpenCase
from app.commands.read_again import KIND
from app.domain.company import Shop
from app.text import N_, Text
from sync.hub.database import writing
from sync.hub.intake import Delivered, Word, lock_shop, note_words
from sync.hub.seal import Seal

READ = Text(N_("It could be read now"))
"""Why such a case closes by itself."""


def close_case(
    engine: Engine,
    feed_id: int,
    seal: Seal,
    account_id: str,
    shop: Shop,
    source: str,
    case: str,
    cause: str,
    now: datetime,
    *,
    via: str,
) -> int:
    """Let the account close the case; return the number it does so under. `cause` is told apart once."""
    over = OpenCase(case=case, kind=KIND, subject_id=case, text=READ, over=True)
    word = Word(ext_id=case, order=case, version=cause, delivered=Delivered(case=over))
    with writing(engine) as db:
        lock_shop(db, feed_id, shop)
        return note_words(db, feed_id, seal, account_id, shop, source, via, [word], now)
