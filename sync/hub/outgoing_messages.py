"""Messages to buyers as files in a folder, for a person who sends them on: no connector yet.

Who bought on a channel is answered on its page by the order's number there; anybody else has a phone.
"""

from __future__ import annotations

from pathlib import Path

import msgspec
from sqlalchemy import Engine, and_, select
from typing_extensions import override

from app.domain.order import Order
from app.text import N_
from sync.hub.database import reading
from sync.hub.outgoing import Folder, write_whole
from sync.hub.project import subject_keys
from sync.hub.seal import Seal, open_document
from sync.tables import effect, orders

HEADS = ("shop", "number", "ext_id", "phone")


class Messages(Folder):
    """One file per message, where nobody else may enter: to whom on the lines above, the words below."""

    suffix = ".txt"
    said = N_("Message to the buyer written as {file}, to be sent on")

    @override
    def write(self, path: Path, fields: dict[str, str]) -> None:
        heads = [f"{name}: {one_line(fields[name])}" for name in HEADS if fields.get(name)]
        write_whole(path, "\n".join((*heads, "", fields.get("words", ""), "")), is_private=True)


def one_line(value: str) -> str:
    """Return a value that cannot pretend to be the next line."""
    return " ".join(value.split())


class Addressed:
    """Puts the phone of who came from no channel beside the words, when they leave and for that alone."""

    def __init__(self, engine: Engine, feed_id: int, seal: Seal) -> None:
        self._engine, self._feed_id, self._seal = engine, feed_id, seal

    def compose(self, order: str, key: str) -> tuple[str, bytes]:
        """Return the shop of an order, and a message to its buyer."""
        o, x = orders.c, effect.c
        found = (
            select(o.shop, o.number, o.ext_id, o.doc, x.payload)
            .join(effect, and_(x.feed_id == o.feed_id, x.order_id == o.id))
            .where(o.feed_id == self._feed_id, o.id == order, x.effect_key == key)
        )
        with reading(self._engine) as db:
            row = db.execute(found).one()
            known = subject_keys(db, self._feed_id, self._seal, [order]).get(order)
        said = msgspec.json.decode(row.payload, type=dict[str, str])
        said |= {"kind": "notify", "shop": row.shop, "number": row.number, "ext_id": row.ext_id}
        if not row.ext_id:
            whole = msgspec.json.decode(open_document(row.doc.encode(), known), type=Order)
            said["phone"] = whole.receiver.phone
        return row.shop, msgspec.json.encode(said)
