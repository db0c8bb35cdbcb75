"""No order goes past a red gate: a day of mixed orders, and calls made up by somebody who may sign in.

The share of orders released with every gate met is counted twice, off what was written down at each release
and off the holds of the journal played again; both must be all of them.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import cycle, islice
from pathlib import Path

import msgspec
from databases import fresh_database
from goods import large_company, three_lines
from meters import rounded

from app.boot.bench import Measured
from app.command import Command
from app.commands.new_order import NewOrder
from app.commands.pack import Pack
from app.commands.pick import Pick
from app.commands.receive import Receive
from app.commands.receive_payment import ReceivePayment
from app.commands.ship import Ship
from app.commands.waive import Waive
from app.domain.company import Company, Customer
from app.domain.order import EDITABLE, ChannelState
from app.domain.values import Role
from sync import tables
from sync.hub.compliance import compliance

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from builders import REGION
from hub_world import FEED, Asker, HubWorld

ORDERS, FORGED = 10_000, 500
BATCH = 400
ON_ACCOUNT_EVERY, UNPAID_EVERY, UNREAD_EVERY, WAIVED_EVERY = 20, 11, 13, 5
HOTEL = Customer(code="HT9", title="Hotel", credit_minor=2_000_000, terms_days=30)
"""Its credit is too small for all that it orders."""
_HELD = tuple(status.value for status in EDITABLE if status.value != "released")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--orders", type=int, default=ORDERS)
    parser.add_argument("--forged", type=int, default=FORGED)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")


def measure(asked: argparse.Namespace) -> Measured:
    return run(asked.orders, asked.forged, asked.database)


def run(orders: int, forged: int, kind: str = "sqlite") -> Measured:
    """Let a day come in, forge calls among it, and count what was released."""
    with fresh_database(kind) as place:
        business = large_company()
        known = {name: getattr(business, name) for name in Company.__struct_fields__ if name != "users"}
        world = HubWorld(place.url, **known | {"customers": (HOTEL,)})
        try:
            return _measured(world, business, orders, forged)
        finally:
            world.close()


def _measured(world: HubWorld, business: Company, orders: int, forged: int) -> Measured:
    floor, clerk, lead = (world.desk(role) for role in (Role.WAREHOUSE, Role.CLERK, Role.LEAD))
    tricks = Tricks(world, floor, clerk)
    sold = {(one.shop, one.ext_sku): one.sku for one in business.sku_maps}
    taken, cpu_s = 0, 0.0
    rounds = -(-orders // BATCH)
    for part in _parts(three_lines(business, orders)):
        bought = [_as_it_comes(receive, at) for at, receive in enumerate(part, taken)]
        world.clock.now = max(world.clock.now, bought[-1].ordered_at)
        began_s = time.process_time()
        world.channel.must(*bought)
        cpu_s += time.process_time() - began_s
        clerk.send(*map(clerk.wish, _on_account(bought, sold)))
        taken += len(bought)
        _let_some_go(world, lead)
        tricks.play(-(-forged // rounds), forged)
    since, until = world.clock() - timedelta(days=365), world.clock() + timedelta(days=1)
    noted, again = compliance(world.engine, FEED, since, until)
    found = world.rows(tables.orders)
    return Measured(
        name="gates",
        budget="gates",
        figures={
            "orders": len(found),
            "lost": orders - sum(not row.id.startswith("b2b") for row in found),
            "held": sum(row.status in _HELD for row in found),
            "forged": tricks.played,
            "forged_passed": tricks.passed,
            "released": noted.moves,
            "green": noted.green,
            "waived": noted.waived,
            "compliance": noted.share or 0.0,
            "compliance_replayed": again.share or 0.0,
            "replayed_differs": abs(noted.moves - again.moves) + abs(noted.green - again.green),
            "breaches": len(world.verify().findings),
            "cpu_us_per_order": rounded(cpu_s / max(1, orders) * 1e6),
        },
    )


def _parts(day: Iterator[Receive]) -> Iterator[list[Receive]]:
    while part := list(islice(day, BATCH)):
        yield part


def _as_it_comes(receive: Receive, at: int) -> Receive:
    """Give it an id, as its receipt would; some buyers have not paid, some addresses are unclear."""
    region = receive.region if at % UNREAD_EVERY == 0 else REGION
    named = msgspec.structs.replace(receive, order=f"o{at}", number=f"DK-o{at}", region=region)
    return named if at % UNPAID_EVERY else msgspec.structs.replace(named, paid_minor=0)


def _on_account(bought: Sequence[Receive], sold: Mapping[tuple[str, str], str]) -> Iterator[Command]:
    """A business orders the same by phone, to pay later."""
    for receive in bought[::ON_ACCOUNT_EVERY]:
        lines = tuple(
            msgspec.structs.replace(line, ext_sku="", sku=sold[receive.shop, line.ext_sku])
            for line in receive.lines
            if (receive.shop, line.ext_sku) in sold
        )
        yield NewOrder(
            order=f"b2b-{receive.order}", shop=receive.shop, receiver=receive.receiver, region=receive.region,
            lines=lines, customer=HOTEL.code, is_on_account=True,
        )  # fmt: skip


def _let_some_go(world: HubWorld, lead: Asker) -> None:
    """A lead answers for some that wait, and notes the money of others."""
    held: dict[str, set[str]] = {}
    for row in world.rows(tables.hold):
        if row.state != "closed":
            held.setdefault(row.order_id, set()).add(row.gate)
    waits = [id for id, gates in held.items() if gates == {"payment"}]  # noqa: A001 - of an order
    until = world.clock() + timedelta(hours=2)
    for at, one in enumerate(waits[::WAIVED_EVERY]):
        order = world.order(one)
        paid = ReceivePayment(order=order.id, amount_minor=max(1, order.payable_minor - order.paid_minor))
        waived = Waive(
            order=order.id, gate="payment", content_hash=order.content_hash, reason="known", until=until
        )
        lead.send(lead.wish(waived if at % 2 else paid))


class Tricks:
    """Calls of somebody with a token who wants goods to go; none of them may do what it asks for."""

    def __init__(self, world: HubWorld, floor: Asker, clerk: Asker) -> None:
        self._world, self._floor, self._clerk = world, floor, clerk
        self._kinds = cycle(range(6))
        self.played = self.passed = 0

    def play(self, count: int, most: int) -> None:
        """Forge so many calls about orders that are held; count those that got through."""
        held = [row.id for row in self._world.rows(tables.orders) if row.status in _HELD]
        for one in islice(cycle(held), min(count, most - self.played) if held else 0):
            asker, command = self._any(one)
            (answer,) = asker.send(asker.wish(command))
            self.played += 1
            self.passed += answer.status != "refused"

    def _any(self, one: str) -> tuple[Asker, Command]:
        order = self._world.order(one)
        floor, clerk, line = self._floor, self._clerk, order.lines[0].id
        later = self._world.clock() + timedelta(hours=1)
        paid = Receive(
            order=one, number=order.number, shop=order.shop, ext_id=order.ext_id, ext_version="9",
            channel_state=ChannelState.TO_SHIP, currency=order.currency, total_minor=order.payable_minor,
            payable_minor=order.payable_minor, paid_minor=order.payable_minor, receiver=order.receiver,
            region=order.region, lines=order.lines, ordered_at=order.ordered_at,
        )  # fmt: skip
        return (
            (floor, Pick(order=one, line=line)),
            (floor, Pack(order=one)),
            (floor, Ship(order=one, carrier="SF", tracking_no="1")),
            (clerk, paid),
            (clerk, Waive(order=one, gate="stock", content_hash=order.content_hash, reason="x", until=later)),
            (floor, Ship(order=one, carrier="", tracking_no="")),
        )[next(self._kinds)]
