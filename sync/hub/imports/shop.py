"""The shop a file is for; one nobody set up yet is made by its first file. Source: DECISIONS 12."""

from __future__ import annotations

from datetime import datetime

import msgspec
from sqlalchemy import Engine, select

from app.domain.company import Company, Shop
from app.text import N_, Text
from app.trouble import Trouble
from sync.hub.company import install_company
from sync.hub.database import reading, writing
from sync.hub.imports.source import Source
from sync.tables import ref


def find_shop(engine: Engine, feed_id: int, code: str) -> Shop | None:
    """Return a shop that is set up."""
    at = ref.c.feed_id == feed_id, ref.c.tbl == "shop", ref.c.pk == code
    with reading(engine) as db:
        doc = db.execute(select(ref.c.doc).where(*at)).scalar_one_or_none()
    return msgspec.json.decode(doc, type=Shop) if doc else None


def shop_for(engine: Engine, feed_id: int, code: str, source: Source, now: datetime, *, dry: bool) -> Shop:
    """Return the shop, made if nobody set it up yet.

    Raises:
        Trouble: the code is none, or a report of one channel is given to a shop of another.
    """
    channel, shop = source.channel, find_shop(engine, feed_id, code)
    if shop is not None:
        if source.reader is None and shop.channel != channel.shop.channel:
            raise Trouble(
                "shop",
                Text(
                    N_("{code} is a shop of another channel than {title}."),
                    {"code": code, "title": Text(channel.title)},
                ),
            )
        return shop
    if not code.isascii() or not code.isalnum() or len(code) > 16:
        raise Trouble(
            "shop", Text(N_("{code} is not a shop code: up to 16 letters and digits."), {"code": code})
        )
    with reading(engine) as db:
        places = select(ref.c.pk).where(ref.c.feed_id == feed_id, ref.c.tbl == "warehouse").order_by(ref.c.pk)
        warehouses = tuple(db.execute(places).scalars())
    made = msgspec.structs.replace(channel.shop, code=code, title=code, warehouses=warehouses)
    if not dry:
        with writing(engine) as db:
            only = Company(title="", shops=(made,), warehouses=(), skus=())
            install_company(db, feed_id, only, now)
    return made
