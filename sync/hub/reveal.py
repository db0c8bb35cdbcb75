"""Open one receiver for a person whose desk holds masks: one order at a time, at print time, written down.

Source: capabilities 2, plain text is decrypted one order at a time, at print time, and each decryption is
logged; sync.md section 11.
"""

from __future__ import annotations

from datetime import datetime

import msgspec
from sqlalchemy import Engine, insert, select

from app.domain.company import READS_ALL
from app.domain.order import Order
from app.domain.paper import PRINTABLE, Paper
from app.domain.scopes import holds, order_scope
from app.domain.values import Receiver
from app.text import N_, Text
from app.trouble import Trouble
from sync.hub.database import writing
from sync.hub.project import subject_keys
from sync.hub.seal import Seal, open_document
from sync.hub.tokens import Session
from sync.tables import orders, reveal
from sync.wire import new_id

PRINTS = "print_paper"


def reveal_receiver(
    engine: Engine, feed_id: int, seal: Seal, who: Session, order: str, now: datetime
) -> Receiver:
    """Return a receiver in full, and keep who read it when; kept and read in one transaction.

    What colleagues wrote to each other of a buyer is on no label, so the floor does not get it.

    Raises:
        Trouble: not_granted, no_order, or not_packed: for the floor a label is the only reason to read it.
    """
    if PRINTS not in who.grants:
        raise Trouble("not_granted", Text(N_("You may not print labels. Ask your lead.")))
    with writing(engine) as db:
        o = orders.c
        row = db.execute(
            select(o.doc, o.shop, o.warehouse, o.signatures_needed).where(o.feed_id == feed_id, o.id == order)
        ).one_or_none()
        if row is None or not holds(who.reach, order_scope(*row[1:])):
            raise Trouble("no_order", Text(N_("The hub does not know this order. Look for it again.")))
        key = subject_keys(db, feed_id, seal, [order]).get(order)
        known = msgspec.json.decode(open_document(row.doc.encode(), key), type=Order)
        if who.user.role not in READS_ALL and known.status not in PRINTABLE[Paper.LABEL]:
            raise Trouble(
                "not_packed",
                Text(N_("The hub has not heard yet that it is packed. Print again in a moment.")),
            )
        db.execute(
            insert(reveal).values(
                feed_id=feed_id,
                id=new_id(now),
                order_id=order,
                user_code=who.user.code,
                login_id=who.login_id,
                at=now,
            )
        )
    return known.receiver if who.user.role in READS_ALL else known.receiver.without_memo()
