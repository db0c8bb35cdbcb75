"""Does every account say what the orders take of it?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import msgspec
from sqlalchemy import Connection, select

from app.domain.account import Account
from app.domain.order import Order
from sync import tables as t
from sync.hub.finding import Finding

_accounts = msgspec.json.Decoder(Account)


class Accounts:
    """What the orders say, customer by customer."""

    def __init__(self) -> None:
        self._taken: Counter[str] = Counter()

    def note(self, order: Order) -> None:
        """Add up what an order takes."""
        if order.credited is not None:
            self._taken[order.credited.customer] += order.credited.amount_minor

    def breaches(self, db: Connection, feed_id: int) -> Iterator[Finding]:
        """I4 for money: what is used of a credit is what orders take of it."""
        rows = select(t.ref.c.pk, t.ref.c.doc).where(t.ref.c.feed_id == feed_id, t.ref.c.tbl == "account")
        used = {row.pk: _accounts.decode(row.doc).used_minor for row in db.execute(rows)}
        for customer in sorted(used.keys() | self._taken.keys()):
            said, counted = used.get(customer, 0), self._taken[customer]
            if said != counted:
                yield Finding("I4", f"account/{customer}", "credit in use", f"{counted}", f"{said}")
