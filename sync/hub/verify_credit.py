"""Does every account, and every carrier's count of parcels, say what the orders take of it?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import msgspec
from sqlalchemy import Connection, select

from app.domain.account import Account
from app.domain.load import Load, slots_of
from app.domain.order import Order
from sync import tables as t
from sync.hub.finding import Finding

_accounts = msgspec.json.Decoder(Account)
NEVER = "9999-12-31"
_loads = msgspec.json.Decoder(Load)


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


class Loads:
    """What carriers were given by what the orders say, slot by slot."""

    def __init__(self) -> None:
        self._given: Counter[tuple[str, str]] = Counter()

    def note(self, order: Order) -> None:
        """Count an order where it stands."""
        for counted in filter(None, (order.counted, order.room)):
            rows = slots_of(counted)
            self._given.update((row, slot) for row, slots in rows.items() for slot in slots)

    def breaches(self, db: Connection, feed_id: int) -> Iterator[Finding]:
        """I4 for parcels: what a carrier was given is what orders say; forgotten days are not asked."""
        rows = select(t.ref.c.pk, t.ref.c.doc).where(t.ref.c.feed_id == feed_id, t.ref.c.tbl == "load")
        said = {row.pk: _loads.decode(row.doc).slots for row in db.execute(rows)}
        known = {(carrier, slot): count for carrier, slots in said.items() for slot, count in slots.items()}
        since = {
            carrier: min((slot.rpartition("/")[2] for slot in slots), default=NEVER)
            for carrier, slots in said.items()
        }
        for carrier, slot in sorted(known.keys() | self._given.keys()):
            told, counted = known.get((carrier, slot), 0), self._given[carrier, slot]
            if told != counted and slot.rpartition("/")[2] >= since.get(carrier, ""):
                yield Finding("I4", f"load/{carrier}/{slot}", "parcels given", f"{counted}", f"{told}")
