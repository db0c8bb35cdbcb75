"""A desk holds a little of what it sells most while it is online, and gives it back when it is closed."""

from __future__ import annotations

from app.commands.lease_stock import LeaseStock
from app.commands.return_lease import ReturnLease
from app.desk import Desk
from app.domain.leasing import LEASES_MOST
from app.ports import Views


async def tend(desk: Desk) -> bool:
    """Ask for what this desk should hold by now; tell whether anything was asked.

    Nothing is asked while earlier work waits: what the hub has not seen may use up what is held.
    Source: sync.md section 1, held while online, renewed, at most a share of what is available.
    """
    if not _is_level(desk) or not desk.may("lease_stock"):
        return False
    asks = await desk.look(Views.lease_asks)
    if not asks:
        return False
    done = await desk.submit(LeaseStock(items=tuple(asks[:LEASES_MOST])), "lease")
    return done.refusal is None


async def give_back(desk: Desk) -> bool:
    """End the leases of this desk; offline they end by themselves. Source: sync.md section 1, clean exit."""
    if not _is_level(desk) or not desk.may("return_lease"):
        return False
    held = await desk.look(Views.own_leases)
    if not held:
        return False
    done = await desk.submit(ReturnLease(items=tuple(held[:LEASES_MOST])), "leave")
    return done.refusal is None


def _is_level(desk: Desk) -> bool:
    link = desk.link()
    return desk.is_signed_in and link.state == "online" and not link.waiting
