"""Lists of refunds: each record is heard of its order, and an order nobody knows yet is read first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection

from app.domain.values import digest
from app.text import Text
from sync.channel import Numbered, Rejected, Unreadable
from sync.hub.database import writing
from sync.hub.overheard import Overheard, overhear
from sync.hub.polling.connections import Connected
from sync.hub.polling.taking import Tools, refuse, remember
from sync.hub.polling.understood import CELL, as_text
from sync.hub.polling.wanting import want
from sync.manifest.messages import Message, refunds

NAME_MOST = 20
"""A case with a longer name is told from others by the digest of it: lines of one refund begin alike."""


def take_refunds(
    tools: Tools, one: Connected, records: Sequence[Any], also: Callable[[Connection], None]
) -> None:
    """Hear one page of refunds; `also` stands or falls with it.

    What this process heard of an order that is here is not said again: overlaps are meant.
    """
    now, words = tools.clock(), list[Overheard]()
    for record in records:
        try:
            said = refunds(one.manifest, record, one.shop)
        except Unreadable as unreadable:
            reason = Text(unreadable.text.message, unreadable.text.params)
            row = Numbered(row_no=0, cells={CELL: as_text(record)})
            refuse(tools, one, Rejected(row=row, reason=reason), "poll", now)
            continue
        words += [word for each in said if (word := _word(each)) and _key(one, word) not in tools.known]
    with writing(tools.engine) as db:
        unknown = overhear(
            db, tools.feed_id, tools.seal, one.account, one.shop, one.manifest.id, words, now, via="poll"
        )
        for ext_id in unknown:
            want(db, tools.feed_id, one.shop.code, ext_id, "refund", now)
        also(db)
    remember(tools, [_key(one, word) for word in words if word.ext_id not in unknown])


def _word(said: Message) -> Overheard | None:
    hear, case = said.hear(""), said.case
    if hear is None or case is None:
        return None
    name = case.id if len(case.id) <= NAME_MOST else digest(case.id)
    return Overheard(said.ext_id, f"{name} {case.state.value} {case.version[:24]}", hear)


def _key(one: Connected, word: Overheard) -> tuple[str, str, str]:
    return one.shop.code, word.ext_id, f"refund {word.said_id}"
