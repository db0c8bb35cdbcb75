"""How right the stock was where it was counted.

Source: capabilities 16, stock_accuracy; 3.8.
"""

from __future__ import annotations

from datetime import datetime

import msgspec
from sqlalchemy import Engine, select

from app.domain.goods import Accuracy, DocKind, DocState, StockDoc
from sync.hub.database import reading
from sync.tables import stock_doc

_docs = msgspec.json.Decoder(StockDoc)


def stock_accuracy(engine: Engine, feed_id: int, since: datetime, until: datetime) -> Accuracy:
    """Return how right the stock was in a time; a count that was taken back is none."""
    d = stock_doc.c
    mine = select(d.doc).where(d.feed_id == feed_id, d.kind == DocKind.COUNT, d.state != DocState.WITHDRAWN)
    equal = counted = 0
    with reading(engine) as db:
        for doc in db.execute(mine).scalars():
            one = _docs.decode(doc)
            if since <= one.at < until:
                counted += 1
                equal += not one.difference
    return Accuracy(equal, counted)
