"""A shelf as its table holds it: the columns of `Stock`, its leases and arrivals as documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from app.domain.lot import Lot
from app.domain.stock import Arrival, Lease, Reservation, Stock
from sync.tables import micros

FIELDS = Stock.__struct_fields__
WRITTEN = (*FIELDS, "lotted", "held")
"""What a shelf is written as: beside its fields what its lots come to, which the database itself checks."""
_LISTS: Mapping[str, msgspec.json.Decoder[Any]] = {
    "leases": msgspec.json.Decoder(tuple[Lease, ...]),
    "lots": msgspec.json.Decoder(tuple[Lot, ...]),
    "arrivals": msgspec.json.Decoder(tuple[Arrival, ...]),
}


def shelf_row(stock: Stock) -> tuple[Any, ...]:
    """Return a shelf as `WRITTEN` names its columns."""
    row = msgspec.structs.asdict(stock)
    own = (msgspec.json.encode(row[one]).decode() if one in _LISTS else row[one] for one in FIELDS)
    return (*own, sum(lot.qty for lot in stock.lots), stock.held)


def shelf_of(row: Sequence[Any]) -> Stock:
    """Return the shelf a row of `FIELDS` holds."""
    known = dict(zip(FIELDS, row, strict=True))
    return Stock(**(known | {name: decoder.decode(known[name]) for name, decoder in _LISTS.items()}))


def reservation_row(one: Reservation) -> tuple[Any, ...]:
    """Return a reservation as its table holds it."""
    expires_at = micros(one.expires_at) if one.expires_at is not None else None
    return (*msgspec.structs.astuple(one)[:-1], expires_at)


def lease_rows(before: Stock | None, after: Stock) -> list[tuple[Any, ...]]:
    """Return the reservations that differ because desks or carts began to hold, hold more, or ended."""
    was = {lease.desk: lease for lease in before.leases} if before is not None else {}
    now = {lease.desk: lease for lease in after.leases}
    rows = []
    for desk, lease in {**was, **now}.items():
        if was.get(desk) != now.get(desk):
            one = Reservation(
                kind="cart" if lease.is_cart else "lease",
                owner=desk,
                line=f"{after.warehouse}/{after.sku}",
                warehouse=after.warehouse,
                sku=after.sku,
                qty=lease.qty,
                state="open" if desk in now else "released",
                expires_at=lease.until,
            )
            rows.append(reservation_row(one))
    return rows
